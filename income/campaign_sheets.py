"""A campaign as a file: one row for each donor that is asked."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from income.approaches import Outcome
from income.models import Approach, Campaign
from interface.sheets import csv_bytes

COLUMNS = (
    "donor", "donor_name", "asked_on", "amount", "currency", "answer", "answered_on", "note",
    "contributions", "prospects_usd", "pledged_usd", "agreed_usd", "received_usd", "not_converted",
)  # fmt: skip


def campaign_csv(
    campaign: Campaign, approaches: Iterable[Approach], found: Mapping[int, Outcome]
) -> bytes:
    """Every approach with what came of it; a demonstration says so in the first line."""
    mark = _("DEMONSTRATION BOOKS – not UN-Habitat's figures")
    preamble = [[mark]] if campaign.is_demonstration else []
    rows = (_row(one, found.get(one.pk, Outcome())) for one in approaches)
    return csv_bytes(COLUMNS, rows, preamble=preamble)


def _row(one: Approach, came: Outcome) -> list[object]:
    left_out = "; ".join(f"{amount} {code}" for code, amount in sorted(came.not_converted.items()))
    return [
        one.donor.code, one.donor.name, one.asked_on, one.amount, one.currency_id or "",
        one.answer, one.answered_on, one.note, came.contributions, came.prospects, came.pledged,
        came.agreed, came.received, left_out,
    ]  # fmt: skip
