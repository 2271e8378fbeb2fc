"""Closing a month: the checklist, its order, its notes, and that it is for good."""

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent, User
from income.closing import Item, checklist, day_of
from income.errors import MonthClosed, NotAllowed
from income.models import Ledger, Month
from income.periods import YearMonth
from income.services import close_checked_month
from income.vocabulary import DraftState, Kind, ParkedState
from tests import factories

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
MARCH, FEBRUARY = YearMonth(2021, 3), YearMonth(2021, 2)
AT = datetime.datetime(2021, 4, 8, 9, tzinfo=datetime.UTC)
DAY = AT.date()


@pytest.fixture
def books(reference: None) -> Ledger:
    return Ledger.objects.get(code="UNH")


def item(ledger: Ledger, key: str, month: YearMonth = MARCH) -> Item:
    ledger.refresh_from_db()
    return next(one for one in checklist(ledger, month, DAY).items if one.key == key)


def plain(item: Item) -> list[str]:
    return [detail.replace("\u00a0", " ") for detail in item.details]


def test_quiet_books_have_nothing_but_the_export_to_look_at(ledger: Ledger) -> None:
    counts = checklist(ledger, MARCH, DAY).counts
    assert counts == {
        "earlier_months": 0, "parked": 0, "not_converted": 0, "drafts": 0,
        "receipts_without_instalment": 0, "overdue": 0, "erp": 1, "adjustments": 0,
    }  # fmt: skip
    assert plain(item(ledger, "erp")) == ["No export of the month was loaded."]


def test_parked_money_up_to_the_month_is_counted_by_currency(ledger: Ledger) -> None:
    factories.parked_receipt(ledger=ledger, amount=Decimal("70.50"))
    factories.parked_receipt(ledger=ledger, amount=Decimal(30))
    factories.parked_receipt(ledger=ledger, amount=Decimal(900), currency_id="SEK")
    factories.parked_receipt(ledger=ledger, received_on=datetime.date(2021, 4, 1))
    factories.parked_receipt(
        ledger=ledger, state=ParkedState.RETURNED, settled_on=datetime.date(2021, 3, 9)
    )
    found = item(ledger, "parked")
    assert (found.count, plain(found)) == (3, ["SEK 900.00", "USD 100.50"])


def test_records_without_a_rate_are_told_by_kind_and_currency(ledger: Ledger) -> None:
    factories.posting(
        ledger,
        factories.entry("500.00", currency_id="SEK"),
        factories.entry("7.00", currency_id="SEK", kind=Kind.PLEDGE),
    )
    found = item(ledger, "not_converted")
    assert (found.count, plain(found)) == (2, ["Pledge: 1 · SEK 7.00", "Receipt: 1 · SEK 500.00"])


def test_drafts_about_a_day_up_to_the_month_are_counted_by_state(ledger: Ledger) -> None:
    for day, state in (
        ("2021-03-31", DraftState.SUBMITTED), ("04.02.2021", DraftState.OPEN),
        ("2021-04-01", DraftState.SUBMITTED), ("", DraftState.SUBMITTED),
    ):  # fmt: skip
        factories.draft(ledger=ledger, payload={"received_on": day}, state=state)
    found = item(ledger, "drafts")
    assert (found.count, plain(found)) == (2, ["Being written: 1", "Waiting for review: 1"])
    assert day_of({"promised_on": "2021-02-30"}) is None


def test_receipts_without_an_instalment_and_what_is_overdue(ledger: Ledger) -> None:
    promised = factories.contribution(ledger=ledger, fund_id="FNE")
    part = factories.instalment(contribution=promised, amount=Decimal(100))
    factories.posting(
        ledger,
        factories.entry("100.00", kind=Kind.DUE, contribution=promised, instalment=part),
        factories.entry("40.00", contribution=promised, credited_amount=Decimal(40)),
        factories.entry(
            "25.00", contribution=promised, instalment=part, credited_amount=Decimal(25)
        ),
    )
    assert plain(item(ledger, "receipts_without_instalment")) == ["USD 40.00"]
    found = item(ledger, "overdue")
    assert (found.count, plain(found)) == (1, ["USD 75.00"])
    assert item(ledger, "overdue", FEBRUARY).is_clear


def test_what_is_booked_for_closed_months_is_told_per_fund(ledger: Ledger) -> None:
    factories.month(ledger=ledger, month=FEBRUARY.key, sequence=0)
    day = datetime.date(2021, 2, 9)
    factories.posting(
        ledger,
        factories.entry("100.00", value_date=day),
        factories.entry("-30.00", value_date=day),
        factories.entry("5.00", value_date=day, fund_id="FE"),
        factories.entry("9.00"),
        factories.entry("8.00", value_date=datetime.date(2021, 1, 9)),  # of a month still open
    )
    found = item(ledger, "adjustments")
    assert found.count == 3
    assert plain(found) == ["Receipt, FE: 1 · US$ 5.00", "Receipt, FNE: 2 · US$ 70.00"]


def test_months_are_closed_in_their_order(ledger: Ledger, reviewer: User) -> None:
    factories.posting(ledger, booked_month=FEBRUARY)
    found = checklist(ledger, MARCH, DAY)
    assert [one.key for one in found.blocking] == ["earlier_months"]
    with pytest.raises(NotAllowed, match="February 2021 first"):
        close_checked_month(ledger, MARCH, looked_at=answers(ledger), by=reviewer, at=AT)
    close_checked_month(ledger, FEBRUARY, looked_at=answers(ledger, FEBRUARY), by=reviewer, at=AT)
    close_checked_month(ledger, MARCH, looked_at=answers(ledger), by=reviewer, at=AT)
    assert set(Month.objects.values_list("month", flat=True)) == {202102, 202103}


def answers(ledger: Ledger, month: YearMonth = MARCH, **changed: str) -> dict[str, str]:
    found = checklist(ledger, month, DAY)
    return {
        **{one.key: "" if one.is_clear else "Known." for one in found.to_look_at}, **changed,
    }  # fmt: skip


def test_what_is_not_clear_needs_a_note_and_every_line_a_look(
    ledger: Ledger, reviewer: User, officer: User
) -> None:
    def close(looked_at: dict[str, str], by: User = reviewer) -> Month:
        return close_checked_month(ledger, MARCH, looked_at=looked_at, by=by, at=AT)

    with pytest.raises(NotAllowed, match="is not clear"):
        close(answers(ledger, erp=" "))
    with pytest.raises(NotAllowed, match="Look at"):
        close({})
    with pytest.raises(NotAllowed, match="may not close months"):
        close(answers(ledger), officer)
    close(answers(ledger, erp="The ERP is late this month."))
    said = AuditEvent.objects.get(act="close_month").after
    assert said["checklist"]["erp"] == 1
    assert said["notes"] == {"erp": "The ERP is late this month."}
    with pytest.raises(MonthClosed):
        close(answers(ledger))
    with pytest.raises(MonthClosed):
        factories.posting(ledger)


def test_the_page_closes_a_month_only_when_everything_was_looked_at(
    books: Ledger, reviewer: User, officer: User, client_of: ClientOf
) -> None:
    factories.posting(books)
    address = "/income/months/UNH/2021-03/"
    assert "Close March 2021 for good" in client_of(reviewer).get(address).content.decode()
    assert "Close March 2021 for good" not in client_of(officer).get(address).content.decode()
    refused = client_of(reviewer).post(f"{address}close/", {"note_erp": "Late."})
    assert refused.status_code == 422
    assert refused.context["form"]["note_erp"].value() == "Late."
    assert not Month.objects.exists()
    keys = [one.key for one in checklist(books, MARCH, DAY).to_look_at]
    typed = {f"looked_{key}": "on" for key in keys} | {"note_erp": "Late."}
    client_of(reviewer).post(f"{address}close/", typed)
    assert Month.objects.get().month == 202103
    page = client_of(reviewer).get(address).content.decode()
    assert "Late." in page
    assert "for good</button>" not in page


def test_the_checklist_costs_the_same_however_much_there_is(ledger: Ledger) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            checklist(ledger, MARCH, DAY)
        return len(counted)

    export = factories.erp_export(ledger=ledger)
    factories.erp_line(export=export)
    factories.posting(ledger)
    before = queries()
    for number in range(3, 9):
        factories.erp_line(export=export, row=number)
        factories.posting(ledger, factories.entry("5.00", currency_id="SEK"))
        factories.parked_receipt(ledger=ledger)
        factories.draft(ledger=ledger, payload={"received_on": "2021-03-04"})
        promised = factories.contribution(ledger=ledger)
        part = factories.instalment(contribution=promised)
        factories.posting(
            ledger, factories.entry(kind=Kind.DUE, contribution=promised, instalment=part)
        )
    assert queries() == before
    assert before <= 18
