"""Real files as they were found: their totals are those of the books afterwards."""

import csv
import io
import lzma
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.models import Sum

from income.history import post_history
from income.imports.loading import Asked, load
from income.ledger.verification import problems
from income.models import Contribution, DonorTotal, Entry, Import, Ledger, Posting
from income.reference import REAL_BOOKS
from tests import factories

SAMPLES = Path(settings.BASE_DIR) / "fixtures" / "samples"
FUND_OF = {"FE_TC": "EARMARKED"}
D = Decimal
# Names that look like those of other donors: a person says that they are others.
LIKE_OTHERS = [
    "Global Environment Facility (thru UNDP or UNEP)", "Private donor", "Global Fund to Fight",
    "The Global Fund", "American Samoa", "The Joint United Nations Programme on HIV/AIDS",
    "United States of America National commission",
]  # fmt: skip


@pytest.fixture
def sample(tmp_path):
    def opened(name):
        file = tmp_path / name
        file.write_bytes(lzma.decompress((SAMPLES / f"{name}.xz").read_bytes()))
        return file

    return opened


def rows_of(file):
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))


def the_books():
    return Ledger.objects.get(code=REAL_BOOKS)


def sums(rows, *names):
    found = defaultdict(Decimal)
    for row in rows:
        found[tuple(row[name] for name in names)] += D(row["amount_usd"])
    return {key: amount for key, amount in found.items() if amount}


@pytest.mark.whole
def test_revenue_of_fifteen_agencies_goes_into_fifteen_books(sample, officer, reviewer, today):
    file = sample("sister_agency_income_by_donor.csv")
    rows = rows_of(file)
    assert len(rows) == 34_247
    asked = Asked(
        file=file, books=the_books(), by=officer, approved_by=reviewer, posts=True,
        adds_donors=True, opens_books=True, donors=dict.fromkeys(LIKE_OTHERS, "new"),
    )  # fmt: skip
    # Revenue of 2023 and 2024 lies in the future of the tests' own day.
    done = load(asked, today=today.replace(year=2025))
    report = done.report
    assert (report.rows, report.failing, report.zero) == (34_247, 0, 2)
    assert report.accepted == 34_245
    agencies = {row["entity"] for row in rows}
    assert len(agencies) == 15
    books = {one.name: one for one in Ledger.objects.exclude(code=REAL_BOOKS)}
    assert agencies <= set(books)
    posted = defaultdict(Decimal)
    for name in agencies:
        totals = DonorTotal.objects.filter(ledger=books[name], kind="audited")
        for year, fund, amount in totals.values_list("year", "fund", "amount_usd"):
            posted[name, str(year), fund] += amount
    expected = sums(
        [{**row, "fund": FUND_OF.get(row["fund"], row["fund"])} for row in rows],
        "entity", "year", "fund",
    )  # fmt: skip
    assert {key: amount for key, amount in posted.items() if amount} == expected
    assert Entry.objects.filter(ledger__in=books.values()).count() == 34_245
    for ledger in books.values():
        assert list(problems(ledger)) == []
    again = load(asked, today=today.replace(year=2025))
    assert (again.report.accepted, again.report.in_books) == (0, 34_245)
    assert again.postings == ()


def test_the_agencys_own_revenue_stands_in_the_books_already(sample, officer, reviewer, today):
    call_command("load_history", verbosity=0)
    books, file = the_books(), sample("income_by_donor.csv")
    before = Posting.objects.count()
    asked = Asked(file=file, books=books, by=officer, approved_by=reviewer, posts=True)
    done = load(asked, today=today)
    assert done.status == "checked"
    assert (done.report.rows, done.report.accepted, done.report.failing) == (639, 0, 0)
    assert done.report.similar + done.report.zero == 639
    assert Posting.objects.count() == before
    assert not Import.objects.exists()


def test_the_agencys_own_revenue_imported_gives_the_totals_of_the_history(
    sample, officer, reviewer, today
):
    books, file = the_books(), sample("income_by_donor.csv")
    asked = Asked(file=file, books=books, by=officer, approved_by=reviewer, posts=True)
    done = load(asked, today=today)
    assert done.report.failing == 0
    other = factories.ledger(code="H", name="Loaded")
    post_history(other)

    def named(ledger):
        rows = DonorTotal.objects.filter(ledger=ledger, donor__isnull=False).exclude(amount_usd=0)
        return set(rows.values_list("donor", "fund", "year", "amount_usd"))

    assert named(books) == named(other)
    assert list(problems(books)) == []


def money_of(row):
    """What counts: the original amount where there is one, else the US dollars."""
    original = D(row["originalAmount"] or 0)
    return (row["originalCurrency"], original) if original else ("USD", D(row["amountUSD"]))


def flows(rows, *statuses):
    found = defaultdict(Decimal)
    for row in rows:
        currency, amount = money_of(row)
        if row["status"] in statuses:
            found[currency] += amount
    return dict(found)


def test_flows_of_the_financial_tracking_service(sample, officer, reviewer, today):
    file, books = (
        sample("fts_contributions_2020_jor_pse.csv"),
        factories.ledger(code="FTS", name="Flows"),
    )
    rows = rows_of(file)
    asked = Asked(
        file=file, books=books, by=officer, approved_by=reviewer, posts=True, is_partial=True,
        constants={"fund": "FE", "note": "As reported to FTS"},
        donors={row["srcOrganization"]: "new" for row in rows},
    )  # fmt: skip
    report = load(asked, today=today).report
    empty = [row for row in rows if not money_of(row)[1]]
    lost = [row for row in rows if row["originalAmount"] == "0" and row not in empty]
    told = [row for row in rows if row not in empty]
    nobodys = [row for row in told if not row["srcOrganization"]]
    private = [
        row for row in told
        if row["status"] == "commitment" and row["srcOrganizationTypes"].startswith("Private")
    ]  # fmt: skip
    long = [row for row in told if len(row["refCode"]) > 80]
    stopped = [row["id"] for row in [*nobodys, *private, *long]]
    right = [row for row in told if row["id"] not in stopped]
    cut = [row for row in told if len(row["description"]) > 300]
    assert [len(one) for one in (rows, empty, lost, nobodys, private, long)] == [
        776, 56, 8, 3, 4, 3,
    ]  # fmt: skip
    assert (report.rows, report.zero, report.failing) == (776, 56, 10)
    assert report.accepted == len(right) == 710
    counts = report.problem_counts
    assert (counts["missing_donor"], counts["not_cleared"], counts["too_long"]) == (3, 4, 3)
    assert (counts["zero_beside_dollars"], counts["shortened"]) == (8, len(cut))
    assert report.contributions == Contribution.objects.filter(ledger=books).count() == 710

    def posted(kind):
        entries = Entry.objects.filter(ledger=books, kind=kind).values_list("currency")
        return dict(entries.annotate(Sum("amount")))

    assert posted("receipt") == flows(right, "paid")
    assert posted("agreement") == posted("due") == flows(right, "paid", "commitment")
    assert posted("pledge") == flows(right, "pledge")
    in_kind = {row["id"] for row in right if row["contributionType"] == "in kind"}
    assert len(in_kind) == 21
    valued = Contribution.objects.filter(ledger=books, mode="in_kind")
    assert set(valued.values_list("valuation_method", flat=True)) == {"As reported to FTS"}
    assert valued.count() == 21
    assert list(problems(books)) == []
