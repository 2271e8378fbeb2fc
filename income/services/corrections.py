"""Corrections: what was posted stays; its mirror image is posted beside it."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from income.errors import PostingWrong
from income.ledger import posted_with, reverse
from income.models import Posting
from income.rules import month_to_book_in
from income.services.actors import Actors
from income.services.undoing import (
    contributions_of,
    park_again,
    put_back,
    refuse_out_of_order,
    refuse_uncovered,
)
from income.vocabulary import Act


def why_not_alone(posting: Posting) -> str:
    """Why a posting is not reversed by itself: it is one of an import's; empty where it may be."""
    if posting.act != Act.IMPORT_ROWS:
        return ""
    found = posting.imports.first()
    return _(
        "Posting %(sequence)s is part of the import of “%(file)s”, which stands or falls as a "
        "whole: undo the import."
    ) % {"sequence": posting.sequence, "file": found.file_name if found else posting.reference}


@transaction.atomic
def reverse_posting(
    posting: Posting, *, because: str, token: str, today: datetime.date, actors: Actors,
    is_replaced: bool = False,
) -> Posting:  # fmt: skip
    """Reverse a posting as a whole, booked in the month of `today`.

    The rows follow: a signature that is reversed leaves the pledge or prospect it came from, or
    else a cancelled contribution; amendments, settled conditions and matched money are as they
    were before. Receipts and later changes must be reversed first, and so must what rests on a
    receipt; where it `is_replaced`, that is looked at once the replacement stands.
    Raises AlreadyReversed, MonthClosed, PostingWrong.
    """
    if earlier := posted_with(posting.ledger, token, Act.REVERSE):
        return earlier
    if posting.act == Act.RECORD_AUDITED_REVENUE:
        raise PostingWrong(
            _("Audited revenue is as its source published it: load a corrected source instead.")
        )
    if why := why_not_alone(posting):
        raise PostingWrong(why)
    promised = contributions_of(posting)
    for contribution in promised:
        refuse_out_of_order(posting, contribution)
    reversal = reverse(
        posting,
        booked_month=month_to_book_in(posting.ledger, today, today, field="because"),
        note=because,
        token=token,
        prepared_by=actors.prepared_by,
        approved_by=actors.approved_by,
    )
    for contribution in promised:
        put_back(posting, contribution, actors)
    park_again(posting, actors)
    if not is_replaced:
        refuse_uncovered(promised)
    return reversal
