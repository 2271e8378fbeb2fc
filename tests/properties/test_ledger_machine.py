"""The ledger as a state machine: random acts in random order on two books, then every invariant.

A plain Python model is told the same acts; whatever the books say, the model must say too. What
the model knows of money is worked out with whole numbers and fractions, not with income.money.
"""

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from donors.models import Donor
from income.errors import PortalError
from income.ledger import post, reverse
from income.ledger.verification import problems
from income.models import (
    DonorMonthTotal,
    DonorTotal,
    Entry,
    Ledger,
    Month,
    MonthlyTotal,
    Posting,
    YearlyTotal,
)
from income.models.ledger import GENESIS
from income.periods import YearMonth
from income.services import close_month
from income.vocabulary import Act, Kind, Reason
from tests import factories

D = Decimal

# Units per US dollar; None: no rate, so the amount is not converted. With the smallest unit.
CURRENCIES = {
    "USD": (D("1"), 2),
    "SEK": (D("8.5431"), 2),
    "JPY": (D("108.47"), 0),
    "KES": (None, 2),
}
KEYS = {
    MonthlyTotal: ("kind", "mode", "fund_id", "region_id", "month"),
    DonorTotal: ("kind", "mode", "fund_id", "donor_id", "year"),
    DonorMonthTotal: ("kind", "mode", "fund_id", "donor_id", "month"),
    YearlyTotal: ("kind", "mode", "fund_id", "donor_id", "region_id", "programme_id", "year"),
}
books = st.integers(0, 1)
some = st.integers(0, 10**6)  # one of however many there are
months = st.integers(1, 12).map(lambda number: YearMonth(2021, number))
days = st.dates(date(2020, 1, 1), date(2021, 12, 31))
currencies = st.sampled_from(sorted(CURRENCIES))
units = st.one_of(st.integers(1, 300), st.integers(1, 10**12))  # smallest units of a currency
persons = st.sampled_from(["system", "two", "two the other way round"])
wheres = st.fixed_dictionaries(
    {
        "fund_id": st.sampled_from(["FNE", "FE", "TC"]),
        "region_id": st.sampled_from([None, "AFRICA", "ARAB"]),
        "programme_id": st.sampled_from([None, "SMART_CITIES"]),
        "mode": st.sampled_from(["cash", "in_kind"]),
    }
)


def in_cents(amount: D, units_per_usd: D | None) -> int | None:
    """Cents of US dollars, half up, worked out with fractions."""
    if units_per_usd is None:
        return None
    exact = abs(Fraction(amount) / Fraction(units_per_usd)) * 100
    return int(exact + Fraction(1, 2)) * (1 if amount > 0 else -1)


@dataclass
class Told:
    """What the model remembers of one posting."""

    posting: Posting
    lines: list[dict]
    is_reversal: bool = False
    is_reversed: bool = False


@dataclass
class Model:
    """What the model remembers of one ledger."""

    told: list[Told] = field(default_factory=list)
    closed: set[YearMonth] = field(default_factory=set)

    def cells(self, columns):
        """US dollars per cell of a rollup, recounted."""
        totals = defaultdict(int)
        for line in (line for told in self.told for line in told.lines):
            if line["cents"] is not None:
                totals[tuple(line[name] for name in columns)] += line["cents"]
        return {key: D(cents).scaleb(-2) for key, cents in totals.items()}

    def per_kind(self):
        return {key[0]: usd for key, usd in self.cells(["kind"]).items()}

    def per_kind_and_currency(self):
        totals = defaultdict(D)
        for line in (line for told in self.told for line in told.lines):
            totals[line["kind"], line["currency_id"]] += line["amount"]
        return dict(totals)


def remembered(entry: Entry) -> dict:
    row = {name: getattr(entry, name) for columns in KEYS.values() for name in columns
           if name not in ("month", "year")}  # fmt: skip
    day = entry.value_date
    return {
        **row, "month": day.year * 100 + day.month, "year": day.year, "amount": entry.amount,
        "currency_id": entry.currency_id,
        "cents": in_cents(entry.amount, CURRENCIES[entry.currency_id][0]),
    }  # fmt: skip


def mirrored(line: dict) -> dict:
    cents = None if line["cents"] is None else -line["cents"]
    return {**line, "amount": -line["amount"], "cents": cents}


class LedgerMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()  # each run is undone in the end
        self.undo.__enter__()
        self.tokens = 0

    @initialize()
    def open_books(self) -> None:
        self.ledgers = [factories.ledger(), factories.ledger()]
        self.models = [Model(), Model()]
        self.donors = [Donor.objects.get(code="SWE"), factories.donor()]
        self.people = [factories.user(), factories.user()]

    def teardown(self) -> None:
        try:
            if hasattr(self, "models"):
                self.everything_holds()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    # What a rule is made of

    def signatures(self, who: str) -> dict:
        one, other = self.people
        if who == "system":
            one = other = None
        elif who != "two":
            one, other = other, one
        return {"prepared_by": one, "approved_by": other}

    def token(self) -> str:
        self.tokens += 1
        return f"token {self.tokens}"

    def line(self, kind, amount, currency, day, donor, where, **more) -> Entry:
        """An unsaved entry of so many of the currency's smallest units."""
        rate, decimals = CURRENCIES[currency]
        return factories.entry(
            str(D(amount).scaleb(-decimals)),
            kind=kind,
            currency_id=currency,
            value_date=day,
            units_per_usd=str(rate or ""),
            donor=self.donors[donor - 1] if donor else None,
            **where,
            **more,
        )

    def post(self, book, act, entries, month, who="system", **changed):
        """Post, and tell the model; in a closed month it must be refused instead."""
        row = {
            "act": act, "entries": entries, "booked_month": month, "token": self.token(),
            **self.signatures(who), **changed,
        }  # fmt: skip
        if month in self.models[book].closed:
            with self.refused():
                post(self.ledgers[book], **row)
            return
        posting = post(self.ledgers[book], **row)
        self.models[book].told.append(Told(posting, [remembered(entry) for entry in entries]))

    def state(self):
        """Everything that a refused act may not change."""
        return (
            list(Ledger.objects.order_by("pk").values()),
            Posting.objects.count(),
            Entry.objects.count(),
            [model.objects.aggregate(all=Sum("amount_usd"))["all"] for model in KEYS],
        )

    @contextmanager
    def refused(self, *errors):
        before = self.state()
        with pytest.raises(errors or PortalError), transaction.atomic():
            yield
        assert self.state() == before

    def one(self, book, which) -> Told:
        told = self.models[book].told
        return told[which % len(told)]

    def something_posted(self) -> bool:
        return all(model.told for model in self.models)

    # What people do

    @rule(book=books, amount=units, currency=currencies, day=days, donor=st.integers(0, 2),
          where=wheres, month=months, who=persons)  # fmt: skip
    def receive(self, book, amount, currency, day, donor, where, month, who) -> None:
        entry = self.line(Kind.RECEIPT, amount, currency, day, donor, where, bank_charge=D(1))
        self.post(book, Act.RECORD_RECEIPT, [entry], month, who)

    @rule(book=books, amount=units, currency=currencies, day=days, where=wheres, month=months)
    def give_back(self, book, amount, currency, day, where, month) -> None:
        entry = self.line(Kind.RECEIPT, -amount, currency, day, 1, where, reason=Reason.REFUND)
        self.post(book, Act.RECORD_RECEIPT, [entry], month)

    @rule(book=books, amount=units, currency=currencies, day=days, where=wheres, month=months)
    def pledge(self, book, amount, currency, day, where, month) -> None:
        entry = self.line(Kind.PLEDGE, amount, currency, day, 2, where)
        self.post(book, Act.RECORD_PLEDGE, [entry], month, "two")

    @rule(book=books, amounts=st.lists(units, min_size=1, max_size=4), currency=currencies,
          day=days, where=wheres, month=months)  # fmt: skip
    def agree(self, book, amounts, currency, day, where, month) -> None:
        """An agreement and its schedule, in one posting."""
        entries = [self.line(Kind.AGREEMENT, sum(amounts), currency, day, 1, where)]
        for year, amount in enumerate(amounts):
            due_on = day.replace(day=1, year=day.year + year)
            entries.append(self.line(Kind.DUE, amount, currency, due_on, 1, where))
        self.post(book, Act.SIGN_AGREEMENT, entries, month, "two")

    @rule(book=books, amount=units, day=days, month=months)
    def allot(self, book, amount, day, month) -> None:
        entry = self.line(Kind.ALLOTMENT, amount, "USD", day, None, {"fund_id": "RB"})
        self.post(book, Act.RECORD_ALLOTMENT, [entry], month)

    @precondition(something_posted)
    @rule(book=books, which=some, month=months)
    def send_again(self, book, which, month) -> None:
        """The same form a second time, even changed, even after its month was closed."""
        told, before = self.one(book, which), self.state()
        again = post(
            self.ledgers[book], act=Act(told.posting.act), entries=[factories.entry("9")],
            booked_month=month, token=told.posting.token, **self.signatures("two"),
        )  # fmt: skip
        assert again.pk == told.posting.pk
        assert self.state() == before

    @precondition(something_posted)
    @rule(book=books, which=some, month=months, who=persons)
    def put_right(self, book, which, month, who) -> None:
        """Reverse; refused for a reversal, the second time, and in a closed month."""
        told, model = self.one(book, which), self.models[book]
        row = {"booked_month": month, "note": "Entered wrongly", "token": self.token()}
        if told.is_reversal or told.is_reversed or month in model.closed:
            with self.refused():
                reverse(told.posting, **row, **self.signatures(who))
            return
        posting = reverse(told.posting, **row, **self.signatures(who))
        told.is_reversed = True
        lines = [mirrored(line) for line in told.lines]
        model.told.append(Told(posting, lines, is_reversal=True))

    @rule(book=books, month=st.integers(1, 4).map(lambda number: YearMonth(2021, number)))
    def close(self, book, month) -> None:
        if month not in self.models[book].closed:
            self.models[book].closed.add(month)
            at = datetime(2030, 1, 1, tzinfo=UTC)
            close_month(self.ledgers[book], month, by=None, at=at)

    # What nobody can do

    @rule(book=books, amount=st.sampled_from(["0", "0.001", "5.005", "1000000000000000"]))
    def post_an_impossible_amount(self, book, amount) -> None:
        sound, wrong = factories.entry("5"), factories.entry(amount)
        with self.refused(PortalError, IntegrityError, ValueError):
            factories.posting(self.ledgers[book], sound, wrong, booked_month=YearMonth(2022, 1))

    @rule(book=books, currency=st.sampled_from(["QQQ", "", "usd"]))
    def post_an_unknown_currency(self, book, currency) -> None:
        with self.refused():
            factories.posting(
                self.ledgers[book], factories.entry("5", currency_id=currency),
                booked_month=YearMonth(2022, 1),
            )  # fmt: skip

    @rule(book=books, which=st.sampled_from(["alone", "unapproved", "unprepared"]))
    def post_without_a_second_person(self, book, which) -> None:
        one = self.people[0]
        persons = {
            "alone": {"prepared_by": one, "approved_by": one},
            "unapproved": {"prepared_by": one},
            "unprepared": {"approved_by": one},
        }[which]
        with self.refused():
            factories.posting(self.ledgers[book], booked_month=YearMonth(2022, 1), **persons)

    @precondition(something_posted)
    @rule(book=books, act=st.sampled_from(
        ["UPDATE income_entry SET amount = 1", "DELETE FROM income_posting"]))  # fmt: skip
    def change_what_was_posted(self, book, act) -> None:
        with self.refused(IntegrityError), connection.cursor() as cursor:
            cursor.execute(act)

    # What always holds

    @invariant()
    def the_head_is_the_last_posting(self) -> None:
        for ledger, model in zip(self.ledgers, self.models, strict=True):
            ledger.refresh_from_db()
            assert ledger.sequence == len(model.told)
            assert ledger.head_hash == (model.told[-1].posting.hash if model.told else GENESIS)

    def everything_holds(self) -> None:
        connection.check_constraints()
        for ledger, model in zip(self.ledgers, self.models, strict=True):
            ledger.refresh_from_db()
            self.the_sequence_has_no_gap(ledger, model)
            assert list(problems(ledger)) == []
            self.the_totals_are_the_models(ledger, model)
            closed = Month.objects.filter(ledger=ledger).values_list("month", flat=True)
            assert set(closed) == {month.key for month in model.closed}

    def the_sequence_has_no_gap(self, ledger, model) -> None:
        rows = Posting.objects.filter(ledger=ledger).order_by("sequence")
        assert [row.sequence for row in rows] == list(range(1, len(model.told) + 1))
        assert [row.pk for row in rows] == [told.posting.pk for told in model.told]
        assert [row.previous_hash for row in rows] == [GENESIS, *(row.hash for row in rows)][:-1]
        assert [row.posted_at for row in rows] == sorted(row.posted_at for row in rows)
        assert [row.entry_count for row in rows] == [len(told.lines) for told in model.told]

    def the_totals_are_the_models(self, ledger, model) -> None:
        for rollup, columns in KEYS.items():
            kept = rollup.objects.filter(ledger=ledger).values_list(*columns, "amount_usd")
            assert {row[:-1]: row[-1] for row in kept} == model.cells(columns)
        entries = Entry.objects.filter(ledger=ledger).order_by()
        dollars = entries.exclude(amount_usd=None).values_list("kind").annotate(Sum("amount_usd"))
        assert dict(dollars) == model.per_kind()
        amounts = entries.values_list("kind", "currency").annotate(Sum("amount"))
        assert {(kind, code): total for kind, code, total in amounts} == (
            model.per_kind_and_currency()
        )


@pytest.mark.both_databases
def test_whatever_is_done_in_whatever_order_the_books_stay_sound(reference):
    chosen = settings()
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            chosen, max_examples=max(chosen.max_examples // 2, 1), stateful_step_count=25
        ),
    )
