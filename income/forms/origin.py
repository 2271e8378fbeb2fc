"""The prospect or pledge that a form makes an agreement of: what it offers and fills in."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from donors.models import Donor
from income.forms.contribution_rows import ERP_FIELDS
from income.models import Contribution, Ledger
from income.vocabulary import Act, ContributionState, Mode


def offered_origins(ledger: Ledger | None = None) -> QuerySet[Contribution]:
    """Contributions of the books; the rules say whether one can still become an agreement."""
    rows = Contribution.objects.exclude(state=ContributionState.CANCELLED)
    return rows.filter(ledger=ledger) if ledger else rows.none()


def named_origin(form: forms.Form) -> Contribution | None:
    """The prospect or pledge that a form is about, before anything is checked."""
    typed = form.data.get("origin") if form.is_bound else form.initial.get("origin")
    try:
        wanted = uuid.UUID(str(typed))
    except ValueError:
        return None
    rows: Any = form.fields["origin"]
    found: Contribution | None = rows.queryset.filter(uuid=wanted).first()
    return found


def named_donor(form: forms.Form) -> Donor | None:
    """The donor that a form names so far, before anything is checked."""
    typed = form.data.get("donor") if form.is_bound else form.initial.get("donor")
    try:
        found: Donor | None = form.fields["donor"].clean(typed or "")
    except ValidationError:
        return None
    return found


def initial_of(origin: Contribution) -> dict[str, Any]:
    """What is known of a prospect or pledge, as the form for a contribution shows it."""
    rate = origin.programme_support_rate
    return {
        "origin": origin.uuid,
        "act": Act.SIGN_AGREEMENT.value,
        "donor": origin.donor.code,
        "channel": origin.channel.code if origin.channel else "",
        "fund": origin.fund_id, "title": origin.title,
        "amount": f"{origin.amount.normalize():f}", "currency": origin.currency_id,
        "starts_on": origin.starts_on, "ends_on": origin.ends_on,
        "instrument": origin.instrument_id, "earmarking": origin.earmarking_id,
        "programme": origin.programme_id, "region": origin.region_id,
        "area": origin.area.iso3 if origin.area else "",
        "support_rate": f"{(rate * 100).normalize():f}" if rate is not None else "",
        "support_reason": origin.programme_support_reason,
        "is_domestic": origin.is_domestic, "mode": origin.mode or Mode.CASH,
        "valuation_method": origin.valuation_method, "reference": origin.reference,
        "valuation_document": origin.valuation_document.uuid if origin.valuation_document else "",
        "approach": origin.approach.uuid if origin.approach else "",
        **_parts(origin), **_erp(origin),
    }  # fmt: skip


def _parts(origin: Contribution) -> dict[str, Any]:
    filled: dict[str, Any] = {}
    for row, part in enumerate(origin.allocations.select_related("area"), start=1):
        filled |= {
            f"part_amount_{row}": f"{part.amount.normalize():f}",
            f"part_programme_{row}": part.programme_id,
            f"part_region_{row}": part.region_id,
            f"part_area_{row}": part.area.iso3 if part.area else "",
        }
    return filled


def _erp(origin: Contribution) -> dict[str, Any]:
    by_scheme = {reference.scheme: reference.value for reference in origin.erp_references.all()}
    return {name: by_scheme.get(scheme, "") for name, scheme in ERP_FIELDS.items()}
