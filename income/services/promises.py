"""What a donor promises, and the rules a promise has to keep before anything is written."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from donors.clearances import is_cleared, is_private
from donors.models import Area, Donor, DonorDocument, Region
from income.errors import PostingWrong
from income.models import (
    Approach,
    Contribution,
    Currency,
    EarmarkingStep,
    Fund,
    Instrument,
    Ledger,
    Programme,
)
from income.rules import (
    check_amount,
    check_due_day,
    check_due_diligence,
    check_past_day,
    check_split,
    check_supported,
    check_valuation,
    mode_given,
    month_to_book_in,
)
from income.vocabulary import Act, ContributionState, Mode
from interface.errors import PortalError

WHOLE = 0  # the number under which a condition is for every instalment


@dataclass(frozen=True)
class PromisedPart:
    """A part of a promise for one programme, region or country, in its currency."""

    amount: Decimal
    programme: Programme | None = None
    region: Region | None = None
    area: Area | None = None


@dataclass(frozen=True)
class PromisedContribution:
    """What a donor promises. Amounts are in `currency`; `schedule` is (due day, amount).

    `conditions` are (number of the instalment from 1, or WHOLE; text), `clauses` (kind of
    report, frequency, days afterwards), `erp` (scheme, identifier). `contribution` is the
    prospect or pledge that becomes this, where there was one.
    """

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
    contribution: Contribution | None = None
    parts: Sequence[PromisedPart] = ()
    conditions: Sequence[tuple[int, str]] = ()
    clauses: Sequence[tuple[str, str, int]] = ()
    erp: Sequence[tuple[str, str]] = ()
    is_domestic: bool = False
    mode: Mode | None = None  # not said: in kind where the instrument is, else in cash
    valuation_method: str = ""
    valuation_document: DonorDocument | None = None  # the evidence, of the donor's documents
    approach: Approach | None = None

    @property
    def given_as(self) -> Mode:
        """How it is given: as said, else as the instrument says."""
        if self.mode is not None:
            return self.mode
        in_kind = self.instrument is not None and self.instrument.is_in_kind
        return mode_given(is_in_kind=in_kind)


def check_promise(
    promise: PromisedContribution, ledger: Ledger, today: datetime.date, *, act: Act | None = None
) -> None:
    """Raise the error that says what is wrong with the promise, if anything is.

    With the act that a person is about to do, what that act asks for is checked too: due
    diligence before a private donor's agreement is signed, a valuation of what is not cash.
    """
    check_amount(promise.amount, promise.currency)
    check_past_day(promise.promised_on, today, field="promised_on")
    month_to_book_in(
        ledger, promise.promised_on, today, field="promised_on", adjusts=promise.adjusts
    )
    _check_schedule(promise, today)
    _check_parts(promise)
    if promise.support_rate is not None:
        check_supported(promise.fund)
    if act is not None:
        check_origin(promise.contribution, act)
        _check_valuation(promise)
    if act == Act.SIGN_AGREEMENT:
        check_clearance(promise.donor, promise.promised_on)


def _check_schedule(promise: PromisedContribution, today: datetime.date) -> None:
    for due_on, amount in promise.schedule:
        check_due_day(due_on, today, field="instalments")
        check_amount(amount, promise.currency, field="instalments")
    if promise.schedule:
        parts = [amount for _day, amount in promise.schedule]
        check_split(parts, promise.amount, promise.currency, field="instalments")


def _check_parts(promise: PromisedContribution) -> None:
    for part in promise.parts:
        check_amount(part.amount, promise.currency, field="parts")
    if promise.parts:
        amounts = [part.amount for part in promise.parts]
        check_split(amounts, promise.amount, promise.currency, field="parts")


def _check_valuation(promise: PromisedContribution) -> None:
    evidence = promise.valuation_document
    if evidence and evidence.donor_id != promise.donor.pk:
        raise PortalError(_("The document is another donor's."), field="valuation_document")
    check_valuation(promise.given_as, promise.valuation_method)


OPEN_FOR = {
    Act.RECORD_PLEDGE: (ContributionState.PROSPECT,),
    Act.SIGN_AGREEMENT: (ContributionState.PROSPECT, ContributionState.PLEDGED),
}


def check_origin(origin: Contribution | None, act: Act) -> None:
    """The prospect or pledge may still become what it is about to become."""
    if origin and origin.state not in OPEN_FOR.get(act, OPEN_FOR[Act.SIGN_AGREEMENT]):
        raise PostingWrong(
            _("%(number)s is %(state)s already. Open its page to see what happened."),
            number=origin.number,
            state=origin.get_state_display(),
        )


def check_clearance(donor: Donor, on: datetime.date) -> None:
    """Due diligence: a private donor is cleared on the day of signature. Raises PortalError."""
    check_due_diligence(donor.name, on, is_cleared=not is_private(donor) or is_cleared(donor, on))
