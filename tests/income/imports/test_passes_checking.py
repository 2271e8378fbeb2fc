"""The check of a file: what it counts, sums and tells, before anything is posted.

SEK 1,000,000 on 3 June 2021 are US$ 119,095.82 at 8.3966.
"""

import gc

import pytest

from donors.models import Donor
from income.errors import ImportChanged, NotAllowed
from income.imports import services
from income.imports.course.checking import check
from income.models import Contribution, Entry, Import, Posting
from tests import factories
from tests.income.imports.passes_cases import (
    FIELDS,
    KENYA,
    NORWAY,
    ROWS,
    SWEDEN,
    TODAY,
    brought,
    checked,
    choose,
    imported,
    plan,
    submitted,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOBODY = ("Republic of Nowhere", "FNE", "2021-07-02", "USD", "10", "B-4")
ZERO = ("Kenya", "FNE", "2021-07-02", "USD", "0", "B-5")
LATE = ("Kenya", "FNE", "2023-01-02", "USD", "10", "B-6")


def test_a_check_leaves_the_search_for_garbage_as_it_was(ledger, officer):
    before = gc.get_threshold()
    checked(brought(ledger, officer, ROWS))
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)


def test_a_check_counts_rows_and_writes_nothing_in_the_books(ledger, officer):
    found = checked(brought(ledger, officer, [*ROWS, NOBODY, ZERO, LATE]))
    counts = (found.rows, found.accepted, found.zero, found.failing, found.in_books)
    assert counts == (6, 3, 1, 2, 0)
    assert found.problem_counts == {"unknown_donor": 1, "zero": 1, "date_in_future": 1}
    assert Posting.objects.count() == Entry.objects.count() == Contribution.objects.count() == 0


def test_the_totals_are_per_books_kind_fund_and_currency_in_exact_texts(ledger, officer):
    found = checked(brought(ledger, officer))
    told = [
        (one.books, one.kind, one.fund, one.currency, one.rows, one.amount, one.amount_usd)
        for one in found.totals
        if one.kind == "receipt"
    ]
    assert told == [
        ("T", "receipt", "FNE", "SEK", 1, "1000000", "119095.82"),
        ("T", "receipt", "FNE", "USD", 2, "290000.50", "290000.50"),
    ]
    assert found.postings == [
        {"books": "T", "month": 202106, "entries": 6},
        {"books": "T", "month": 202107, "entries": 3},
    ]
    assert (found.entries, found.contributions) == (9, 3)


def test_what_is_found_is_kept_with_its_digest(ledger, officer):
    import_ = brought(ledger, officer)
    found = checked(import_)
    assert import_.found == found.as_json()
    assert len(import_.digest) == 64
    assert import_.checked_at is not None
    first = import_.digest
    checked(import_)
    assert import_.digest == first


def test_the_first_rows_are_told_as_they_were_understood(ledger, officer):
    sample = checked(brought(ledger, officer)).samples[0]
    assert {name: sample[name] for name in ("row", "books", "month", "donor", "title")} == {
        "row": 2, "books": "T", "month": 202106, "donor": "SWE", "title": "Sweden 2021",
    }  # fmt: skip


def test_a_name_that_is_nobodys_is_told_with_its_rows_and_suggestions(ledger, officer):
    swedish = ("Government of Swedenn", *SWEDEN[1:])
    found = checked(brought(ledger, officer, [NOBODY, swedish, swedish]))
    names = [(one.text, one.rows) for one in found.unknown_donors]
    assert names == [("Government of Swedenn", 2), ("Republic of Nowhere", 1)]
    assert found.unknown_donors[0].suggestions[0]["code"] == "SWE"
    assert not found.may_be_submitted


def test_a_chosen_donor_takes_the_rows_and_a_new_one_is_named(ledger, officer):
    import_ = brought(ledger, officer, [NOBODY, KENYA])
    new = {"code": "NOWHERE", "name": "Nowhere", "contributor_type": "C05", "iso3": ""}
    choose(import_, officer, donors={"republic of nowhere": {"new": new}})
    found = checked(import_)
    assert (found.accepted, found.failing) == (2, 0)
    assert found.new_donors == [{"code": "NOWHERE", "name": "Nowhere"}]


def test_rows_of_a_donor_that_is_left_out_are_counted_and_do_not_fail(ledger, officer):
    import_ = brought(ledger, officer, [NOBODY, KENYA])
    choose(import_, officer, donors={"republic of nowhere": {"leave_out": True}})
    found = checked(import_)
    assert (found.accepted, found.left_out, found.failing) == (1, 1, 0)


def test_a_row_that_repeats_another_is_warned_of_and_counted_as_another(ledger, officer):
    found = checked(brought(ledger, officer, [SWEDEN, NORWAY, SWEDEN, SWEDEN]))
    assert found.accepted == 4
    assert found.problem_counts == {"repeated": 2}
    told = [(one["row"], one["grade"], "Row 2" in one["sentence"]) for one in found.problems]
    assert told == [(4, "warning", True), (5, "warning", True)]


def test_an_identifier_that_comes_twice_with_other_words_is_warned_of(ledger, officer):
    fields = (*FIELDS, "row_id")
    rows = [(*SWEDEN, "17"), (*NORWAY, "17"), (*KENYA, "18")]
    found = checked(brought(ledger, officer, rows, fields=fields))
    assert (found.accepted, found.problem_counts) == (3, {"identifier_repeated": 1})


def test_rows_that_are_in_the_books_are_left_out_and_counted(ledger, officer, reviewer):
    imported(ledger, officer, reviewer)
    found = checked(brought(ledger, officer, [*ROWS, SWEDEN]))
    assert (found.in_books, found.accepted) == (3, 1)
    again = checked(brought(ledger, officer))
    assert (again.in_books, again.accepted, again.may_be_submitted) == (3, 0, False)


def test_a_changed_row_with_its_own_identifier_is_stopped_and_names_the_posting(
    ledger, officer, reviewer
):
    fields = (*FIELDS, "row_id")
    imported(ledger, officer, reviewer, [(*SWEDEN, "17")], fields=fields)
    changed = ("Sweden", "FNE", "2021-06-03", "SEK", "2000000", "B-1", "17")
    found = checked(brought(ledger, officer, [changed], fields=fields))
    assert (found.failing, found.accepted) == (1, 0)
    assert found.problem_counts["changed_since_import"] == 1
    assert "posting 1 " in found.problems[0]["sentence"]


def test_a_row_that_looks_like_an_entry_made_by_hand_is_left_out_unless_chosen(ledger, officer):
    entry = factories.entry("40000.00", kind="receipt", fund_id="FNE", value_date=TODAY)
    entry.donor_id, entry.currency_id = donor_key("KEN"), "USD"
    factories.posting(ledger, entry)
    row = ("Kenya", "FNE", TODAY.isoformat(), "USD", "40000", "B-3")
    import_ = brought(ledger, officer, [row, row, NORWAY])
    found = checked(import_)
    assert (found.similar, found.accepted) == (1, 2)
    assert found.problem_counts["similar"] == 1
    choose(import_, officer, similar="post")
    found = checked(import_)
    assert (found.similar, found.accepted) == (0, 3)


def test_problems_beyond_the_first_five_hundred_are_counted(ledger, officer):
    rows = [(*NOBODY[:4], str(n), f"B-{n}") for n in range(1, 601)]
    found = checked(brought(ledger, officer, rows))
    assert (len(found.problems), found.problem_counts["unknown_donor"]) == (500, 600)
    assert found.failing == 600


def test_a_file_without_a_needed_column_is_stopped_as_a_whole(ledger, officer):
    import_ = brought(ledger, officer)
    without = services.change_plan(
        import_, plan_without("amount"), version=import_.version, by=officer
    )
    found = checked(without)
    assert found.file_problems >= 1
    assert (found.accepted, found.may_be_submitted, without.digest) == (0, False, "")


def test_a_file_of_too_many_rows_is_stopped(ledger, officer):
    import_ = brought(ledger, officer)
    found = check(import_, today=TODAY, most_rows=2)
    assert (found.rows, found.file_problems, found.problem_counts) == (3, 1, {"too_many_rows": 1})
    assert check(import_, today=TODAY, most_rows=3).file_problems == 0


def test_what_was_found_is_forgotten_when_the_choices_change(ledger, officer):
    import_ = brought(ledger, officer)
    checked(import_)
    choose(import_, officer, because="Late documents.")
    assert (import_.digest, import_.checked_at, import_.found, import_.version) == ("", None, {}, 2)
    with pytest.raises(NotAllowed, match="Check it first"):
        services.submit(import_, version=2, by=officer)


def test_a_check_of_an_older_version_is_dropped(ledger, officer):
    import_ = brought(ledger, officer)
    stale = Import.objects.get(pk=import_.pk)
    choose(import_, officer, because="Late documents.")
    check(stale, today=TODAY)
    assert Import.objects.get(pk=import_.pk).digest == ""


def test_somebody_elses_change_is_not_overwritten_unseen(ledger, officer, other_officer):
    import_ = brought(ledger, officer)
    choose(import_, other_officer, because="Late documents.")
    with pytest.raises(ImportChanged):
        services.change_plan(import_, plan_without("reference"), version=1, by=officer)


def test_under_review_neither_plan_nor_choices_nor_findings_change(ledger, officer):
    import_ = brought(ledger, officer)
    submitted(import_, officer)
    with pytest.raises(NotAllowed):
        services.change_plan(import_, plan_without("reference"), version=1, by=officer)
    with pytest.raises(NotAllowed):
        check(import_, today=TODAY)


def plan_without(field):
    return plan(fields=[one for one in FIELDS if one != field])


def donor_key(code):
    return Donor.objects.get(code=code).pk
