"""Every address × every role, taken from the portal's own list of addresses.

An address that is not declared here fails, so that a new one cannot be forgotten. What a role
may not open answers 403 or 404 and shows nothing; who is signed out is sent to sign in.
"""

import datetime
import hashlib
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role
from donors.models import Donor
from income.models import Contribution, Import, Ledger
from income.services import PromisedContribution, ReceivedMoney, record_gift, submit_draft
from income.services.actors import Actors
from income.vocabulary import Act, ContributionState
from reports.models import ExpenditureLoad, MonthlyUpdate, SealedReport
from tests import board_factories, factories, import_factories, report_factories

MOST_QUERIES = 40
MORE_QUERIES = {
    "draft": 60,  # posts the draft to show what would be posted, and takes it back
    # The whole relation; as many however long it lasted (tests/donors).
    **dict.fromkeys(("donor", "donor_as_donor"), 54),
    # The whole dashboard, and what stands beside it.
    **dict.fromkeys(("dashboard", "dialogue", "dialogue_pdf", "dialogue_xlsx"), 60),
}
SIGNED_OUT = "signed out"
EVERYBODY = {*Role, SIGNED_OUT}
SIGNED_IN = set(Role)
STAFF = {Role.OFFICER, Role.REVIEWER, Role.ADMINISTRATOR}
BOARD = {*STAFF, Role.BOARD}
ENTRY = {Role.OFFICER, Role.REVIEWER}
RATES = {Role.REVIEWER, Role.ADMINISTRATOR}
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
    "donor_similar": {Role.OFFICER},
    "donor_edit": {Role.OFFICER},
    "donor_unmerge": NOBODY,
    "donor_merge": {Role.OFFICER},
    "contact_new": {Role.OFFICER},
    "contact_edit": {Role.OFFICER},
    "engagement_new": {Role.OFFICER},
    "engagement_edit": {Role.OFFICER},
    "document_new": {Role.OFFICER},
    "donor_document": STAFF,
    "clearance_new": {Role.OFFICER},
    "clearance_decide": {Role.REVIEWER},
    "saved_view_save": NOBODY,
    "saved_view_delete": NOBODY,
    "representation_list": {Role.ADMINISTRATOR},
    "representation_end": NOBODY,
    "invitation_list": {Role.OFFICER},
    "invitation_new": {Role.OFFICER},
    "invitation_again": NOBODY,
    "invitation_withdraw": NOBODY,
    "invitation_accept": EVERYBODY,  # whatever the token, on to the next one
    "invitation_answer": NOBODY,  # before a link that works was opened
    "donor": {*STAFF, Role.REPRESENTATIVE},
    "donor_as_donor": {Role.OFFICER},
    "donor_entries_csv": {*STAFF, Role.REPRESENTATIVE},
    "donor_entries_xlsx": {*STAFF, Role.REPRESENTATIVE},
    "donor_archive": {*STAFF, Role.REPRESENTATIVE},
    "my_document": {*STAFF, Role.REPRESENTATIVE},
    "question_list": {Role.OFFICER},
    "question": {Role.OFFICER, Role.REPRESENTATIVE},
    "question_new": NOBODY,  # without a figure that the portal signed there is no such page
    "question_answer": NOBODY,
    "my_donor": {Role.REPRESENTATIVE},
    "statement_pdf": {*STAFF, Role.REPRESENTATIVE},
    "contribution_list": STAFF,
    "contribution": {*STAFF, Role.REPRESENTATIVE},
    "amendment_new": ENTRY,
    "extension_new": ENTRY,
    "cancellation_new": ENTRY,
    "write_off_new": ENTRY,
    "contribution_close": ENTRY,
    "condition_settle": ENTRY,
    "prospect_list": STAFF,
    "prospect_new": ENTRY,
    "prospect_edit": ENTRY,
    "prospect_drop": ENTRY,
    "contribution_new": ENTRY,
    "receipt_new": ENTRY,
    "gift_new": ENTRY,
    "online_gifts_new": ENTRY,
    "return_new": ENTRY,
    "transfer_new": ENTRY,
    "parked_list": ENTRY,
    "parked_new": ENTRY,
    "parked_edit": ENTRY,
    "parked_send_back": ENTRY,
    "conversion": ENTRY,
    "draft_list": ENTRY,
    "draft": ENTRY,
    "draft_edit": {Role.OFFICER},
    "draft_approve": NOBODY,
    "draft_return": NOBODY,
    "draft_withdraw": NOBODY,
    "draft_discard": NOBODY,
    "correction_new": ENTRY,
    "month": STAFF,
    "import_list": ENTRY,
    "import_new": ENTRY,
    "import_paste": ENTRY,
    "import_template": ENTRY,
    "import": ENTRY,
    "import_columns": ENTRY,
    "import_names": ENTRY,
    "import_names_all": NOBODY,
    "import_repeats": NOBODY,
    "import_late": NOBODY,
    "import_check": NOBODY,
    "import_mark": NOBODY,
    "import_submit": NOBODY,
    "import_discard": NOBODY,
    "import_undo": ENTRY,
    "import_file": STAFF,
    "import_errors": STAFF,
    "erp_list": STAFF,
    "erp_template": STAFF,
    "erp_load": ENTRY,
    "erp_search": STAFF,
    "erp_month": STAFF,
    "erp_match": NOBODY,
    "erp_line_match": NOBODY,
    "erp_reference_add": NOBODY,
    "erp_reference_remove": NOBODY,
    "campaign_list": STAFF,
    "campaign_new": ENTRY,
    "campaign": STAFF,
    "campaign_file": STAFF,
    "campaign_edit": ENTRY,
    "campaign_ask": ENTRY,
    "approach": STAFF,
    "approach_attach": NOBODY,
    "approach_detach": NOBODY,
    "approach_leave_out": NOBODY,
    "letter_core": ENTRY,
    "letter_thanks": ENTRY,
    "letter_reminder": ENTRY,
    "letter_campaign": ENTRY,
    "letter_zip": STAFF,
    "letter": STAFF,
    "letter_file": NOBODY,  # the sample has no bytes
    "my_settings": SIGNED_IN,
    "worklist": ENTRY,
    "send_reminders": NOBODY,
    "calendar": STAFF,
    "calendar_ics": STAFF,
    "report_list": STAFF,
    "report_delivery": STAFF,
    "report": STAFF,
    "contribution_clauses": ENTRY,
    "clause_remove": NOBODY,
    "entry_list": SIGNED_IN,
    "entry_csv": SIGNED_IN,
    "posting": BOARD,
    "reversal_new": ENTRY,
    "month_list": BOARD,
    "month_close": NOBODY,
    "rate_list": BOARD,
    "rate_new": RATES,
    "rate_load": RATES,
    "rate_load_save": NOBODY,
    "rate_correction_new": RATES,
    "rate_correction": STAFF,
    "rate_correction_csv": STAFF,
    "rate_correction_decide": NOBODY,
    "verify_ledger": {Role.REVIEWER, Role.ADMINISTRATOR},
    "dashboard": BOARD,
    "dashboard_csv": BOARD,
    "dashboard_chart": BOARD,
    **dict.fromkeys((f"dashboard_chart_{form}" for form in ("svg", "png", "csv", "xlsx")), BOARD),
    "history": BOARD,
    "bases": BOARD,
    "bases_csv": BOARD,
    "restatement": BOARD,
    "restatement_csv": BOARD,
    "outstanding": BOARD,
    "outstanding_csv": BOARD,
    "target_list": BOARD,
    "proposal_new": ENTRY,
    "proposal": ENTRY,
    "proposal_edit": {Role.OFFICER},
    "proposal_approve": NOBODY,
    "proposal_return": NOBODY,
    "published_list": BOARD,
    "indicator_list": BOARD,
    "indicator_csv": BOARD,
    "indicator": BOARD,
    "measurement_new": ENTRY,
    "measurement_decide": NOBODY,
    "indicator_owner": ENTRY,
    "economy_list_list": BOARD,
    "economy_list_new": ENTRY,
    "economy_list_decide": NOBODY,
    **dict.fromkeys(("dashboard", "dialogue", "dialogue_pdf", "dialogue_xlsx"), BOARD),
    "dialogue_item_list": ENTRY,
    "dialogue_item_new": ENTRY,
    "dialogue_item_decide": NOBODY,
    "expenditure_list": BOARD,
    "expenditure_new": ENTRY,
    "expenditure": BOARD,
    "expenditure_decide": NOBODY,
    **dict.fromkeys(("update_list", "update", "update_file"), BOARD),  # once published
    **dict.fromkeys(("update_prepare", "update_publish", "update_discard"), NOBODY),
    "bulk_list": {Role.OFFICER},
    "bulk_new": {Role.OFFICER},
    "bulk": {Role.OFFICER},
    "bulk_file": {Role.OFFICER},
    "bulk_cancel": NOBODY,
    "sealed_list": {*STAFF, Role.REPRESENTATIVE},
    "report_file": {*STAFF, Role.REPRESENTATIVE},
    "report_make": NOBODY,
    **dict.fromkeys(("verify", "verify_code"), EVERYBODY),  # nothing of the content
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
    approach = factories.approach(donor=sweden)
    return {
        "contribution": str(contribution.uuid),  # type: ignore[union-attr]
        **dict.fromkeys(
            ("amendment", "extension", "cancellation", "write", "condition"),
            str(contribution.uuid),  # type: ignore[union-attr]
        ),
        "prospect": str(prospect_of(sweden, books).uuid),
        "draft": str(draft.uuid),
        "job": str(job.uuid),
        "account_allow": str(cast[Role.BOARD].uuid),
        **of_the_donors_file(sweden, cast[Role.OFFICER]),
        "import": str(an_import(books, cast[Role.OFFICER]).uuid),
        "parked": str(factories.parked_receipt(ledger=books).uuid),
        "report": str(factories.report_due().uuid),
        "campaign": str(approach.campaign.uuid),
        "approach": str(approach.uuid),
        "letter": str(factories.donor_document(donor=sweden).uuid),
        "letter_campaign": str(approach.campaign.uuid),
        "letter_zip": str(approach.campaign.uuid),
        "letter_reminder": str(factories.instalment().uuid),
        "update": str(a_published_update(books, cast).uuid),
        **of_the_orders(books),
        "measurement": str(board_factories.measurement().uuid),
        "proposal": str(board_factories.target_set_proposal(entered_by=cast[Role.OFFICER]).uuid),
        "economy": str(board_factories.economy_list().uuid),
        "dialogue": str(board_factories.dialogue_item().uuid),
        "expenditure": str(ExpenditureLoad.objects.get(year=2021).uuid),  # in force
        **dict.fromkeys(
            ("rate_correction", "rate_correction_csv", "rate_correction_decide"),
            str(import_factories.rate_correction().pk),
        ),
    }


def a_sealed_report(sweden: Donor) -> SealedReport:
    """Of Sweden's, with the hash of its few bytes."""
    books, sha256 = Ledger.objects.get(code="UNH"), hashlib.sha256(b"%PDF-1").hexdigest()
    return report_factories.sealed_report(donor=sweden, ledger=books, sha256=sha256)


def of_the_orders(books: Ledger) -> dict[str, str]:
    """An order of reports that is over, and one that can be called off."""
    return {
        "bulk": str(report_factories.finished_order(ledger=books).uuid),
        "bulk_cancel": str(report_factories.bulk_order(ledger=books).uuid),
    }


def of_the_donors_file(sweden: Donor, officer: User) -> dict[str, str]:
    """A contact, an engagement, a document, a clearance and an invitation that wait: Sweden's."""
    view = factories.saved_view(user=officer)
    return {
        "contact_edit": str(factories.contact(donor=sweden).pk),
        "engagement_edit": str(factories.engagement(donor=sweden).uuid),
        "donor_document": str(factories.donor_document(donor=sweden, content=b"%PDF").uuid),
        "report_file": str(a_sealed_report(sweden).uuid),
        "my_document": str(
            factories.donor_document(donor=sweden, kind="agreement", content=b"%PDF").uuid
        ),
        "question": str(report_factories.figure_question(donor=sweden).uuid),
        "clearance_decide": str(factories.clearance(donor=sweden, requested_by=officer).uuid),
        "saved_view_delete": str(view.pk),
        "invitation": str(report_factories.invitation(donors=[sweden], invited_by=officer).uuid),
    }


def a_published_update(books: Ledger, cast: dict[str, User]) -> MonthlyUpdate:
    """Of March 2021, with figures that name no fund and a file as the sample of names calls it."""
    made = board_factories.monthly_update(
        ledger=books, prepared_by=cast[Role.OFFICER], published_by=cast[Role.REVIEWER],
        state="published", published_at=timezone.now(),
    )  # fmt: skip
    for name in ("figures.json", "cumulative"):
        board_factories.update_file(update=made, name=name, content=b'{"funds":{"rows":[]}}')
    return made


def an_import(books: Ledger, officer: User) -> Import:
    """A file that the officer brought in, with the columns as they are proposed."""
    plan = {"kind": "receipt", "columns": {"donor": "donor", "amount": "amount"},
            "constants": {"fund": "FNE", "currency": "USD", "date": "2022-12-01"}}  # fmt: skip
    return import_factories.import_(ledger=books, uploaded_by=officer, plan=plan)


DAY = datetime.date(2022, 12, 15)


def prospect_of(donor: object, books: Ledger) -> Contribution:
    return factories.contribution(
        ledger=books, donor=donor, state=ContributionState.PROSPECT, probability=50,
        expected_on=DAY,
    )  # fmt: skip


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
        "<int:pk>": parts.get(name, "1"), "<indicator:code>": "F2", "<str:token>": "a-token",
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
        most = MORE_QUERIES.get(name, MOST_QUERIES)
        assert len(queries) <= most, (who, address, len(queries))
        opened = response.status_code in (200, 302) and not (
            response.status_code == 302 and settings.LOGIN_URL.replace("_", "-")
            in response.headers["Location"]
        )  # fmt: skip
        if name == "readyz":
            opened = response.status_code in (200, 503)
        if name == "set_language":
            opened = False  # it only goes back to where one was
        assert opened == (who in MAY_GET[name]), (who, address, response.status_code)
