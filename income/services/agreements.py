"""Promises: pledges and signed agreements with their schedule of instalments."""

import datetime

from income.ledger import convert, post, posted_with
from income.models import Contribution, Entry, Instalment, Ledger, Posting
from income.rates import rate_in_force
from income.rules import month_to_book_in
from income.services.actors import Actors
from income.services.entries import entries_of
from income.services.obligations import derive_reports
from income.services.promised_rows import written
from income.services.promises import PromisedContribution, check_promise
from income.vocabulary import Act, ConditionState, Kind

__all__ = [
    "PromisedContribution", "check_promise", "promised_entries", "record_pledge",
    "sign_agreement", "written",
]  # fmt: skip


def record_pledge(
    ledger: Ledger, promise: PromisedContribution, *, token: str, today: datetime.date,
    actors: Actors,
) -> Posting:  # fmt: skip
    """Post a pledge: indicative, not binding; nothing falls due yet."""
    return _promise(ledger, promise, token=token, today=today, actors=actors, act=Act.RECORD_PLEDGE)


def sign_agreement(
    ledger: Ledger, promise: PromisedContribution, *, token: str, today: datetime.date,
    actors: Actors,
) -> Posting:  # fmt: skip
    """Post an agreement at its signature, and one due entry per instalment at its due date.

    All entries carry the signature's rate. Without a schedule the whole falls due at signature.
    """
    return _promise(
        ledger, promise, token=token, today=today, actors=actors, act=Act.SIGN_AGREEMENT
    )


def _promise(
    ledger: Ledger, promise: PromisedContribution, *, token: str, today: datetime.date,
    actors: Actors, act: Act,
) -> Posting:  # fmt: skip
    if earlier := posted_with(ledger, token, act):
        return earlier
    # The system's own loads hold what was signed before there was a portal to ask.
    by_people = actors.prepared_by is not None
    check_promise(promise, ledger, today, act=act if by_people else None)

    def entries() -> list[Entry]:
        contribution = written(ledger, promise, act, actors)
        if promise.clauses and act == Act.SIGN_AGREEMENT:
            derive_reports(contribution, today=today, by=actors.prepared_by)
        return promised_entries(contribution, promise, act)

    return post(
        ledger,
        act=act,
        entries=entries,
        booked_month=month_to_book_in(
            ledger, promise.promised_on, today, field="promised_on", adjusts=promise.adjusts
        ),
        token=token,
        prepared_by=actors.prepared_by,
        approved_by=actors.approved_by,
        replaces=actors.replaces,
        reference=promise.reference,
        note=actors.late_because or promise.title,
    )


def promised_entries(
    contribution: Contribution, promise: PromisedContribution, act: Act
) -> list[Entry]:
    """The promise itself, and one entry per instalment, all at the promise's rate.

    What stands under a condition is conditional: it is neither agreed nor due until then.
    """
    rate = rate_in_force(promise.currency.code, promise.promised_on, ledger=contribution.ledger)
    allocations = list(contribution.allocations.all()) if promise.parts else []
    signed = act != Act.RECORD_PLEDGE
    instalments = _scheduled(contribution, promise) if signed else []
    conditional = _conditional(contribution, instalments) if promise.conditions else set()
    free = promise.amount - sum(i.amount for i in instalments if i.pk in conditional)
    entries: list[Entry] = []
    if free:
        entries += entries_of(
            contribution,
            allocations,
            kind=Kind.AGREEMENT if signed else Kind.PLEDGE,
            amount=free,
            value_date=promise.promised_on,
            year_for=promise.year_for or (promise.starts_on or promise.promised_on).year,
        )
    for instalment in instalments:
        is_conditional = instalment.pk in conditional
        entries += entries_of(
            contribution,
            allocations,
            kind=Kind.CONDITIONAL if is_conditional else Kind.DUE,
            amount=instalment.amount,
            value_date=promise.promised_on if is_conditional else instalment.due_on,
            year_for=promise.year_for or instalment.due_on.year,
            instalment=instalment,
        )
    return [convert(e, rate, support_rate=promise.support_rate) for e in entries]


def _scheduled(contribution: Contribution, promise: PromisedContribution) -> list[Instalment]:
    """The instalments of this promise; an earlier signature that was reversed left others."""
    rows = list(contribution.instalments.order_by("number"))
    return rows[-max(len(promise.schedule), 1) :]


def _conditional(contribution: Contribution, instalments: list[Instalment]) -> set[int]:
    """Which instalments (by primary key) have a condition that is open."""
    named = set(
        contribution.conditions.filter(state=ConditionState.OPEN).values_list(
            "instalment", flat=True
        )
    )
    return {i.pk for i in instalments if None in named or i.pk in named}
