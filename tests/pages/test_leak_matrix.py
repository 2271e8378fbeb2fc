"""What is Sweden's is nowhere in what those read whom it does not concern, however they ask.

By fragment, by query, by forms full of foreign identifiers, by guessed names of files; on every
address of the portal's own list, of the API as well. That Sweden's own representative does find the
marks proves that they would be seen. test_matrix.py says who may open which address at all.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as portal
from django.core.cache import cache
from django.db import models
from django.db.models import Q
from django.http import HttpResponse
from django.test import Client

from accounts.models import SavedView, User
from accounts.permissions import Role
from donors.models import Donor
from income.models import Contribution, Draft, Instalment
from jobs.models import Job
from reports.models import BulkOrder, SealedReport
from targets.models import TargetSetProposal
from tests.pages.matrix.cells import Answer, answer_to
from tests.pages.matrix.marks import marked, marks_of, swedens
from tests.pages.matrix.readers import (
    ANOTHER_OFFICER,
    FORMER,
    OUTSIDERS,
    STRANGER,
    Reader,
    reader_of,
)
from tests.pages.matrix.rows import acts, address_of, cast, parts
from tests.pages.matrix.table import EVERYWHERE, SIGNED_OUT, TABLE

__all__ = ["acts", "cast", "parts", "reader_of", "swedens"]
pytestmark = pytest.mark.django_db

# What a list could be talked into telling of another's; one thing, several, and both donors'.
QUERIES = (
    "?donor=SWE&books=UNH", "?donor=SWE&donors=all&kind=receipt", "?q=Zemblania&books=UNH",
    "?year=2022&books=UNH&donor=SWE&page=1", "?donor=NOR&donor=SWE", "?ids=1,2,3&id=1&pk=1",
    "?contribution={contribution}&instalment={letter_reminder}&draft={draft}&uuid={job}",
)  # fmt: skip
ELSEWHERE = ("https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example/",
             "https:elsewhere.example", "javascript:alert(1)")  # fmt: skip
# Where Sweden's own representative finds a mark, among others.
FOUND = {
    "donor", "donor_archive", "donor_entries_csv", "entry_list", "entry_csv", "entry_xlsx",
    "sealed_list",
    "contribution", "question", "api_donor", "api_donor_list", "api_entry", "api_entry_list",
    "api_contribution_list",
}  # fmt: skip
TYPED = re.compile(r"(?:POST|data|query)\.get(?:list)?\(\s*\"(\w+)\"")
FIELD = re.compile(r"^    (\w+) = (?:forms\.)?\w*(?:Field|Choice)\w*\(", re.MULTILINE)
# What a representative writes is about the account itself.
OWN_TABLES = re.compile(r"(INTO|UPDATE|FROM) \"(accounts?_|audit_|django_session|mfa_|jobs_)")


def asked_for(swedens: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, route in EVERYWHERE:
        yield name, address_of(name, route, swedens)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_address_shows_what_is_anothers(
    who: str, swedens: dict[str, str], reader_of: Callable[[str], Reader]
) -> None:
    reader, marks, leaks = reader_of(who), marks_of(swedens), []
    ways = [("", {})] + [(query.format(**swedens), {}) for query in QUERIES]
    for name, address in asked_for(swedens):
        cache.clear()  # of how often one asked
        first = answer_to(reader.browser, "GET", address, HX_Request="true")
        answers = [(address, first)]
        if reader.may(TABLE[name].get, TABLE[name]):
            answers += [
                (address + query, answer_to(reader.browser, "GET", address + query, **headers))
                for query, headers in ways
            ]
        leaks += [
            f"{asked}: {found}" for asked, answer in answers
            if (found := marked(answer.text, asked, marks))
        ]  # fmt: skip
    assert leaks == []


def test_swedens_own_representative_finds_what_the_others_do_not(
    swedens: dict[str, str], cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    browser, marks = client_of(cast[Role.REPRESENTATIVE]), marks_of(swedens)
    found = {
        name
        for name, address in asked_for(swedens)
        if name in FOUND and marked(answer_to(browser, "GET", address).text, address, marks)
    }
    assert found == FOUND
    for version in SealedReport.objects.filter(donor__code="SWE"):
        assert browser.get(f"/reports/{version.uuid}/").status_code in (200, 503)  # 6 bytes


def names_that_are_typed() -> set[str]:
    """Of every field of every form, and of all that a view reads from what was sent."""
    found = set()
    for floor in ("accounts", "donors", "income", "targets", "reports", "interface"):
        for file in Path(portal.BASE_DIR, floor).rglob("*.py"):
            found |= set(TYPED.findall(text := file.read_text()))
            found |= set(FIELD.findall(text)) if "forms." in text else set()
    return found - {"email", "password", "login"}


def everything_foreign(swedens: dict[str, str]) -> Iterator[dict[str, object]]:
    """Forms with every name there is, about Sweden's things: by code, by key, as lists, nested."""
    sweden = Donor.objects.get(code="SWE")
    promised = Contribution.objects.get(uuid=swedens["contribution"])
    instalment = Instalment.objects.get(uuid=swedens["letter_reminder"])
    same = {"next": ELSEWHERE[0], "language": "en", "token": "t", "year": "2022",
            "type": "statement", "text": "x", "books": "UNH", "page": "donor_list"}  # fmt: skip
    for donor, gift, due in (
        (sweden.code, promised.uuid, instalment.uuid), (sweden.pk, promised.pk, instalment.pk),
    ):  # fmt: skip
        things = {"donor": donor, "donors": [donor, "NOR"], "contribution": gift,
                  "instalment": [due, due], "draft": swedens["draft"], "job": swedens["job"],
                  "approach": swedens["approach"],
                  "view": swedens["saved_view_delete"]}  # fmt: skip
        flat = {**dict.fromkeys(names_that_are_typed(), "1"), **same, **things}
        nested = {f"form-0-{name}": value for name, value in things.items()}
        yield {**flat, **nested, "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1",
               "form-0-id": gift, "ids": "1,2", "id": [gift, due], "uuid": gift,
               "pk": "1"}  # fmt: skip


def leads_elsewhere(answer: Answer) -> bool:
    leads = answer.response.headers.get("Location", "")
    return leads != "" and not re.match(r"/(?![/\\])|http://testserver/", leads)


@pytest.mark.parametrize("who", [STRANGER, FORMER, SIGNED_OUT])
def test_no_form_full_of_foreign_identifiers_changes_or_shows_anything(
    who: str, swedens: dict[str, str], reader_of: Callable[[str], Reader]
) -> None:
    reader, marks, wrong = reader_of(who), marks_of(swedens), []
    for name, address in asked_for(swedens):
        if not reader.may(TABLE[name].act, TABLE[name]):
            continue  # test_matrix: refused before the form is read
        for sent in everything_foreign(swedens):
            cache.clear()
            answer = answer_to(reader.browser, "POST", address, sent)
            foreign = [sql for sql in answer.writes if not OWN_TABLES.search(sql)]
            found = marked(answer.text, str(sent), marks)
            if foreign or found or answer.status >= 500 or leads_elsewhere(answer):
                wrong.append((address, answer.status, foreign, found))
    assert wrong == []


def test_what_an_officer_wrote_is_changed_by_no_form_of_another(
    swedens: dict[str, str], reader_of: Callable[[str], Reader]
) -> None:
    reader, wrong = reader_of(ANOTHER_OFFICER), []
    kept = {Draft: "draft", Job: "job", TargetSetProposal: "proposal", SavedView: ""}
    ways = {model: {"uuid": swedens[name]} if name else {"pk": swedens["saved_view_delete"]}
            for model, name in kept.items()}  # fmt: skip
    before = [model.objects.filter(**way).values().get() for model, way in ways.items()]
    for name, address in asked_for(swedens):
        if "draft" not in name and "view" not in name and "proposal" not in name:
            continue
        for sent in everything_foreign(swedens):
            answer = answer_to(reader.browser, "POST", address, sent)
            own = [sql for sql in answer.writes if not OWN_TABLES.search(sql)]
            if not answer.is_refused and answer.status != 405 and own:
                wrong.append((address, answer.status, own))
    assert wrong == []
    assert [model.objects.filter(**way).values().get() for model, way in ways.items()] == before


@pytest.mark.parametrize("who", [Role.REPRESENTATIVE, SIGNED_OUT])
def test_no_address_to_return_to_leads_out_of_the_portal(
    who: str, swedens: dict[str, str], reader_of: Callable[[str], Reader]
) -> None:
    reader, wrong = reader_of(who), []
    for name, address in asked_for(swedens):
        row, methods = TABLE[name], []
        methods += ["GET"] if row.get and reader.role in row.get and "pdf" not in name else []
        methods += ["POST"] if reader.role in row.act else []
        for method in methods:
            for there in ELSEWHERE:
                cache.clear()
                sent = {"next": there, "language": "fr"} if method == "POST" else None
                answer = answer_to(reader.browser, method, f"{address}?next={there}", sent)
                if leads_elsewhere(answer):
                    wrong.append((method, address, answer.response.headers["Location"]))
    assert wrong == []


def stored_files() -> Iterator[models.Model]:
    """Every row that has a file, of every model that can have one."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.FileField):
                yield from model._default_manager.exclude(Q(**{field.name: ""}))


def guesses() -> Iterator[str]:
    for row in stored_files():
        fields = [one for one in row._meta.get_fields() if isinstance(one, models.FileField)]
        for name in filter(None, (getattr(row, field.name).name for field in fields)):
            last = name.rpartition("/")[2]
            yield from (f"/{before}{name}" for before in ("", "media/", "static/", "files/"))
            yield from (f"/{before}{last}" for before in ("", "reports/", "static/", "my/"))
    for report in SealedReport.objects.all():
        signs = (report.pk, report.number, report.code, report.sha256, f"{report.uuid}.pdf")
        yield from (f"/reports/{sign}/" for sign in signs)
        yield f"/reports/{report.uuid}.pdf"
    for order in BulkOrder.objects.select_related("job"):
        yield from (f"/reports/orders/{order.pk}/", f"/reports/orders/{order.pk}.zip")


def arrived(browser: Client, asked: str) -> HttpResponse:
    """The answer; of an address without its last stroke, that of the address with it."""
    answer = browser.get(asked)
    return browser.get(f"{asked}/") if answer.status_code == 301 else answer


def test_no_guessed_name_of_a_stored_file_is_there(
    swedens: dict[str, str], reader_of: Callable[[str], Reader]
) -> None:
    guessed = set(guesses())
    kinds = {row._meta.model_name for row in stored_files()}
    assert {"sealedreport", "bulkorder", "donordocument", "import"} <= kinds
    for who in (*OUTSIDERS, Role.OFFICER):
        browser = reader_of(who).browser
        there = {one for one in guessed if not Answer(arrived(browser, one), []).is_refused}
        assert there == set()
