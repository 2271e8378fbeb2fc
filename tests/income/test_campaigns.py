"""Campaigns: who is asked, what is answered and what came of it, worked by hand."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from donors.models import Donor
from income.approaches import Group, member_group, outcomes, summary, total
from income.models import Approach, Campaign, Currency
from income.services.campaigns import (
    ApproachFacts,
    CampaignFacts,
    CampaignWrong,
    ask,
    attach_contribution,
    change_approach,
    change_campaign,
    detach_contribution,
    leave_out,
    open_campaign,
)
from income.vocabulary import Answer, CampaignKind, ContributionState, Kind
from interface.conflicts import EditConflict
from tests import factories

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
FACTS = CampaignFacts(CampaignKind.PLEDGING_EVENT, "Pledging event", datetime.date(2022, 11, 1))


@pytest.fixture
def books(ledger, settings):
    settings.PORTAL_BOOKS = ledger.code
    return ledger


@pytest.fixture
def campaign(books):
    return factories.campaign()


def donor(code):
    return Donor.objects.get(code=code)


def approach_of(campaign, code, **changed):
    return factories.approach(campaign=campaign, donor=donor(code), **changed)


def page(client, name, row, **data):
    return client.get(reverse(name, args=[row.uuid]), data)


def test_the_same_form_opens_one_campaign(books, officer):
    token = uuid.uuid4()
    first = open_campaign(FACTS, token=token, is_demonstration=True, by=officer)
    again = open_campaign(FACTS, token=token, is_demonstration=True, by=officer)
    assert (first.pk, first.is_demonstration) == (again.pk, True)
    assert AuditEvent.objects.filter(act="open_campaign").count() == 1


def test_who_neither_edits_donors_nor_enters_income_opens_nothing(books, administrator):
    with pytest.raises(PermissionDenied):
        open_campaign(FACTS, token=uuid.uuid4(), is_demonstration=False, by=administrator)


def test_the_second_to_save_a_campaign_is_told(campaign, officer, other_officer):
    change_campaign(campaign, FACTS, version=1, by=officer)
    with pytest.raises(EditConflict):
        change_campaign(campaign, FACTS, version=1, by=other_officer)
    assert Campaign.objects.get(pk=campaign.pk).title == "Pledging event"


def test_a_campaign_that_ends_before_it_starts_is_refused(campaign, officer):
    wrong = CampaignFacts(
        CampaignKind.PLEDGING_EVENT, "Event", datetime.date(2022, 11, 2), datetime.date(2022, 11, 1)
    )
    with pytest.raises(CampaignWrong, match="ends before it starts"):
        change_campaign(campaign, wrong, version=1, by=officer)


def test_the_groups_are_those_of_the_books(books, today):
    factories.posting(books, factories.entry("1000.00", value_date=datetime.date(2018, 5, 1)))
    norway = {"donor": donor("NOR"), "value_date": datetime.date(2022, 2, 1)}
    factories.posting(books, factories.entry("500.00", **norway))
    factories.posting(books, factories.entry("700.00", donor=donor("KFW"), fund_id="FE"))
    states = member_group(Group.MEMBER_STATES, books, years=1, today=today)
    assert states.count() == Donor.objects.filter(is_member_state=True).count() > 190
    gave = member_group(Group.GAVE_CORE, books, years=4, today=today)
    assert [one.code for one in gave] == ["NOR"]
    gave = member_group(Group.GAVE_CORE, books, years=5, today=today)
    assert [one.code for one in gave] == ["NOR", "SWE"]
    never = set(member_group(Group.NEVER_CORE, books, years=1, today=today))
    assert never == set(states) - {donor("NOR"), donor("SWE")}


def test_asking_twice_adds_a_donor_once_and_keeps_its_amount(campaign, officer):
    dollars = Currency.objects.get(code="USD")
    both = Donor.objects.filter(code__in=["NOR", "SWE"])
    ask(campaign, [donor("SWE")], by=officer, amount=Decimal(900), currency=dollars)
    added = ask(campaign, both, by=officer, amount=Decimal(5), currency=dollars)
    assert [one.donor.code for one in added] == ["NOR"]
    assert Approach.objects.get(donor__code="SWE").amount == Decimal(900)
    assert ask(campaign, both, by=officer) == []


@pytest.mark.parametrize(
    ("amount", "code", "sentence"),
    [("1.001", "USD", "has 2 decimals"), ("-5", "USD", "above zero"), ("5", None, "its currency")],
)
def test_an_amount_that_cannot_be_is_refused(campaign, officer, amount, code, sentence):
    currency = Currency.objects.get(code=code) if code else None
    with pytest.raises(CampaignWrong, match=sentence):
        ask(campaign, [donor("SWE")], by=officer, amount=Decimal(amount), currency=currency)


def test_an_answer_has_its_day_and_is_not_older_than_the_question(campaign, officer, today):
    approach = approach_of(campaign, "SWE")
    for facts, sentence in [
        (ApproachFacts(answer=Answer.POSITIVE), "needs the day"),
        (ApproachFacts(answered_on=today), "needs the day"),
        (ApproachFacts(asked_on=today + datetime.timedelta(days=1)), "still to come"),
        (
            ApproachFacts(
                asked_on=today, answer=Answer.DECLINED, answered_on=datetime.date(2022, 1, 1)
            ),
            "older than the question",
        ),
    ]:
        with pytest.raises(CampaignWrong, match=sentence):
            change_approach(approach, facts, version=1, today=today, by=officer)


def test_the_second_to_note_an_answer_sees_both_versions(campaign, officer, today, client_of):
    approach = approach_of(campaign, "SWE")
    typed = {"answer": "declined", "answered_on": "2022-12-01", "currency": "USD", "version": 1}
    change_approach(
        approach, ApproachFacts(answer=Answer.POSITIVE, answered_on=today), version=1,
        today=today, by=officer,
    )  # fmt: skip
    client, address = client_of(officer), reverse("approach", args=[approach.uuid])
    response = client.post(address, typed)
    assert response.status_code == 422
    told = [(one.label, one.saved, one.typed) for one in response.context["conflict"]]
    assert told == [
        ("Answer", "Will contribute", "Declined"),
        ("Answered on", "2022-12-15", "2022-12-01"),
    ]
    assert Approach.objects.get().answer == Answer.POSITIVE
    assert b'name="version" value="2"' in response.content
    assert client.post(address, {**typed, "version": 2}).status_code == 302
    assert Approach.objects.get().answer == Answer.DECLINED


def test_a_donor_that_was_asked_stays_in_the_campaign(campaign, officer, today):
    leave_out(approach_of(campaign, "NOR"), by=officer)
    asked = approach_of(campaign, "SWE", asked_on=today)
    with pytest.raises(CampaignWrong, match="stays in the campaign"):
        leave_out(asked, by=officer)
    assert [one.donor.code for one in campaign.approaches.all()] == ["SWE"]


def contribution(books, asked, **changed):
    row = {"ledger": books, "donor": asked.donor, "fund_id": "FNE", "approach": asked}
    return factories.contribution(**{**row, **changed})


def posted(books, of, amount, kind, **changed):
    row = {"donor": of.donor, "contribution": of, "kind": kind}
    factories.posting(books, factories.entry(amount, **{**row, **changed}))


@pytest.fixture
def asked(books, campaign, today):
    """Sweden: a pledge of 1,000, agreed as 900, of which 400 came, and SEK 70 without a rate.
    Norway: a prospect of US$ 250 and one of XTS 10, for which there is no rate.
    """
    sweden = approach_of(campaign, "SWE", amount=Decimal(1000), currency_id="USD")
    of = contribution(books, sweden)
    posted(books, of, "1000.00", Kind.PLEDGE)
    posted(books, of, "900.00", Kind.AGREEMENT)
    posted(books, of, "400.00", Kind.RECEIPT)
    posted(books, of, "70.00", Kind.RECEIPT, currency_id="SEK")
    norway = approach_of(
        campaign, "NOR", amount=Decimal(3000), currency_id="NOK", answer=Answer.CONSIDERING,
        asked_on=today, answered_on=today,
    )  # fmt: skip
    prospect = {
        "state": ContributionState.PROSPECT, "probability": 50, "expected_on": today,
    }  # fmt: skip
    contribution(books, norway, amount=Decimal(250), **prospect)
    contribution(
        books,
        norway,
        amount=Decimal(10),
        currency_id=factories.currency(code="XTS").code,
        **prospect,
    )
    approach_of(campaign, "DEU", amount=Decimal(500), currency_id="USD")
    return sweden, norway


def test_what_came_of_it_stands_kind_by_kind(books, campaign, asked, today):
    sweden, norway = asked
    found = outcomes(campaign, books, today)
    one = found[sweden.pk]
    assert (one.prospects, one.pledged, one.agreed, one.received) == (0, 1000, 900, 400)
    assert one.not_converted == {"SEK": Decimal(70)}
    assert (found[norway.pk].prospects, found[norway.pk].received) == (250, 0)
    whole = total(found.values())
    assert (whole.prospects, whole.pledged, whole.agreed, whole.received) == (250, 1000, 900, 400)
    assert whole.not_converted == {"SEK": Decimal(70), "XTS": Decimal(10)}
    assert whole.contributions == 3


def test_money_of_other_books_and_other_campaigns_is_not_counted(books, campaign, asked, today):
    sweden, _norway = asked
    other = factories.ledger()
    of = contribution(other, sweden)
    posted(other, of, "5000.00", Kind.RECEIPT)
    elsewhere = approach_of(factories.campaign(), "SWE")
    posted(books, contribution(books, elsewhere), "6000.00", Kind.RECEIPT)
    assert outcomes(campaign, books, today)[sweden.pk].received == 400
    assert outcomes(campaign, books, today, of=sweden)[sweden.pk].received == 400


def test_what_was_asked_for_is_summed_per_currency_and_answers_are_counted(campaign, asked):
    told = summary(campaign.approaches.all())
    assert told.asked_for == (("NOK", Decimal(3000), 1), ("USD", Decimal(1500), 2))
    assert [(value, count) for value, _label, count in told.answers] == [
        ("none", 2), ("considering", 1), ("positive", 0), ("declined", 0),
    ]  # fmt: skip
    assert (told.donors, told.written_to) == (3, 1)


def test_a_contribution_is_attached_to_its_own_donor_only(books, campaign, officer):
    sweden, norway = approach_of(campaign, "SWE"), approach_of(campaign, "NOR")
    of = contribution(books, sweden, approach=None)
    with pytest.raises(CampaignWrong, match="another donor"):
        attach_contribution(norway, of, by=officer)
    attach_contribution(sweden, of, by=officer)
    of.refresh_from_db()
    assert (of.approach, of.version) == (sweden, 2)
    detach_contribution(norway, of, by=officer)
    of.refresh_from_db()
    assert of.approach == sweden
    detach_contribution(sweden, of, by=officer)
    of.refresh_from_db()
    assert of.approach is None


def test_a_group_is_added_only_after_its_number_was_seen(campaign, officer, client_of):
    client, address = client_of(officer), reverse("campaign_ask", args=[campaign.uuid])
    states = Donor.objects.filter(is_member_state=True).count()
    typed = {"who": "member_states", "amount": "1,000", "currency": "USD"}
    response = client.post(address, typed)
    assert (response.status_code, len(response.context["preview"]["new"])) == (200, states)
    assert f"{states} donors would be added" in response.content.decode()
    assert campaign.approaches.count() == 0
    approach_of(campaign, "SWE")  # somebody adds one in the meantime: the number is another
    assert client.post(address, {**typed, "count": states}).status_code == 200
    assert campaign.approaches.count() == 1
    assert client.post(address, {**typed, "count": states - 1}).status_code == 302
    assert campaign.approaches.filter(amount=1000, currency="USD").count() == states - 1


def test_one_donor_is_added_by_name_at_once(campaign, officer, client_of):
    address = reverse("campaign_ask", args=[campaign.uuid])
    client_of(officer).post(address, {"who": "one", "donor": "Sweden"})
    assert [(one.donor.code, one.amount) for one in campaign.approaches.all()] == [("SWE", None)]


def test_the_page_tells_the_sums_and_the_links_to_enter_what_comes(
    campaign, asked, officer, client_of
):
    text = page(client_of(officer), "campaign", campaign).content.decode()
    for figure in ("1,000.00", "900.00", "400.00", "250.00", "3,000.00"):
        assert figure in text
    one = page(client_of(officer), "approach", asked[0]).content.decode()
    assert f"?approach={asked[0].uuid}&amp;donor=SWE" in one
    assert reverse("gift_new") + "?donor=SWE" in one
    narrowed = page(client_of(officer), "campaign", campaign, answer="considering")
    assert [one.donor.code for one, _came in narrowed.context["rows"]] == ["NOR"]


def test_the_file_holds_every_donor_with_what_came(campaign, asked, officer, client_of):
    lines = page(client_of(officer), "campaign_file", campaign).content.decode("utf-8-sig")
    rows = {line.split(",")[0]: line.split(",") for line in lines.splitlines()}
    assert rows["SWE"][9:14] == ["0", "1000.00", "900.00", "400.00", "70.0000 SEK"]
    assert rows["NOR"][4:6] == ["NOK", "considering"]
    assert "DEU" in rows


@pytest.mark.parametrize("name", ["campaign_list", "campaign", "campaign_file"])
def test_pages_take_as_many_queries_for_fifty_donors_as_for_five(
    name, books, campaign, officer, client_of
):
    client = client_of(officer)
    arguments = [] if name == "campaign_list" else [campaign.uuid]
    donors = list(Donor.objects.filter(is_member_state=True)[:49])
    counts = []
    for some in (donors[:5], donors[5:]):
        for one in some:
            of = contribution(books, factories.approach(campaign=campaign, donor=one))
            posted(books, of, "10.00", Kind.RECEIPT)
            factories.campaign()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name, args=arguments)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= MOST_QUERIES


def test_campaigns_of_the_demonstration_and_of_real_books_never_meet(
    campaign, officer, client_of, settings
):
    theirs = factories.campaign(is_demonstration=True, title="A demonstration")
    client = client_of(officer)
    assert "A demonstration" not in client.get(reverse("campaign_list")).content.decode()
    assert page(client, "campaign", theirs).status_code == 404
    settings.PORTAL_BOOKS = factories.ledger(is_demonstration=True).code
    assert page(client, "campaign", theirs).status_code == 200
    assert page(client, "campaign", campaign).status_code == 404


@pytest.mark.parametrize("person", ["board_member", "representative"])
def test_who_is_not_staff_sees_no_campaign(person, campaign, client_of, request):
    client = client_of(request.getfixturevalue(person))
    approach = approach_of(campaign, "SWE")
    assert client.get(reverse("campaign_list")).status_code == 403
    for name, row in (("campaign", campaign), ("campaign_file", campaign), ("approach", approach)):
        assert page(client, name, row).status_code == 403


def test_an_administrator_reads_and_does_not_write(campaign, administrator, client_of):
    approach, client = approach_of(campaign, "SWE"), client_of(administrator)
    text = page(client, "approach", approach).content.decode()
    assert "<textarea" not in text
    assert client.post(reverse("approach", args=[approach.uuid]), {}).status_code == 403
