"""What makes entering fast: a donor's open agreements, and the donors one entered last."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts.models import User
from donors.models import Donor
from donors.names import searchable
from income.balances import InstalmentState, states_of
from income.forms.fields import DonorField
from income.models import Contribution, Draft, Ledger
from income.vocabulary import Act, ContributionState

MOST_DONORS = 6
LOOKED_AT = 30  # drafts
MONEY = (Act.RECORD_RECEIPT, Act.RECORD_GIFT, Act.SIGN_AGREEMENT, Act.RECORD_PLEDGE)


@dataclass(frozen=True)
class OpenAgreement:
    """A signed agreement, and the oldest of its instalments that something is still owed of."""

    contribution: Contribution
    oldest: InstalmentState | None


def open_agreements(donor: Donor, ledger: Ledger) -> list[OpenAgreement]:
    """The donor's signed agreements: first those that owe something, the longest due first."""
    signed = Contribution.objects.in_books(ledger).filter(
        donor__in=Donor.objects.with_merged(donor), state=ContributionState.SIGNED
    )
    rows = list(signed.select_related("donor", "currency").order_by("-signed_on", "-pk"))
    states = states_of(rows)
    found = [
        OpenAgreement(row, next((s for s in states[row.pk] if s.outstanding), None)) for row in rows
    ]
    owing = [one for one in found if one.oldest]
    owing.sort(key=lambda one: one.oldest.instalment.due_on if one.oldest else None)  # type: ignore[arg-type,return-value]
    return [*owing, *(one for one in found if not one.oldest)]


def recent_donors(user: User, ledger: Ledger) -> list[Donor]:
    """The donors of the person's own last drafts, the last one first."""
    drafts = Draft.objects.filter(written_by=user, ledger=ledger, act__in=MONEY)
    typed = drafts.order_by("-written_at", "-pk").values_list("payload", flat=True)[:LOOKED_AT]
    payloads: list[dict[str, Any]] = list(typed)
    by_agreement = _donors_of_agreements(payloads)
    by_name = _donors_named(payloads)
    found: dict[int, Donor] = {}
    for payload in payloads:
        donor = by_agreement.get(str(payload.get("contribution"))) or by_name.get(
            searchable(str(payload.get("donor", "")))
        )
        if donor:
            found.setdefault(donor.pk, donor)
    return list(found.values())[:MOST_DONORS]


def _donors_of_agreements(payloads: list[dict[str, Any]]) -> dict[str, Donor]:
    keys = {payload["contribution"] for payload in payloads if payload.get("contribution")}
    try:
        rows = list(Contribution.objects.filter(uuid__in=keys).select_related("donor"))
    except ValidationError:  # a draft that was kept half-filled
        return {}
    return {str(row.uuid): row.donor for row in rows}


def _donors_named(payloads: list[dict[str, Any]]) -> dict[str, Donor]:
    """The donors whose name or code was typed; names of several donors lead to none of them."""
    typed = {str(payload.get("donor", "")).strip() for payload in payloads} - {""}
    names = {searchable(text) for text in typed}
    codes = {text.upper() for text in typed}
    rows = (
        Donor.objects.standing()
        .filter(Q(code__in=codes) | Q(search_names__normalized__in=names))
        .values_list("pk", "code", "search_names__normalized")
    )
    found: dict[str, set[int]] = {}
    for key, code, name in rows:
        found.setdefault(searchable(code), set()).add(key)
        if name:
            found.setdefault(name, set()).add(key)
    donors = Donor.objects.in_bulk({key for keys in found.values() for key in keys})
    return {name: donors[min(keys)] for name, keys in found.items() if len(keys) == 1}


def donor_typed(text: str) -> tuple[Donor | None, str]:
    """The donor that was typed, or the sentence that says why there is none."""
    if not text.strip():
        return None, ""
    try:
        donor: Donor | None = DonorField().clean(text)
    except ValidationError as error:
        return None, " ".join(error.messages)
    return donor, ""
