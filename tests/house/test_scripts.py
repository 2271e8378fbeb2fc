"""Scripts show texts that a page gave them, translated; they hold none of their own."""

import re

from tests.house import project

SHOWN = re.compile(
    r"""(?: (?:textContent|innerText|placeholder|title|ariaLabel)\s*=\s*
          | (?:alert|confirm|prompt|announce|\.append|\.prepend)\(\s*
          | setAttribute\("(?:aria-label|title|placeholder|alt)",\s*
        ) (["'`])([^"'`]*[A-Za-z]{2}[^"'`]*)\1""",
    re.VERBOSE,
)
ASKED = re.compile(r"\btext[A-Z]\w+")
SCRIPTS = sorted((project.ROOT / "static" / "js").glob("*.js"))


def own_texts(script):
    """Texts that are shown, without the parts that are filled in."""
    plain = re.sub(r"\$\{[^}]*\}", "", script)
    return [match[2] for match in SHOWN.finditer(plain)]


def test_scripts_hold_no_texts():
    found = {file.name: own_texts(file.read_text("utf-8")) for file in SCRIPTS}
    assert found == {file.name: [] for file in SCRIPTS}


def test_every_text_that_a_script_asks_for_is_given_by_a_page():
    pages = "".join(file.read_text("utf-8") for file in project.templates())
    asked = {name for file in SCRIPTS for name in ASKED.findall(file.read_text("utf-8"))}
    asked -= {"textContent"}
    attributes = {re.sub("([A-Z])", lambda big: f"-{big[1].lower()}", name) for name in asked}
    assert {one for one in attributes if f"data-{one}=" not in pages} == set()


def test_the_search_finds_a_text_of_a_script():
    assert own_texts('line.textContent = "Please wait";') == ["Please wait"]
    assert own_texts('field.setAttribute("aria-label", `Row ${row}`);') == ["Row "]
    assert own_texts('line.append(`${texts.textShown} `); place.title = "";') == []
