"""What fills the variable parts of addresses: rows of Sweden's, written by the officer."""

import datetime
import hashlib
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role
from donors.models import Donor, Region
from income.models import (
    Contribution,
    Currency,
    DomainOfChange,
    Draft,
    EarmarkingStep,
    Fund,
    Import,
    Instrument,
    Ledger,
    Programme,
    ReportDue,
)
from income.services import PromisedContribution, ReceivedMoney, record_gift, submit_draft
from income.services.actors import Actors
from income.vocabulary import Act, ContributionState
from jobs.models import Job
from reports.models import (
    ExpenditureLoad,
    MonthlyUpdate,
    Publication,
    PublicBlock,
    SealedReport,
)
from reports.open.policy import CODES
from targets.models import Document, Indicator, PublishedFigure, TargetSet
from tests import audit_factories, board_factories, factories, import_factories, report_factories

OF_THE_AGREEMENT = (
    "contribution", "amendment", "extension", "cancellation", "write", "condition",
    "api_contribution",
)  # fmt: skip


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
    PublicBlock.objects.bulk_create(PublicBlock(code=code, is_open=True) for code in CODES)
    approach = factories.approach(donor=sweden)
    return {
        **dict.fromkeys(OF_THE_AGREEMENT, str(contribution.uuid)),  # type: ignore[union-attr]
        "api_entry": str(posting.entries.receipts().get().pk),
        "api_target_set code": TargetSet.objects.all()[0].code,
        **of_the_api(promised_report=factories.report_due(contribution=contribution), job=job),
        "prospect": str(prospect_of(sweden, books).uuid),
        "draft": str(draft.uuid),
        **of_the_programs(draft, books, cast[Role.OFFICER]),
        "job": str(job.uuid),
        "outgoing": str(factories.outgoing_mail(state="unknown").uuid),
        **dict.fromkeys(("account", "account_allow"), str(cast[Role.BOARD].uuid)),
        **of_the_donors_file(sweden, cast[Role.OFFICER]),
        "import": str(an_import(books, cast[Role.OFFICER]).uuid),
        "acknowledgement_pdf": str(posting.entries.receipts().get().line),
        "parked": str(factories.parked_receipt(ledger=books).uuid),
        "report": str(factories.report_due().uuid),
        **dict.fromkeys(("campaign", "letter_campaign", "letter_zip"), str(approach.campaign.uuid)),
        "approach": str(approach.uuid),
        "letter": str(factories.donor_document(donor=sweden).uuid),
        "letter_reminder": str(factories.instalment().uuid),
        **of_what_is_told(books, cast),
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


# A row of each table of words, as its address names it.
IN_THE_API = {
    "api_books": "UNH", "api_fund": "FNE", "api_currency": "USD", "api_region": "AFRICA",
    "api_area": "SWE", "api_contributor_type": "C01",
}  # fmt: skip


def of_the_api(promised_report: ReportDue, job: Job) -> dict[str, str]:
    """One row of each resource that has no page of its own, by its name in the API."""
    tables = {
        "api_programme": Programme, "api_domain": DomainOfChange, "api_instrument": Instrument,
        "api_earmarking": EarmarkingStep, "api_indicator": Indicator, "api_document": Document,
        "api_published_figure": PublishedFigure, "api_region": Region,
    }  # fmt: skip
    codes = IN_THE_API | {name: str(model.objects.all()[0].pk) for name, model in tables.items()}
    return {
        **{f"{name} code": code for name, code in codes.items()},
        "api_report_due": str(promised_report.uuid), "api_job": str(job.uuid),
        "api_measurement": str(board_factories.measurement(**board_factories.decided()).uuid),
    }  # fmt: skip


def of_the_programs(draft: Draft, books: Ledger, officer: User) -> dict[str, str]:
    """A key of the officer's, and the same things as on the pages by their names in the API."""
    of_drafts = ("api_draft", "api_draft_submit", "api_draft_approve", "api_draft_return")
    of_imports = ("api_import", "api_import_check", "api_import_submit")
    file = str(an_import(books, officer).uuid)
    return {
        "api_key_revoke": str(audit_factories.api_key(user=officer).pk),
        **dict.fromkeys(of_drafts, str(draft.uuid)), **dict.fromkeys(of_imports, file),
    }  # fmt: skip


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
        "representation_until": str(sweden.representations.get().pk),
        "saved_view_delete": str(view.pk),
        "audit_event": str(factories.audit_event().pk),
        "person": str(sweden.representations.get().user.uuid),
        "invitation": str(report_factories.invitation(donors=[sweden], invited_by=officer).uuid),
    }


def of_what_is_told(books: Ledger, cast: dict[str, User]) -> dict[str, str]:
    """A published update, and published files."""
    update, files = a_published_update(books, cast), a_publication(books, cast)
    return {
        **dict.fromkeys(("update", "api_update"), str(update.uuid)),
        **dict.fromkeys(("publication", "api_publication"), str(files.uuid)),
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


def a_publication(books: Ledger, cast: dict[str, User]) -> Publication:
    """Published UN CEB files of 2021: one, as the sample of names calls it."""
    made = board_factories.publication(
        ledger=books, prepared_by=cast[Role.OFFICER], published_by=cast[Role.REVIEWER],
        state="published", published_at=timezone.now(), is_cast=True,
    )  # fmt: skip
    board_factories.publication_file(publication=made, name="cumulative")
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
    return PromisedContribution(
        donor=donor, fund=Fund.objects.get(code="FNE"), title="Core",  # type: ignore[arg-type]
        currency=Currency.objects.get(code="USD"), amount=Decimal(5), promised_on=DAY,
    )  # fmt: skip


def filled(name: str, route: str, parts: dict[str, str]) -> str:
    """The route with its variable parts filled in."""
    own = parts.get(name.split("_")[0], parts.get(name, ""))
    values = {
        "<uuid:uuid>": parts.get(name, own), "<slug:books>": "UNH", "<int:sequence>": "1",
        "<slug:file>": "flows", "<slug:status>": "provisional",
        "<slug:month>": "2021-01", "<slug:code>": parts.get(f"{name} code", "SWE"),
        "<str:code>": parts.get(f"{name} code", "SWE"), "<int:year>": "2022",
        "<slug:name>": "cumulative",
        "<str:name>": "cumulative", "<int:pk>": parts.get(name, "1"),
        "<int:line>": parts.get(name, "1"),
        "<indicator:code>": "F2", "<str:token>": "a-token", "<str:uidb36>": "1",
        "<str:key>": "a-key", "<slug:kind>": "account", "<slug:key>": own,
    }  # fmt: skip
    for part, value in values.items():
        route = route.replace(part, value)
    assert "<" not in route, f"{route}: a variable part without a sample"
    return f"/{route}"


@pytest.fixture
def acts(parts: dict[str, str], cast: dict[str, User]) -> dict[str, str]:
    """What fills the variable parts, with a representation that can be ended."""
    kfw = Donor.objects.get(code="KFW")
    ended = factories.representation(user=cast[Role.REPRESENTATIVE], donor=kfw)
    clause = factories.report_clause()
    books = Ledger.objects.get(code="UNH")
    reference = factories.erp_reference(contribution=factories.contribution(ledger=books))
    line = factories.erp_line(export=factories.erp_export(ledger=books))
    own = {"erp_reference_remove": str(reference.pk), "erp_line_match": str(line.pk)}
    return {**parts, "representation_end": str(ended.pk), "clause_remove": str(clause.pk), **own}


def address_of(name: str, route: str, acts: dict[str, str]) -> str:
    return filled(name, route.replace("<int:pk>", acts.get(name, "1")), acts)
