"""Rows for the pages of a demonstration: those it has, and those it has none of yet."""

import datetime
from typing import Any

from django.utils import timezone

from accounts.demonstration import EMAILS
from accounts.models import User
from accounts.permissions import Role
from donors.models import Clearance, Contact, Donor, Engagement
from income.acts import post_draft
from income.models import (
    Approach,
    Campaign,
    Contribution,
    Draft,
    Entry,
    Import,
    Instalment,
    Ledger,
    ParkedReceipt,
    Posting,
    ReportDue,
)
from income.services.drafts import approve_draft, submit_draft
from income.vocabulary import Act, ContributionState, DraftState, Kind
from reports.models import ExpenditureLoad, MonthlyUpdate, Publication
from reports.open.policy import CODES, set_open
from tests import board_factories, factories, import_factories, report_factories

DAY = datetime.date(2022, 12, 28)


def fillings() -> dict[str, dict[str, str]]:
    """Name of the address -> part of its route -> value. Adds rows where there are none."""
    books = Ledger.objects.get(code="DEMO")
    set_open(frozenset(CODES), by=User.objects.get(email=EMAILS[Role.ADMINISTRATOR]))
    officer = User.objects.get(email=EMAILS[Role.OFFICER])
    sweden = Donor.objects.get(code="SWE")
    return {
        **_of_contributions(books),
        **_of_drafts(books),
        **_of_postings(books),
        **_of_donors(sweden, officer),
        **_of_campaigns(),
        **_of_the_board(officer),
        **_of_reports(books, sweden, officer),
        "account": _row(officer),
        "publication": _row(Publication.objects.filter(ledger=books).latest("pk")),
    }


def _row(row: Any) -> dict[str, str]:
    return {"uuid": str(row.uuid)}


def _of_contributions(books: Ledger) -> dict[str, dict[str, str]]:
    of_books = Contribution.objects.filter(ledger=books)
    signed = of_books.filter(
        state=ContributionState.SIGNED, ended_on=None, instalments__due_on__year=2023
    ).latest("pk")
    prospect = of_books.filter(state=ContributionState.PROSPECT).latest("pk")
    conditional = factories.condition(contribution=signed)
    acts = ("amendment_new", "extension_new", "cancellation_new", "write_off_new",
            "contribution_close", "contribution_clauses", "contribution")  # fmt: skip
    return {
        **dict.fromkeys(acts, _row(signed)),
        "condition_settle": _row(conditional.contribution),
        "prospect_edit": _row(prospect), "prospect_drop": _row(prospect),
        "report": _row(ReportDue.objects.filter(contribution__ledger=books).latest("pk")),
        "letter_reminder": _row(Instalment.objects.filter(contribution=signed).latest("pk")),
    }  # fmt: skip


def _of_drafts(books: Ledger) -> dict[str, dict[str, str]]:
    drafts = Draft.objects.filter(ledger=books)
    file = Import.objects.filter(ledger=books).earliest("pk")  # has rows to correct
    parked = ParkedReceipt.objects.filter(ledger=books).latest("pk")
    return {
        "draft": _row(drafts.filter(state=DraftState.SUBMITTED).earliest("pk")),
        "draft_edit": _row(drafts.filter(state=DraftState.RETURNED).earliest("pk")),
        **dict.fromkeys(("import", "import_columns", "import_names"), _row(file)),
        **dict.fromkeys(("parked_edit", "parked_send_back"), _row(parked)),
    }


def _of_postings(books: Ledger) -> dict[str, dict[str, str]]:
    receipts = Entry.objects.filter(ledger=books, kind=Kind.RECEIPT, donor__code="SWE")
    receipt = Posting.objects.filter(
        entries__in=receipts, act=Act.RECORD_RECEIPT, reversed_by=None
    ).latest("sequence")
    named = {"sequence": str(receipt.sequence)}
    return {
        **dict.fromkeys(("posting", "reversal_new", "letter_thanks"), named),
        "correction_new": {"sequence": str(_posted_from_a_form(books).sequence)},
    }


def _posted_from_a_form(books: Ledger) -> Posting:
    """A posting that keeps what was typed: those of the demonstration were laid without a form."""
    typed = {
        "donor": "NOR", "fund": "FNE", "title": "Core 2022", "currency": "USD", "amount": "5.00",
        "received_on": "2022-12-21",
    }  # fmt: skip
    draft = submit_draft(
        books, act=Act.RECORD_GIFT, payload=typed, title="Norway", token="pages",
        by=User.objects.get(email=EMAILS[Role.OFFICER]),
    )  # fmt: skip
    return approve_draft(
        draft, version=draft.version, by=User.objects.get(email=EMAILS[Role.REVIEWER]),
        at=timezone.now(), post_it=lambda one, actors: post_draft(one, actors, DAY),
    )  # fmt: skip


def _of_donors(sweden: Donor, officer: User) -> dict[str, dict[str, str]]:
    contact = Contact.objects.filter(donor=sweden).first() or factories.contact(donor=sweden)
    letter = factories.donor_document(donor=sweden, content=b"%PDF")
    clearance = Clearance.objects.filter(state="requested").latest("pk")
    factories.outgoing_mail(state="unknown", recipient=officer, reason="BrokenOff")
    return {
        "contact_edit": {"code": "SWE", "pk": str(contact.pk)},
        "engagement_edit": _row(Engagement.objects.filter(donor=sweden).latest("pk")),
        "clearance_decide": _row(clearance),
        "representation_until": {"pk": str(sweden.representations.latest("pk").pk)},
        "letter": _row(letter),
        "job": _row(factories.job(asked_by=officer)),
        "audit_event": {"pk": str(factories.audit_event(after={"code": "SWE"}).pk)},
        **{key: {"kind": "contact", "key": str(contact.pk)} for key in ("person", "person_erase")},
    }


def _of_campaigns() -> dict[str, dict[str, str]]:
    campaign = Campaign.objects.latest("pk")
    names = ("campaign", "campaign_edit", "campaign_ask", "letter_campaign")
    return {
        **dict.fromkeys(names, _row(campaign)),
        "approach": _row(Approach.objects.filter(campaign=campaign).latest("pk")),
    }


def _of_the_board(officer: User) -> dict[str, dict[str, str]]:
    proposal = board_factories.target_set_proposal(entered_by=officer)
    board_factories.measurement()
    board_factories.economy_list()
    return {
        **dict.fromkeys(("proposal", "proposal_edit"), _row(proposal)),
        **{one: {"code": "F2"} for one in ("indicator", "measurement_new", "indicator_owner")},
        "expenditure": _row(ExpenditureLoad.objects.latest("pk")),
        "update": _row(MonthlyUpdate.objects.latest("pk")),
        "rate_correction": {"pk": str(import_factories.rate_correction().pk)},
    }


def _of_reports(books: Ledger, sweden: Donor, officer: User) -> dict[str, dict[str, str]]:
    order = report_factories.finished_order(ledger=books, asked_by=officer)
    report = report_factories.sealed_report(ledger=books, donor=sweden)
    asked = report_factories.figure_question(
        ledger=books, donor=sweden, asked_by=User.objects.get(email=EMAILS[Role.REPRESENTATIVE])
    )
    report_factories.invitation(donors=[sweden], invited_by=officer)
    return {"bulk": _row(order), "question": _row(asked), "verify_code": {"code": report.code}}
