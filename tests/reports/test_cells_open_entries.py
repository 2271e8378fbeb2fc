"""Every amount that leads to its entries is their sum, to the cent.

Books of three years are made by a seeded draw: donors (one unnamed, one merged, one an agency),
funds, regions, countries, programmes, instruments, refunds, money in kind, and money without a
rate. The pages are asked in exact units by staff and by the Board, and two hundred of the amounts
that lead to entries are added up again from the entries themselves.
"""

import datetime
import random
import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.db.models import Sum
from django.http import QueryDict
from django.urls import reverse

from donors.models import Donor
from donors.naming import may_ask_for
from income.entry_filter import EntryFilter
from income.models import Entry, Ledger
from income.vocabulary import Kind
from tests import factories
from tests.reports.block_books import given
from tests.reports.hand_made import allotted, audited

pytestmark = pytest.mark.django_db

SAMPLE = 200
SHARE = "Of which programme support expected"
MONEY = re.compile(r"^−?[\d,]+\.\d\d$")
FUNDS = ("FNE", "FE", "TC", "EARMARKED", "OTHER")
DONORS = ("SWE", "NOR", "JPN", "DEU", "FRA", "KEN", "CHE", "KFW", "EU", None)
AREAS = ("KEN", "SOM", "UGA", "BRA", "IND", "COL", "EGY", "PHL", "HTI", "IRQ", "LBN", "MEX",
         "NPL", "PER", "RWA", "SDN", "SYR", "")  # fmt: skip
PURPOSES = {
    "programme": ("", "", "RISE_UP", "SDG_CITIES"),
    "instrument": ("", "R02A", "R03", "R03A", "R03B", "R03E", "R04C", "R05"),
    "step": ("", "unearmarked", "softly_earmarked", "earmarked", "tightly_earmarked"),
    "area": AREAS,
    "region": ("", "AFRICA", "ARAB", "ASIA_PACIFIC"),
}
QUESTIONS = (
    {},
    {"as_at": "2021-12"},
    {"as_at": "2021-05", "level": "parent"},
    {"as_at": "2021-09", "level": "group"},
    {"as_at": "2022-06", "region": "AFRICA"},
    {"as_at": "2022-06", "region": "none"},
    {"as_at": "2021-12", "programme": "RISE_UP"},
    {"as_at": "2021-12", "group": "C01"},
    {"as_at": "2022-04", "known": "2"},
    {"as_at": "2021-12", "known": "1", "region": "ARAB"},
    {"basis": "audited", "as_at": "2021-12"},
    {"basis": "audited", "as_at": "2020-12"},
)


class Cells(HTMLParser):
    """Every table cell that leads somewhere: its row's name, where it leads, its text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self.in_cell, self.in_name, self.name, self.href = False, False, "", ""

    def handle_starttag(self, tag, attrs):
        if tag == "th":
            self.in_name, self.name = True, ""
        if tag == "td":
            self.in_cell, self.in_name = True, False
        if tag == "a" and self.in_cell:
            self.href, self.text = dict(attrs).get("href") or "", ""

    def handle_data(self, data):
        if self.href:
            self.text += data
        elif self.in_name:
            self.name += data

    def handle_endtag(self, tag):
        if tag == "a" and self.href:
            self.found.append((self.name.strip(), self.href, self.text.strip()))
            self.href = ""
        if tag == "td":
            self.in_cell = False


def receipts(dice, year, months, count):
    for _place in range(count):
        cents = dice.randint(1_00, 9_000_000_00) * dice.choice((1, 1, 1, 1, 1, -1))
        day = datetime.date(year, dice.randint(1, months), dice.randint(1, 28)).isoformat()
        said = {name: dice.choice(codes) for name, codes in PURPOSES.items()}
        millions = Decimal(cents) / 100_000_000
        entry = given(str(millions), dice.choice(FUNDS), dice.choice(DONORS), day, **said)
        if dice.random() < 0.05:
            entry.mode = "in_kind"
        yield entry


def yearly(dice):
    for year in (2020, 2021):
        for donor in ("SWE", "NOR", "JPN", None):
            for fund in ("FNE", "FE", "TC"):
                yield audited(str(Decimal(dice.randint(1, 900_000)) / 100_000), fund, donor, year)


@pytest.fixture
def books(ledger, settings):
    settings.PORTAL_BOOKS = "T"
    dice = random.Random(20211231)
    kfw, germany = Donor.objects.get(code="KFW"), Donor.objects.get(code="DEU")
    factories.posting(ledger, allotted("15.0", "2020-01-15"), *receipts(dice, 2020, 12, 90))
    factories.posting(ledger, allotted("14.2", "2021-01-15"), *receipts(dice, 2021, 12, 140))
    support = given("0.7", "PS", None, "2021-05-05")
    support.kind = Kind.PROGRAMME_SUPPORT
    without_rate = factories.entry(
        "500.00", currency_id="KES", value_date=datetime.date(2022, 2, 1), fund_id="FE"
    )
    factories.posting(ledger, support, without_rate, *receipts(dice, 2022, 6, 110), *yearly(dice))
    Donor.objects.filter(pk=kfw.pk).update(merged_into=germany, merged_on="2021-07-01")
    Donor.objects.filter(code="FRA").update(is_unnamed=True)
    Donor.objects.filter(code="NOR").update(parent=Donor.objects.get(code="SWE"))
    other = factories.ledger(code="OTHER-BOOKS")
    factories.posting(other, *receipts(dice, 2021, 12, 5))
    ledger.refresh_from_db()
    return ledger


def page(books, client, user, asked):
    """The dashboard, with its blocks, in exact units."""
    factories.sign_in(client, user)
    response = client.get(reverse("dashboard"), {"books": books.code, "units": "exact", **asked})
    assert response.status_code == 200
    html = response.content.decode()
    assert 'id="concentration-table-caption"' in html
    return html


def amounts(html):
    """Amounts that lead to the list of entries."""
    parser = Cells()
    parser.feed(html)
    start = reverse("entry_list") + "?"
    return [(name, href, text) for name, href, text in parser.found
            if href.startswith(start) and MONEY.match(text)]  # fmt: skip


def behind(name, href, user, today):
    """What the entries add up to that the reader finds behind the address.

    Of programme support expected in receipts the entries hold the share in a column of its own.
    """
    query = QueryDict(href.partition("?")[2])
    asked = EntryFilter.parse(query, besides=()).read_by(user)
    assert not asked.misunderstood, href
    assert may_ask_for(asked.donor, user), href
    entries = Entry.objects.in_books(Ledger.objects.get(code=query["books"])).for_user(user, today)
    found = asked.apply(entries)
    if name.startswith(SHARE):
        return found.aggregate(usd=Sum("programme_support_usd"))["usd"]
    return asked.totals(found).amount_usd


@pytest.mark.both_databases
@pytest.mark.parametrize("reader", ["officer", "board_member"])
def test_two_hundred_amounts_are_the_sum_of_the_entries_they_open(
    books, client, reader, today, request
):
    user = request.getfixturevalue(reader)
    found = [cell for asked in QUESTIONS for cell in amounts(page(books, client, user, asked))]
    assert len(found) > 5 * SAMPLE
    wrong = []
    for name, href, text in random.Random(200).sample(found, SAMPLE):
        printed = Decimal(text.replace(",", "").replace("−", "-"))
        if (usd := behind(name, href, user, today)) != printed:
            wrong.append((name, text, usd, href))
    assert wrong == []


def test_what_the_board_reads_names_no_donor_that_stays_unnamed(books, client, board_member):
    for asked in QUESTIONS:
        html = page(books, client, board_member, asked)
        assert "donor=FRA" not in html
        assert "France" not in html
