"""Brings checked rates into the books, and notes each attempt."""

import datetime
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from income.errors import NotAllowed, RateFileWrong
from income.models import Currency, ExchangeRate, RateLoad
from income.rates.facts import Differing, key_of
from income.vocabulary import RateType, RateWay

MOST_NAMED = 20  # rates in one audit event
MOST_TOLD = 5  # left out of a load, in its sentence
LONGEST = RateLoad._meta.get_field("sentence").max_length or 0
LONGEST_ORIGIN = RateLoad._meta.get_field("origin").max_length or 0


class RatesChanged(RateFileWrong):
    """Somebody saved one of these rates between the check and the saving."""

    def __init__(self) -> None:
        super().__init__(
            [_("Somebody saved rates in the meantime. Nothing was saved; check again.")]
        )


@transaction.atomic
def save_rates(
    new: Sequence[ExchangeRate], *, way: RateWay, rate_type: RateType, origin: str,
    by: User | None, newest_on: datetime.date | None = None, sentence: str = "",
) -> RateLoad:  # fmt: skip
    """Add rates that `check` found to be new, all or none; without rates the load is noted alone.

    `by` is None where a command or the clock does it. Raises NotAllowed, RatesChanged.
    """
    refuse_stranger(by)
    lock_currencies(rate.currency_id for rate in new)
    stored = ExchangeRate.objects.filter(
        currency__in={rate.currency_id for rate in new}, rate_type=rate_type,
        effective_on__in={rate.effective_on for rate in new},
    )  # fmt: skip
    if {key_of(rate) for rate in stored} & {key_of(rate) for rate in new}:
        raise RatesChanged
    ExchangeRate.objects.bulk_create(new, batch_size=1_000)
    load = RateLoad.objects.create(
        way=way, rate_type=rate_type, origin=origin[:LONGEST_ORIGIN], loaded_at=timezone.now(),
        by=by, has_succeeded=True, added=len(new), newest_on=newest_on, sentence=sentence[:LONGEST],
    )  # fmt: skip
    named = [f"{rate} ({rate.source})" for rate in new[:MOST_NAMED]]
    after = {"way": way.value, "type": rate_type.value, "origin": load.origin, "added": len(new),
             "rates": named}  # fmt: skip
    record("load_rates", load, by=by, after=after)
    return load


def note_failure(way: RateWay, rate_type: RateType, origin: str, sentence: str) -> RateLoad:
    """Note that nothing came in, and why; the last rates stay."""
    return RateLoad.objects.create(
        way=way, rate_type=rate_type, origin=origin[:LONGEST_ORIGIN], loaded_at=timezone.now(),
        has_succeeded=False, sentence=sentence[:LONGEST],
    )  # fmt: skip


def what_was_left(differing: Sequence[Differing], left_out: Sequence[str]) -> str:
    """What a load did not take over and went on, for its history; empty where there is nothing."""
    told = []
    if other := [one for one in differing if not one.entries]:
        count = len(other)
        told.append(
            ngettext(
                "%(count)s rate differs from the books and was left; ask for its correction: "
                "%(rates)s.",
                "%(count)s rates differ from the books and were left; ask for their correction: "
                "%(rates)s.",
                count,
            )
            % {"count": count, "rates": _few(_named(one) for one in other)}
        )
    if displacing := [one for one in differing if one.entries]:
        count = len(displacing)
        told.append(
            ngettext(
                "%(count)s rate is of past days in which entries stand at another and was left; "
                "ask for its correction: %(rates)s.",
                "%(count)s rates are of past days in which entries stand at another and were "
                "left; ask for their correction: %(rates)s.",
                count,
            )
            % {"count": count, "rates": _few(_named(one) for one in displacing)}
        )
    if left_out:
        told.append(_("Left out: %(reasons)s") % {"reasons": _few(left_out)})
    return " ".join(told)


def _named(one: Differing) -> str:
    rate = one.rate
    return f"{rate.currency_id} {rate.effective_on}"


def _few(texts: Iterable[str]) -> str:
    every = list(texts)
    return "; ".join(every[:MOST_TOLD]) + (" …" if len(every) > MOST_TOLD else "")


def refuse_stranger(by: User | None) -> None:
    """Raise NotAllowed for a person who may not manage rates."""
    if by is not None and not by.may(Permission.MANAGE_RATES):
        raise NotAllowed(_("Only who manages exchange rates may enter or correct them."))


def lock_currencies(codes: Iterable[str]) -> None:
    """Make whoever else changes rates of these currencies wait until this transaction ends."""
    rows = Currency.objects.select_for_update(no_key=True).filter(code__in=set(codes))
    list(rows.order_by("code").values_list("code"))
