"""Random small books: the IATI file is in order and reads back to the ledger's sums to the cent.

Agreements and pledges of donors that are named, unnamed or merged, in cash and in kind, in
several currencies, with refunds and money of another fund; gifts without any of them; reversals.
"""

import datetime
import itertools
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from donors.models import Donor
from income.ledger import reverse
from income.periods import YearMonth
from income.vocabulary import ContributionState, Kind, Mode, Reason
from tests import factories
from tests.reports.iati.iati_cases import activity_file, published_state, reads_back

D = Decimal
DONORS = ("SWE", "KEN", "EU", "unnamed", "merged", "")
MARCH = YearMonth(2021, 3)
tokens = (f"iati {number}" for number in itertools.count())
days = st.dates(datetime.date(2020, 1, 1), datetime.date(2022, 12, 31))
cents = st.integers(-500_000, 500_000).filter(bool).map(lambda number: D(number).scaleb(-2))
money = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(
            [Kind.RECEIPT, Kind.RECEIPT, Kind.AGREEMENT, Kind.PLEDGE, Kind.DUE]
        ),
        "value_date": days,
        "amount": cents,
        "currency": st.sampled_from(["USD", "USD", "SEK", "JPY"]),
        "mode": st.sampled_from(list(Mode)),
        "reason": st.sampled_from([Reason.ORDINARY, Reason.REFUND, Reason.AMENDMENT]),
        "region": st.sampled_from([None, "AFRICA", "ARAB", "GLOBAL"]),
    }
)
promises = st.fixed_dictionaries(
    {
        "donor": st.sampled_from(DONORS[:-1]),
        "fund": st.sampled_from(["FNE", "FE", "TC"]),
        "starts_on": st.one_of(st.none(), days),
        "lasts": st.one_of(st.none(), st.integers(0, 900)),
        "ended_on": st.one_of(st.none(), days),
        "state": st.sampled_from(["pledged", "signed", "closed", "cancelled"]),
        "region": st.sampled_from([None, None, "LAC", "ARAB"]),
        "money": st.lists(money, max_size=4),
        "is_reversed": st.booleans(),
    }
)
gifts = st.fixed_dictionaries(
    {"donor": st.sampled_from(DONORS), "fund": st.sampled_from(["FNE", "FE"]), "money": money}
)


def donor_of(word):
    if word == "unnamed":
        return factories.donor(is_unnamed=True)
    if word == "merged":
        stands = Donor.objects.get(code="DEU")
        return factories.donor(merged_into=stands, merged_on=datetime.date(2021, 1, 1))
    return Donor.objects.filter(code=word).first()


def entry(told, **more):
    whole = told["amount"].quantize(D(1)) or D(1)
    number = str(whole if told["currency"] == "JPY" else told["amount"])
    units = "8.1234567" if told["currency"] == "SEK" else ""  # the yen has no rate
    row = {name: told[name] for name in ("kind", "value_date", "mode", "reason")}
    return factories.entry(
        number, units_per_usd=units, currency_id=told["currency"], region_id=told["region"],
        **row, **more,
    )  # fmt: skip


def live(books, told):
    """A contribution with everything that happened to it."""
    start, lasts = told["starts_on"], told["lasts"]
    ends = start + datetime.timedelta(lasts) if start and lasts is not None else None
    state = ContributionState(told["state"])
    made = factories.contribution(
        ledger=books, donor=donor_of(told["donor"]), fund_id=told["fund"], state=state,
        starts_on=start, ends_on=ends, region_id=told["region"], ended_on=told["ended_on"],
        signed_on=datetime.date(2020, 1, 1),
    )  # fmt: skip
    of = {"contribution": made, "donor": made.donor, "fund_id": made.fund_id}
    posted = [factories.posting(books, entry(one, **of)) for one in told["money"]]
    if told["is_reversed"] and posted:
        reverse(
            posted[-1], booked_month=MARCH, note="Wrong", token=next(tokens), prepared_by=None,
            approved_by=None,
        )  # fmt: skip


@pytest.mark.django_db
@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=st.lists(promises, max_size=4), loose=st.lists(gifts, min_size=1, max_size=3))
def test_the_file_is_in_order_and_has_the_ledgers_sums(reference, history, loose):
    books = factories.ledger()
    for told in history:
        live(books, told)
    for told in loose:
        row = {"fund_id": told["fund"], "donor": donor_of(told["donor"])}
        gift = {**told["money"], "kind": Kind.RECEIPT, "value_date": datetime.date(2020, 1, 2)}
        factories.posting(books, entry(gift, **row))
    state = published_state(books)
    assert reads_back(state) == activity_file(state)
