"""The life of agreements as a state machine: signed, amended, paid, ended and undone at random.

Every act goes through its service, as two persons would do it. An act may be refused; then nothing
has changed. What is checked afterwards is added up from the entries alone.
"""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.permissions import Role
from donors.models import Donor
from income.balances import instalment_states
from income.ledger.verification import problems
from income.models import Condition, Contribution, Entry, Fund, Ledger, MonthlyTotal, Posting
from income.services import (
    PromisedContribution,
    ReceivedMoney,
    record_receipt,
    reverse_posting,
    sign_agreement,
)
from income.services.actors import Actors
from income.services.amended_schedule import Rescheduled
from income.services.amendments import AmendedAgreement, amend_agreement
from income.services.changes import Ground
from income.services.conditions import Settlement, settle_condition
from income.services.endings import cancel_contribution, write_off
from income.services.promises import WHOLE, PromisedPart
from income.services.returns import MovedMoney, return_money, transfer_money
from income.settlement import rates_of
from income.vocabulary import ConditionState, ContributionState, Kind, RateType, Reason
from interface.errors import PortalError
from tests import factories

D = Decimal
TODAY = date(2021, 12, 31)
# Decimals, and units per US dollar in the first and the second half of 2021; None: no rate.
CURRENCIES = {"two": (2, "8.5431", "9.0107"), "none": (0, "108.47", "97.3"), "rateless": (2,)}
# Taken off what was promised without changing the amount of the contribution.
REDUCTIONS = (Reason.CANCELLATION, Reason.WRITE_OFF, Reason.TOLERANCE)
IN_PART = (Reason.AMENDMENT, Reason.RESCHEDULE, Reason.WRITE_OFF, Reason.CANCELLATION)
some = st.integers(0, 10**6)  # one of however many there are
units = st.one_of(st.integers(1, 300), st.integers(1, 10**9))  # smallest units of a currency
signed_on = st.dates(date(2021, 1, 1), date(2021, 2, 28))
days = st.dates(date(2021, 2, 20), TODAY)  # seldom before a signature
MOST_AGREEMENTS = 5
# Per cent: all of it and almost all of it are drawn often, for they end things.
shares = st.one_of(st.just(D(100)), st.just(D("99.9")), st.integers(1, 120).map(D))
due_days = st.dates(date(2021, 1, 1), date(2023, 12, 31))


class AgreementMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()  # each run is undone in the end
        self.undo.__enter__()
        self.tokens = 0

    @initialize()
    def open_books(self) -> None:
        self.ledger = factories.ledger()
        self.actors = Actors(factories.user(), factories.user(role=Role.REVIEWER))
        self.donor, self.fund = Donor.objects.get(code="SWE"), Fund.objects.get(code="FE")
        self.currencies = [self.currency(*told) for told in CURRENCIES.values()]
        self.regions = list(factories.Region.objects.order_by("code")[:2])
        due = [date(2021, 6, 30), date(2021, 12, 31), date(2022, 6, 30)]
        signed = {"amounts": [3_000_01, 99, 7], "on": date(2021, 1, 4), "due": due}
        self.signed(**signed, currency=0, split=True, held=set())
        self.signed(**signed, currency=1, split=False, held={2})
        self.signed(**signed, currency=0, split=True, held=set())
        for which in (0, 1, 2):
            self.receive(which, 0, D(60), date(2021, 3, 1), False, "automatic", True)

    def currency(self, decimals, *rates):
        made = factories.currency(decimals=decimals)
        for month in range(1, 13 if rates else 1):
            factories.exchange_rate(
                currency=made, rate_type=RateType.UN_OPERATIONAL,
                units_per_usd=D(rates[month > 6]), effective_on=date(2021, month, 1),
            )  # fmt: skip
        return made

    def teardown(self) -> None:
        try:
            if hasattr(self, "ledger"):
                self.everything_holds()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    # What a rule is made of

    def state(self):
        """Everything that a refused act may not change."""
        rows = Contribution.objects.filter(ledger=self.ledger).order_by("pk")
        return (
            Ledger.objects.values_list("sequence", "head_hash").get(pk=self.ledger.pk),
            list(rows.values("state", "amount", "version", "ended_on")),
            list(rows.values_list("instalments", "instalments__amount", "instalments__due_on")),
            list(Condition.objects.order_by("pk").values("state")),
        )

    def attempt(self, act, *what, **how) -> None:
        """Do it, or see it refused without a trace; then the agreements touched are sound."""
        self.tokens += 1
        before = self.state()
        how |= {"token": f"token {self.tokens}", "today": TODAY, "actors": self.actors}
        try:
            with transaction.atomic():
                posting = act(*what, **how)
        except PortalError:
            assert self.state() == before
            return
        assert posting.sequence == before[0][0] + 1
        touched = Contribution.objects.filter(entries__posting=posting).distinct()
        for contribution in touched:
            self.the_agreement_holds(contribution)

    def agreements(self):
        return list(Contribution.objects.filter(ledger=self.ledger).order_by("pk"))

    def one(self, which):
        found = self.agreements()
        alive = [row for row in found if row.state == ContributionState.SIGNED]
        return (alive or found)[which % len(alive or found)]

    @staticmethod
    def instalment(contribution, which):
        found = list(contribution.instalments.order_by("number"))
        return found[which % len(found)]

    @staticmethod
    def amount(contribution, number):
        return D(number).scaleb(-contribution.currency.decimals)

    def ground(self, on):
        return Ground(on, "As agreed", authority="Controller", document_reference="Memo 7")

    # What people do

    @precondition(lambda self: len(self.agreements()) < MOST_AGREEMENTS)
    @rule(amounts=st.lists(units, min_size=1, max_size=3), currency=st.integers(0, 2),
          on=signed_on, due=st.lists(due_days, min_size=3, max_size=3), split=st.booleans(),
          held=st.sets(st.integers(WHOLE, 3), max_size=2))  # fmt: skip
    def sign(self, **drawn) -> None:
        self.signed(**drawn)

    def signed(self, amounts, currency, on, due, split, held) -> None:
        """With parts for two regions, and with conditions, where they were drawn."""
        money = self.currencies[currency]
        sums = [D(amount).scaleb(-money.decimals) for amount in amounts]
        whole = sum(sums)
        first = round(whole * D("0.37"), money.decimals)
        parts = [first, whole - first] if split and first else []
        promise = PromisedContribution(
            donor=self.donor, fund=self.fund, title="A purpose", currency=money, amount=whole,
            promised_on=on, schedule=list(zip(due, sums, strict=False)), support_rate=D("0.13"),
            parts=[
                PromisedPart(amount, region=region)
                for amount, region in zip(parts, self.regions, strict=False)
            ],
            conditions=[(number, "It rains") for number in sorted(held) if number <= len(sums)],
        )  # fmt: skip
        self.attempt(sign_agreement, self.ledger, promise)

    @rule(which=some, number=some, share=shares, on=days, charge=st.booleans(),
          how=st.sampled_from(["none", "one", "automatic", "all"]),
          leave_open=st.booleans())  # fmt: skip
    def receive(self, which, number, share, on, charge, how, leave_open) -> None:
        """A payment of so many per cent of the whole agreement or of one instalment."""
        contribution = self.one(which)
        chosen = self.instalment(contribution, number)
        base = contribution.amount if how in ("automatic", "all") else chosen.amount
        amount = round(base * share / 100, contribution.currency.decimals)
        money = ReceivedMoney(
            currency=contribution.currency, amount=amount, received_on=on,
            instalment=chosen if how == "one" else None, automatic=how == "automatic",
            instalments=list(contribution.instalments.all()) if how == "all" else (),
            bank_charge=self.amount(contribution, 1) if charge else None, leave_open=leave_open,
        )  # fmt: skip
        self.attempt(record_receipt, self.ledger, contribution, money)

    @rule(which=some, number=some, to=st.integers(0, 200), on=days, due_on=due_days, more=units,
          act=st.sampled_from(["change", "add", "both"]))  # fmt: skip
    def amend(self, which, number, to, on, due_on, more, act) -> None:
        """An instalment to so many per cent of itself and to another day, or one more."""
        contribution = self.one(which)
        row = self.instalment(contribution, number)
        rows = []
        if act != "add":
            amount = round(row.amount * to / 100, contribution.currency.decimals)
            rows.append(Rescheduled(row.number, due_on, amount))
        if act != "change":
            rows.append(Rescheduled(None, due_on, self.amount(contribution, more)))
        amendment = AmendedAgreement(self.ground(on), rows)
        self.attempt(amend_agreement, self.ledger, contribution, amendment)

    @rule(which=some, number=some, on=days)
    def write_something_off(self, which, number, on) -> None:
        row = self.instalment(self.one(which), number)
        self.attempt(write_off, self.ledger, row, self.ground(on))

    @rule(which=some, on=days, seldom=st.integers(0, 3))
    def cancel(self, which, on, seldom) -> None:
        if not seldom:
            self.attempt(cancel_contribution, self.ledger, self.one(which), self.ground(on))

    @rule(which=some, on=days, state=st.sampled_from(["met", "waived"]))
    def settle(self, which, on, state) -> None:
        conditions = list(
            Condition.objects.filter(contribution__ledger=self.ledger).order_by("state", "pk")
        )
        if conditions:
            how = Settlement(ConditionState(state), on, "A letter")
            one = conditions[::-1][which % len(conditions)]
            self.attempt(settle_condition, self.ledger, one, how)

    @rule(which=some, share=shares, on=days,
          reason=st.sampled_from([Reason.REFUND, Reason.INTEREST]))  # fmt: skip
    def give_back(self, which, share, on, reason) -> None:
        contribution = self.paid(which)
        money = self.moved(contribution, share, on, reason=reason)
        self.attempt(return_money, self.ledger, contribution, money)

    @rule(which=some, other=some, share=shares, on=days)
    def transfer(self, which, other, share, on) -> None:
        source = self.paid(which)
        others = [
            row for row in self.agreements()
            if row != source and row.currency_id == source.currency_id
        ] or self.agreements()  # fmt: skip
        target = others[other % len(others)]
        money = self.moved(source, share, on)
        self.attempt(transfer_money, self.ledger, source, target, money)

    def paid(self, which):
        """One under which money came, where there is any."""
        with_money = Contribution.objects.filter(
            ledger=self.ledger, entries__kind=Kind.RECEIPT, state=ContributionState.SIGNED
        ).distinct()
        found = list(with_money.order_by("pk")) or self.agreements()
        return found[which % len(found)]

    def moved(self, contribution, share, on, **more):
        received = Entry.objects.receipts().filter(contribution=contribution)
        in_its_currency = received.filter(currency=contribution.currency)
        whole = in_its_currency.aggregate(total=Sum("amount"))["total"] or contribution.amount
        amount = round(whole * share / 100, contribution.currency.decimals)
        return MovedMoney(contribution.currency, amount, on, "Letter 3", **more)

    @rule(which=some)
    def put_right(self, which) -> None:
        postings = Posting.objects.filter(ledger=self.ledger).order_by("-sequence")
        standing = postings.filter(reverses=None, reversed_by=None)[:5]
        found = list(standing) or list(postings)
        one = found[which % len(found)]
        self.attempt(reverse_posting, one, because="Entered wrongly")

    # What always holds

    def the_agreement_holds(self, contribution) -> None:
        promised = self.sums(contribution, Kind.AGREEMENT) + self.sums(
            contribution, Kind.CONDITIONAL
        )
        scheduled = self.sums(contribution, Kind.DUE) + self.sums(contribution, Kind.CONDITIONAL)
        assert promised == scheduled, "what was promised is scheduled, and nothing else"
        reduced = self.sums(contribution, Kind.AGREEMENT, reason__in=REDUCTIONS) + self.sums(
            contribution, Kind.CONDITIONAL, reason__in=REDUCTIONS
        )
        if self.is_undone(contribution):
            assert promised == 0
        else:
            assert promised - reduced == contribution.amount
        parts = [part.amount for part in contribution.allocations.all()]
        assert not parts or sum(parts) == contribution.amount
        self.the_instalments_hold(contribution)

    @staticmethod
    def sums(contribution, kind, **conditions):
        entries = Entry.objects.filter(contribution=contribution, kind=kind, **conditions)
        assert {e.currency_id for e in entries} <= {contribution.currency_id}
        return sum((entry.amount for entry in entries), D(0))

    @staticmethod
    def is_undone(contribution) -> bool:
        signature = Posting.objects.get(
            act="sign_agreement", entries__contribution=contribution, entries__line=1
        )
        return hasattr(signature, "reversed_by")

    def the_instalments_hold(self, contribution) -> None:
        held = set(
            contribution.conditions.filter(state=ConditionState.OPEN).values_list(
                "instalment", flat=True
            )
        )
        with_rates, rates = instalment_states(contribution, with_rates=True), rates_of(contribution)
        assert [rates.get(s.instalment.pk) for s in with_rates] == [s.rate for s in with_rates]
        for state in instalment_states(contribution):
            is_held = None in held or state.instalment.pk in held
            assert state.due >= 0
            assert state.conditional >= 0
            assert not (state.due and state.conditional), "owed or conditional, never both"
            assert not state.conditional or is_held
            assert 0 <= state.credited <= state.due, "what is more than due names no instalment"
            assert state.outstanding == state.due - state.credited
            if state.due_usd is not None and state.is_settled:
                left = abs(state.settled_usd - state.due_usd)
                assert left <= self.cents_lost(state.instalment), "no dollars are left over"

    @staticmethod
    def cents_lost(instalment):
        """None; but what was taken off in part has its own rounding, entry by entry."""
        due = instalment.entries.filter(kind=Kind.DUE)
        return due.filter(reason__in=IN_PART).exists() * due.count() * D("0.01")

    def everything_holds(self) -> None:
        connection.check_constraints()
        for contribution in self.agreements():
            self.the_agreement_holds(contribution)
            assert contribution.state in (
                ContributionState.SIGNED, ContributionState.CLOSED, ContributionState.CANCELLED,
            )  # fmt: skip
        self.transfers_add_up_to_nothing()
        self.kinds_are_not_mixed()
        assert list(problems(self.ledger)) == []

    def transfers_add_up_to_nothing(self) -> None:
        moves = Entry.objects.filter(ledger=self.ledger, reason=Reason.TRANSFER).order_by()
        sums = moves.values_list("posting", "currency").annotate(Sum("amount"), Sum("amount_usd"))
        assert {(amount, usd or 0) for _p, _c, amount, usd in sums} <= {(0, 0)}

    def kinds_are_not_mixed(self) -> None:
        entries = Entry.objects.filter(ledger=self.ledger, amount_usd__isnull=False).order_by()
        counted = dict(entries.values_list("kind").annotate(Sum("amount_usd")))
        kept = MonthlyTotal.objects.filter(ledger=self.ledger).order_by()
        assert dict(kept.values_list("kind").annotate(Sum("amount_usd"))) == counted


@pytest.mark.both_databases
def test_whatever_happens_to_agreements_the_books_stay_sound(reference):
    chosen = settings()
    run_state_machine_as_test(
        AgreementMachine,
        settings=settings(
            chosen, max_examples=max(chosen.max_examples // 2, 1), stateful_step_count=20
        ),
    )
