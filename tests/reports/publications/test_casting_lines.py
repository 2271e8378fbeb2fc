"""The lines between the bases, and between the Board's table and the IATI file, worked by hand."""

import datetime
from decimal import Decimal

import pytest
from django.db import transaction

from donors.models import Donor
from income.demonstration.books import LAST_CLOSED, load_books
from income.models import Ledger
from income.periods import YearMonth
from income.vocabulary import Kind, Mode
from reports.figures.scope import Scope
from reports.iati.ledger_sums import ledger_sums
from reports.open.state import Published
from reports.publications import pledges
from reports.publications.asking import Asked
from reports.publications.bridging import bridge_year, years_held
from reports.publications.casting import left_out
from reports.publications.covering import covered
from reports.publications.preparing import prepare
from reports.publications.publishing import publish
from reports.publications.stored import of_plain
from reports.updates.stored import StoredRow
from tests import board_factories, factories
from tests.reports import update_cases as cases

D = Decimal
MARCH = cases.MARCH
pytestmark = pytest.mark.django_db  # so that the file can be run alone


def posted(ledger, usd, on, *, kind=Kind.RECEIPT, contribution=None, **more):
    day = datetime.date.fromisoformat(on)
    row = {"donor": Donor.objects.get(code="SWE"), "fund_id": "FE", **more}
    if kind == Kind.ALLOTMENT:
        row["donor"] = None
    entry = factories.entry(usd, kind=kind, value_date=day, contribution=contribution, **row)
    factories.posting(ledger, entry, booked_month=YearMonth.of(day))


def promise(ledger, **promised):
    """A contribution of Sweden's with `pledged` and `agreed` as {day: US dollars}."""
    made = factories.contribution(ledger=ledger, donor=Donor.objects.get(code="SWE"))
    for kind in (Kind.PLEDGE, Kind.AGREEMENT):
        for on, usd in promised.get(kind.value, {}).items():
            posted(ledger, usd, on, kind=kind, contribution=made)
    return made


@pytest.fixture
def promises(ledger):
    """One contribution for each line, in 2021."""
    promise(ledger, pledge={"2021-02-01": "1.00"})
    promise(ledger, pledge={"2021-02-01": "20.00"}, agreement={"2022-03-01": "20.00"})
    promise(ledger, pledge={"2021-02-01": "300.00"}, agreement={"2020-03-01": "300.00"})
    promise(ledger, pledge={"2021-02-01": "4000.00"}, agreement={"2021-05-01": "4500.00"})
    promise(ledger, pledge={"2020-02-01": "60000.00"}, agreement={"2021-05-01": "60000.00"})
    promise(ledger, agreement={"2021-05-01": "700000.00"})
    promise(ledger, pledge={"2019-02-01": "9.00"}, agreement={"2020-02-01": "9.00"})
    ledger.refresh_from_db()
    return ledger


def test_each_promise_stands_in_one_line_between_pledged_and_agreed(promises):
    found = pledges.pledge_lines(Scope(promises), 2021)
    assert {code: sum(parts.values()) for code, parts in found.items()} == {
        pledges.NOT_AGREED: D("-1.00"),
        pledges.AGREED_LATER: D("-20.00"),
        pledges.AGREED_BEFORE: D("-300.00"),
        pledges.OTHER_AMOUNT: D("500.00"),
        pledges.OF_EARLIER: D("60000.00"),
        pledges.WITHOUT: D("700000.00"),
    }


def test_pledged_and_the_lines_are_agreed(promises):
    found = bridge_year(promises, 2021, promises.sequence, YearMonth(2021, 12))
    rows = {row.code: row.amount_usd for row in found.rows}
    # 1 + 20 + 300 + 4,000; and 4,500 + 60,000 + 700,000
    assert (rows["pledge"], rows["agreement"]) == (D("4321.00"), D("764500.00"))
    check = next(one for one in found.checks if one.code == "bridge_pledge_agreement")
    assert check.left == check.right == D("764500.00")
    assert all(check.holds for check in found.checks)


def test_the_bridge_is_of_the_books_as_known_at_the_sequence(promises):
    before = promises.sequence
    promise(promises, pledge={"2021-06-01": "1000000.00"})
    promises.refresh_from_db()
    then, now = (
        {row.code: row.amount_usd for row in bridge_year(promises, 2021, until, MARCH).rows}
        for until in (before, promises.sequence)
    )
    assert now["pledge"] - then["pledge"] == D("1000000.00")
    assert list(years_held(promises, before, YearMonth(2021, 12))) == [2019, 2020, 2021]


def frame(ledger):
    ledger.refresh_from_db()
    update = board_factories.monthly_update(
        ledger=ledger, state="published", sequence=ledger.sequence, published_by=factories.user(),
        published_at=cases.ON_15_APRIL,
    )  # fmt: skip
    return Published(update)


def told(fund, usd):
    return StoredRow(fund, False, (fund,), D(usd), None, None)


def test_what_the_table_holds_and_the_file_does_not_and_the_other_way_round(ledger):
    posted(ledger, "50.00", "2021-01-10", kind=Kind.ALLOTMENT, fund_id="RB")
    posted(ledger, "1000.00", "2021-02-10")
    posted(ledger, "-100.00", "2021-03-10")  # taken back
    posted(ledger, "30.00", "2021-02-11", mode=Mode.IN_KIND)
    posted(ledger, "7.00", "2020-12-10")
    posted(ledger, "200.00", "2021-03-01", currency_id="EUR", units_per_usd="0.8")  # US$ 250
    posted(ledger, "999.00", "2021-03-02", currency_id="EUR")  # no rate
    state = frame(ledger)
    found = covered(state, [told("RB", "50.00"), told("FE", "1150.00")], ledger_sums(state))
    assert [(row.fund, row.code, row.amount_usd) for row in found.rows] == [
        ("RB", "table", D("50.00")), ("RB", "allotted", D("-50.00")), ("RB", "file", D(0)),
        ("FE", "table", D("1150.00")), ("FE", "not_cash", D("30.00")),
        ("FE", "earlier_years", D("7.00")), ("FE", "file", D("1187.00")),
    ]  # fmt: skip
    assert all(check.holds for check in found.checks)
    euros = next(one for one in found.currencies if one.currency == "EUR")
    assert (euros.file, euros.not_converted, euros.not_converted_count) == (D(1199), D(999), 1)
    assert (euros.converted, euros.converted_usd) == (D(200), D("250.00"))
    (left,) = left_out(ledger, state.sequence, state.as_at)
    assert (left.kind, left.cell.currency, left.cell.amount) == ("receipt", "EUR", D(999))


def test_a_cent_between_the_table_and_the_file_is_found(ledger):
    posted(ledger, "1000.00", "2021-02-10")
    state = frame(ledger)
    (check,) = covered(state, [told("FE", "1000.01")], ledger_sums(state)).checks
    assert (check.holds, check.difference) == (False, D("0.01"))


def test_money_in_a_fund_without_a_row_of_the_table_is_found(ledger):
    posted(ledger, "1000.00", "2021-02-10")
    state = frame(ledger)
    (check,) = covered(state, [], ledger_sums(state)).checks
    assert (check.fund, check.left, check.right) == ("FE", D(0), D(1000))


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    """The casting of the demonstration's IATI files, and what it was published with."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_books()
        books = Ledger.objects.get(code="DEMO")
        with pytest.MonkeyPatch.context() as patched:
            cases.without_documents(patched)
            update = cases.prepared(books, LAST_CLOSED)
        update.state, update.published_by = "published", factories.user(role="reviewer")
        update.published_at = datetime.datetime(2022, 1, 20, 9, tzinfo=datetime.UTC)
        update.save()
        made = prepare(Asked(books, "iati", LAST_CLOSED), by=update.prepared_by)
        publish(made, by=update.published_by, at=update.published_at)
        yield made, of_plain(made.casting)
        transaction.set_rollback(True)


def test_the_demonstration_casts(demonstration):
    made, casting = demonstration
    assert made.is_cast
    assert (casting.failing, casting.problem_count) == ((), 0)


def test_the_table_of_the_demonstration_leads_to_its_file(demonstration):
    _made, casting = demonstration
    rows = {(row.fund, row.code): row.amount_usd for row in casting.table}
    # Received in 2021 (section 4 of the 2022 report), with 2020 before it.
    assert rows["FNE", "table"] == D("2900000.00")
    assert rows["FNE", "earlier_years"] == D("5270731.94")
    assert rows["FNE", "file"] == D("8170731.94")
    assert rows["RB", "table"] == -rows["RB", "allotted"] == D("14200000.00")
    assert rows["TC", "file"] == D("144800000.00")


def test_the_bridge_of_the_demonstration_leads_from_pledged_to_received(demonstration):
    _made, casting = demonstration
    rows = {r.code: r.amount_usd for r in casting.bridge if (r.year, r.fund) == (2021, "FNE")}
    assert rows["pledge"] == D("543906.06")
    assert rows["agreement"] == D("2606641.52")
    assert rows["due"] == D("2606641.52")
    assert rows["without_instalment"] == D("293358.48")
    assert rows["receipt"] == D("2900000.00")
