"""The earlier state of the books that an address asks for."""

import datetime

from django.utils.translation import gettext as _

from income.models import Ledger, Posting
from income.models.ledger import GENESIS
from interface.formatting import format_date
from reports.figures.provenance import Known
from reports.figures.refusals import QuestionWrong


def known_of(ledger: Ledger, text: str, today: datetime.date) -> Known | None:
    """From `2022-04-15` (the end of that day in Nairobi) or `417` (a sequence).

    None for nothing asked, and for what is the present state anyway. Raises QuestionWrong.
    """
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) <= 18:
        return _at_sequence(ledger, int(text))
    try:
        on = datetime.date.fromisoformat(text)
    except ValueError:
        raise QuestionWrong(
            _(
                "“%(text)s” is no moment of the books. Write a day (2022-04-15) or a state of the "
                "books (417)."
            )
            % {"text": text[:20]},
            field="known",
        ) from None
    if on > today:
        raise QuestionWrong(
            _("Nobody knows yet what the books will hold on that day."), field="known"
        )
    before = Posting.objects.filter(ledger=ledger, posted_at__date__lte=on)
    last = before.order_by("-sequence").values_list("sequence", flat=True).first()
    if last is None:
        raise QuestionWrong(
            _("Nothing had been posted in these books by the end of %(day)s.")
            % {"day": format_date(on)},
            field="known",
        )
    return Known(last, text, on)


def _at_sequence(ledger: Ledger, sequence: int) -> Known | None:
    if sequence > ledger.sequence:
        raise QuestionWrong(
            _("These books are at state %(last)s: there is nothing after %(asked)s.")
            % {"last": ledger.sequence, "asked": sequence},
            field="known",
        )
    return Known(sequence, str(sequence))


def hash_at(ledger: Ledger, known: Known | None) -> str:
    """The chained hash of that state: of its last posting, or the beginning's."""
    if known is None:
        return ledger.head_hash
    postings = Posting.objects.filter(ledger=ledger, sequence=known.sequence)
    return postings.values_list("hash", flat=True).first() or GENESIS
