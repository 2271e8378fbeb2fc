"""The one door of the ledger: what it writes, what it refuses, what it answers twice."""

import datetime
import hashlib
import random
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from income.errors import AlreadyReversed, MonthClosed, PostingWrong
from income.ledger import reverse
from income.ledger.verification import problems
from income.models import (
    DonorMonthTotal,
    DonorTotal,
    Entry,
    MonthlyTotal,
    Posting,
    YearlyTotal,
)
from income.models.ledger import GENESIS
from income.periods import YearMonth
from income.vocabulary import Act, Kind, Reason
from tests import factories
from tests.factories import MARCH, entry, posting

D = Decimal

pytestmark = pytest.mark.both_databases
REFUSED = (PostingWrong, IntegrityError)


def undone(original, **changed):
    row = {"booked_month": MARCH, "note": "Entered twice", "token": f"undo {original.token}"}
    return reverse(original, **{**row, "prepared_by": None, "approved_by": None, **changed})


def rows_of(ledger):
    ledger.refresh_from_db()
    return (
        Posting.objects.filter(ledger=ledger).count(),
        Entry.objects.filter(ledger=ledger).count(),
        sum(MonthlyTotal.objects.filter(ledger=ledger).values_list("amount_usd", flat=True)),
        ledger.sequence,
        ledger.head_hash,
    )


def test_the_first_posting_is_number_one_and_begins_the_chain(ledger, officer, reviewer):
    made = posting(ledger, prepared_by=officer, approved_by=reviewer, reference="bank 7")
    ledger.refresh_from_db()
    assert (made.sequence, made.previous_hash, made.booked_month) == (1, GENESIS, 202103)
    assert (ledger.sequence, ledger.head_hash, ledger.moved_at) == (1, made.hash, made.posted_at)


def test_each_posting_is_chained_to_the_one_before(ledger):
    first, second, third = (posting(ledger) for _ in range(3))
    assert [second.sequence, third.sequence] == [2, 3]
    assert [second.previous_hash, third.previous_hash] == [first.hash, second.hash]


def test_the_hash_is_that_of_the_written_out_header(ledger, officer, reviewer):
    made = posting(
        ledger, token="form 1", reference="bank 7", note="By wire", prepared_by=officer,
        approved_by=reviewer,
    )  # fmt: skip
    made.refresh_from_db()
    header = "\x1f".join(
        [
            GENESIS, "T", "1", str(made.id), "record_receipt", "form 1", "bank 7",
            hashlib.sha256(b"By wire").hexdigest(), "", str(officer.uuid), str(reviewer.uuid),
            "202103", made.posted_at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
            "1", made.content_hash,
        ]
    )  # fmt: skip
    assert made.hash == hashlib.sha256(header.encode()).hexdigest()


def test_the_seal_of_an_entry_is_its_values_written_out(ledger):
    line = entry(
        "1000.00", currency_id="SEK", units_per_usd="8", region_id="AFRICA", bank_charge=D("1.5")
    )
    made = posting(ledger, line)
    written = "\x1f".join(
        [
            "1", "receipt", "cash", "ordinary", "FNE", str(line.donor.uuid), "", "", "", "", "",
            "", "AFRICA", "", "2021-03-04", "202103", "2021", "SEK", "1000.0000", "8.0000000000",
            "2021-03-01", "monthly_average", "125.00", "", "", "1.5000",
        ]
    )  # fmt: skip
    assert made.content_hash == hashlib.sha256(written.encode()).hexdigest()


def test_entries_are_numbered_in_the_order_they_were_given(ledger):
    made = posting(ledger, entry("1"), entry("2"), entry("3"))
    assert [(line.line, line.amount) for line in made.entries.order_by("line")] == [
        (1, D(1)),
        (2, D(2)),
        (3, D(3)),
    ]
    assert made.entry_count == 3


def test_kronor_are_kept_with_their_rate_and_their_dollars(ledger):
    posting(ledger, entry("7000000", currency_id="SEK", units_per_usd="8.5431"))
    kept = Entry.objects.get(ledger=ledger)
    assert (kept.amount, kept.rate, kept.rate_on, kept.amount_usd) == (
        D("7000000"),
        D("8.5431"),
        datetime.date(2021, 3, 1),
        D("819374.70"),
    )


def test_the_expected_programme_support_is_inside_the_dollars(ledger):
    posting(ledger, entry("100000", fund_id="FE", support_rate="0.13"))
    kept = Entry.objects.get(ledger=ledger)
    assert (kept.amount_usd, kept.programme_support_usd) == (D("100000"), D("11504.42"))


def test_an_amount_without_a_rate_is_not_converted_and_counts_in_no_total(ledger):
    posting(ledger, entry("500", currency_id="KES"), entry("20"))
    assert Entry.objects.filter(ledger=ledger).not_converted().get().amount == D(500)
    assert MonthlyTotal.objects.get(ledger=ledger).amount_usd == D(20)


def test_a_refund_worth_less_than_half_a_cent_is_sound_and_so_is_its_reversal(ledger):
    made = posting(
        ledger,
        entry("-0.03", currency_id="SEK", units_per_usd="8.5431", reason=Reason.REFUND),
        entry("-0.03", fund_id="FE", support_rate="0.13", reason=Reason.REFUND),
    )
    undone(made)
    ledger.refresh_from_db()
    assert list(problems(ledger)) == []


def test_the_same_token_posts_once_and_gives_the_first_result_again(ledger):
    first = posting(ledger, entry("10"), token="form 1")
    before = rows_of(ledger)
    assert posting(ledger, entry("99"), token="form 1") == first
    assert rows_of(ledger) == before


def test_two_books_know_nothing_of_each_other(ledger):
    other = factories.ledger()
    posting(ledger, entry("10"), token="form 1")
    second = posting(other, entry("7"), token="form 1")
    assert (second.sequence, second.previous_hash) == (1, GENESIS)
    assert MonthlyTotal.objects.get(ledger=ledger).amount_usd == D(10)
    assert MonthlyTotal.objects.get(ledger=other).amount_usd == D(7)


def test_every_rollup_holds_the_sum_of_what_was_posted(ledger):
    here = {"region_id": "AFRICA", "programme_id": "SMART_CITIES"}
    posting(ledger, entry("10", **here), entry("2.50", **here))
    posting(ledger, entry("-0.25", **here, value_date=datetime.date(2021, 12, 31)))
    months = MonthlyTotal.objects.filter(ledger=ledger, region="AFRICA", kind=Kind.RECEIPT)
    assert dict(months.values_list("month", "amount_usd")) == {
        202103: D("12.50"),
        202112: D("-0.25"),
    }
    assert DonorTotal.objects.get(ledger=ledger).amount_usd == D("12.25")
    assert dict(
        DonorMonthTotal.objects.filter(ledger=ledger).values_list("month", "amount_usd")
    ) == {202103: D("12.50"), 202112: D("-0.25")}
    total = YearlyTotal.objects.get(ledger=ledger, programme="SMART_CITIES", region="AFRICA")
    assert (total.year, total.area, total.amount_usd) == (2021, None, D("12.25"))


def test_an_allotment_has_no_donor_and_one_cell_for_all_of_them(ledger):
    for amount in ("5", "6"):
        posting(ledger, entry(amount, kind=Kind.ALLOTMENT, fund_id="RB"), act=Act.RECORD_ALLOTMENT)
    total = DonorTotal.objects.get(ledger=ledger)
    assert (total.donor, total.amount_usd) == (None, D(11))


def test_kinds_stay_apart_in_the_rollups(ledger):
    posting(ledger, entry("5", kind=Kind.AGREEMENT), entry("5", kind=Kind.DUE), entry("3"))
    totals = MonthlyTotal.objects.filter(ledger=ledger).values_list("kind", "amount_usd")
    assert dict(totals) == {"agreement": D(5), "due": D(5), "receipt": D(3)}


def test_a_reversal_mirrors_every_line_and_leaves_nothing_over(ledger, officer, reviewer):
    original = posting(
        ledger,
        entry("100000", fund_id="FE", support_rate="0.13"),
        entry("85.43", currency_id="SEK", units_per_usd="8.5431", bank_charge=D("2")),
    )
    reversal = undone(original, prepared_by=officer, approved_by=reviewer)
    assert (reversal.act, reversal.reverses, reversal.note) == (
        Act.REVERSE, original, "Entered twice",
    )  # fmt: skip
    first, second = reversal.entries.order_by("line")
    assert (first.amount_usd, first.programme_support_usd) == (D(-100000), D("-11504.42"))
    assert (second.amount, second.amount_usd, second.rate) == (D("-85.43"), D(-10), D("8.5431"))
    assert (second.bank_charge, second.value_date) == (D(-2), datetime.date(2021, 3, 4))
    assert {t.amount_usd for t in MonthlyTotal.objects.filter(ledger=ledger)} == {D(0)}


def test_a_reversal_is_booked_in_its_own_month_and_keeps_the_value_date(ledger):
    reversal = undone(posting(ledger), booked_month=YearMonth(2021, 5))
    line = reversal.entries.get()
    assert (line.booked_month, line.value_date) == (202105, datetime.date(2021, 3, 4))


def test_a_posting_is_reversed_once_only(ledger):
    original = posting(ledger)
    undone(original)
    before = rows_of(ledger)
    with pytest.raises(AlreadyReversed, match="Posting 1 was reversed before"):
        undone(original, token="again")
    assert rows_of(ledger) == before


def test_the_same_reversal_sent_twice_gives_the_first_one_again(ledger):
    original = posting(ledger)
    assert undone(original) == undone(original)


def test_a_reversal_is_not_reversed(ledger):
    reversal = undone(posting(ledger))
    with pytest.raises(PostingWrong, match="A reversal cannot be reversed"):
        undone(reversal)


@pytest.mark.parametrize("note", ["", "   "])
def test_a_reversal_says_why(ledger, note):
    with pytest.raises(PostingWrong, match="A reversal needs a reason"):
        undone(posting(ledger), note=note)


def test_nothing_is_booked_in_a_closed_month(ledger):
    original = posting(ledger)
    factories.month(ledger=ledger, month=202103)
    before = rows_of(ledger)
    with pytest.raises(MonthClosed, match="March 2021 is closed"):
        posting(ledger)
    with pytest.raises(MonthClosed):
        undone(original)
    assert rows_of(ledger) == before


def test_money_of_a_closed_month_can_be_booked_in_an_open_one(ledger):
    factories.month(ledger=ledger, month=202103)
    made = posting(ledger, booked_month=YearMonth(2021, 4))
    assert (made.booked_month, made.entries.get().value_date.month) == (202104, 3)


def test_a_month_closed_in_other_books_is_open_here(ledger):
    factories.month(month=202103)
    assert posting(ledger).sequence == 1


def test_nobody_approves_their_own(ledger, officer):
    with pytest.raises(PostingWrong, match="prepared by one person and approved by another"):
        posting(ledger, prepared_by=officer, approved_by=officer)


def test_one_person_alone_is_not_enough(ledger, officer):
    for persons in ({"prepared_by": officer}, {"approved_by": officer}):
        with pytest.raises(PostingWrong):
            posting(ledger, **persons)


def test_a_posting_needs_an_entry(ledger):
    with pytest.raises(PostingWrong, match="at least one entry"):
        factories.door.post(
            ledger, act=Act.RECORD_RECEIPT, entries=[], booked_month=MARCH, token="t",
            prepared_by=None, approved_by=None,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "currency", "sentence"),
    [
        ("1", "QQQ", "The currency QQQ is not known."),
        ("1.001", "USD", "1.001 USD has more decimals than the currency has."),
        ("1.5", "JPY", "1.5 JPY has more decimals than the currency has."),
    ],
)
def test_an_amount_that_its_currency_cannot_have_is_refused(ledger, amount, currency, sentence):
    before = rows_of(ledger)
    with pytest.raises(PostingWrong) as refused:
        posting(ledger, entry("5"), entry(amount, currency_id=currency))
    assert str(refused.value) == sentence
    assert rows_of(ledger) == before


def test_nothing_of_a_refused_posting_stays_and_no_number_is_lost(ledger):
    posting(ledger)
    before = rows_of(ledger)
    with pytest.raises(REFUSED):
        posting(ledger, entry("5"), entry("0"))
    assert rows_of(ledger) == before
    assert posting(ledger).sequence == 2


def test_a_posting_inside_an_act_that_fails_goes_with_it(ledger):
    before = rows_of(ledger)
    with pytest.raises(RuntimeError), transaction.atomic():
        posting(ledger)
        raise RuntimeError
    assert rows_of(ledger) == before


def test_the_ledgers_clock_never_goes_back(ledger):
    first = posting(ledger)
    later = timezone.now() + datetime.timedelta(hours=1)
    type(ledger).objects.filter(pk=ledger.pk).update(moved_at=later)
    assert posting(ledger).posted_at == later > first.posted_at


def _posts(books, tokens):
    """What one thread does on a connection of its own: (token, sequence) of each posting."""
    try:
        return [(token, posting(books, token=token).sequence) for token in tokens]
    finally:
        connections.close_all()


def test_eight_at_once_leave_no_gap_no_twin_and_a_sound_chain(committed):
    books = factories.ledger()
    dice = random.Random(2022)
    each = [[f"token {dice.randrange(40)}" for _ in range(10)] for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        done = [pair for pairs in threads.map(_posts, [books] * 8, each) for pair in pairs]
    books.refresh_from_db()
    tokens = {token for tokens in each for token in tokens}
    # The same token got the same number everywhere, and each number one token.
    assert len(done) == 80
    assert len(set(done)) == len(tokens)
    assert sorted({number for _token, number in done}) == list(range(1, len(tokens) + 1))
    assert books.sequence == len(tokens)
    assert MonthlyTotal.objects.get(ledger=books).amount_usd == 100 * len(tokens)
    assert list(problems(books)) == []
