"""One planned act becomes one posting: codes are looked up, the service is called."""

import datetime
from typing import assert_never

from donors.models import Donor, Region
from income.demonstration.acts import (
    Allotment,
    Gift,
    Part,
    Payment,
    Planned,
    Promise,
    Refund,
    Unnamed,
)
from income.demonstration.agreements import PURPOSES
from income.ledger import convert, post
from income.models import (
    Currency,
    EarmarkingStep,
    Entry,
    Fund,
    Instalment,
    Instrument,
    Ledger,
)
from income.money import USD
from income.periods import YearMonth
from income.rates import rate_in_force
from income.rules import STANDARD_SUPPORT_RATE, carries_support
from income.services import (
    PromisedContribution,
    ReceivedMoney,
    record_allotment,
    record_gift,
    record_pledge,
    record_receipt,
    sign_agreement,
)
from income.services.actors import SYSTEM
from income.vocabulary import Act, Kind, Reason

# What each entry copies from its contribution.
COPIED = [
    f"contribution__{name}"
    for name in ("ledger", "donor", "fund", "currency", "instrument", "earmarking", "region")
]
LOADED_ON = datetime.date(2022, 12, 31)  # the day the books are seen from


class Bookkeeper:
    """Posts planned acts in their order into one ledger, as the system."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.donors = Donor.objects.in_bulk(field_name="code")
        self.funds = Fund.objects.in_bulk()
        self.regions = Region.objects.in_bulk()
        self.currencies = Currency.objects.in_bulk()
        self.instruments = Instrument.objects.in_bulk()
        self.steps = EarmarkingStep.objects.in_bulk()
        # By token of the agreement, in the order of their numbers.
        self.instalments: dict[str, list[Instalment]] = {}

    def post(self, act: Planned) -> None:
        """Post one act. A payment's agreement has been posted before."""
        match act:
            case Promise():
                self._promise(act)
            case Payment():
                self._payment(act)
            case Gift():
                self._gift(act)
            case Allotment():
                record_allotment(
                    self.ledger, amount_usd=act.amount_usd, allotted_on=act.on, note=act.note,
                    token=act.token, today=LOADED_ON, actors=SYSTEM,
                )  # fmt: skip
            case Unnamed():
                self._entries(act, [self._entry(part, act.on) for part in act.parts], act.note)
            case Refund():
                entry = self._entry(act.part, act.on)
                entry.reason = Reason.REFUND
                self._entries(act, [entry], "Refund of unspent balance")
            case _:
                assert_never(act)

    def _promise(self, act: Promise) -> None:
        fund = self.funds[act.fund]
        signed = act.act == Act.SIGN_AGREEMENT
        promise = PromisedContribution(
            donor=self.donors[act.donor], fund=fund, title=act.title,
            currency=self.currencies[act.currency], amount=act.amount, promised_on=act.on,
            schedule=act.schedule, instrument=self._instrument(act.fund),
            earmarking=self.steps[act.earmarking] if act.earmarking else None,
            region=self.regions[act.region] if act.region else None,
            starts_on=act.starts_on, ends_on=act.ends_on,
            support_rate=STANDARD_SUPPORT_RATE if signed and carries_support(fund) else None,
            reference=act.token,
        )  # fmt: skip
        record = sign_agreement if signed else record_pledge
        record(self.ledger, promise, token=act.token, today=LOADED_ON, actors=SYSTEM)
        if signed:
            self.instalments[act.token] = list(
                Instalment.objects.filter(
                    contribution__ledger=self.ledger, contribution__reference=act.token
                )
                .select_related("contribution", *COPIED)
                .order_by("number")
            )

    def _payment(self, act: Payment) -> None:
        instalment = self.instalments[act.agreement][act.instalment - 1]
        money = ReceivedMoney(
            currency=self.currencies[act.currency], amount=act.amount, received_on=act.on,
            year_for=act.year_for, credited=act.credited, bank_charge=act.bank_charge,
            bank_reference=act.token, instalment=instalment,
        )  # fmt: skip
        record_receipt(
            self.ledger, instalment.contribution, money, token=act.token, today=LOADED_ON,
            actors=SYSTEM,
        )  # fmt: skip

    def _gift(self, act: Gift) -> None:
        currency = self.currencies[act.currency]
        promise = PromisedContribution(
            donor=self.donors[act.donor], fund=self.funds["FNE"], currency=currency,
            title=f"{PURPOSES['FNE']} {act.on.year}", amount=act.amount, promised_on=act.on,
            instrument=self._instrument("FNE"), earmarking=self.steps["unearmarked"],
            reference=act.token,
        )  # fmt: skip
        money = ReceivedMoney(currency, act.amount, act.on, bank_reference=act.token)
        record_gift(self.ledger, promise, money, token=act.token, today=LOADED_ON, actors=SYSTEM)

    def _instrument(self, fund: str) -> Instrument:
        """UN CEB's coarse codes: which instrument it was in detail, nobody published."""
        return self.instruments["R02" if fund == "FNE" else "R03"]

    def _entry(self, part: Part, on: datetime.date) -> Entry:
        entry = Entry(
            kind=Kind.RECEIPT, fund_id=part.fund, region_id=part.region, value_date=on,
            donor=self.donors[part.donor] if part.donor else None, year_for=on.year,
            currency_id=USD, amount=part.amount_usd, instrument=self._instrument(part.fund),
            earmarking_id="unearmarked" if part.fund == "FNE" else "earmarked",
        )  # fmt: skip
        return convert(entry, rate_in_force(USD, on, ledger=self.ledger))

    def _entries(self, act: Unnamed | Refund, entries: list[Entry], note: str) -> None:
        """Straight through the ledger's door: no service takes money without an agreement."""
        post(
            self.ledger, act=Act.RECORD_RECEIPT, entries=entries,
            booked_month=YearMonth.of(act.on), token=act.token, prepared_by=None,
            approved_by=None, reference=act.token, note=note,
        )  # fmt: skip
