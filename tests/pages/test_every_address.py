"""Every address × every role, taken from the portal's own list of addresses.

An address that is not declared here fails, so that a new one cannot be forgotten. What a role
may not open answers 403 or 404 and shows nothing; who is signed out is sent to sign in.
"""

import datetime
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from accounts.permissions import Role
from income.models import Ledger
from income.services import PromisedContribution, ReceivedMoney, record_gift, submit_draft
from income.services.actors import Actors
from income.vocabulary import Act
from tests import factories

MOST_QUERIES = 40
SIGNED_OUT = "signed out"
EVERYBODY = {*Role, SIGNED_OUT}
SIGNED_IN = set(Role)
STAFF = {Role.OFFICER, Role.REVIEWER, Role.ADMINISTRATOR}
BOARD = {*STAFF, Role.BOARD}
ENTRY = {Role.OFFICER, Role.REVIEWER}
NOBODY: set[object] = set()

# Name of the address -> who may GET it. Addresses that only take POST answer 405 to all who may.
MAY_GET: dict[str, set[object]] = {
    "home": SIGNED_IN,
    "accessibility": EVERYBODY,
    "style_page": {Role.ADMINISTRATOR},
    "sign_in": EVERYBODY,
    "sign_out": NOBODY,
    "set_language": NOBODY,
    "password": SIGNED_IN,
    "finance_new": {Role.REVIEWER},
    "account_list": {Role.ADMINISTRATOR},
    "account_new": {Role.ADMINISTRATOR},
    "account_allow": NOBODY,
    "audit_list": {Role.ADMINISTRATOR},
    "donor_list": STAFF,
    "donor_new": {Role.OFFICER},
    "representation_list": {Role.ADMINISTRATOR},
    "representation_end": NOBODY,
    "donor": {*STAFF, Role.REPRESENTATIVE},
    "my_donor": {Role.REPRESENTATIVE},
    "statement_pdf": {*STAFF, Role.REPRESENTATIVE},
    "contribution_list": STAFF,
    "contribution": {*STAFF, Role.REPRESENTATIVE},
    "contribution_new": ENTRY,
    "receipt_new": ENTRY,
    "gift_new": ENTRY,
    "conversion": ENTRY,
    "draft_list": ENTRY,
    "draft": ENTRY,
    "draft_edit": {Role.OFFICER},
    "draft_approve": NOBODY,
    "draft_return": NOBODY,
    "entry_list": SIGNED_IN,
    "entry_csv": SIGNED_IN,
    "posting": BOARD,
    "reversal_new": ENTRY,
    "month_list": BOARD,
    "month_close": NOBODY,
    "rate_list": BOARD,
    "verify_ledger": {Role.REVIEWER, Role.ADMINISTRATOR},
    "dashboard": BOARD,
    "dashboard_csv": BOARD,
    "dashboard_chart": BOARD,
    "history": BOARD,
    "target_list": BOARD,
    "published_list": BOARD,
    "indicator_list": BOARD,
    "healthz": EVERYBODY,
    "readyz": EVERYBODY,
    "job": {Role.OFFICER, Role.ADMINISTRATOR},
}


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, str]]:
    """(name, route) of every address outside the API, which has its own matrix."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, route)
        elif isinstance(pattern, URLPattern) and not route.startswith("api/"):
            yield pattern.name or route, route


ADDRESSES = sorted(set(addresses()))


@pytest.fixture
def cast(
    officer: User, reviewer: User, board_member: User, representative: User, administrator: User
) -> dict[str, User]:
    people = (officer, reviewer, board_member, representative, administrator)
    return {person.role: person for person in people}


@pytest.fixture
def parts(reference: None, cast: dict[str, User]) -> dict[str, str]:
    """What fills the variable parts of routes: rows of Sweden's, written by the officer."""
    books = Ledger.objects.get(code="UNH")
    sweden = cast[Role.REPRESENTATIVE].representations.get().donor
    promised = agreement_of(sweden)
    paid = ReceivedMoney(currency=promised.currency, amount=promised.amount, received_on=DAY)
    posting = record_gift(
        books, promised, paid, token="one", today=DAY,
        actors=Actors(cast[Role.OFFICER], cast[Role.REVIEWER]),
    )  # fmt: skip
    contribution = posting.entries.first().contribution  # type: ignore[union-attr]
    draft = submit_draft(
        books, act=Act.REVERSE, payload={"sequence": "1", "because": "x"}, title="x", token="d",
        by=cast[Role.OFFICER],
    )  # fmt: skip
    job = factories.job(asked_by=cast[Role.OFFICER])
    return {
        "contribution": str(contribution.uuid),  # type: ignore[union-attr]
        "draft": str(draft.uuid),
        "job": str(job.uuid),
        "account_allow": str(cast[Role.BOARD].uuid),
    }


DAY = datetime.date(2022, 12, 15)


def agreement_of(donor: object) -> PromisedContribution:
    from decimal import Decimal

    from income.models import Currency, Fund

    return PromisedContribution(
        donor=donor, fund=Fund.objects.get(code="FNE"), title="Core",  # type: ignore[arg-type]
        currency=Currency.objects.get(code="USD"), amount=Decimal(5), promised_on=DAY,
    )  # fmt: skip


def filled(name: str, route: str, parts: dict[str, str]) -> str:
    """The route with its variable parts filled in."""
    own = parts.get(name.split("_")[0], parts.get(name, ""))
    values = {
        "<uuid:uuid>": parts.get(name, own), "<slug:books>": "UNH", "<int:sequence>": "1",
        "<slug:month>": "2021-01", "<slug:code>": "SWE", "<str:code>": "SWE",
        "<int:year>": "2022", "<slug:name>": "cumulative", "<str:name>": "cumulative",
        "<int:pk>": "1",
    }  # fmt: skip
    for part, value in values.items():
        route = route.replace(part, value)
    assert "<" not in route, f"{route}: a variable part without a sample"
    return f"/{route}"


def test_every_address_is_declared_and_every_declared_one_is_there() -> None:
    assert {name for name, _route in ADDRESSES} == set(MAY_GET)


@pytest.mark.parametrize(("name", "route"), ADDRESSES, ids=[name for name, _route in ADDRESSES])
def test_an_address_opens_for_the_roles_that_may_and_for_nobody_else(
    name: str, route: str, parts: dict[str, str], cast: dict[str, User],
    client_of: Callable[[User], Client],
) -> None:  # fmt: skip
    address = filled(name, route, parts)
    for who in (*Role, SIGNED_OUT):
        client = Client() if who == SIGNED_OUT else client_of(cast[who])
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        assert response.status_code < 500 or name == "readyz", (who, address)
        assert len(queries) <= MOST_QUERIES, (who, address, len(queries))
        opened = response.status_code in (200, 302) and not (
            response.status_code == 302 and settings.LOGIN_URL.replace("_", "-")
            in response.headers["Location"]
        )  # fmt: skip
        if name == "readyz":
            opened = response.status_code in (200, 503)
        if name == "set_language":
            opened = False  # it only goes back to where one was
        assert opened == (who in MAY_GET[name]), (who, address, response.status_code)
