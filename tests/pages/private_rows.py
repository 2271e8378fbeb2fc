"""Rows of everything that is private, each private text a word of its own that stands nowhere else.

What is personal comes from the inventory; PRIVATE declares the rest. A new personal column fails
here until it has a row.
"""

import itertools
from collections.abc import Callable, Iterator

from django.apps import apps
from django.db import models
from django.utils import timezone

from accounts.audit.inventory import ABOUT_PERSONS
from donors.models import Donor
from income.models import Contribution, ErpReference, Posting
from income.vocabulary import ContributionState
from tests import audit_factories, board_factories, factories, import_factories, report_factories

# Private, and of no person: what is not settled, said in confidence, or the bank's.
PRIVATE: dict[str, tuple[str, ...]] = {
    "donors.Clearance": ("reference", "note"),
    "donors.Contact": ("title",),
    "donors.Donor": ("note",),
    "donors.DonorName": ("name",),  # what people search by: aliases, identifiers
    "income.Amendment": ("reason", "authority", "document_reference"),
    "income.Approach": ("note",),
    "income.Campaign": ("title", "note"),
    "income.Condition": ("text", "evidence"),
    "income.Contribution": ("title", "reference", "ended_because", "programme_support_reason"),
    "income.Draft": ("title",),
    "income.ErpLine": ("document", "grant", "wbs"),
    "income.ErpReference": ("value",),
    "income.Import": ("file_name",),
    "income.ParkedReceipt": ("bank_reference",),
    "income.ReportDue": ("note",),
    "jobs.Job": ("payload", "sentence"),
    "reports.DialogueItem": ("title", "text", "evidence"),
    "reports.FigureQuestion": ("figure",),
    "targets.IndicatorOwner": ("name",),
    "targets.Measurement": ("evidence",),
}


def _answered() -> models.Model:
    return report_factories.figure_question(
        answer="x", answered_by=factories.user(), answered_at=timezone.now()
    )


MAKERS: dict[str, Callable[[], models.Model]] = {
    "accounts.ApiKey": audit_factories.api_key,
    "accounts.AuditValue": audit_factories.audit_value,
    "accounts.KeptAnswer": audit_factories.kept_answer,
    "accounts.SavedView": factories.saved_view,
    "accounts.User": factories.user,
    "donors.Clearance": factories.clearance,
    "donors.Contact": factories.contact,
    "donors.Donor": factories.donor,
    "donors.DonorDocument": factories.donor_document,
    "donors.DonorName": factories.donor_name,
    "donors.Engagement": factories.engagement,
    "donors.Invitation": report_factories.invitation,
    "income.Amendment": factories.amendment,
    "income.Approach": factories.approach,
    "income.Campaign": factories.campaign,
    "income.Condition": factories.condition,
    "income.Contribution": factories.contribution,
    "income.Draft": factories.draft,
    "income.ErpLine": factories.erp_line,
    "income.ErpReference": factories.erp_reference,
    "income.Import": import_factories.import_,
    "income.ParkedReceipt": factories.parked_receipt,
    "income.ReportDue": factories.report_due,
    "jobs.Job": factories.job,
    "jobs.OutgoingMail": lambda: factories.outgoing_mail(address="a@example.org"),
    "reports.DialogueItem": board_factories.dialogue_item,
    "reports.FigureQuestion": _answered,
    "targets.IndicatorOwner": board_factories.indicator_owner,
    "targets.Measurement": board_factories.measurement,
}
_numbers = itertools.count(1)


def columns() -> dict[str, tuple[str, ...]]:
    """Every private column, by the label of its table."""
    personal = {label: held.personal for label, held in ABOUT_PERSONS.items()}
    labels = {*personal, *PRIVATE}
    return {label: (*personal.get(label, ()), *PRIVATE.get(label, ())) for label in sorted(labels)}


def marked_rows() -> list[str]:
    """Makes a row of every table; the words that stand in its private columns and nowhere else."""
    found: list[str] = []
    for label, names in columns().items():
        row = MAKERS[label]()
        words = {name: f"priv{next(_numbers):03}q" for name in names}
        written = {name: _written(row, name, word) for name, word in words.items()}
        apps.get_model(label)._default_manager.filter(pk=row.pk).update(**written)
        found += words.values()
    return found


def _written(row: models.Model, name: str, word: str) -> object:
    field = row._meta.get_field(name)
    if isinstance(field, models.JSONField):
        return {"said": word}
    return f"{word}@example.org" if name in ("email", "address") else word


def stored_values() -> Iterator[str]:
    """Texts of eight letters in the personal columns, of what is not settled, of the bank's."""
    for label, held in ABOUT_PERSONS.items():
        for row in apps.get_model(label)._default_manager.values_list(*held.personal):
            yield from (text for value in row for text in _texts(value))
    prospects = Contribution.objects.filter(state=ContributionState.PROSPECT)
    for rows in (
        prospects.values_list("title", flat=True),
        Posting.objects.values_list("reference", flat=True),
        Posting.objects.values_list("note", flat=True),
        ErpReference.objects.values_list("value", flat=True),
        Donor.objects.filter(is_unnamed=True).values_list("names", flat=True),
    ):
        yield from (text for value in rows for text in _texts(value))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
    elif isinstance(value, str) and len(value) >= 8:
        yield value
