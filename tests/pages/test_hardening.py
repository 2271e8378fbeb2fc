"""What the edges of the portal say too: errors, refusals, plain HTTP; and how XML is read.

Pages and files of every address are looked at cell by cell in test_matrix.py.
"""

import ast
import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat

import pytest
from django.conf import settings as portal
from django.test import Client

from accounts.models import User
from income.imports.reading import xlsx_parts
from tests.pages.matrix.cells import answer_to, headers_missing

FLOORS = ("accounts", "donors", "income", "targets", "reports", "interface", "jobs",
          "habitat_portal")  # fmt: skip
XML = ("xml", "lxml", "defusedxml")
# Names of types and errors; everything that reads comes from defusedxml, or refuses document types.
HARMLESS = {
    ("xml.etree.ElementTree", "Element"), ("xml.etree.ElementTree", "ParseError"),
    ("xml.parsers.expat", ""), ("lxml", "etree"),  # what lxml reads is looked at below
}  # fmt: skip
LXML_READERS = {"iterparse", "XMLParser", "fromstring", "XML", "HTMLParser"}
PRODUCTION = {
    "PORTAL_MODE": "production", "SECRET_KEY": "k3" * 40, "ALLOWED_HOSTS": "portal.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://portal.example.org",
    "DATABASE_URL": "postgres://portal@127.0.0.1:9/portal", "REDIS_URL": "redis://127.0.0.1:9/0",
    "PORTAL_ADDRESS": "https://portal.example.org",
    "EMAIL_URL": "smtp+tls://portal:secret@mail.example.org:587",
    "DJANGO_SETTINGS_MODULE": "habitat_portal.settings",
}  # fmt: skip
ASK = """
import django, json; django.setup()
from django.conf import settings
from django.test import Client
browser = Client(headers={"host": "portal.example.org"})
safe, plain = browser.get("/healthz", secure=True), browser.get("/sign-in/?next=/")
names = ("SESSION_COOKIE", "CSRF_COOKIE", "LANGUAGE_COOKIE")
print(json.dumps({
    "hsts": safe.headers["Strict-Transport-Security"], "plain": plain.status_code,
    "to": plain.headers["Location"], "secure": [getattr(settings, f"{n}_SECURE") for n in names],
    "same_site": [getattr(settings, f"{n}_SAMESITE") for n in names],
    "http_only": [settings.SESSION_COOKIE_HTTPONLY, settings.LANGUAGE_COOKIE_HTTPONLY],
    "wide": sorted(name for name in vars(settings._wrapped) if name.startswith("CORS_")),
}))
"""


def test_in_production_browsers_are_kept_on_https(tmp_path: Path) -> None:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {**kept, **PRODUCTION, "PORTAL_DATA_DIR": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, cwd=portal.BASE_DIR, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout.splitlines()[-1]) == {
        "hsts": "max-age=31536000; includeSubDomains; preload", "plain": 301,
        "to": "https://portal.example.org/sign-in/?next=/", "secure": [True] * 3,
        "same_site": ["Lax"] * 3, "http_only": [True, True], "wide": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("address", "status"),
    [("/nowhere/", 404), ("/sign-in/?next=%00", 400), ("/api/v1/nowhere/", 404),
     ("/api/v1/entries/", 401), ("/accounts/", 302), ("/metrics", 404)],
)  # fmt: skip
def test_errors_and_refusals_carry_what_pages_carry(
    reference: None, address: str, status: int
) -> None:
    answer = answer_to(Client(), "GET", address)
    assert (answer.status, list(headers_missing(answer.response))) == (status, [])


def test_an_error_of_the_server_does_too_and_tells_nothing_of_itself(
    officer: User, client_of: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr("accounts.settings_views.render", fail)
    browser = client_of(officer)
    browser.raise_request_exception = False
    answer = answer_to(browser, "GET", "/my-settings/")
    assert (answer.status, list(headers_missing(answer.response))) == (500, [])
    assert "hunter2" not in answer.text
    assert "Traceback" not in answer.text


def test_what_is_too_large_and_what_has_no_token_are_told_so_with_them_as_well(
    board_member: User, settings
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(board_member)
    for sent, status in (({"a": "x" * 1_000}, 413), ({"a": "x"}, 403)):
        answer = answer_to(browser, "POST", "/my-settings/", sent)
        assert (answer.status, list(headers_missing(answer.response))) == (status, [])


def test_another_host_is_answered_with_an_error_alone(reference: None) -> None:
    answer = Client(headers={"host": "elsewhere.example"}).get("/sign-in/")
    assert answer.status_code == 400
    assert b"elsewhere.example" not in answer.content


def imports_of_xml(file: Path) -> set[tuple[str, str]]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in XML:
            found |= {(node.module or "", name.name) for name in node.names}
        elif isinstance(node, ast.Import):
            found |= {(one.name, "") for one in node.names if one.name.split(".")[0] in XML}
    return {one for one in found if one[0].split(".")[0] != "defusedxml"}


def test_xml_is_read_by_what_refuses_entities_alone() -> None:
    files = [file for floor in FLOORS for file in Path(portal.BASE_DIR, floor).rglob("*.py")]
    reading = [file for file in files if re.search(r"\b(xml|lxml)\b", file.read_text())]
    assert set().union(*(imports_of_xml(file) for file in reading)) == HARMLESS
    lifted = re.compile(r"forbid_\w+=False")
    assert not [file for file in reading if lifted.search(file.read_text())]


def readers_of_lxml(file: Path) -> list[ast.Call]:
    tree = ast.parse(file.read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = [(node, node.func.attr) for node in calls if isinstance(node.func, ast.Attribute)]
    return [node for node, name in names if name in LXML_READERS]


def test_lxml_reads_without_entities_and_network() -> None:
    files = [file for floor in FLOORS for file in Path(portal.BASE_DIR, floor).rglob("*.py")]
    using = [file for file in files if ("lxml", "etree") in imports_of_xml(file)]
    readers = [call for file in using for call in readers_of_lxml(file)]
    assert len(readers) >= 3
    for call in readers:
        told = {one.arg: ast.unparse(one.value) for one in call.keywords}
        assert (told.get("no_network"), told.get("resolve_entities")) == ("True", "False")


def test_the_one_parser_of_our_own_refuses_a_document_type() -> None:
    """Sheets without a dimension that can be believed are read cell by cell."""
    assert "StartDoctypeDeclHandler = _refuse_doctype" in inspect.getsource(xlsx_parts._check_reach)
    reach = expat.ParserCreate()
    reach.StartDoctypeDeclHandler = xlsx_parts._refuse_doctype
    with pytest.raises(ValueError, match="document type"):
        reach.Parse('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
