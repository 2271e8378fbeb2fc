"""Changing a donor: its facts, what is refused, and two people at once."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import AuditEvent
from donors.edit_form import DonorEditForm
from donors.models import Donor
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def sweden(reference):
    return Donor.objects.get(code="SWE")


@pytest.fixture
def browser(client_of, officer, reference):
    return client_of(officer)


def typed(donor, **changed):
    """What the form sends when nothing but this was changed."""
    initial = DonorEditForm.initial_of(donor)
    sent = {name: value for name, value in initial.items() if value not in (None, False)}
    return {**sent, "version": str(donor.version), **changed}


def sent(browser, donor, **changed):
    return browser.post(reverse("donor_edit", args=[donor.code]), typed(donor, **changed))


def history(donor):
    events = AuditEvent.objects.filter(subject="donors.donor", subject_id=str(donor.pk))
    return list(events.order_by("pk"))


def test_the_facts_are_changed_and_told_with_before_and_after(browser, sweden, officer):
    answer = sent(
        browser, sweden, name_en="Kingdom of Sweden", aliases="Sida\r\n Swedish  agency ",
        former_names="Old Sweden", erp="BP-100200", iati="SE-0", note="Asks early.",
        focal_point=officer.pk, language="fr", is_unnamed="on",
    )  # fmt: skip
    assert answer.url == "/donors/SWE/"
    sweden.refresh_from_db()
    assert (sweden.names["en"], sweden.version) == ("Kingdom of Sweden", 2)
    assert (sweden.focal_point, sweden.language, sweden.is_unnamed) == (officer, "fr", True)
    for text in ("swedish agency", "old sweden", "bp-100200", "kingdom of sweden", "瑞典"):
        assert list(Donor.objects.standing().named_like(text)) == [sweden], text
    (event,) = history(sweden)
    assert (event.act, event.by) == ("edit_donor", officer.uuid)
    assert (event.before["note"], event.after["note"]) == ("", "Asks early.")
    assert event.after["erp"] == ["BP-100200"]
    assert event.after["focal_point"] == str(officer.uuid)
    assert "contributor_type" not in event.after


def test_a_name_that_is_taken_away_is_found_no_more_and_stays_in_the_history(browser, sweden):
    sent(browser, sweden, aliases="Sida")
    sweden.refresh_from_db()
    sent(browser, sweden, aliases="")
    assert not Donor.objects.named_like("Sida").exists()
    assert (history(sweden)[-1].before, history(sweden)[-1].after) == (
        {"aliases": ["Sida"]}, {"aliases": []},
    )  # fmt: skip


def test_saving_what_is_there_is_no_change(browser, sweden):
    sent(browser, sweden)
    assert history(sweden) == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name_en": "Norway"}, "is there already, with the code NOR"),
        ({"name_en": "…"}, "has no letters"),
        ({"aliases": "!!!"}, "has no letters"),
        ({"area": ""}, "A Member State has a country."),
        ({"parent": "SWE"}, "cannot be a part of itself"),
        ({"parent": "Nobody at all"}, "No single donor is called"),
        ({"erp": "SWE"}, "is another identifier of this donor already"),
        ({"erp": "BP-NOR"}, "is the identifier of Norway"),
        ({"language": "tlh"}, "Select a valid choice."),
    ],
)
def test_what_does_not_fit_is_refused_and_the_form_keeps_what_was_typed(
    browser, sweden, changed, sentence
):
    norway = Donor.objects.get(code="NOR")
    partner = factories.donor_name("BP-NOR", donor=norway, kind="identifier")
    type(partner).objects.filter(pk=partner.pk).update(scheme="erp")
    answer = sent(browser, sweden, note="Typed and kept", **changed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert "Typed and kept" in page
    sweden.refresh_from_db()
    assert (sweden.version, sweden.note) == (1, "")


def test_a_donor_is_no_part_of_its_own_parts_part(browser, sweden):
    agency = factories.donor(parent=sweden)
    office = factories.donor(parent=agency)
    assert "one of its own parts" in sent(browser, sweden, parent=office.code).content.decode()


def test_the_second_of_two_people_sees_both_versions_and_decides(
    browser, client_of, other_officer, sweden
):
    opened = typed(sweden, note="Of the second")
    sent(browser, sweden, note="Of the first", aliases="Sida")
    second = client_of(other_officer)
    answer = second.post(reverse("donor_edit", args=["SWE"]), opened)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert {(one.label, one.saved, one.typed) for one in answer.context["conflict"]} == {
        ("Note", "Of the first", "Of the second"), ("Also known as", "Sida", "–"),
    }  # fmt: skip
    assert 'name="version" value="2"' in page
    sweden.refresh_from_db()
    assert sweden.note == "Of the first"
    second.post(reverse("donor_edit", args=["SWE"]), {**opened, "version": "2"})
    sweden.refresh_from_db()
    assert sweden.note == "Of the second"


def test_loading_the_tables_again_keeps_what_people_changed(browser, sweden):
    sent(browser, sweden, name_en="Kingdom of Sweden", note="Ours", is_unnamed="on")
    call_command("load_reference", verbosity=0)
    sweden.refresh_from_db()
    assert (sweden.names["en"], sweden.note, sweden.is_unnamed, sweden.version) == (
        "Kingdom of Sweden", "Ours", True, 2,
    )  # fmt: skip


def test_only_who_edits_donors_changes_them(client_of, reviewer, representative, sweden):
    for user in (reviewer, representative):
        assert sent(client_of(user), sweden, note="x").status_code == 403
