"""Earlier states of the books: checkpoints and a tail say what the entries say."""

import datetime
import io
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import product

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from donors.models import Donor
from income import earlier
from income.ledger import checkpoints, reverse
from income.ledger.verification import problems
from income.models import Era, EraDonorTotal, EraMonthlyTotal, Ledger, MonthlyTotal
from income.models.rollups import Grain
from income.narrow import Narrow, Part, grouped
from income.periods import YearMonth
from income.vocabulary import Kind
from tests import factories
from tests.factories import MARCH, entry, posting

D = Decimal
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SPAN = YearMonth(2021, 1), YearMonth(2021, 12)
REGIONS, DONORS = ("kind", "mode", "fund", "region", "month"), ("fund", "donor")
KINDS = [Kind.RECEIPT, Kind.DUE]


@pytest.fixture(autouse=True)
def short_eras(monkeypatch):
    """Twelve entries an era, three alone; nothing remembered from another test."""
    for grain in Grain:
        monkeypatch.setitem(checkpoints.MOST_ENTRIES, grain, 12)
    cache.clear()


def close(books, month):
    """Close the month at the present head."""
    head = Ledger.objects.get(pk=books.pk)
    factories.month(ledger=books, month=month, sequence=head.sequence, hash=head.head_hash)


def undo(one):
    return reverse(
        one, booked_month=MARCH, note="Wrong", token=f"undo {one.pk}", prepared_by=None,
        approved_by=None,
    )  # fmt: skip


def known(books, until, by=("fund",), **asked):
    return dict(grouped(books, KINDS, by, *SPAN, Narrow(until=until), **asked))


def eras(books, grain=Grain.MONTHS):
    found = Era.objects.filter(ledger=books, grain=grain).order_by("after")
    return list(found.values_list("after", "until"))


@pytest.fixture
def books(ledger):
    """Five postings: 100 and 50 by the close of February; 7 more; the 100 taken back; 1,000."""
    first = posting(ledger, entry("100.00"))
    day = datetime.date(2021, 2, 9)
    posting(
        ledger,
        entry("50.00", fund_id="FE", region_id="AFRICA", value_date=day, support_rate="0.13"),
    )
    close(ledger, 202102)
    posting(ledger, entry("7.00"))
    undo(first)
    posting(ledger, entry("1000.00", value_date=day))
    ledger.refresh_from_db()
    return ledger


TOLD = {
    0: {}, 1: {("FNE",): D(100)}, 2: {("FNE",): D(100), ("FE",): D(50)},
    3: {("FNE",): D(107), ("FE",): D(50)}, 4: {("FNE",): D(7), ("FE",): D(50)},
    5: {("FNE",): D(1007), ("FE",): D(50)},
}  # fmt: skip


def test_an_era_ends_where_a_month_was_closed_and_keeps_what_it_added(books):
    assert checkpoints.make(books) == 2  # one of each rollup
    assert eras(books) == eras(books, Grain.DONORS) == [(0, 2)]
    assert Era.objects.filter(hash=books.postings.get(sequence=2).hash).count() == 2
    cells = EraMonthlyTotal.objects.filter(ledger=books, until=2).order_by("month")
    assert list(
        cells.values_list("fund", "region", "month", "amount_usd", "programme_support_usd")
    ) == [("FE", "AFRICA", 202102, D("50.00"), D("5.75")), ("FNE", None, 202103, D("100.00"), D(0))]
    donors = EraDonorTotal.objects.filter(ledger=books).order_by("month")
    assert list(donors.values_list("donor__code", "month", "amount_usd")) == [
        ("SWE", 202102, D(50)), ("SWE", 202103, D(100)),
    ]  # fmt: skip


@pytest.mark.parametrize("has_eras", [False, True])
def test_each_state_of_the_books_says_what_was_posted_by_then(books, has_eras):
    if has_eras:
        checkpoints.make(books)
    for _attempt in ("computed", "kept"):
        assert {until: known(books, until) for until in TOLD} == TOLD
    support = {"measure": "programme_support_usd"}
    assert [known(books, n, **support) for n in (1, 2, 5)] == [{}, *[{("FE",): D("5.75")}] * 2]


def test_an_era_ends_before_it_holds_too_much_and_a_large_posting_is_one_by_itself(ledger):
    for size in [2, 2, 2, 2, 2, 2, 2, 3, 2, 2]:
        posting(ledger, *(entry("1.00") for _ in range(size)))
    assert checkpoints.make(ledger) == 6
    assert eras(ledger) == [(0, 6), (6, 7), (7, 8)]
    assert [known(ledger, n) for n in (6, 7, 8, 10)] == [
        {("FNE",): D(12)}, {("FNE",): D(14)}, {("FNE",): D(17)}, {("FNE",): D(21)},
    ]  # fmt: skip


lines = st.tuples(
    st.sampled_from(KINDS), st.sampled_from(["FNE", "FE"]), st.sampled_from(["SWE", "NOR", None]),
    st.sampled_from(["AFRICA", None]),
    st.dates(datetime.date(2020, 11, 1), datetime.date(2021, 12, 31)),
    st.decimals("-1000", "1000", places=2).filter(bool), st.booleans(),
)  # fmt: skip
acts = st.one_of(
    st.lists(lines, min_size=1, max_size=5),  # a posting
    st.integers(0, 9),  # reverse one of those that are there
    st.sampled_from(["close", "keep", "keep one"]),
)
ASKED = [
    *product([REGIONS, ("month",), ("kind", "fund"), DONORS, ("fund", "donor", "month"),
              ("region", "donor")], [""], ["amount_usd"]),
    (("kind", "fund"), "cash", "programme_support_usd"), (REGIONS, "in_kind", "amount_usd"),
    (("fund", "donor"), "", "programme_support_usd"),
]  # fmt: skip


def made(kind, fund, donor, region, day, amount, is_in_kind):
    one = entry(
        str(amount), kind=kind, fund_id=fund, value_date=day, region_id=region, support_rate="0.13",
        donor=Donor.objects.get(code=donor) if donor else None,
        mode="in_kind" if is_in_kind else "cash",
    )  # fmt: skip
    if one.amount_usd % 2:
        one.programme_support_usd = None
    return one


def play(books, given_acts):
    """Do what is told; returns how many postings the books hold."""
    standing, month = [], 202001
    for number, act in enumerate(given_acts):
        if isinstance(act, list):
            lines_of_it = [made(*line) for line in act]
            standing.append(posting(books, *lines_of_it, token=f"p{number}"))
        elif isinstance(act, int) and standing:
            undo(standing.pop(act % len(standing)))
        elif act == "close":
            close(books, month)
            month += 1
        elif isinstance(act, str):
            checkpoints.make(books, most=1 if act == "keep one" else None)
    return Ledger.objects.get(pk=books.pk).sequence


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(acts, min_size=3, max_size=12))
def test_every_state_says_the_same_as_the_entries(reference, given_acts):
    books = factories.ledger()
    last = play(books, given_acts)
    kinds = tuple(sorted(str(kind) for kind in KINDS))
    span = YearMonth(2020, 12), YearMonth(2021, 11)
    for until, (by, mode, measure) in product(range(last + 2), ASKED):
        narrow = Narrow(until=until)
        wanted = Part(books, kinds, by, narrow, mode, measure).from_entries(*span)
        for _attempt in ("computed", "kept"):
            assert grouped(books, kinds, by, *span, narrow, mode=mode, measure=measure) == wanted
    assert list(checkpoints.differences(books)) == []


def cells(books):
    return [
        sorted(table.model._default_manager.filter(ledger=books).values_list(
            "until", *table.key, *table.measures), key=repr)
        for table in checkpoints.TABLES
    ]  # fmt: skip


def test_what_breaks_off_is_gone_on_with_and_comes_out_the_same(ledger, monkeypatch):
    for number in range(1, 14):
        posting(ledger, entry(f"{number}.00"), entry("2.50", region_id="ARAB"))
    assert checkpoints.make(ledger) == 4
    whole = eras(ledger), cells(ledger)
    checkpoints.forget(ledger)
    assert cells(ledger) == [[], []]
    done = []

    def breaks_off(table, era, statement=checkpoints._statement):
        done.append(era)
        if len(done) == 2:
            raise RuntimeError("the machine is switched off")
        return statement(table, era)

    with monkeypatch.context() as patched:
        patched.setattr(checkpoints, "_statement", breaks_off)
        with pytest.raises(RuntimeError):
            checkpoints.make(ledger)
    assert whole[0] == [(0, 6), (6, 12)]
    assert eras(ledger) == [(0, 6)]  # an era without its cells never was
    assert known(ledger, 8) == {("FNE",): D(56)}  # 1 to 8, and eight times 2.50
    assert checkpoints.make(ledger) == 3
    assert (eras(ledger), cells(ledger)) == whole
    assert checkpoints.make(ledger) == 0


def test_the_clock_of_the_jobs_keeps_some_eras_of_every_books(books, monkeypatch):
    other = factories.ledger()
    for _number in range(13):
        posting(other, entry("1.00"))
    monkeypatch.setattr(checkpoints, "ERAS_PER_ROUND", 1)
    assert [checkpoints.make_due() for _round in range(3)] == [2, 2, 0]
    assert (eras(books), eras(other)) == ([(0, 2)], [(0, 12)])


def queries_of(ask):
    with CaptureQueriesContext(connection) as captured:
        answer = ask()
    return len(captured), answer


def test_an_answer_is_kept_and_asks_the_database_for_the_state_alone(books):
    checkpoints.make(books)
    assert queries_of(lambda: known(books, 4)) == (2, TOLD[4])
    assert queries_of(lambda: known(books, 4)) == (1, TOLD[4])
    MonthlyTotal.objects.filter(ledger=books).update(amount_usd=0)
    EraMonthlyTotal.objects.filter(ledger=books).update(amount_usd=0)
    assert known(books, 4) == TOLD[4]
    checkpoints.forget(books)
    checkpoints.make(books)
    assert queries_of(lambda: known(books, 2)) == (2, TOLD[2])


def test_books_that_went_on_otherwise_do_not_answer_for_those_that_were(ledger):
    def told(amount):
        sid = transaction.savepoint()
        posting(ledger, entry(amount), token="the same")
        answer = known(ledger, 1)
        transaction.savepoint_rollback(sid)
        return answer

    assert told("5.00") == {("FNE",): D(5)}
    assert told("6.00") == {("FNE",): D(6)}
    assert known(ledger, 1) == {}  # the books never got there
    posting(ledger, entry("7.00"))
    assert known(ledger, 1) == {("FNE",): D(7)}


def test_what_a_merge_or_a_new_group_may_change_is_never_kept(books, monkeypatch):
    kept = []
    monkeypatch.setattr(earlier.cache, "set", lambda *given, **named: kept.append(given))
    for changeable in ({"donor": "SWE"}, {"donor_type": "C01"}):
        grouped(books, KINDS, ("fund",), *SPAN, Narrow(until=5, **changeable))
    grouped(books, KINDS, ("fund",), *SPAN)
    assert kept == []
    grouped(books, KINDS, ("fund",), *SPAN, Narrow(until=5, region="AFRICA"))
    assert len(kept) == 1


def test_a_region_known_then_is_another_answer_than_all_of_it(books):
    assert known(books, 5) == TOLD[5]
    narrow = Narrow(until=5, region="AFRICA")
    assert dict(grouped(books, KINDS, ("fund",), *SPAN, narrow)) == {("FE",): D(50)}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda books: EraMonthlyTotal.objects.filter(fund="FE").update(amount_usd="51.00"),
         "EraMonthlyTotal ('receipt', 'cash', 'FE', 'AFRICA', 202102) of months 1–2: "
         "kept 51.00, 5.75, entries say 50.00, 5.75"),
        (lambda books: EraDonorTotal.objects.filter(month=202103).delete(),
         "of donors 1–2: kept 0, entries say 100.00"),
        (lambda books: EraDonorTotal.objects.filter(month=202103).update(until=3),
         "EraDonorTotal: 1 cells up to 3 of no era."),
        (lambda books: Era.objects.filter(grain="donors").update(hash="0" * 64),
         "Era of donors 1–2: its hash is not that of posting 2."),
        (lambda books: Era.objects.filter(grain="months").update(after=1),
         "Era of months 2–2: the one before it ends with 0."),
    ],
)  # fmt: skip
def test_a_changed_cell_of_an_era_is_named(books, change, sentence):
    checkpoints.make(books)
    assert list(problems(books)) == []
    change(books)
    assert any(sentence in problem for problem in problems(books)), list(problems(books))


def test_the_command_makes_what_is_missing_and_anew_what_is_there(books):
    def told(*given):
        out = io.StringIO()
        call_command("make_checkpoints", "--books", "T", *given, stdout=out)
        return out.getvalue()

    assert [told(), told(), told("--anew")] == [
        "T: 2 eras added.\n", "T: 0 eras added.\n", "T: 2 eras added.\n",
    ]  # fmt: skip
    with pytest.raises(CommandError, match="no books"):
        call_command("make_checkpoints", "--books", "NONE")


def _makes(books):
    """What one thread does on a connection of its own."""
    try:
        return checkpoints.make(books)
    finally:
        connections.close_all()


@pytest.mark.postgres
def test_two_at_once_keep_each_era_once(committed):
    books = factories.ledger()
    for number in range(40):
        posting(books, entry(f"{number + 1}.00"), entry("2.50", fund_id="FE"))
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(_makes, [books] * 4))
    assert sum(made) == 12
    assert eras(books) == [(n, n + 6) for n in range(0, 36, 6)]
    assert list(checkpoints.differences(books)) == []
