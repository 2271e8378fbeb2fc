"""Every file, look and act of every address leaves an audit event, or is declared not to."""

from collections.abc import Callable, Iterator
from copy import deepcopy

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from accounts.audit.commands import READ_ONLY
from accounts.audit.coverage import API, LOOKS, UNRECORDED, is_file
from accounts.audit.models import AuditEvent
from accounts.audit.personal import with_values
from accounts.models import User
from accounts.permissions import Role
from donors.models import Donor
from tests import factories
from tests.house.test_documents import own_commands
from tests.pages.matrix.rows import acts, address_of, cast, parts
from tests.pages.matrix.table import EVERYWHERE, SIGNED_OUT, TABLE

__all__ = ["acts", "cast", "parts"]
pytestmark = pytest.mark.django_db
ADMINISTRATOR = Role.ADMINISTRATOR
NAMES = {name for name, _route in EVERYWHERE}
ROUTES = dict(EVERYWHERE)


@pytest.fixture
def browsers(cast: dict[str, User], client_of: Callable[[User], Client]) -> dict[object, Client]:
    return {SIGNED_OUT: Client(), **{role: client_of(user) for role, user in cast.items()}}


def tried(browser: Client, method: str, address: str) -> tuple[HttpResponse, list[AuditEvent]]:
    """The answer and the events that it left; then everything is as it was."""
    cache.clear()
    cookies = deepcopy(browser.cookies)
    last = AuditEvent.objects.order_by("pk").last()
    with transaction.atomic():
        response = browser.generic(method, address)
        response.getvalue()
        events = list(AuditEvent.objects.filter(pk__gt=last.pk if last else 0))
        transaction.set_rollback(True)
    browser.cookies = cookies  # signing out is undone
    return response, events


def cells(method: str, acts: dict[str, str]) -> Iterator[tuple[str, object, str]]:
    """Each address with an administrator where that may, else with another who may."""
    for name in sorted(NAMES & set(TABLE)):  # test_every_address.py asks that they are the same
        route = ROUTES[name]
        who = TABLE[name].get if method == "GET" else TABLE[name].act
        if who:
            one = ADMINISTRATOR if ADMINISTRATOR in who else sorted(who, key=str)[0]
            yield name, one, address_of(name, route, acts)


@pytest.mark.slow
def test_every_file_and_every_look_leaves_an_event(
    acts: dict[str, str], browsers: dict[object, Client], cast: dict[str, User]
) -> None:
    files, missing = set(), []
    for name, who, address in cells("GET", acts):
        response, events = tried(browsers[who], "GET", address)
        is_told = response.status_code == 200 and (
            is_file(response) or name in LOOKS or address.startswith(API)
        )
        if not is_told or name in UNRECORDED:
            continue
        files |= {name} if is_file(response) else set()
        by = cast[str(who)].uuid if who in cast else None
        if not events or events[-1].by != by:
            missing.append(f"{who} {address}")
    assert missing == []
    assert files >= {
        "audit_csv", "audit_xlsx", "calendar_ics", "dashboard_csv", "donor_archive",
        "donor_document", "donor_entries_csv", "donor_entries_xlsx", "entry_csv", "entry_xlsx",
        "person_file",
    }  # fmt: skip
    print(f"\n{len(files)} addresses hand out files")  # noqa: T201


def test_every_act_that_succeeds_leaves_an_event(
    acts: dict[str, str], browsers: dict[object, Client]
) -> None:
    """With an empty form, which does something only where an act needs none."""
    done, missing = set(), []
    for name, who, address in cells("POST", acts):
        response, events = tried(browsers[who], "POST", address)
        if response.status_code >= 400 or resolve(address).view_name in UNRECORDED:
            continue
        done.add(name)
        if not events:
            missing.append(f"{who} {address}")
    assert missing == []
    assert done >= {"account_allow", "representation_end", "verify_ledger", "audit_verify"}


# What an administrator can do: the form that does it, and the act that it leaves.
SWEDEN = {"donor": "SWE"}
EXAMPLES: dict[str, tuple[dict[str, object], str]] = {
    "api_key_new": ({"name": "Figures", "scope": "read"}, "make_api_key"),
    "api_key_revoke": ({}, "revoke_api_key"),
    "account_new": (
        {"email": "new@example.org", "name": "New", "role": "officer",
         "password": "a long enough secret"}, "open_account",
    ),
    "account_allow": ({"allowed": "no"}, "let_sign_in"),
    "audit_verify": ({}, "act"),
    "import_mark": ({}, "act"),
    "my_settings": ({"language": "fr"}, "change_settings"),
    "outgoing_mail_again": ({}, "send_mail_again"),
    "outgoing_mail_settle": ({}, "settle_mail"),
    "person_erase": ({"is_meant": "on"}, "erase_person"),
    "rate_load": ({"rate_type": "un_operational"}, "act"),
    "rate_new": (
        {"currency": "NOK", "effective_on": "2022-12-01", "units_per_usd": "9.5",
         "rate_type": "un_operational", "source": "UN"}, "load_rates",
    ),
    "representation_list": (
        {"user": "", "donor": "NOR", "starts_on": "2022-01-01"}, "bind_representative",
    ),
    "representation_end": ({}, "unbind_representative"),
    "representation_until": ({"ends_on": "2999-01-01", "was": ""}, "set_end_of_access"),
    "send_reminders": ({}, "act"),
    "verify_ledger": ({"books": "UNH"}, "act"),
    "visibility_set": ({"parts": ["pages", "funds"]}, "set_visibility"),
}  # fmt: skip
# Acts of an administrator that tests beside this one do with all they need.
ELSEWHERE = {
    "account_login": "the same address as sign_in, by the name that django-allauth asks for",
    "report_make": "tests/pages/test_report_files.py: a report is made and downloaded",
    "rate_load_save": "tests/income/rates: needs a file that was checked",
    "rate_correction_new": "tests/income/rates/test_corrections.py",
    "rate_correction_decide": "tests/income/rates/test_corrections.py",
}


def test_every_act_of_an_administrator_has_an_example() -> None:
    mine = {name for name in NAMES & set(TABLE) if ADMINISTRATOR in TABLE[name].act}
    ours = {name for name in mine if not name.startswith(OF_SIGNING_IN)}
    assert ours - set(UNRECORDED) == set(EXAMPLES) | set(ELSEWHERE)


# Passwords and second factors: django-allauth tells of them; tests/accounts/test_audit_signing_in.
OF_SIGNING_IN = ("mfa_", "account_re", "account_unlock", "usersessions", "password", "single_sign")


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_an_administrator_does_is_outside_the_trail(
    name: str, acts: dict[str, str], browsers: dict[object, Client], cast: dict[str, User]
) -> None:
    form, act = EXAMPLES[name]
    form = {**form, **more_of(name, cast)}
    address = address_of(name, ROUTES[name], {**acts, **where(name)})
    response = browsers[ADMINISTRATOR].post(address, form)
    assert response.status_code < 400, response.content[-3000:].decode()
    event = AuditEvent.objects.filter(act=act).latest("pk")
    assert event.by == cast[ADMINISTRATOR].uuid
    assert len(event.request_id) == 32


def more_of(name: str, cast: dict[str, User]) -> dict[str, object]:
    """What of a form is only known now."""
    if name == "representation_list":
        return {"user": cast[Role.REPRESENTATIVE].pk, "donor": Donor.objects.get(code="NOR").pk}
    if name == "rate_load":
        text = "currency,effective_on,units_per_usd\nNOK,2022-12-01,9.5\n"
        return {"file": SimpleUploadedFile("rates.csv", text.encode())}
    if name == "api_key_new":
        return {"expires_on": timezone.localdate()}
    if name == "my_settings":
        return {"digest": ""}
    return {}


def where(name: str) -> dict[str, str]:
    """A row to which the act can be done."""
    if name == "person_erase":
        return {"person": str(factories.user(is_active=False).uuid)}
    return {}


def test_what_is_not_recorded_and_what_is_a_look_exist() -> None:
    assert set(UNRECORDED) <= NAMES
    assert LOOKS <= NAMES
    assert all(reason for reason in (*UNRECORDED.values(), *READ_ONLY.values()))


def test_of_our_own_commands_only_those_that_read_are_not_recorded() -> None:
    assert own_commands() & set(READ_ONLY) == {"prepare_fonts", "run_jobs", "serve"}


def test_a_file_says_who_took_what_with_which_question(
    officer: User, client_of: Callable[[User], Client], reference: None
) -> None:
    client = client_of(officer)
    response = client.get("/donors/SWE/entries.csv?books=UNH&year=2022&q=a+name")
    if response.status_code == 404:  # the address as it is named
        pytest.fail("the donor's entries have another address")
    (event,) = with_values(AuditEvent.objects.filter(act="download"))
    assert (event.by, event.subject_id) == (officer.uuid, "donor_entries_csv")
    assert event.donor_pk == Donor.objects.get(code="SWE").pk
    told = event.after
    assert told["address"] == {"code": "SWE", "form": "csv"}
    assert told["question"] == {"books": "UNH", "year": "2022", "q": "a name"}
    assert (told["file"], told["type"]) == ("SWE-UNH-2022.csv", "text/csv")
    assert (told["ip"], told["bytes"]) == ("127.0.0.1", len(response.content))
    assert told["lines"] == response.content.count(b"\n")
    kept = AuditEvent.objects.get(act="download").after  # as it lies in the database
    assert set(kept["ip"]) == set(kept["question"]["q"]) == {"personal"}


def test_the_api_says_how_many_rows_went_out(
    officer: User, client_of: Callable[[User], Client], reference: None
) -> None:
    response = client_of(officer).get("/api/v1/donors/?page_size=7")
    event = AuditEvent.objects.get(act="read_api")
    assert event.after["rows"] == len(response.json()["results"]) > 1
    assert event.after["question"] == {"page_size": "7"}


def test_what_was_refused_or_not_found_leaves_no_event(
    board_member: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(board_member)
    for address in ("/donors/SWE/", "/audit/trail.csv", "/nowhere.csv"):
        assert client.get(address).status_code in (403, 404)
    assert AuditEvent.objects.count() == 0


def test_a_stranger_cannot_fill_the_trail(db: None) -> None:
    response = Client().post("/income/gifts/new/", {"amount": "1"})
    assert response["Location"].startswith("/sign-in/")
    assert AuditEvent.objects.count() == 0


def test_a_look_at_a_donors_file_names_the_donor(
    representative: User, client_of: Callable[[User], Client]
) -> None:
    before = timezone.now()
    assert client_of(representative).get("/donors/SWE/").status_code == 200
    event = AuditEvent.objects.get()
    assert (event.act, event.subject, event.subject_id) == ("look", "page", "donor")
    assert event.by == representative.uuid
    assert event.donor_pk == representative.representations.get().donor_id
    assert event.at >= before
