"""Every page, read in Arabic with data in English: names stand apart and say their language.

And numbers are printed by the tags of interface/templatetags/interface.py, which write Latin digits
with the language's own separators; the few that are printed as they are stand in a list here.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.template import base
from django.templatetags import i18n
from django.test import Client
from lxml import html
from lxml.html import HtmlElement

from accounts.models import User
from accounts.permissions import Role
from donors.models import Area, ContributorType, Donor, Region
from income.models import (
    Campaign,
    Contribution,
    DomainOfChange,
    Draft,
    EarmarkingStep,
    Fund,
    Instrument,
    Programme,
)
from interface.formatting import Count
from targets.models import Document, Indicator, Scope, StrategyPeriod, TargetSet
from tests.pages.test_every_address import ADDRESSES, MAY_GET, SIGNED_OUT, cast, filled, parts

__all__ = ["cast", "parts"]

pytestmark = pytest.mark.django_db
WORD = "Quux"  # in every name and in every text that a person typed
NAMED = (
    Area, ContributorType, Document, DomainOfChange, Donor, EarmarkingStep, Fund, Indicator,
    Instrument, Programme, Region, Scope, StrategyPeriod, TargetSet,
)  # fmt: skip
TYPED = (Campaign, Contribution, Draft)
# Identifiers and years are no amounts: they stand ungrouped. Others are for programs to read.
AS_THEY_ARE = re.compile(
    r": (.*[._ ])?(year|year_for|due_year|sequence|version|number|from|to|day|row)$"
    r"|_question_more.html: count|draft_list.html: value|import_columns.html: value"
    r"|osting  sequence$"
    r"|  (year|sequence) "  # of a sentence
    r"|_chart.html: level|_table.html: table.columns|length|session_|_session.html: minutes"
    r"|style/page.html: step|open_methods.html: forloop.counter"
    r"|audit_list.html: value|audit_event.html: (was|now)"
)
# Pages that are another one for each reader; of the others, the first who may is enough.
READERS = {
    "home": (Role.OFFICER, Role.REVIEWER, Role.ADMINISTRATOR),
    "donor": (Role.OFFICER, Role.REPRESENTATIVE),
    "contribution": (Role.OFFICER, Role.REPRESENTATIVE),
    "dashboard": (Role.OFFICER, Role.BOARD),
}
# What holds plain text only, and what a program reads.
PLAIN = {"title", "option", "textarea", "script", "style", "svg", "code"}
SHUT_IN = re.compile("\u2068[^\u2069]*\u2069")
OTHER_DIGITS = re.compile("[\u0660-\u0669\u06f0-\u06f9]")


@pytest.fixture
def pages(
    parts: dict[str, str], cast: dict[str, User], client_of: Callable[[User], Client]
) -> Iterator[tuple[str, HtmlElement]]:
    """Every page that anybody may open, in Arabic; all that the data says is in English."""
    for model in NAMED:
        for row in model.objects.all():  # type: ignore[attr-defined]
            row.names = {"en": f"{WORD} {row.pk}"}
            row.save()
    Indicator.objects.update(action_names={"en": f"{WORD} action"})
    User.objects.update(language="ar")
    for typed in TYPED:
        typed.objects.update(title=f"{WORD} title")  # type: ignore[attr-defined]
    return read_in_arabic(parts, cast, client_of)


def read_in_arabic(
    parts: dict[str, str], cast: dict[str, User], client_of: Callable[[User], Client]
) -> Iterator[tuple[str, HtmlElement]]:
    for name, route in ADDRESSES:
        for who in READERS.get(name, sorted(map(str, MAY_GET[name]))[:1]):
            client = Client() if who == SIGNED_OUT else client_of(cast[who])
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
            response = client.get(filled(name, route, parts))
            kind = response.headers.get("Content-Type", "")
            if response.status_code == 200 and kind.startswith("text/html"):
                text = response.content.decode()
                if "<" in text:
                    yield f"{name} as {who}", html.document_fromstring(f"<!doctype html>{text}")


def bare(page: HtmlElement) -> Iterator[str]:
    """Texts with a name or typed text that does not stand apart from the Arabic around it."""
    for text in page.xpath("//text()[normalize-space()]"):
        holder = text.getparent() if text.is_text else text.getparent().getparent()
        around = [holder, *holder.iterancestors()]
        apart = (
            one.tag == "bdi" or one.tag in PLAIN
            or (one.tag not in ("html", "body") and (one.get("dir") or one.get("lang")))
            for one in around
        )  # fmt: skip
        if WORD in SHUT_IN.sub("", str(text)) and not any(apart):
            yield " ".join(str(text).split())[:90]


def test_names_and_typed_texts_stand_apart_and_say_their_language(
    pages: Iterator[tuple[str, HtmlElement]],
) -> None:
    faults: dict[str, str] = {}
    seen = marked = 0
    for where, page in pages:
        if page.get("lang") not in (None, "ar"):
            continue  # a letter's preview, in the language of the letter
        seen += WORD in page.text_content()
        marked += bool(page.xpath("//bdi[@lang='en'][@dir='ltr']"))
        for text in bare(page):
            faults.setdefault(text, where)
        for text in page.xpath("//text()"):
            assert not OTHER_DIGITS.search(text), (where, text)
    assert not faults, "\n".join(f"{where}: {text}" for text, where in faults.items())
    assert seen > 60
    assert marked > 30


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Numbers that templates print as they are: the template and its variable."""
    found: set[str] = set()
    asked: list[str] = []
    plain = base.render_value_in_context
    annotated = base.Node.render_annotated

    def remember(value: Any, context: Any) -> str:
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool | Count):
            found.add(asked[-1])
        return str(plain(value, context))

    def naming(self: Any, context: Any) -> str:
        said = getattr(self, "filter_expression", None) or " ".join(
            token.contents for token in getattr(self, "singular", [])
        )
        asked.append(f"{self.origin.template_name}: {said}")
        try:
            return str(annotated(self, context))
        finally:
            asked.pop()

    for module in (base, i18n):
        monkeypatch.setattr(module, "render_value_in_context", remember)
    for node in (base.VariableNode, i18n.BlockTranslateNode):
        monkeypatch.setattr(node, "render_annotated", naming)
    return found


def test_templates_print_numbers_through_the_tags(
    printed: set[str], pages: Iterator[tuple[str, HtmlElement]]
) -> None:
    assert sum(1 for _page in pages) > 100
    wrong = sorted(one for one in printed if not AS_THEY_ARE.search(one))
    assert not wrong, "\n".join(wrong)
