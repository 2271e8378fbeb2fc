"""A correction: the wrong posting is reversed and the right one stands instead of it, at once."""

import datetime
from collections.abc import Callable
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from income.errors import CannotCorrect
from income.models import Entry, Posting
from income.services.actors import Actors
from income.services.corrections import reverse_posting, why_not_alone
from income.services.undoing import contributions_of, refuse_uncovered
from income.vocabulary import Act, Kind
from interface.errors import PortalError

PostIt = Callable[[Actors], Posting]


def why_not_correct(posting: Posting) -> str:
    """Why a posting has no form to correct it with; empty when it has one."""
    if posting.act == Act.REVERSE:
        return _("A reversal is not corrected. Enter what is right instead.")
    if why := why_not_alone(posting):
        return why
    if posting.act == Act.RECORD_AUDITED_REVENUE:
        return _("Audited revenue is as its source published it: load a corrected source instead.")
    if getattr(posting, "replaced_by", None):
        return _(
            "Posting %(sequence)s stands instead of this one already. Correct that one."
        ) % {"sequence": posting.replaced_by.sequence}  # fmt: skip
    if getattr(posting, "draft", None) is None:
        return _(
            "The portal's own load posted this, so there is no form to fill in again. Reverse it "
            "and enter what is right."
        )
    return ""


@transaction.atomic
def undo_for_correction(
    posting: Posting, *, because: str, token: str, today: datetime.date, actors: Actors
) -> Posting | None:
    """Reverse the posting that is to be replaced, unless it was reversed before.

    Raises CannotCorrect with what to do instead, MonthClosed.
    """
    # Read again: a rehearsal leaves its traces on the row that the caller holds.
    posting = Posting.objects.select_related("ledger", "replaced_by", "draft").get(pk=posting.pk)
    if why := why_not_correct(posting):
        raise CannotCorrect(why)
    if Posting.objects.filter(reverses=posting).exists():
        return None
    try:
        return reverse_posting(
            posting, because=because, token=f"{token}:undo", today=today, actors=actors,
            is_replaced=True,
        )  # fmt: skip
    except PortalError as error:
        if _has_money(posting):
            raise CannotCorrect(
                _(
                    "Posting %(sequence)s cannot be taken back: money arrived under the "
                    "agreement. Amend the agreement instead, or correct its receipts first."
                )
                % {"sequence": posting.sequence}
            ) from error
        raise


def _has_money(posting: Posting) -> bool:
    """Whether it is a promise under which money arrived by other postings."""
    promises = posting.entries.filter(kind__in=[Kind.PLEDGE, Kind.AGREEMENT, Kind.CONDITIONAL])
    received = Entry.objects.receipts().filter(
        contribution__in=promises.values("contribution"),
        posting__reverses=None,
        posting__reversed_by__isnull=True,
    )
    return received.exclude(posting=posting).exists()


@transaction.atomic
def replace_posting(
    wrong: Posting, *, because: str, token: str, today: datetime.date, actors: Actors,
    post_it: PostIt,
) -> Posting:  # fmt: skip
    """Reverse `wrong` and post what stands instead of it, both or neither.

    `post_it` makes the new posting with the actors it is given. Raises CannotCorrect,
    MonthClosed, PostingWrong.
    """
    undo_for_correction(wrong, because=because, token=token, today=today, actors=actors)
    posting = post_it(replace(actors, replaces=wrong))
    if posting.replaces_id != wrong.pk:
        raise CannotCorrect(
            _("This act cannot stand instead of posting %(sequence)s. Reverse that one by itself.")
            % {"sequence": wrong.sequence}
        )
    refuse_uncovered(contributions_of(wrong))
    return posting
