"""Measurements, owners and lists of countries: who enters, who decides, what stays written."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import AuditEvent
from donors.models import Area
from targets.economies import (
    approve_economy_list,
    areas_typed,
    enter_economy_list,
    return_economy_list,
)
from targets.measuring import (
    MeasurementWrong,
    approve_measurement,
    enter_measurement,
    name_owner,
    return_measurement,
)
from targets.models import EconomyList, Indicator, IndicatorOwner, Measurement, ProposalState
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2022, 12, 15)
A_DAY = datetime.date(2022, 6, 30)


@pytest.fixture(autouse=True)
def rows(reference):
    """The indicators of the strategy."""


def indicator(code="F2"):
    return Indicator.objects.get(code=code)


def entered(by, code="F2", **changed):
    row = {"measured_on": A_DAY, "value": Decimal(120_000), "evidence": "A count", "today": TODAY}
    return enter_measurement(indicator(code), by=by, **{**row, **changed})


def acts():
    return list(AuditEvent.objects.order_by("pk").values_list("act", flat=True))


def test_what_one_person_enters_counts_once_another_approved_it(officer, reviewer):
    found = entered(officer)
    assert found.state == ProposalState.WAITING
    approve_measurement(found, by=reviewer)
    found.refresh_from_db()
    assert (found.state, found.decided_by) == (ProposalState.APPROVED, reviewer)
    assert acts()[-2:] == ["enter_measurement", "approve_measurement"]
    assert AuditEvent.objects.latest("pk").after["value"] == "120000.00"


def test_a_returned_measurement_says_why_and_is_decided_for_good(officer, reviewer):
    found = entered(officer)
    with pytest.raises(MeasurementWrong, match="Say why"):
        return_measurement(found, because="  ", by=reviewer)
    return_measurement(found, because="Another day's count", by=reviewer)
    found.refresh_from_db()
    assert (found.state, found.because) == (ProposalState.RETURNED, "Another day's count")
    with pytest.raises(MeasurementWrong, match="decided already"):
        approve_measurement(found, by=factories.user(role="reviewer"))


def test_nobody_decides_their_own(reviewer):
    with pytest.raises(MeasurementWrong, match="Another person"):
        approve_measurement(entered(reviewer), by=reviewer)


def test_who_may_not_enter_or_decide_is_refused(officer, board_member, other_officer):
    with pytest.raises(PermissionDenied):
        entered(board_member)
    with pytest.raises(PermissionDenied):
        approve_measurement(entered(officer), by=other_officer)
    with pytest.raises(PermissionDenied):
        name_owner(indicator(), "A unit", by=board_member)


@pytest.mark.parametrize(
    ("code", "changed", "field"),
    [
        ("A1", {}, None),  # the books answer it
        ("F2", {"value": None}, "value"),
        ("F2", {"value": Decimal(-1)}, "value"),
        ("F1", {"value": Decimal("100.01")}, "value"),  # per cent
        ("L3", {}, "milestone"),
        ("L3", {"value": None, "milestone": "nearly"}, "milestone"),
        ("F2", {"measured_on": datetime.date(2022, 12, 16)}, "measured_on"),
        ("F2", {"evidence": " "}, "evidence"),
    ],
)
def test_what_is_no_measurement_is_refused_with_its_field(officer, code, changed, field):
    with pytest.raises(MeasurementWrong) as refused:
        entered(officer, code, **changed)
    assert refused.value.field == field
    assert not Measurement.objects.exists()


def test_a_milestone_is_entered_by_its_state(officer):
    found = entered(officer, "L3", value=None, milestone="done")
    assert (found.milestone, found.value) == ("done", None)


def test_an_owner_is_named_again_and_both_names_stay_in_the_audit(officer, reviewer):
    name_owner(indicator(), "Communications unit", by=officer)
    name_owner(indicator(), "External relations", by=reviewer)
    assert IndicatorOwner.objects.get(indicator="F2").name == "External relations"
    event = AuditEvent.objects.latest("pk")
    assert (event.before, event.after) == (
        {"name": "Communications unit"}, {"name": "External relations"},
    )  # fmt: skip


def test_codes_are_read_however_they_are_parted():
    assert [area.iso3 for area in areas_typed("bra, IND;ZAF\nBRA")] == ["BRA", "IND", "ZAF"]
    with pytest.raises(MeasurementWrong, match="QQQ"):
        areas_typed("BRA QQQ")


def listed(by, **changed):
    row = {
        "source": "A list, 2021", "dated_on": A_DAY, "today": TODAY,
        "areas": Area.objects.filter(iso3__in=["BRA", "IND"]),
    }  # fmt: skip
    return enter_economy_list(by=by, **{**row, **changed})


def test_a_list_of_countries_needs_two_people(officer, reviewer):
    found = listed(officer)
    assert set(found.areas.values_list("iso3", flat=True)) == {"BRA", "IND"}
    approve_economy_list(found, by=reviewer)
    found.refresh_from_db()
    assert found.state == ProposalState.APPROVED
    assert AuditEvent.objects.latest("pk").after["areas"] == ["BRA", "IND"]
    with pytest.raises(MeasurementWrong, match="Another person"):
        approve_economy_list(listed(reviewer), by=reviewer)
    other = listed(officer)
    return_economy_list(other, because="Two countries are missing", by=reviewer)
    other.refresh_from_db()
    assert other.state == ProposalState.RETURNED


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"source": " "}, "source"),
        ({"areas": []}, "areas"),
        ({"dated_on": datetime.date(2023, 1, 1)}, "dated_on"),
    ],
)
def test_a_list_without_document_or_countries_is_refused(officer, changed, field):
    with pytest.raises(MeasurementWrong) as refused:
        listed(officer, **changed)
    assert refused.value.field == field
    assert not EconomyList.objects.exists()


def test_the_officer_enters_by_form_and_the_reviewer_approves_by_button(
    officer, reviewer, client_of
):
    address = reverse("measurement_new", args=["F2"])
    typed = {"measured_on": "2022-06-30", "value": "310,000", "evidence": "A count"}
    browser = client_of(officer)
    assert browser.post(address, {**typed, "value": "many"}).status_code == 422
    answer = browser.post(address, {**typed, "value": "310,000.5"})
    assert "Enter a whole number." in answer.content.decode()
    answer = browser.post(address, {**typed, "value": ""})
    assert "Enter the value that was measured." in answer.content.decode()
    assert "(optional)" not in browser.get(address).content.decode().split("Evidence")[0]
    assert browser.post(address, typed).url == reverse("indicator", args=["F2"])
    found = Measurement.objects.get()
    assert (found.value, found.entered_by) == (Decimal(310_000), officer)
    decide = reverse("measurement_decide", args=[found.uuid])
    assert browser.post(decide, {"approve": "1"}).status_code == 403
    assert client_of(reviewer).post(decide, {"approve": "1"}).status_code == 302
    found.refresh_from_db()
    assert found.state == ProposalState.APPROVED


def test_an_indicator_without_a_unit_names_none(officer, client_of):
    page = client_of(officer).get(reverse("measurement_new", args=["J1"])).content.decode()
    assert "In ." not in page


def test_nothing_is_entered_for_what_the_books_answer(officer, client_of):
    assert client_of(officer).get(reverse("measurement_new", args=["A1"])).status_code == 404


def test_a_list_is_pasted_and_chosen(officer, client_of):
    typed = {"source": "A list", "dated_on": "2021-01-01", "codes": "BRA", "areas": ["IND"]}
    answer = client_of(officer).post(reverse("economy_list_new"), typed)
    assert answer.url == reverse("economy_list_list")
    assert EconomyList.objects.get().areas.count() == 2
    answer = client_of(officer).post(reverse("economy_list_new"), {**typed, "codes": "QQQ"})
    assert answer.status_code == 422
    assert "QQQ" in answer.content.decode()


def test_the_board_reads_approved_lists_only_and_no_persons(
    officer, reviewer, board_member, client_of
):
    listed(officer, source="The waiting one")
    approve_economy_list(listed(officer, source="The approved one"), by=reviewer)
    page = client_of(board_member).get(reverse("economy_list_list")).content.decode()
    assert "The approved one" in page
    assert "The waiting one" not in page
    assert "Reviewer" not in page
    staff = client_of(reviewer).get(reverse("economy_list_list")).content.decode()
    assert "The waiting one" in staff
    assert reverse("economy_list_decide", args=[EconomyList.objects.get(
        source="The waiting one").uuid]) in staff  # fmt: skip


def test_the_owner_is_named_by_form(officer, client_of):
    address = reverse("indicator_owner", args=["F2"])
    assert client_of(officer).post(address, {"name": ""}).status_code == 422
    assert client_of(officer).post(address, {"name": "Communications unit"}).status_code == 302
    assert "Communications unit" in client_of(officer).get(address).content.decode()
