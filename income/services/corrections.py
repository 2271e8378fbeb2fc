"""Corrections: what was posted stays; its mirror image is posted beside it."""

import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.services import record
from income.errors import PostingWrong
from income.ledger import posted_with, reverse
from income.models import Contribution, Entry, Posting
from income.rules import month_to_book_in
from income.services.actors import Actors
from income.vocabulary import Act, ContributionState, Kind


@transaction.atomic
def reverse_posting(
    posting: Posting, *, because: str, token: str, today: datetime.date, actors: Actors
) -> Posting:
    """Reverse a posting as a whole, booked in the month of `today`.

    A contribution whose promise is reversed is cancelled; its receipts must be reversed first.
    Raises AlreadyReversed, MonthClosed, PostingWrong.
    """
    if earlier := posted_with(posting.ledger, token, Act.REVERSE):
        return earlier
    if posting.act == Act.RECORD_AUDITED_REVENUE:
        raise PostingWrong(
            _("Audited revenue is as its source published it: load a corrected source instead.")
        )
    promised = _promised_by(posting)
    reversal = reverse(
        posting,
        booked_month=month_to_book_in(posting.ledger, today, today, field="because"),
        note=because,
        token=token,
        prepared_by=actors.prepared_by,
        approved_by=actors.approved_by,
    )
    for contribution in promised:
        _cancel(contribution, actors)
    return reversal


def _promised_by(posting: Posting) -> list[Contribution]:
    """The contributions that this posting brought into the books, locked against receipts."""
    promises = posting.entries.filter(kind__in=[Kind.PLEDGE, Kind.AGREEMENT])
    keys = set(promises.values_list("contribution", flat=True))
    return list(Contribution.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _cancel(contribution: Contribution, actors: Actors) -> None:
    left = Entry.objects.receipts().filter(contribution=contribution)
    if left.aggregate(total=Sum("amount"))["total"]:
        raise PostingWrong(
            _("Money was received under %(number)s. Reverse its receipts first."),
            number=contribution.number,
        )
    before = contribution.state
    contribution.state = ContributionState.CANCELLED
    contribution.save(update_fields=["state"])
    record(
        "cancel_contribution",
        contribution,
        by=actors.prepared_by,
        before={"state": before},
        after={"state": contribution.state},
    )
