"""Money through a pooled fund: counted once, under the contributor as it was reported.

The fund MDTF gives 1,000,000 US dollars to technical cooperation. In 2021 half of the fund's money
came from Sweden, three tenths from Germany; the other contributors are not known. Sweden also gives
400,000 through the same fund, and the agreement names Sweden.

    counted under MDTF                     1,000,000
    counted under Sweden (channel MDTF)      400,000
    received together                      1,400,000

    memo, looking through MDTF's 1,000,000: Sweden 500,000, Germany 300,000, not known 200,000

The memo is added to nothing: Sweden stays at 400,000, and all is 1,400,000.
"""

import datetime
from decimal import Decimal

import pytest

from donors.models import Donor
from income.ledger.verification import problems
from income.models import DonorTotal
from reports.figures.lookthrough import memo_of_contributor, memo_of_pool
from tests import factories
from tests.examples.worked import of_year, receive, sign, three, usd

D = Decimal
SIGNED, PAID_ON = datetime.date(2021, 2, 1), datetime.date(2021, 3, 31)


@pytest.fixture
def given(ledger, actors):
    pooled = Donor.objects.get(code="MDTF")
    for code, share in (("SWE", "0.5"), ("DEU", "0.3")):
        factories.pooled_share(
            pooled_fund=pooled, contributor=Donor.objects.get(code=code), share_rate=D(share)
        )
    for donor, channel, amount in (("MDTF", None, "1000000"), ("SWE", pooled, "400000")):
        agreement = sign(
            ledger, actors, SIGNED, [(PAID_ON, amount)], donor=donor, fund="TC", channel=channel
        )
        receive(ledger, actors, agreement, PAID_ON, amount)
    return pooled


def test_the_money_is_counted_once_under_who_was_reported(ledger, given):
    assert usd(ledger, kind="receipt", donor=given) == 1_000_000
    assert usd(ledger, kind="receipt", donor__code="SWE") == 400_000
    assert usd(ledger, kind="receipt", donor__code="DEU") == 0
    assert three(of_year(ledger, 2021)) == ["1,400,000"] * 3


def test_looking_through_is_a_memo_with_what_is_not_known(ledger, given):
    [year] = memo_of_pool(ledger, given)
    assert (year.year, year.given_usd, year.unknown_usd) == (2021, 1_000_000, 200_000)
    assert [(line.contributor.code, line.amount_usd) for line in year.lines] == [
        ("SWE", 500_000), ("DEU", 300_000),
    ]  # fmt: skip


def test_the_memo_is_added_to_nothing(ledger, given):
    sweden = Donor.objects.get(code="SWE")
    [line] = memo_of_contributor(ledger, sweden)
    assert (line.pool, line.amount_usd) == (given, 500_000)
    assert three(of_year(ledger, 2021, donor=sweden)) == ["400,000"] * 3
    assert three(of_year(ledger, 2021)) == ["1,400,000"] * 3


def test_the_channel_is_kept_beside_the_donor_and_counts_nothing(ledger, given):
    assert usd(ledger, kind="receipt", channel=given) == 400_000
    of_the_fund = DonorTotal.objects.get(ledger=ledger, kind="receipt", donor=given, year=2021)
    assert of_the_fund.amount_usd == 1_000_000
    assert list(problems(ledger)) == []
