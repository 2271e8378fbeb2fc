"""Promises: pledges and signed agreements with their schedule of instalments."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.services import record
from donors.models import Area, Donor, Region
from income.errors import AmountWrong
from income.ledger import convert, post, posted_with
from income.models import (
    Contribution,
    Currency,
    EarmarkingStep,
    Entry,
    Fund,
    Instalment,
    Instrument,
    Ledger,
    Posting,
    Programme,
)
from income.rates import rate_in_force
from income.rules import (
    carries_support,
    check_amount,
    check_due_day,
    check_past_day,
    check_split,
    month_to_book_in,
)
from income.services.actors import Actors
from income.services.entries import entries_of
from income.vocabulary import Act, ContributionState, Kind, Mode


@dataclass(frozen=True)
class PromisedContribution:
    """What a donor promises. Amounts are in `currency`; `schedule` is (due day, amount)."""

    donor: Donor
    fund: Fund
    title: str
    currency: Currency
    amount: Decimal
    promised_on: datetime.date  # the day of the pledge, or of signature
    schedule: Sequence[tuple[datetime.date, Decimal]] = ()
    channel: Donor | None = None
    instrument: Instrument | None = None
    earmarking: EarmarkingStep | None = None
    programme: Programme | None = None
    region: Region | None = None
    area: Area | None = None
    starts_on: datetime.date | None = None
    ends_on: datetime.date | None = None
    support_rate: Decimal | None = None  # fraction, earmarked money only
    support_reason: str = ""
    reference: str = ""
    year_for: int | None = None  # the year the money is for, where the dates do not tell
    adjusts: bool = False  # its own month is closed: book it in the present one


def check_promise(promise: PromisedContribution, ledger: Ledger, today: datetime.date) -> None:
    """Raise the error that says what is wrong with the promise, if anything is."""
    check_amount(promise.amount, promise.currency)
    check_past_day(promise.promised_on, today, field="promised_on")
    month_to_book_in(
        ledger, promise.promised_on, today, field="promised_on", adjusts=promise.adjusts
    )
    for due_on, amount in promise.schedule:
        check_due_day(due_on, today, field="instalments")
        check_amount(amount, promise.currency, field="instalments")
    if promise.schedule:
        parts = [amount for _day, amount in promise.schedule]
        check_split(parts, promise.amount, promise.currency, field="instalments")
    if promise.support_rate is not None and not carries_support(promise.fund):
        raise AmountWrong(
            _("Programme support is charged on earmarked money only."), field="support_rate"
        )


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
    check_promise(promise, ledger, today)
    return post(
        ledger,
        act=act,
        entries=lambda: promised_entries(written(ledger, promise, act, actors), promise, act),
        booked_month=month_to_book_in(
            ledger, promise.promised_on, today, field="promised_on", adjusts=promise.adjusts
        ),
        token=token,
        prepared_by=actors.prepared_by,
        approved_by=actors.approved_by,
        reference=promise.reference,
        note=promise.title,
    )


def written(
    ledger: Ledger, promise: PromisedContribution, act: Act, actors: Actors
) -> Contribution:
    """The contribution with its instalments, written and audited. Called while posting."""
    signed = act != Act.RECORD_PLEDGE
    contribution = Contribution.objects.create(
        ledger=ledger,
        donor=promise.donor,
        channel=promise.channel,
        fund=promise.fund,
        title=promise.title,
        state=ContributionState.SIGNED if signed else ContributionState.PLEDGED,
        mode=Mode.IN_KIND if promise.instrument and promise.instrument.is_in_kind else Mode.CASH,
        currency=promise.currency,
        amount=promise.amount,
        pledged_on=None if signed else promise.promised_on,
        signed_on=promise.promised_on if signed else None,
        starts_on=promise.starts_on,
        ends_on=promise.ends_on,
        instrument=promise.instrument,
        earmarking=promise.earmarking,
        programme=promise.programme,
        region=promise.region,
        area=promise.area,
        programme_support_rate=promise.support_rate,
        programme_support_reason=promise.support_reason,
        reference=promise.reference,
    )
    schedule = promise.schedule or [(promise.promised_on, promise.amount)]
    if signed:
        Instalment.objects.bulk_create(
            Instalment(contribution=contribution, number=number, due_on=due_on, amount=amount)
            for number, (due_on, amount) in enumerate(schedule, start=1)
        )
    after = {"amount": promise.amount, "currency": promise.currency.code}
    record(act, contribution, by=actors.prepared_by, after=after)
    return contribution


def promised_entries(
    contribution: Contribution, promise: PromisedContribution, act: Act
) -> list[Entry]:
    """The promise itself, and one due entry per instalment, all at the promise's rate."""
    rate = rate_in_force(promise.currency.code, promise.promised_on, ledger=contribution.ledger)
    allocations = list(contribution.allocations.all())
    entries = entries_of(
        contribution,
        allocations,
        kind=Kind.PLEDGE if act == Act.RECORD_PLEDGE else Kind.AGREEMENT,
        amount=promise.amount,
        value_date=promise.promised_on,
        year_for=promise.year_for or (promise.starts_on or promise.promised_on).year,
    )
    for instalment in contribution.instalments.all():
        entries += entries_of(
            contribution,
            allocations,
            kind=Kind.DUE,
            amount=instalment.amount,
            value_date=instalment.due_on,
            year_for=promise.year_for or instalment.due_on.year,
            instalment=instalment,
        )
    return [convert(e, rate, support_rate=promise.support_rate) for e in entries]
