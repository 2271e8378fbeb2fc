"""Two rows of one donor become one, and two again: names, parts, refusals, pages."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import AuditEvent
from donors.merging import MergeRefused, merge_donors, unmerge_donor
from donors.models import Donor
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(reference):
    donor = factories.donor(code="KEPT", names={"en": "Quuxfield Trust"})
    factories.donor_name("Quuxfield Trust", donor=donor)
    return donor


@pytest.fixture
def gone(reference):
    donor = factories.donor(code="GONE", names={"en": "The Quuxfield Trust Inc"})
    factories.donor_name("The Quuxfield Trust Inc", donor=donor)
    factories.donor_name("BP-7788", donor=donor, kind="identifier")
    return donor


@pytest.fixture
def merged(gone, kept, officer, today):
    merge_donors(gone, kept, because="One trust, twice", by=officer, today=today)
    gone.refresh_from_db()
    return gone


def test_a_merge_is_a_dated_pointer_with_its_reason_in_both_histories(merged, kept, officer, today):
    assert (merged.merged_into, merged.merged_on) == (kept, today)
    for donor in (merged, kept):
        event = AuditEvent.objects.get(act="merge_donors", subject_id=str(donor.pk))
        assert event.by == officer.uuid
        assert (event.after["gone"], event.after["kept"]) == ("GONE", "KEPT")
        assert event.after["because"] == "One trust, twice"


@pytest.mark.parametrize("text", ["trust inc", "BP-7788", "quuxfield"])
def test_names_and_identifiers_of_the_gone_one_find_the_kept_one(merged, kept, text):
    assert list(Donor.objects.standing().named_like(text)) == [kept]


def test_a_whole_name_of_the_gone_one_is_the_kept_one(merged, kept):
    assert list(Donor.objects.standing().called("the quuxfield trust inc")) == [kept]


def test_parts_become_parts_of_the_kept_one_and_go_back(gone, kept, officer, today):
    part, moved_on = factories.donor(parent=gone), factories.donor(parent=gone)
    merge_donors(gone, kept, because="x", by=officer, today=today)
    assert set(kept.parts.all()) == {part, moved_on}
    Donor.objects.filter(pk=moved_on.pk).update(parent=None)
    unmerge_donor(gone, because="y", by=officer)
    assert (set(gone.parts.all()), set(kept.parts.all())) == ({part}, set())
    acts = AuditEvent.objects.filter(subject_id=str(part.pk)).order_by("pk")
    assert [(event.act, event.before, event.after) for event in acts] == [
        ("merge_donors", {"parent": "GONE"}, {"parent": "KEPT"}),
        ("unmerge_donors", {"parent": "KEPT"}, {"parent": "GONE"}),
    ]


def test_what_the_kept_one_is_a_part_of_never_becomes_its_own_part(gone, kept, officer, today):
    top = factories.donor()
    Donor.objects.filter(pk=gone.pk).update(parent=top)
    between = factories.donor(parent=gone)
    Donor.objects.filter(pk=kept.pk).update(parent=between)
    merge_donors(gone, kept, because="x", by=officer, today=today)
    between.refresh_from_db()
    kept.refresh_from_db()
    assert (kept.parent, between.parent) == (between, top)


def test_the_wish_to_stay_unnamed_holds_for_both(gone, kept, officer, today):
    Donor.objects.filter(pk=kept.pk).update(is_unnamed=True)
    merge_donors(gone, kept, because="x", by=officer, today=today)
    gone.refresh_from_db()
    assert gone.is_unnamed
    unmerge_donor(gone, because="y", by=officer)
    gone.refresh_from_db()
    assert (gone.merged_into, gone.merged_on, gone.is_unnamed) == (None, None, True)


def refusal(gone, kept, officer, today, because="x"):
    with pytest.raises(MergeRefused) as refused:
        merge_donors(gone, kept, because=because, by=officer, today=today)
    return refused.value.sentence


def test_what_cannot_be_merged_is_refused_with_the_reason(gone, kept, officer, reviewer, today):
    assert "into itself" in refusal(gone, gone, officer, today)
    assert "Say why" in refusal(gone, kept, officer, today, because=" ")
    assert "Member State" in refusal(Donor.objects.get(code="SWE"), kept, officer, today)
    with pytest.raises(PermissionDenied):
        merge_donors(gone, kept, because="x", by=reviewer, today=today)


def test_a_merged_donor_is_merged_no_further_and_into_none(merged, kept, officer, today):
    third = factories.donor()
    assert "merged into another donor already" in refusal(merged, third, officer, today)
    assert "merged into another donor already" in refusal(third, merged, officer, today)
    assert "merged into another donor already" in refusal(kept, merged, officer, today)


def test_a_chain_of_three_is_found_by_each_name_and_no_longer_one_is_made(
    merged, kept, officer, today
):
    third, fourth = factories.donor(), factories.donor()
    merge_donors(kept, third, because="x", by=officer, today=today)
    assert list(Donor.objects.standing().named_like("BP-7788")) == [third]
    assert set(Donor.objects.with_merged(third)) == {third, kept, merged}
    assert "Undo one of those first" in refusal(third, fourth, officer, today)


def test_a_representative_is_moved_by_the_administrator_first(gone, kept, officer, today):
    bound = factories.representation(donor=gone)
    assert "The administrator binds" in refusal(gone, kept, officer, today)
    bound.delete()
    merge_donors(gone, kept, because="x", by=officer, today=today)


def test_undoing_needs_a_merge_and_a_reason(merged, kept, officer):
    with pytest.raises(MergeRefused, match="Say why"):
        unmerge_donor(merged, because="", by=officer)
    with pytest.raises(MergeRefused, match="not merged"):
        unmerge_donor(kept, because="x", by=officer)


def test_what_is_kept_of_the_gone_one_is_on_the_kept_ones_page(merged, kept, client_of, officer):
    factories.contact(donor=merged, title="Old desk officer")
    factories.engagement(donor=merged, subject="Old meeting")
    factories.donor_document(donor=merged, title="Old letter")
    page = client_of(officer).get(reverse("donor", args=["KEPT"])).content.decode()
    for text in ("Old desk officer", "Old meeting", "Old letter", "One trust, twice"):
        assert text in page


def test_the_pages_compare_merge_and_undo(gone, kept, client_of, officer):
    browser, address = client_of(officer), reverse("donor_merge", args=["GONE"])
    books = factories.ledger(code="M")
    factories.posting(books, factories.entry("100.10", donor=gone))
    factories.posting(books, factories.entry("20.02", donor=kept))
    page = browser.get(address, {"kept": "Quuxfield Trust", "books": "M"})
    html = page.content.decode()
    assert "BP-7788" in html
    assert [(line.year, line.gone_usd, line.kept_usd, line.together_usd)
            for line in page.context["pair"].lines] == [
        (2021, Decimal("100.10"), Decimal("20.02"), Decimal("120.12")),
        (None, Decimal("100.10"), Decimal("20.02"), Decimal("120.12")),
    ]  # fmt: skip
    assert browser.post(address, {"kept": "KEPT", "because": ""}).status_code == 422
    assert browser.post(address, {"kept": "KEPT", "because": "Twice"}).url == "/donors/KEPT/"
    shown = browser.get(reverse("donor", args=["KEPT"]), {"books": "M"})
    (received,) = shown.context["relation"].tables
    assert received.total.total.amount_usd == Decimal("120.12")
    assert "Undo the merge" in browser.get(reverse("donor", args=["GONE"])).content.decode()
    browser.post(reverse("donor_unmerge", args=["GONE"]), {"because": "Two after all"})
    gone.refresh_from_db()
    assert gone.merged_into is None
