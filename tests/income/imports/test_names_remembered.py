"""A donor chosen for a name in a file is known by that name once the file is posted."""

import datetime

import pytest

from accounts.models import AuditEvent
from donors.aliases import remember_names
from donors.models import Donor, DonorName, NameKind
from income.imports.course.posting import BooksChanged
from income.imports.course.report import Report
from income.models import Import
from income.periods import YearMonth
from income.services import close_month
from tests import factories
from tests.income.imports.passes_cases import (
    FIELDS,
    KENYA,
    SWEDEN,
    brought,
    checked,
    choose,
    posted,
    submitted,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
KEY, TEXT = "friends of quiet harbours", "Friends of  Quiet Harbours"
ROW = (TEXT, *KENYA[1:])
CHOICE = {"donor": "NOR", "text": TEXT}
CLOSED_AT = datetime.datetime(2022, 1, 10, 9, tzinfo=datetime.UTC)


def brought_with(ledger, by, donors, rows=(ROW,), **changed):
    import_ = brought(ledger, by, rows, **changed)
    choose(import_, by, donors=donors)
    return import_


def all_the_way(ledger, officer, reviewer, donors, rows=(ROW,), **changed):
    import_ = brought_with(ledger, officer, donors, rows, **changed)
    posted(submitted(import_, officer), reviewer)
    return import_


def aliases(code):
    found = DonorName.objects.filter(donor__code=code, kind=NameKind.ALIAS).order_by("pk")
    return list(found.values_list("name", flat=True))


def test_the_next_file_knows_the_name(ledger, officer, reviewer):
    before = aliases("NOR")
    all_the_way(ledger, officer, reviewer, {KEY: CHOICE})
    assert aliases("NOR") == [*before, "Friends of Quiet Harbours"]
    found = checked(brought(ledger, officer, [(TEXT.upper(), *SWEDEN[1:])]))
    assert (found.accepted, found.unknown_donors) == (1, [])
    assert found.samples[0]["donor"] == "NOR"


def test_the_donors_history_tells_it_and_who_edits_the_donor_is_told(ledger, officer, reviewer):
    before, version = aliases("NOR"), Donor.objects.get(code="NOR").version
    all_the_way(ledger, officer, reviewer, {KEY: CHOICE})
    norway = Donor.objects.get(code="NOR")
    event = AuditEvent.objects.get(act="edit_donor", subject_id=str(norway.pk))
    assert event.by == officer.uuid
    assert (event.before, event.after) == (
        {"aliases": before}, {"aliases": [*before, "Friends of Quiet Harbours"]},
    )  # fmt: skip
    assert norway.version == version + 1


def test_nothing_is_remembered_before_the_file_is_posted(ledger, officer):
    before = aliases("NOR")
    submitted(brought_with(ledger, officer, {KEY: CHOICE}), officer)
    assert aliases("NOR") == before


def test_what_is_chosen_for_one_file_is_not_remembered(ledger, officer, reviewer):
    before = aliases("NOR")
    all_the_way(ledger, officer, reviewer, {KEY: {**CHOICE, "once": True}})
    assert aliases("NOR") == before
    assert checked(brought(ledger, officer, [(TEXT, *SWEDEN[1:])])).failing == 1


def test_a_name_that_no_posted_row_has_is_not_remembered(ledger, officer, reviewer):
    before = aliases("NOR")
    wrong = (TEXT, "FNE", "sometime in spring", *KENYA[3:])
    all_the_way(ledger, officer, reviewer, {KEY: CHOICE}, [SWEDEN, wrong])
    assert aliases("NOR") == before


def test_what_is_not_posted_leaves_no_name(ledger, officer, reviewer):
    before = aliases("NOR")
    draft = submitted(brought_with(ledger, officer, {KEY: CHOICE}), officer)
    close_month(ledger, YearMonth(2021, 7), by=None, at=CLOSED_AT)
    with pytest.raises(BooksChanged):
        posted(draft, reviewer)
    assert aliases("NOR") == before


def test_a_name_that_is_somebodys_stays_theirs(ledger, officer, reviewer):
    before = aliases("NOR")
    all_the_way(ledger, officer, reviewer, {"sweden": {"donor": "NOR", "text": "Sweden"}}, [SWEDEN])
    assert aliases("NOR") == before


def test_a_name_that_the_donor_got_meanwhile_is_not_written_twice(ledger, officer, reviewer):
    draft = submitted(brought_with(ledger, officer, {KEY: CHOICE}), officer)
    factories.donor_name("FRIENDS of quiet harbours", donor=Donor.objects.get(code="NOR"))
    before = aliases("NOR")
    posted(draft, reviewer)
    assert aliases("NOR") == before


def test_the_name_of_a_channel_is_remembered_too(ledger, officer, reviewer):
    all_the_way(
        ledger, officer, reviewer, {KEY: CHOICE}, [(*KENYA, TEXT)], fields=(*FIELDS, "channel")
    )
    assert "Friends of Quiet Harbours" in aliases("NOR")


def test_a_code_alone_is_no_name(ledger, officer, reviewer):
    before = aliases("NOR")
    choice = {"donor": "NOR", "text": "ZZ 1"}
    fields = ("donor_code", *FIELDS[1:])
    import_ = all_the_way(
        ledger, officer, reviewer, {"zz 1": choice}, [("ZZ-1", *KENYA[1:])], fields=fields
    )
    assert Import.objects.get(pk=import_.pk).rows.count() == 1
    assert aliases("NOR") == before


def test_choices_of_older_files_have_the_name_in_its_search_form_only(ledger, officer, reviewer):
    all_the_way(ledger, officer, reviewer, {KEY: {"donor": "NOR"}})
    assert KEY in aliases("NOR")


def test_names_that_cannot_be_kept_are_passed_over(reference):
    named = [("—", "NOR"), ("x" * 301, "NOR"), ("Nowhere Trust", "NOBODY"), ("Trust One", "NOR"),
             ("TRUST, ONE", "SWE"), ("Sida’s friends", "SWE")]  # fmt: skip
    assert remember_names(named, by=None) == 2
    assert "Trust One" in aliases("NOR")
    assert aliases("SWE")[-1] == "Sida’s friends"
    assert remember_names(named, by=None) == 0


def test_a_merged_donors_name_goes_to_the_one_it_became(reference):
    norway = Donor.objects.get(code="NOR")
    gone = factories.donor(code="GONE")
    day = datetime.date(2022, 5, 1)
    Donor.objects.filter(pk=gone.pk).update(merged_into=norway, merged_on=day)
    assert remember_names([("Trust One", "GONE")], by=None) == 1
    assert "Trust One" in aliases("NOR")


def test_what_was_chosen_is_told_until_and_after_it_is_posted(ledger, officer, reviewer):
    rows = [SWEDEN, ROW, ("Nowhere Trust", *KENYA[1:])]
    donors = {KEY: CHOICE, "nowhere trust": {"leave_out": True}}
    import_ = brought_with(ledger, officer, donors, rows)
    found = checked(import_)
    told = {one.text: (one.rows, one.choice) for one in found.chosen_donors}
    assert told == {
        "Friends of Quiet Harbours": (1, CHOICE), "Nowhere Trust": (1, {"leave_out": True}),
    }  # fmt: skip
    assert found.unknown_donors == []
    assert Report.of_json(import_.found).chosen_donors == found.chosen_donors


def test_a_choice_that_helps_nobody_is_no_chosen_name(ledger, officer):
    import_ = brought(ledger, officer, [ROW])
    Import.objects.filter(pk=import_.pk).update(choices={"donors": {KEY: {"donor": "NOBODY"}}})
    found = checked(Import.objects.get(pk=import_.pk))
    assert ([one.key for one in found.unknown_donors], found.chosen_donors) == ([KEY], [])
