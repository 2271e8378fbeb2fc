"""What an activity tells: of whom, of what state, where, how firmly, due when, with which money."""

import datetime
from decimal import Decimal

import pytest

from donors.models import Area, Donor, DonorName
from income.models import Contribution
from income.periods import YearMonth
from income.vocabulary import ContributionState, Kind, Mode, Reason
from tests import factories
from tests.reports.iati.iati_cases import (
    activities,
    activity_file,
    attributes,
    narrative,
    published_state,
    reads_back,
    root_of,
)

D = Decimal
pytestmark = pytest.mark.both_databases
MARCH_4 = datetime.date(2021, 3, 4)
NOVEMBER = YearMonth(2021, 11)


def agreed(books, **changed) -> Contribution:
    """Sweden signs 300,000 dollars for cities on 4 March 2021, pays 100,000 on 4 May."""
    row = {
        "ledger": books, "donor": Donor.objects.get(code="SWE"), "title": "Cities for all",
        "state": ContributionState.SIGNED, "signed_on": MARCH_4, "amount": D("300000"), **changed,
    }  # fmt: skip
    made = factories.contribution(**row)
    of = {"contribution": made, "fund_id": made.fund_id, "donor": made.donor}
    factories.posting(
        books, factories.entry("300000.00", kind=Kind.AGREEMENT, **of),
        factories.entry("200000.00", kind=Kind.DUE, value_date=datetime.date(2021, 5, 1), **of),
        factories.entry("100000.00", kind=Kind.DUE, value_date=datetime.date(2023, 5, 1), **of),
    )  # fmt: skip
    paid(books, made, "100000.00")
    return made


def paid(books, contribution, amount, **changed):
    row = {
        "contribution": contribution, "fund_id": contribution.fund_id,
        "donor": contribution.donor, "value_date": datetime.date(2021, 5, 4), **changed,
    }  # fmt: skip
    return factories.posting(books, factories.entry(amount, **row))


def only_activity(books, month=NOVEMBER):
    content = reads_back(published_state(books, month))
    [activity] = root_of(content).findall("iati-activity")
    return activity


def test_an_agreement_and_its_payment_are_a_commitment_and_incoming_funds(ledger):
    made = agreed(ledger)
    activity = only_activity(ledger)
    assert activity.findtext("iati-identifier") == f"XM-DAC-41120-{made.uuid}"
    assert attributes(activity, "reporting-org", "ref", "type") == [("XM-DAC-41120", "40")]
    assert narrative(activity.find("title")) == "Cities for all"
    told = [
        (one.find("transaction-type").get("code"), one.findtext("value"),
         one.find("value").get("currency"), one.find("value").get("value-date"))
        for one in activity.findall("transaction")
    ]  # fmt: skip
    assert told == [
        ("11", "300000", "USD", "2021-03-04"), ("1", "100000", "USD", "2021-05-04")
    ]  # fmt: skip


def test_donor_agency_and_channel_have_their_roles(ledger):
    agreed(ledger, channel=Donor.objects.get(code="UNDP"))
    activity = only_activity(ledger)
    assert attributes(activity, "participating-org", "role", "ref", "type") == [
        ("1", "XM-DAC-10", "10"), ("2", "XM-DAC-41120", "40"), ("3", "XM-DAC-41114", "40"),
        ("4", "XM-DAC-41120", "40"),
    ]  # fmt: skip
    donor = activity.find("participating-org")
    assert (narrative(donor), narrative(donor, "fr")) == ("Sweden", "Suède")
    transaction = activity.find("transaction")
    assert attributes(transaction, "provider-org", "ref", "type") == [("XM-DAC-10", "10")]
    assert transaction.find("receiver-org").get("receiver-activity-id") == activity.findtext(
        "iati-identifier"
    )
    assert activity.findtext("crs-add/channel-code") == "41120"


def test_a_donor_without_a_known_identifier_goes_by_name_and_type(ledger):
    agreed(ledger, donor=Donor.objects.get(code="KEN"))
    donor = only_activity(ledger).find("participating-org")
    assert (donor.get("ref"), donor.get("type"), narrative(donor)) == (None, "10", "Kenya")


def test_of_a_donor_that_wishes_to_stay_unnamed_nothing_is_told(ledger):
    hidden = factories.donor(names={"en": "Blue Company"}, is_unnamed=True)
    factories.donor_name("XM-DAC-99999", donor=hidden, kind="identifier")
    DonorName.objects.filter(donor=hidden).update(scheme="iati")
    agreed(ledger, donor=hidden, title="The Blue Company prize")
    paid(ledger, Contribution.objects.get(), "5.00")
    factories.posting(ledger, factories.entry("7.00", fund_id="FE", donor=hidden))
    content = reads_back(published_state(ledger))
    text = content.decode()
    assert "Blue" not in text and "99999" not in text and hidden.code not in text
    first, loose = root_of(content).findall("iati-activity")
    assert narrative(first.find("participating-org")) == "Donor that wishes to remain unnamed"
    assert attributes(first, "participating-org", "type")[0] == (None,)
    assert first.find("default-flow-type") is None
    assert narrative(first.find("title")) == "Contribution: Foundation earmarked"
    assert narrative(loose.find("transaction/provider-org")).startswith("Donor that wishes")


def test_a_merged_donor_is_told_as_the_one_that_stands(ledger):
    twin = factories.donor(
        names={"en": "Suede"}, merged_into=Donor.objects.get(code="SWE"), merged_on=MARCH_4
    )
    agreed(ledger, donor=twin)
    donor = only_activity(ledger).find("participating-org")
    assert (donor.get("ref"), narrative(donor)) == ("XM-DAC-10", "Sweden")


def test_money_without_a_contribution_stands_in_one_activity_of_its_fund(ledger):
    factories.posting(ledger, factories.entry("10.00"), factories.entry("20.00", donor=None))
    factories.posting(ledger, factories.entry("5.00", kind=Kind.ALLOTMENT, fund_id="RB"))
    activity = only_activity(ledger)
    assert activity.findtext("iati-identifier") == f"XM-DAC-41120-{ledger.code}-FUND-FNE"
    providers = [narrative(one) for one in activity.findall("transaction/provider-org")]
    assert providers == ["Sweden", "Not attributed to a donor by the source"]


def test_money_given_back_and_taken_back_is_negative(ledger):
    made = agreed(ledger)
    paid(ledger, made, "-1234.56", reason=Reason.REFUND)
    activity = only_activity(ledger)
    last = activity.findall("transaction")[-1]
    assert last.findtext("value") == "-1234.56"
    assert narrative(last.find("description")) == "Refund of unspent balance"
    assert narrative(last.find("description"), "fr") != "Refund of unspent balance"


def test_what_is_not_cash_says_so(ledger):
    made = agreed(ledger)
    paid(ledger, made, "50.00", mode=Mode.IN_KIND)
    paid(ledger, made, "60.00", mode=Mode.JUNIOR_PROFESSIONAL)
    *_cash, given, person = only_activity(ledger).findall("transaction")
    assert given.find("disbursement-channel").get("code") == "4"
    assert narrative(given.find("description")) == "In kind"
    assert attributes(person, "aid-type", "code", "vocabulary") == [("D01", "1")]


def test_amounts_stand_in_the_currency_in_which_they_were_given(ledger):
    made = agreed(ledger)
    paid(ledger, made, "1000.50", currency_id="SEK", units_per_usd="8")
    last = only_activity(ledger).findall("transaction")[-1]
    assert (last.findtext("value"), last.find("value").get("currency")) == ("1000.5", "SEK")


def test_what_is_due_by_year_is_the_budget_also_for_coming_years(ledger):
    agreed(ledger)
    budgets = [
        (one.find("period-start").get("iso-date"), one.find("period-end").get("iso-date"),
         one.get("status"), one.findtext("value"), one.find("value").get("value-date"))
        for one in only_activity(ledger).findall("budget")
    ]  # fmt: skip
    assert budgets == [
        ("2021-01-01", "2021-12-31", "2", "200000", "2021-03-04"),
        ("2023-01-01", "2023-12-31", "2", "100000", "2021-03-04"),
    ]


def test_places_follow_the_allocations_in_per_cent(ledger):
    made = agreed(ledger)
    for number, (area, region) in enumerate([("KEN", None), ("BOL", None), (None, "LAC")], 1):
        factories.allocation(
            contribution=made, number=number, amount=D("100000"), region_id=region,
            area=Area.objects.get(iso3=area) if area else None,
        )  # fmt: skip
    activity = only_activity(ledger)
    assert attributes(activity, "recipient-country", "code", "percentage") == [
        ("BO", "33.34"), ("KE", "33.33")
    ]  # fmt: skip
    assert attributes(activity, "recipient-region", "code", "vocabulary", "percentage") == [
        ("498", "1", "33.33")
    ]


def test_a_region_that_the_oecd_has_not_is_the_agencys_own(ledger):
    agreed(ledger, region_id="ARAB")
    activity = only_activity(ledger)
    assert attributes(activity, "recipient-region", "code", "vocabulary") == [("ARAB", "99")]
    assert narrative(activity.find("recipient-region"), "fr") == "États arabes"


def test_the_domain_of_change_stands_beside_the_sector(ledger):
    programme = factories.programme(domain_id="CLIMATE_ACTION")
    agreed(ledger, programme=programme)
    assert attributes(only_activity(ledger), "sector", "code", "vocabulary", "percentage") == [
        ("43030", "1", "100"), ("CLIMATE_ACTION", "99", "100")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("instrument", "step", "expected"),
    [
        ("R02A", "unearmarked", [("B021", "1"), ("1", "2"), ("A", "3")]),
        ("R03B", "softly_earmarked", [("B032", "1"), ("2", "2"), ("E", "3")]),
        ("R03E", "earmarked", [("C01", "1"), ("3", "2"), ("H", "3")]),
        ("R03E", "tightly_earmarked", [("C01", "1"), ("4", "2"), ("I", "3")]),
        ("R03F", None, [("B033", "1"), ("4", "2"), ("K", "3")]),
        (None, None, [("B033", "1")]),
    ],
)
def test_earmarking_has_its_category_and_its_way(ledger, instrument, step, expected):
    agreed(ledger, instrument_id=instrument, earmarking_id=step)
    told = attributes(only_activity(ledger), "default-aid-type", "code", "vocabulary")
    assert told == expected


def status_and_days(books, month=NOVEMBER):
    activity = only_activity(books, month)
    days = attributes(activity, "activity-date", "type", "iso-date")
    return activity.find("activity-status").get("code"), days


def test_a_running_agreement_is_in_implementation(ledger):
    agreed(ledger, starts_on=datetime.date(2021, 2, 1), ends_on=datetime.date(2024, 1, 31))
    assert status_and_days(ledger) == (
        "2", [("1", "2021-02-01"), ("2", "2021-02-01"), ("3", "2024-01-31")]
    )  # fmt: skip


def test_an_agreement_past_its_end_is_in_finalisation_until_it_is_closed(ledger):
    made = agreed(ledger, ends_on=datetime.date(2021, 6, 30))
    assert status_and_days(ledger)[0] == "3"
    Contribution.objects.filter(pk=made.pk).update(
        state=ContributionState.CLOSED, ended_on=datetime.date(2021, 12, 9)
    )
    assert status_and_days(ledger, YearMonth(2021, 10))[0] == "3"  # closed after that month
    assert status_and_days(ledger, YearMonth(2021, 12)) == (
        "4", [("1", "2021-03-04"), ("2", "2021-03-04"), ("3", "2021-06-30"), ("4", "2021-12-09")]
    )  # fmt: skip


def test_a_pledge_is_in_the_pipeline_and_a_prospect_is_not_there(ledger):
    made = factories.contribution(ledger=ledger, pledged_on=MARCH_4)
    factories.contribution(
        ledger=ledger, state=ContributionState.PROSPECT, probability=50, expected_on=MARCH_4,
        title="Hoped for",
    )  # fmt: skip
    of = {"contribution": made, "fund_id": "FE", "donor": made.donor}
    factories.posting(ledger, factories.entry("100.00", kind=Kind.PLEDGE, **of))
    assert status_and_days(ledger) == ("1", [("1", "2021-03-04")])


def test_nothing_of_an_unpublished_month_or_posting_is_told(ledger):
    made = agreed(ledger)
    before = activity_file(published_state(ledger, NOVEMBER))
    sequence = ledger.sequence
    paid(ledger, made, "33.00", value_date=datetime.date(2021, 12, 4))
    paid(ledger, made, "44.00")
    late = factories.contribution(ledger=ledger, title="Later")
    paid(ledger, late, "55.00", value_date=datetime.date(2021, 12, 24))
    known = published_state(ledger, YearMonth(2021, 10), sequence=sequence)
    assert activity_file(known) == before
    assert b'<value currency="USD" value-date="2021-12-04">33<' in activity_file(
        published_state(ledger)
    )


def test_money_of_a_contribution_in_another_fund_has_an_activity_of_its_own(ledger):
    made = agreed(ledger)
    paid(ledger, made, "9.00", fund_id="TC")
    reads_back(published_state(ledger))
    found = [
        one.findtext("iati-identifier") for one in activities(published_state(ledger, NOVEMBER))
    ]
    assert found == [f"XM-DAC-41120-{made.uuid}", f"XM-DAC-41120-{made.uuid}-TC"]


def test_signs_that_no_xml_file_can_hold_are_left_out(ledger):
    agreed(ledger, title="Cities\x0b & <towns>")
    assert narrative(only_activity(ledger).find("title")) == "Cities & <towns>"
