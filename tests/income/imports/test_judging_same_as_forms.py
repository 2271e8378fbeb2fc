"""The same facts, typed into a form or read from a file, become the same entries and rows."""

import datetime
import uuid
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from donors.models import Area, Donor, Region
from income import services
from income.history import post_history
from income.models import (
    Contribution,
    Currency,
    EarmarkingStep,
    Entry,
    Fund,
    Instrument,
    Programme,
)
from income.services import PromisedContribution, ReceivedMoney
from income.services.actors import SYSTEM, Actors
from tests.income.imports.judging_cases import (
    CONTRIBUTION,
    INSTALMENT,
    TODAY,
    accepted,
    canonical,
    described,
    judge_of,
    posted,
    row_of,
    taken,
    written_rows,
)

pytestmark = pytest.mark.django_db
UNNAMED = (CONTRIBUTION, INSTALMENT)  # of another contribution, though of an equal one

days = st.dates(datetime.date(2019, 1, 1), TODAY)
money = st.tuples(st.sampled_from(["USD", "SEK", "JPY", "XAF"]), st.integers(1, 10**9))
facts = st.fixed_dictionaries(
    {
        "money": money, "on": days, "fund": st.sampled_from(["FNE", "FE", "TC"]),
        "year_for": st.none() | st.integers(2018, 2024),
        "earmarking": st.none() | st.sampled_from(["softly_earmarked", "tightly_earmarked"]),
        "area": st.none() | st.sampled_from(["KEN", "SYR"]), "channel": st.booleans(),
        "instrument": st.none() | st.sampled_from(["R02A", "R03E", "R03F"]),
        "due": st.none() | st.dates(datetime.date(2019, 1, 1), datetime.date(2026, 1, 1)),
        "percent": st.none() | st.sampled_from(["0", "7", "8.25", "13"]),
    }
)  # fmt: skip
SOME = {
    "money": ("USD", 100),
    "on": TODAY,
    "fund": "FNE",
    "year_for": None,
    "earmarking": None,
    "area": None,
    "channel": False,
    "instrument": None,
    "due": None,
    "percent": None,
}
SETTINGS = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


def amount_of(told):
    code, units = told["money"]
    currency = Currency.objects.get(code=code)
    return currency, Decimal(units).scaleb(-currency.decimals)


def promise_of(told, **changed):
    """What the form makes of the facts."""
    currency, amount = amount_of(told)
    supported = told["fund"] != "FNE"
    instrument = Instrument.objects.filter(code=told["instrument"]).first()
    in_kind = instrument is not None and instrument.is_in_kind
    rate = Decimal("0.13") if supported and not in_kind else None
    if told["percent"] is not None and supported:
        rate = Decimal(told["percent"]) / 100
    special = rate is not None and told["percent"] is not None and rate != Decimal("0.13")
    area = Area.objects.filter(iso3=told["area"]).first()
    row = {
        "donor": Donor.objects.get(code="SWE"), "fund": Fund.objects.get(code=told["fund"]),
        "title": "Adequate housing", "currency": currency, "amount": amount,
        "promised_on": told["on"], "instrument": instrument, "area": area,
        "region": area.region if area else None, "year_for": told["year_for"],
        "earmarking": EarmarkingStep.objects.filter(code=told["earmarking"]).first(),
        "channel": Donor.objects.get(code="NOR") if told["channel"] else None,
        "support_rate": rate, "support_reason": "As agreed" if special else "",
        "valuation_method": "As agreed" if in_kind else "", "reference": "SIDA 12",
    }  # fmt: skip
    return PromisedContribution(**{**row, **changed})


def cells_of(told):
    """The same facts as a row of a file."""
    code, _units = told["money"]
    percent = told["percent"] if told["fund"] != "FNE" else None
    return {
        "donor": "Sweden", "fund": told["fund"], "amount": amount_of(told)[1], "currency": code,
        "date": told["on"], "year_for": told["year_for"], "earmarking": told["earmarking"],
        "area": told["area"], "channel": "Norway" if told["channel"] else None,
        "instrument": told["instrument"], "due_on": told["due"], "support_rate": percent,
        "note": "As agreed", "title": "Adequate housing", "reference": "SIDA 12",
    }  # fmt: skip


def assert_same(row, posting, ledger, **changed):
    entries = posted(posting)
    assert canonical(row.lines, skips=UNNAMED) == canonical(entries, skips=UNNAMED)
    assert row.month == posting.booked_month
    theirs = described(entries[0].contribution)
    assert written_rows(row, ledger) == {**theirs, **changed}
    mine = [(bool(line.contribution_id), bool(line.instalment_id)) for line in row.lines]
    assert mine == [(bool(e.contribution_id), bool(e.instalment_id)) for e in entries]


@pytest.fixture
def judge(ledger):
    """Judges rows of the kind, all of them with the same columns; made once for a test."""
    fields = [*cells_of(SOME), "bank_charge"]
    made = {}

    def row(kind, cells):
        if kind not in made:
            made[kind] = judge_of(ledger, fields, kind=kind)
        return taken(row_of(made[kind], cells))

    return row


@given(facts)
@SETTINGS
def test_a_pledge(ledger, judge, officer, reviewer, told):
    actors = Actors(officer, reviewer)
    posting = services.record_pledge(
        ledger, promise_of(told), token=uuid.uuid4().hex, today=TODAY, actors=actors
    )
    row = judge("pledge", cells_of(told))
    assert_same(row, posting, ledger)


@given(facts)
@SETTINGS
def test_a_signed_agreement(ledger, judge, officer, reviewer, told):
    _currency, amount = amount_of(told)
    schedule = [(told["due"], amount)] if told["due"] else []
    posting = services.sign_agreement(
        ledger, promise_of(told, schedule=schedule), token=uuid.uuid4().hex, today=TODAY,
        actors=Actors(officer, reviewer),
    )  # fmt: skip
    row = judge("agreement", cells_of(told))
    assert_same(row, posting, ledger)


@given(facts, st.booleans())
@SETTINGS
def test_a_gift_with_what_the_bank_kept(ledger, judge, officer, reviewer, told, charged):
    currency, amount = amount_of(told)
    unit = Decimal(1).scaleb(-currency.decimals)
    charge = 7 * unit if charged else None
    earmarking = told["earmarking"] or ("unearmarked" if told["fund"] == "FNE" else None)
    promise = promise_of({**told, "earmarking": earmarking}, amount=amount + (charge or 0))
    received = ReceivedMoney(
        currency, amount, told["on"], year_for=told["year_for"], bank_charge=charge,
        bank_reference="SIDA 12",
    )  # fmt: skip
    posting = services.record_gift(
        ledger, promise, received, token=uuid.uuid4().hex, today=TODAY,
        actors=Actors(officer, reviewer),
    )  # fmt: skip
    row = judge("receipt", {**cells_of(told), "bank_charge": charge})
    assert_same(row, posting, ledger)


@pytest.mark.parametrize("kind", ["allotment", "support"])
def test_what_finance_reports(ledger, kind):
    on = datetime.date(2022, 3, 4)
    act = services.record_allotment if kind == "allotment" else services.record_support_income
    day = {"allotted_on" if kind == "allotment" else "earned_on": on}
    posting = act(
        ledger, amount_usd=Decimal("1234567.89"), note="Memo", token="t", today=TODAY,
        actors=SYSTEM, **day,
    )  # fmt: skip
    row = accepted(ledger, kind, {"date": "2022-03-04", "amount_usd": "1,234,567.89"})
    assert canonical(row.lines) == canonical(posted(posting))
    assert (row.promise, row.donor, row.month) == (None, "", 202203)


def test_audited_revenue_as_the_history_posts_it(ledger, tmp_path):
    (tmp_path / "history_by_donor.csv").write_text(
        "year,donor,fund,instrument,amount_usd,source\n"
        "2015,SWE,EARMARKED,R03,1000.50,ceb-subagency\n"
        "2015,NOR,FNE,R02,-20,ceb-subagency\n"
    )
    (tmp_path / "history_by_fund.csv").write_text(
        "year,fund,amount_usd,source\n2015,EARMARKED,1500.50,ceb-subagency\n"
    )
    post_history(ledger, Path(tmp_path))
    rows = [
        {"year": 2015, "donor": "Sweden", "fund": "FE_TC", "instrument": "R03",
         "amount_usd": "1000.50"},
        {"year": 2015, "donor": "Norway", "fund": "FNE", "instrument": "R02", "amount_usd": "-20"},
        {"year": 2015, "donor": None, "fund": "FE_TC", "instrument": "R03", "amount_usd": 500},
    ]  # fmt: skip
    lines = [accepted(ledger, "audited", row).lines[0] for row in rows]
    history = list(Entry.objects.filter(ledger=ledger).order_by("line"))
    by_donor = {str(entry.donor_id): entry for entry in history}
    wanted = [by_donor[str(line.donor_id)] for line in lines]
    rest = [entry for entry in history if entry.donor_id is None and entry.fund_id == "EARMARKED"]
    assert canonical(lines) == canonical([*wanted[:2], *rest])


def test_a_programme_and_a_region_stand_in_entries_and_contribution(ledger):
    told = {
        "donor": "Sweden", "fund": "FE", "amount": 100, "currency": "USD", "date": "2022-03-04",
        "programme": "RISE_UP", "region": Region.objects.order_by("order")[0].code,
    }  # fmt: skip
    row = accepted(ledger, "agreement", told)
    wanted = (Programme.objects.get(code="RISE_UP").pk, told["region"])
    assert {(line.programme_id, line.region_id) for line in row.lines} == {wanted}
    written_rows(row, ledger)
    made = Contribution.objects.get(pk=row.lines[0].contribution_id)
    assert (made.programme_id, made.region_id) == wanted
