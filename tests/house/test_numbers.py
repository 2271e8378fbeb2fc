"""Numbers reach readers through interface/formatting.py: Latin digits, the language's separators.

What templates print as it is is looked at in tests/pages/test_names_and_numbers.py.
"""

import ast
import re

from tests.house import project

TEMPLATES = project.ROOT / "templates"
FILTERS = re.compile(
    r"\|(floatformat|intcomma|localize|unlocalize|filesizeformat|stringformat:.[^sd]|"
    r"date(?!:['\"](?:Y-m-d|Y-m-d H:i:s|Y)['\"])|time(?!:['\"]H:i(?::s)?['\"]))"
)
COUNTED = re.compile(r"{% blocktranslate ([^%]*?)%}(.*?){% endblocktranslate %}", re.S)
# Reviewed: sizes of files, which Django words in every language.
TEMPLATES_WITH_OWN = {
    # With the minute or the second, as logs write it: to be found again there.
    **{
        key: {"date"}
        for key in (
            "accounts/outgoing_mail.html",
            "accounts/sessions.html",
            "reports/audit_event.html",
            "reports/audit_list.html",
        )
    },
    "income/_import_acts.html": {"filesizeformat"},
}
# Grouped with a comma, because a program or a form reads them, or rows of the books keep them.
GROUPED_BY_HAND = {
    "income/acts.py": "titles of drafts, stored",
    "income/forms/contribution.py": "titles of drafts, stored",
    "income/forms/finance.py": "titles of drafts, stored",
    "income/forms/gift.py": "titles of drafts, stored",
    "income/forms/receipt.py": "titles of drafts, stored",
    "income/forms/returns.py": "titles of drafts, stored",
    "income/demonstration/waiting.py": "titles of drafts, stored",
    "income/imports/services.py": "titles of drafts, stored",
    "income/imports/loading.py": "a command's report, in English",
    "income/management/commands/import_income.py": "a command's progress, in English",
    "reports/management/commands/load_reference.py": "a command's report, in English",
    "reports/management/commands/remove_demonstration.py": "a command's report, in English",
    "income/views/parked.py": "what a form field holds",
    "interface/formatting.py": "where numbers are grouped for everybody",
    "income/views/receipts.py": "what a form field holds",
    "targets/forms/proposal.py": "what a form field holds",
    "targets/paths.py": "what a form field holds",
}


def templates() -> list[tuple[str, str]]:
    return [
        (path.relative_to(TEMPLATES).as_posix(), path.read_text("utf-8"))
        for path in sorted(TEMPLATES.rglob("*.html"))
    ]


def test_templates_format_no_number_or_day_by_filters_of_their_own() -> None:
    found = {name: {one[1] for one in FILTERS.finditer(text)} for name, text in templates()}
    assert {name: own for name, own in found.items() if own} == TEMPLATES_WITH_OWN


def test_a_count_that_a_sentence_prints_is_grouped() -> None:
    plain = []
    for name, text in templates():
        for head, body in COUNTED.findall(text):
            count = re.search(r"\bcount (\w+)=(\S+)", head)
            if count and f"{{{{ {count[1]} }}}}" in body and not count[2].endswith("|grouped"):
                plain.append((name, head))
    assert plain == []


def test_source_groups_numbers_by_hand_only_where_it_was_reviewed() -> None:
    found = set()
    for path in project.source_files():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            spec = node.format_spec if isinstance(node, ast.FormattedValue) else None
            if spec and "," in ast.unparse(spec):
                found.add(project.name_of(path))
    assert found == set(GROUPED_BY_HAND)
