"""The door for whole files: what it writes is what single postings would be."""

import datetime
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, connections, transaction

from donors.models import Donor
from income.errors import AlreadyReversed, MonthClosed, PostedBefore, PostingWrong
from income.ledger import bulk, post, reverse, rollups, seal
from income.ledger.bulk import BulkWriter, posted_batch, reverse_batch
from income.ledger.lines import Line
from income.ledger.reading import NAMES, lines_of
from income.ledger.rendering import COLUMNS
from income.ledger.verification import problems
from income.models import DonorMonthTotal, Entry, MonthlyTotal, Posting
from income.periods import YearMonth
from income.vocabulary import Act, Kind, Mode, RateType
from tests import factories
from tests.factories import MARCH, entry, posting

D = Decimal
DAY = datetime.date(2021, 3, 4)
FUNDS = ("FNE", "FE", "TC")
REGIONS = (None, "AFRICA", "ASIA_PACIFIC")

pytestmark = pytest.mark.both_databases


def writer(token="import:1", **changed):
    row = {"prepared_by": None, "approved_by": None, **changed}
    return BulkWriter(row.pop("act", Act.IMPORT_ROWS), token, **row)


def line(amount="100.00", *, units_per_usd="1", on=DAY, **changed):
    """A receipt of nobody in particular; no rate leaves it not converted."""
    row = {"kind": "receipt", "fund_id": "FNE", "value_date": on, "year_for": on.year,
           "currency_id": "USD", **changed}  # fmt: skip
    made = Line(amount=D(amount), **row)
    if not units_per_usd:
        return made
    code = RateType.PARITY if made.currency_id == "USD" else RateType.MONTHLY_AVERAGE
    made.rate, made.rate_on, made.rate_type = D(units_per_usd), on, code.value
    made.amount_usd = round(made.amount / made.rate, 2) + 0
    return made


def some_lines(seed, count=60):
    """Lines of every sort: kinds, donors, months, signs, currencies with and without a rate."""
    dice = random.Random(seed)
    donors = list(Donor.objects.order_by("pk").values_list("pk", flat=True)[:5])
    made = []
    for _ in range(count):
        amount = D(dice.randrange(-(10**6), 10**9)) / 100 or D(1)
        common = {
            "fund_id": dice.choice(FUNDS), "region_id": dice.choice(REGIONS),
            "donor_id": dice.choice(donors), "channel_id": dice.choice([None, *donors]),
            "kind": dice.choice(["receipt", "pledge", Kind.AGREEMENT]), "area_id": None,
            "mode": dice.choice([Mode.CASH, "in_kind"]),
            "on": datetime.date(2021, dice.randrange(1, 6), dice.randrange(1, 29)),
        }  # fmt: skip
        currency, rate = dice.choice([("USD", "1"), ("SEK", "8.5431"), ("KES", "")])
        one = line(amount, currency_id=currency, units_per_usd=rate, **common)
        if one.amount_usd is not None:
            one.programme_support_usd = dice.choice([None, D("0.00"), D("-2.5"), D("3.30")])
        one.bank_charge = dice.choice([None, D("1.5")])
        one.settled_usd = D("7.1") if one.kind == "receipt" and dice.random() < 0.3 else None
        made.append(one)
    return made


def as_entry(one):
    values = {name: getattr(one, name) for name in NAMES}
    return Entry(**{n: v for n, v in values.items() if n not in ("ledger_id", "posting_id")})


def told(posting):
    """What stands in a posting, without what differs between two of them."""
    return [replace(one, ledger_id=0, posting_id=None) for one in lines_of(posting=posting.pk)]


def state(ledger):
    ledger.refresh_from_db()
    return (
        Posting.objects.filter(ledger=ledger).count(), Entry.objects.filter(ledger=ledger).count(),
        sorted(MonthlyTotal.objects.filter(ledger=ledger).values_list("amount_usd", flat=True)),
        ledger.sequence, ledger.head_hash,
    )  # fmt: skip


def sound(*ledgers):
    return [sentence for one in ledgers for sentence in (*problems(one), *rollups.differences(one))]


def test_a_line_is_an_entry_and_a_row_names_every_column_of_it():
    columns = {f.column for f in Entry._meta.concrete_fields} - {"id"}
    assert set(COLUMNS) == columns == {f.name for f in fields(Line)}
    assert len(COLUMNS) == len(columns)


def test_a_file_of_one_line_is_one_posting_of_one_entry(ledger, officer, reviewer):
    sweden = Donor.objects.get(code="SWE")
    bulk_ = writer(prepared_by=officer, approved_by=reviewer, reference="file 7", note="By file")
    key, number = bulk_.add(ledger, 202103, line("12.50", donor_id=sweden.pk))
    (made,) = bulk_.finish()
    kept = Posting.objects.get(pk=key)
    assert (made, number, kept.entry_count, kept.sequence) == (kept, 1, 1, 1)
    assert (kept.act, kept.token) == (Act.IMPORT_ROWS, "import:1:T:202103")
    assert (kept.reference, kept.note, kept.booked_month) == ("file 7", "By file", 202103)
    assert (kept.prepared_by, kept.approved_by) == (officer, reviewer)
    standing = kept.entries.get()
    assert (standing.amount, standing.amount_usd, standing.donor) == (D("12.5"), D("12.5"), sweden)
    ledger.refresh_from_db()
    assert (ledger.sequence, ledger.head_hash, ledger.moved_at) == (1, made.hash, made.posted_at)
    assert sound(ledger) == []


@pytest.mark.parametrize("at_once", [1, 7, 5_000])
def test_a_file_comes_out_as_single_postings_would(ledger, monkeypatch, at_once):
    monkeypatch.setattr(bulk, "AT_ONCE", at_once)
    other = factories.ledger()
    lines = some_lines(at_once)
    single = post(
        other, act=Act.IMPORT_ROWS, entries=[as_entry(one) for one in lines], booked_month=MARCH,
        token="x", prepared_by=None, approved_by=None,
    )  # fmt: skip
    file = writer()
    for number, one in enumerate(lines, start=1):
        assert file.add(ledger, 202103, one)[1] == number
    (made,) = file.finish()
    assert told(made) == told(single)
    assert made.content_hash == single.content_hash
    entries = list(made.entries.all())
    assert made.content_hash == seal.content_hash(entries, seal.Identities(entries))
    for model in rollups.MODELS:
        of = [
            sorted(map(repr, model.objects.filter(ledger=one).values_list(
                *(f.attname for f in model._meta.concrete_fields if f.name not in ("id", "ledger"))
            )))
            for one in (ledger, other)
        ]  # fmt: skip
        assert of[0] == of[1] != []
    assert sound(ledger, other) == []


def test_lines_of_several_books_and_months_may_come_in_any_order(ledger, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 10)
    books = {
        one.code: one for one in (factories.ledger(code="B"), ledger, factories.ledger(code="A"))
    }
    posting(books["A"])
    file, dice, expected = writer(), random.Random(1), {}
    for one in some_lines(3, 100):
        place = (dice.choice("ABT"), dice.choice([202101, 202102, 202103]))
        expected.setdefault(place, []).append(one.amount)
        file.add(books[place[0]], place[1], one)
    made = file.finish()
    assert [(p.ledger.code, p.booked_month) for p in made] == sorted(expected)
    assert [p.sequence for p in made] == [2, 3, 4, 1, 2, 3, 1, 2, 3]
    for one in made:
        amounts = one.entries.order_by("line").values_list("amount", flat=True)
        assert list(amounts) == expected[one.ledger.code, one.booked_month]
    assert posted_batch("import:1") == made
    assert sound(*books.values()) == []


def test_amounts_of_less_than_nothing_and_of_less_than_a_cent_are_exact(ledger):
    file = writer()
    for amount in ("-0.03", "0.01", "-1234567890123.45", "10000000000000", "1E+3"):
        file.add(ledger, 202103, line(amount))
    file.add(ledger, 202103, line("-0.03", currency_id="SEK", units_per_usd="8.5431"))
    (made,) = file.finish()
    assert list(made.entries.order_by("line").values_list("amount", "amount_usd")) == [
        (D("-0.03"), D("-0.03")), (D("0.01"), D("0.01")),
        (D("-1234567890123.45"), D("-1234567890123.45")), (D(10) ** 13, D(10) ** 13),
        (D(1000), D(1000)), (D("-0.03"), D(0)),
    ]  # fmt: skip
    assert sound(ledger) == []


def test_what_is_not_converted_counts_in_no_total(ledger):
    file = writer()
    file.add(ledger, 202103, line("500", currency_id="KES", units_per_usd=""))
    file.add(ledger, 202103, line("20"))
    file.finish()
    assert Entry.objects.filter(ledger=ledger).not_converted().get().amount == D(500)
    assert MonthlyTotal.objects.get(ledger=ledger).amount_usd == D(20)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"currency_id": "QQQ", "units_per_usd": "2"}, "The currency QQQ is not known."),
        ({"amount": "1.001"}, "1.001 USD has more decimals than the currency has."),
        (
            {"amount": "1.5", "currency_id": "JPY", "units_per_usd": ""},
            "1.5 JPY has more decimals than the currency has.",
        ),
        (
            {"amount": "1.00000000000000000000000000001"},
            "1.00000000000000000000000000001 USD has more decimals than the currency has.",
        ),
        (
            {"amount": "0.00"},
            "0.00 USD cannot be posted: an amount is not zero and not absurd.",
        ),
        (
            {"amount": "10000000000000.01"},
            "10000000000000.01 USD cannot be posted: an amount is not zero and not absurd.",
        ),
    ],
)
def test_an_amount_that_its_currency_cannot_have_is_refused(ledger, changed, sentence):
    before = state(ledger)
    with pytest.raises(PostingWrong) as refused, transaction.atomic():
        file = writer()
        file.add(ledger, 202103, line())
        file.add(ledger, 202103, line(**changed))
        file.finish()
    assert str(refused.value) == sentence
    assert state(ledger) == before


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1E+20"])
def test_what_is_no_amount_is_not_written(ledger, amount):
    before = state(ledger)
    made = replace(line(), amount=D(amount))
    with pytest.raises((PostingWrong, ArithmeticError)), transaction.atomic():
        file = writer()
        file.add(ledger, 202103, made)
        file.finish()
    assert state(ledger) == before


def test_an_agreement_of_other_books_is_refused(ledger):
    theirs = factories.contribution(ledger=factories.ledger())
    file = writer()
    file.add(ledger, 202103, line(contribution_id=theirs.pk))
    with pytest.raises(PostingWrong, match="This agreement stands in other books"):
        file.finish()


def test_an_agreement_of_these_books_is_sealed_by_its_uuid(ledger):
    instalment = factories.instalment(contribution=factories.contribution(ledger=ledger))
    file = writer()
    file.add(
        ledger, 202103,
        line(contribution_id=instalment.contribution_id, instalment_id=instalment.pk),
    )  # fmt: skip
    (made,) = file.finish()
    assert made.entries.get().instalment == instalment
    assert sound(ledger) == []


def test_one_closed_month_stops_the_whole_file(ledger):
    other = factories.ledger(code="A")
    factories.month(ledger=ledger, month=202104)
    before = state(ledger), state(other)
    with pytest.raises(MonthClosed, match="April 2021 is closed"), transaction.atomic():
        file = writer()
        file.add(other, 202104, line())
        file.add(ledger, 202103, line())
        file.add(ledger, 202104, line())
        file.finish()
    assert (state(ledger), state(other)) == before


def test_what_fails_on_the_way_leaves_nothing(ledger, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    posting(ledger)
    before = state(ledger)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        file = writer()
        for _ in range(5):
            file.add(ledger, 202103, line())
        assert Entry.objects.filter(ledger=ledger).count() == 5  # four of them
        raise KeyboardInterrupt
    assert state(ledger) == before


def test_the_same_batch_stands_once(ledger):
    file = writer()
    file.add(ledger, 202103, line())
    file.finish()
    before = state(ledger)
    with (
        pytest.raises(PostedBefore, match="This was posted before: posting 1 of Books of a test"),
        transaction.atomic(),
    ):
        file = writer()
        file.add(ledger, 202104, line())
        file.finish()
    assert state(ledger) == before


def test_what_was_not_finished_cannot_be_committed(ledger):
    before = state(ledger)
    with pytest.raises(IntegrityError), transaction.atomic():
        file = writer()
        file.add(ledger, 202103, line())
        file._flush()
        connection.check_constraints()  # as a commit does
    assert state(ledger) == before


def test_a_batch_whose_token_begins_alike_is_another(ledger):
    for token in ("import:1", "import:11", "IMPORT:1"):
        file = writer(token)
        file.add(ledger, 202103, line())
        file.finish()
    assert [one.token for one in posted_batch("import:1")] == ["import:1:T:202103"]


def test_a_batch_needs_a_line_and_two_persons_or_none(ledger, officer):
    with pytest.raises(PostingWrong, match="at least one entry"):
        writer().finish()
    for persons in ({"prepared_by": officer}, {"prepared_by": officer, "approved_by": officer}):
        with pytest.raises(PostingWrong, match="prepared by one person and approved by another"):
            writer(**persons)


def test_a_token_is_visible_and_fits(ledger):
    with pytest.raises(PostingWrong, match="invisible"):
        writer("import:\u202e")
    with pytest.raises(ValueError, match="more than 80"):
        writer("i" * 75).add(ledger, 202103, line())


def test_nothing_is_written_outside_of_a_transaction(committed):
    with pytest.raises(RuntimeError, match=r"transaction\.atomic"):
        writer()


def test_a_batch_is_reversed_as_each_posting_would_be(ledger, officer, reviewer, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 7)
    monkeypatch.setattr("income.ledger.reading.AT_ONCE", 5)
    other = factories.ledger(code="A")
    file = writer()
    for number, one in enumerate(some_lines(5, 50)):
        file.add([ledger, other][number % 2], [202101, 202102][number % 4 // 2], one)
    made = file.finish()
    twin = factories.ledger(code="B")
    originals = [
        post(
            twin, act=Act.IMPORT_ROWS, entries=[as_entry(one) for one in told(original)],
            booked_month=YearMonth.from_key(original.booked_month), token=f"t{i}",
            prepared_by=None, approved_by=None,
        )
        for i, original in enumerate(made)
    ]  # fmt: skip
    common = {"note": "Wrong file", "prepared_by": officer, "approved_by": reviewer}
    may = YearMonth(2021, 5)
    reversals = reverse_batch(
        made, booked_month=lambda books: may if books == ledger else MARCH, token="undo:1", **common
    )
    assert [(r.reverses, r.ledger.code, r.booked_month, r.act) for r in reversals] == [
        (made[0], "A", 202103, "reverse"), (made[1], "A", 202103, "reverse"),
        (made[2], "T", 202105, "reverse"), (made[3], "T", 202105, "reverse"),
    ]  # fmt: skip
    assert [r.token for r in reversals] == ["undo:1:A:1", "undo:1:A:2", "undo:1:T:1", "undo:1:T:2"]
    for original, reversal in zip(originals, reversals, strict=True):
        month = YearMonth.from_key(reversal.booked_month)
        single = reverse(original, booked_month=month, token=f"r{original.sequence}", **common)
        assert told(single) == told(reversal)
        assert single.content_hash == reversal.content_hash
    assert {t.amount_usd for t in DonorMonthTotal.objects.filter(ledger=ledger)} == {D(0)}
    assert sound(ledger, other, twin) == []


def test_a_batch_is_reversed_once_and_the_same_token_gives_the_first_again(ledger):
    file = writer()
    file.add(ledger, 202101, line())
    file.add(ledger, 202102, line())
    made = file.finish()
    row = {"booked_month": MARCH, "note": "Wrong", "prepared_by": None, "approved_by": None}
    with pytest.raises(PostingWrong, match="A reversal needs a reason"):
        reverse_batch(made, token="undo:1", **{**row, "note": " "})
    with pytest.raises(PostedBefore):
        reverse_batch(made, token="import:1", **row)
    first = reverse_batch(made, token="undo:1", **row)
    assert reverse_batch(made, token="undo:1", **row) == first
    before = state(ledger)
    with pytest.raises(AlreadyReversed, match="Posting 1 was reversed before"):
        reverse_batch(made, token="undo:2", **row)
    with pytest.raises(PostingWrong, match="A reversal cannot be reversed"):
        reverse_batch(first, token="undo:3", **row)
    assert state(ledger) == before


def _files(books, tokens):
    """What one thread does on a connection of its own: (token, sequences) of each file."""
    done = []
    try:
        for token in tokens:
            with transaction.atomic():
                file = writer(token)
                for number in range(6):
                    file.add(books[number % 2], 202101 + number % 3, line())
                done += [(token, one.ledger_id, one.sequence) for one in file.finish()]
        return done
    finally:
        connections.close_all()


def test_two_writers_at_once_take_turns(committed):
    books = [factories.ledger(code="A"), factories.ledger(code="B")]
    each = [[f"file:{who}:{number}" for number in range(4)] for who in range(3)]
    with ThreadPoolExecutor(3) as threads:
        orders = [books, books[::-1], books]
        done = [one for many in threads.map(_files, orders, each) for one in many]
    # Each file has three postings in each of the two books, one after the other.
    for ledger in books:
        ledger.refresh_from_db()
        mine = sorted((number, token) for token, key, number in done if key == ledger.pk)
        assert [number for number, _token in mine] == list(range(1, 37))
        assert all(len({token for _n, token in mine[i : i + 3]}) == 1 for i in range(0, 36, 3))
    assert sound(*books) == []


def test_a_large_posting_is_verified_page_by_page(ledger, monkeypatch):
    monkeypatch.setattr("income.ledger.reading.AT_ONCE", 4)
    monkeypatch.setattr("income.ledger.verification.LINES_AT_ONCE", 6)
    posting(ledger, entry("10"))
    file = writer()
    for one in some_lines(8, 30):
        file.add(ledger, 202103, one)
    made = file.finish()
    posting(ledger, entry("10"), entry("11"))
    reverse_batch(
        made, booked_month=MARCH, note="Wrong", token="undo:1", prepared_by=None, approved_by=None
    )
    assert sound(ledger) == []
