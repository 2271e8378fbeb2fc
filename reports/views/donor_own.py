"""The part of a donor's page that its representatives look for, and the remarks beside figures."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from donors.models import Donor, Representation
from income.models import Ledger
from interface.formatting import format_date
from reports.figures.donor_purposes import donor_purposes
from reports.figures.own_file import own_file
from reports.questions.about import Remarks
from reports.questions.seen import questions_of
from reports.tables import own_file as tables
from reports.visibility import AsDonor

MOST_QUESTIONS = 50
SOON = datetime.timedelta(days=30)  # what is left of the access is told at the top of the page
# Tables of the page in whose figures somebody may find something wrong.
_TABLES = ("balance_table", "year_table", "receipt_table", "gross_net_table", "years_for_table",
           "due_table")  # fmt: skip
_LISTS = ("given_tables", "purpose_tables")


def both_see(books: Ledger, found: Donor, year: int) -> dict[str, Any]:
    """What the money was for, and what was asked about figures: for staff as well."""
    questions = list(questions_of(books, found)[:MOST_QUESTIONS])
    return {
        "purpose_tables": [tables.purpose_table(one) for one in donor_purposes(books, found, year)],
        "question_table": tables.question_table(questions) if questions else None,
    }


def own_side(
    context: Mapping[str, Any], viewer: User | AsDonor, books: Ledger, today: datetime.date
) -> dict[str, Any]:
    """Instalments, reports, letters and documents; remarks for who may ask about a figure."""
    file = own_file(books, context["donor"], today)
    made: dict[str, Any] = {
        "due_table": tables.due_table(file),
        "reports_due_table": tables.reports_due_table(file),
        "reports_delivered_table": tables.reports_delivered_table(file),
        "letter_table": tables.letter_table(file),
        "addressee_table": tables.addressee_table(file),
        "own_document_table": tables.document_table(file),
    }
    if isinstance(viewer, AsDonor) or not viewer.may(Permission.VIEW_OWN_DONORS):
        return made
    access = Representation.objects.get(user=viewer, donor=context["donor"])
    return {
        **made, **_with_remarks({**context, **made}, books), "access": access_told(access.ends_on),
        "access_ends_soon": access.ends_on is not None and access.ends_on <= today + SOON,
    }  # fmt: skip


def access_told(ends_on: datetime.date | None) -> str:
    """Until when the reader's access lasts, in words."""
    if ends_on is None:
        return _("until further notice")
    words = {"ends_on": format_date(ends_on)}
    return _("The access ends on %(ends_on)s; on that day it is gone.") % words


def _with_remarks(context: Mapping[str, Any], books: Ledger) -> dict[str, Any]:
    """Every table and key figure again, with a way to say that a figure looks wrong."""
    sequence = context["told"].provenance.sequence
    remarks = Remarks(context["donor"].code, books.code, sequence)
    found: dict[str, Any] = {
        name: remarks.table(context[name]) for name in _TABLES if context.get(name)
    }
    for name in _LISTS:
        found[name] = [remarks.table(one) for one in context[name]]
    found["key_figures_shown"] = remarks.key_figures(context["key_figures_shown"])
    return found
