"""What an address asks for: nothing of it is left out in silence."""

import datetime
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.urls import reverse

from donors.models import Donor
from income.entry_filter import EntryFilter
from income.models import Entry
from tests import factories


@pytest.mark.parametrize(
    ("address", "misunderstood"),
    [
        ("mode=garbage", ("garbage",)),
        ("donors=everybody", ("everybody",)),
        ("kind=gift&kind=receipt", ("gift",)),
        ("from=2021-13&to=x", ("2021-13", "x")),
        ("form=2022-01", ("form=2022-01",)),
        ("Fund=FNE&donr=SWE", ("Fund=FNE", "donr=SWE")),
        ("mode=&donors=&from=&kind=", ()),
        (
            "books=T&kind=receipt&fund=FNE&donor=SWE&donors=member_states&region=none&mode=cash"
            "&from=2021-01&to=2021-12&page=2",
            (),
        ),
    ],
)
def test_what_is_not_understood_is_told(address, misunderstood):
    assert EntryFilter.parse(QueryDict(address)).misunderstood == misunderstood


def test_names_that_somebody_else_reads_may_stand_besides():
    query = QueryDict("cursor=x&kind=receipt")
    assert EntryFilter.parse(query).misunderstood == ("cursor=x",)
    assert EntryFilter.parse(query, besides={"cursor"}).misunderstood == ()


@pytest.fixture
def books(ledger, settings):
    settings.PORTAL_BOOKS = ledger.code
    factories.posting(ledger, factories.entry("5.00"))
    return ledger


@pytest.mark.parametrize("name", ["entry_list", "entry_csv"])
@pytest.mark.parametrize("asked", [{"mode": "garbage"}, {"form": "2022-01"}])
def test_page_and_file_refuse_what_they_do_not_understand(books, client_of, officer, name, asked):
    answer = client_of(officer).get(reverse(name), asked)
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("text/html")
    assert answer.context["totals"].count == 0
    assert "is not understood" in answer.content.decode()


def test_a_donors_entries_are_those_of_the_donors_merged_into_it_too(books, today):
    sweden, norway, japan = (Donor.objects.get(code=code) for code in ("SWE", "NOR", "JPN"))
    factories.posting(books, factories.entry("20.00", donor=norway))
    factories.posting(books, factories.entry("300.00", donor=japan))
    for merged, into in ((norway, sweden), (japan, norway)):
        Donor.objects.filter(pk=merged.pk).update(merged_into=into, merged_on=today)
    found = {
        code: EntryFilter(donor=code).totals(
            EntryFilter(donor=code).apply(Entry.objects.in_books(books))
        ).amount_usd
        for code in ("SWE", "NOR", "JPN", "none", "NOBODY")
    }  # fmt: skip
    assert found == {
        "SWE": Decimal(325), "NOR": Decimal(320), "JPN": Decimal(300), "none": 0, "NOBODY": 0,
    }  # fmt: skip


def test_months_are_those_of_the_value_date(books):
    factories.posting(books, factories.entry("9.00", value_date=datetime.date(2021, 4, 1)))
    asked = EntryFilter.parse(QueryDict("from=2021-04&to=2021-04"))
    assert asked.totals(asked.apply(Entry.objects.in_books(books))).amount_usd == Decimal(9)
