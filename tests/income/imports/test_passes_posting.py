"""Posting a file: as it was checked or not at all, once, and the same rows never again.

SEK 1,000,000 on 3 June 2021 are US$ 119,095.82 at 8.3966.
"""

import datetime
import io
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import AuditEvent
from donors.models import Donor
from income.errors import NotAllowed, PostingWrong
from income.imports import services
from income.imports.course import posting
from income.imports.course.posting import BooksChanged, post_import, postings_of
from income.models import (
    Contribution,
    Draft,
    Entry,
    ExchangeRate,
    Import,
    ImportedRow,
    Instalment,
    Ledger,
    Posting,
)
from income.periods import YearMonth
from income.services import approve_draft, close_month, return_draft
from income.services.actors import Actors
from income.vocabulary import Act, DraftState
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
    in_books,
    plan,
    posted,
    sound,
    submitted,
)

D = Decimal
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOBODY = ("Nowhere Trust", "FNE", "2021-07-02", "USD", "10", "B-4")
CLOSED_AT = datetime.datetime(2022, 1, 10, 9, tzinfo=datetime.UTC)


def nothing_stands():
    rows = (Posting, Entry, Contribution, Instalment, ImportedRow)
    return [model._default_manager.count() for model in rows] == [0, 0, 0, 0, 0]


def test_a_file_becomes_a_posting_for_each_month_with_what_the_report_told(
    ledger, officer, reviewer
):
    import_ = imported(ledger, officer, reviewer)
    postings = postings_of(import_)
    assert [(one.booked_month, one.entry_count, one.act) for one in postings] == [
        (202106, 6, Act.IMPORT_ROWS), (202107, 3, Act.IMPORT_ROWS),
    ]  # fmt: skip
    assert [one.token for one in postings] == [
        f"import:{import_.uuid.hex}:T:{month}" for month in (202106, 202107)
    ]
    assert {(one.prepared_by, one.approved_by) for one in postings} == {(officer, reviewer)}
    assert in_books(ledger) == D("119095.82") + D("290000.50")
    totals = [D(one["amount_usd"]) for one in import_.found["totals"] if one["kind"] == "receipt"]
    assert sum(totals) == in_books(ledger)
    assert sound(ledger)


def test_every_row_makes_its_contribution_and_is_remembered_by_where_it_stood(
    ledger, officer, reviewer
):
    import_ = imported(ledger, officer, reviewer)
    told = Contribution.objects.order_by("pk").values_list("donor__code", "amount", "state")
    assert list(told) == [
        ("SWE", D("1000000"), "signed"), ("NOR", D("250000.50"), "signed"),
        ("KEN", D("40000"), "signed"),
    ]  # fmt: skip
    assert list(Instalment.objects.order_by("pk").values_list("amount", flat=True)) == [
        D("1000000"), D("250000.50"), D("40000"),
    ]  # fmt: skip
    rows = import_.rows.order_by("row").values_list("row", "posting__booked_month", "line")
    assert list(rows) == [(2, 202106, 1), (3, 202106, 4), (4, 202107, 1)]


def test_the_audit_trail_has_one_event_for_the_file(ledger, officer, reviewer):
    imported(ledger, officer, reviewer)
    event = AuditEvent.objects.get(act="post_import")
    assert event.by == officer.uuid
    assert {key: event.after[key] for key in ("rows", "entries", "postings")} == {
        "rows": 3, "entries": 9, "postings": ["T/1", "T/2"],
    }  # fmt: skip
    assert not AuditEvent.objects.filter(subject="income.contribution").exists()


def test_the_draft_names_the_first_posting_and_the_import_all(ledger, officer, reviewer):
    import_ = imported(ledger, officer, reviewer)
    assert import_.draft.state == DraftState.POSTED
    assert import_.draft.posting == postings_of(import_)[0]
    assert import_.postings.count() == 2
    assert (import_.is_posted, import_.is_open) == (True, False)


def test_nobody_approves_their_own_file(ledger, officer):
    draft = submitted(brought(ledger, officer), officer)
    officer.role = "reviewer"
    officer.save()
    with pytest.raises(NotAllowed, match="their own"):
        posted(draft, officer)
    assert nothing_stands()


def test_the_same_file_again_is_nothing_new(ledger, officer, reviewer):
    imported(ledger, officer, reviewer)
    again = brought(ledger, officer, name="the same.csv")
    found = checked(again)
    assert (found.in_books, found.accepted) == (3, 0)
    with pytest.raises(NotAllowed, match="Nothing of this file"):
        services.submit(again, version=again.version, by=officer)


def test_the_same_rows_as_a_workbook_are_nothing_new(ledger, officer, reviewer):
    imported(ledger, officer, reviewer)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        sheet, day = workbook.add_worksheet("Receipts"), workbook.add_format({"num_format": 14})
        sheet.write_row(0, 0, FIELDS)
        for number, row in enumerate(ROWS, start=1):
            sheet.write_row(number, 0, row)
            sheet.write_datetime(number, 2, datetime.datetime.fromisoformat(row[2]), day)
            sheet.write_number(number, 4, float(row[4]))
    again = services.read_in(
        ContentFile(out.getvalue()), ledger=ledger, by=officer, name="same.xlsx", plan=plan()
    )
    found = checked(again)
    assert (found.in_books, found.accepted, found.read_as["kind"]) == (3, 0, "xlsx")


@settings(max_examples=8)
@given(
    amounts=st.lists(
        st.tuples(st.sampled_from(["USD", "SEK", "EUR", "JPY"]), st.integers(1, 10**9)), min_size=1
    )
)
def test_whatever_the_rows_the_books_hold_to_the_cent_what_the_report_told(amounts):
    """The reference data are there: `ledger` is used by the tests around this one."""
    with transaction.atomic():
        books, maker, checker = (
            factories.ledger(),
            factories.user(),
            factories.user(role="reviewer"),
        )
        rows = [
            ("Sweden", "FNE", "2021-06-03", code, str(n), f"B-{at}")
            for at, (code, n) in enumerate(amounts)
        ]
        import_ = imported(books, maker, checker, rows)
        told = {
            (one["kind"], one["currency"]): (D(one["amount"]), D(one["amount_usd"]))
            for one in import_.found["totals"]
        }
        stands = Entry.objects.filter(ledger=books).values_list("kind", "currency")
        sums = stands.annotate(amount=Sum("amount"), usd=Sum("amount_usd"))
        assert {(kind, code): (a, usd or D(0)) for kind, code, a, usd in sums} == told
        assert sound(books)
        transaction.set_rollback(True)


def test_posting_twice_posts_once(ledger, officer, reviewer):
    draft = submitted(brought(ledger, officer), officer)
    first = posted(draft, reviewer)
    draft.refresh_from_db()
    again = post_import(draft, Actors(officer, reviewer), today=TODAY)
    assert [one.pk for one in again] == [one.pk for one in first]
    assert Posting.objects.count() == 2


def test_a_corrected_file_posts_only_the_rows_that_failed(ledger, officer, reviewer):
    first = imported(ledger, officer, reviewer, [SWEDEN, NOBODY, KENYA])
    assert first.rows.count() == 2
    mended = ("Norway", *NOBODY[1:])
    second = imported(ledger, officer, reviewer, [SWEDEN, mended, KENYA])
    assert (second.found["in_books"], second.rows.count()) == (2, 1)
    assert in_books(ledger) == D("119095.82") + D("10") + D("40000")
    assert sound(ledger)


def test_a_payment_that_another_file_posted_in_other_words_is_told_not_posted(
    ledger, officer, reviewer
):
    imported(ledger, officer, reviewer, ROWS)
    other = ("Kingdom of Sweden", *SWEDEN[1:5], "SE-2021-77")
    found = checked(brought(ledger, officer, [other, ROWS[1]]))
    assert (found.similar, found.in_books, found.accepted) == (1, 1, 0)


def test_a_second_payment_like_one_in_the_books_is_new_where_the_first_stands_beside_it(
    ledger, officer, reviewer
):
    imported(ledger, officer, reviewer, ROWS)
    second = (*SWEDEN[:5], "B-1/2")
    found = checked(brought(ledger, officer, [*ROWS, second]))
    assert (found.in_books, found.similar, found.accepted) == (3, 0, 1)


def test_another_document_number_is_another_row_and_looks_like_the_first(ledger, officer, reviewer):
    fields = (*FIELDS, "document")
    numbered = [(*row, "4711") for row in ROWS]
    imported(ledger, officer, reviewer, numbered, fields=fields)
    found = checked(brought(ledger, officer, [(*row, "4712") for row in ROWS], fields=fields))
    assert (found.in_books, found.similar, found.accepted) == (0, 3, 0)


def test_rows_in_the_books_are_recognised_although_their_month_was_closed_since(
    ledger, officer, reviewer
):
    imported(ledger, officer, reviewer)
    close_month(ledger, YearMonth(2021, 6), by=None, at=CLOSED_AT)
    found = checked(brought(ledger, officer, [*ROWS, SWEDEN]))
    assert (found.in_books, found.failing, found.accepted) == (3, 1, 0)
    assert found.problem_counts == {"month_closed": 1}


def test_the_second_occurrence_of_a_row_is_posted_once_too(ledger, officer, reviewer):
    imported(ledger, officer, reviewer, [SWEDEN, SWEDEN])
    third = imported(ledger, officer, reviewer, [SWEDEN, SWEDEN, SWEDEN])
    assert (third.found["in_books"], third.rows.count()) == (2, 1)
    assert in_books(ledger) == 3 * D("119095.82")


def test_a_month_closed_after_the_check_posts_nothing(ledger, officer, reviewer):
    draft = submitted(brought(ledger, officer), officer)
    close_month(ledger, YearMonth(2021, 6), by=None, at=CLOSED_AT)
    with pytest.raises(BooksChanged, match="have changed since this file was checked"):
        posted(draft, reviewer)
    assert nothing_stands()


def test_a_rate_corrected_after_the_check_posts_nothing(ledger, officer, reviewer):
    draft = submitted(brought(ledger, officer), officer)
    rate = ExchangeRate.objects.filter(currency="SEK", effective_on__lte="2021-06-03")
    rate = rate.order_by("-effective_on", "rate_type").first()
    ExchangeRate.objects.create(
        currency_id="SEK", effective_on=rate.effective_on, units_per_usd=D("8.5"),
        rate_type=rate.rate_type, source="Correction", revision=2,
    )  # fmt: skip
    with pytest.raises(BooksChanged):
        posted(draft, reviewer)
    assert nothing_stands()


def test_a_donor_merged_after_the_check_posts_nothing(ledger, officer, reviewer):
    rows = [("Sida", *SWEDEN[1:])]
    agency = Donor.objects.create(
        code="SIDA", contributor_type_id="C01", names={"en": "Sida"}, is_unnamed=False
    )
    import_ = brought(ledger, officer, rows)
    choose(import_, officer, donors={"sida": {"donor": "SIDA"}})
    draft = submitted(import_, officer)
    Donor.objects.filter(pk=agency.pk).update(
        merged_into=Donor.objects.get(code="SWE"), merged_on=TODAY
    )
    with pytest.raises(BooksChanged):
        posted(draft, reviewer)
    assert nothing_stands()


def test_a_file_changed_on_the_disk_posts_nothing(ledger, officer, reviewer):
    import_ = brought(ledger, officer)
    draft = submitted(import_, officer)
    with Path(import_.file.path).open("ab") as file:
        file.write(b"Sweden,FNE,2021-06-03,USD,5,B-9\n")
    with pytest.raises(PostingWrong, match="was changed after"):
        posted(draft, reviewer)
    assert nothing_stands()


def test_new_donors_and_books_that_rows_need_are_made_with_them_and_others_are_not(
    ledger, officer, reviewer
):
    fields = (*FIELDS, "entity")
    rows = [
        (*NOBODY, "Other Agency"),
        (*SWEDEN, ""),
        ("Lost Trust", *SWEDEN[1:3], "XXX", "1", "", ""),
    ]
    import_ = brought(ledger, officer, rows, fields=fields)
    choose(
        import_, officer,
        donors={"nowhere trust": {"new": new("NOWHERE", "Nowhere Trust")},
                "lost trust": {"new": new("LOST", "Lost Trust")}},
        books={"other agency": {"new": {"code": "OTHER", "name": "Other Agency"}}},
    )  # fmt: skip
    draft = submitted(import_, officer)
    assert not Donor.objects.filter(code="NOWHERE").exists()
    assert import_.found["new_books"] == [{"code": "OTHER", "name": "Other Agency"}]
    posted(draft, reviewer)
    other = Ledger.objects.get(code="OTHER")
    assert Donor.objects.filter(code="NOWHERE").exists()
    assert not Donor.objects.filter(code="LOST").exists()
    assert (in_books(other), in_books(ledger)) == (D("10"), D("119095.82"))
    assert sound(ledger, other)
    again = brought(ledger, officer, rows[:2], fields=fields)
    assert checked(again).in_books == 2


def new(code, name):
    return {"code": code, "name": name, "contributor_type": "C05", "iso3": ""}


def test_a_late_row_with_a_reason_is_booked_in_the_present_month_and_says_why(
    ledger, officer, reviewer
):
    close_month(ledger, YearMonth(2021, 6), by=None, at=CLOSED_AT)
    import_ = brought(ledger, officer)
    choose(import_, officer, because="Found in the archive.")
    postings = posted(submitted(import_, officer), reviewer)
    assert [one.booked_month for one in postings] == [202107, 202212]
    assert postings[1].note == "receipts.csv · Found in the archive."


PHASES = ("make_new", "write_promises", "bulk_insert", "_told")


@pytest.mark.parametrize("phase", PHASES)
def test_what_breaks_off_in_any_phase_leaves_nothing(ledger, officer, reviewer, monkeypatch, phase):
    draft = submitted(brought(ledger, officer), officer)

    def breaks(*_args, **_named):
        raise RuntimeError("lights out")

    with monkeypatch.context() as patch:
        patch.setattr(posting, phase, breaks)
        with pytest.raises(RuntimeError, match="lights out"):
            posted(draft, reviewer)
    assert nothing_stands()
    ledger.refresh_from_db()
    assert ledger.sequence == 0
    assert len(posted(draft, reviewer)) == 2
    assert sound(ledger)


def test_a_returned_file_is_open_again_and_submitted_as_the_same_draft(ledger, officer, reviewer):
    import_ = brought(ledger, officer)
    draft = submitted(import_, officer)
    return_draft(draft, because="Which year?", version=1, by=reviewer, at=timezone.now())
    import_ = Import.objects.get(pk=import_.pk)
    assert import_.is_open
    choose(import_, officer, because="Late documents.")
    again = submitted(import_, officer)
    assert (again.pk, again.version, again.state) == (draft.pk, 3, DraftState.SUBMITTED)
    assert again.payload["digest"] == import_.digest
    assert len(posted(Draft.objects.get(pk=draft.pk), reviewer)) == 2


def test_a_draft_that_was_checked_again_is_not_approved_as_it_was(ledger, officer, reviewer):
    import_ = brought(ledger, officer)
    draft = submitted(import_, officer)
    stale = draft.version - 1
    with pytest.raises(Exception, match="changed this draft"):
        approve_draft(
            draft, version=stale, by=reviewer, at=timezone.now(),
            post_it=lambda locked, actors: post_import(locked, actors, today=TODAY)[0],
        )  # fmt: skip


def test_the_title_tells_rows_and_dollars_of_each_kind(ledger, officer):
    draft = submitted(brought(ledger, officer, [NORWAY]), officer)
    assert draft.title.startswith("receipts.csv · 1 row · ")
    assert "Receipt US$ 250,000.50" in draft.title
    assert draft.token.startswith("import:")


def test_a_discarded_file_leaves_only_its_audit(ledger, officer):
    import_ = brought(ledger, officer)
    path = import_.file.path
    services.discard(import_, by=officer)
    assert not Import.objects.exists()
    assert AuditEvent.objects.filter(act="discard_import").count() == 1
    assert path  # the bytes go with the commit: see test_import_jobs
