"""Preparing, publishing and discarding an update: two people, closed months, stored once."""

import datetime
import hashlib
import json
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEvent
from accounts.permissions import Role
from interface.errors import PortalError
from jobs.models import Job, JobState
from jobs.services import run_due
from reports.models import MonthlyUpdate, UpdateFile, UpdateState
from reports.pdf.errors import PdfFailed
from reports.updates import publishing
from reports.updates.asking import UpdateWrong
from reports.updates.document import since_table
from reports.updates.preparing import ask_update, prepare
from reports.updates.publishing import discard_update, publish_update
from reports.updates.since_last import since_last, update_before
from tests import factories
from tests.reports.update_cases import (
    APRIL,
    FEBRUARY,
    FINAL,
    MARCH,
    ON_15_APRIL,
    PROVISIONAL,
    clock,
    close,
    paid,
    prepared,
    stored,
    three_months,
    without_documents,
)

D = Decimal
pytestmark = pytest.mark.both_databases
ON_15_MAY = datetime.datetime(2021, 5, 15, 9, tzinfo=datetime.UTC)


@pytest.fixture
def books(ledger, monkeypatch):
    three_months(monkeypatch, ledger)
    without_documents(monkeypatch)
    ledger.refresh_from_db()
    return ledger


@pytest.fixture
def update(books, officer):
    return prepared(books, by=officer)


def published(update, by):
    return publish_update(update, by=by, at=ON_15_APRIL, announces=False)


def test_it_stores_figures_data_and_a_document_in_six_languages(update, books):
    files = stored(update)
    languages = ("ar", "en", "es", "fr", "ru", "zh-hans")
    assert set(files) == {
        "figures.json", "data.csv", *(f"update-{one}.pdf" for one in languages),
    }  # fmt: skip
    assert (update.sequence, update.hash) == (books.sequence, books.head_hash)
    assert (update.state, update.known_on) == ("prepared", datetime.date(2021, 4, 15))
    for file in update.files.all():
        assert file.sha256 == hashlib.sha256(files[file.name]).hexdigest()


def test_its_figures_are_canonical_and_in_english_whoever_has_it_made(books, officer, settings):
    officer.language = "fr"
    officer.save()
    found = json.loads(stored(prepared(books, by=officer))["figures.json"])
    assert found["provenance"]["basis"] == "received"
    assert found["question"]["knows_unnamed"] is False
    rows = {row["code"]: row for row in found["funds"]["rows"]}
    assert rows["TOTAL"]["name"] == "Total received and allotted"
    assert D(rows["TOTAL"]["progress"]["actual_usd"]) == 850_000
    again = json.dumps(found, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert again.encode() == stored(MonthlyUpdate.objects.get())["figures.json"]


def test_a_name_that_is_not_told_to_the_board_is_not_stored(books, officer):
    factories.Donor.objects.filter(code="EU").update(is_unnamed=True)
    files = stored(prepared(books, by=officer))
    assert b"European Union" not in files["figures.json"]
    assert b"European Union" not in files["data.csv"]


def test_an_open_month_has_no_update(books, officer):
    with pytest.raises(UpdateWrong, match="April 2021 is not closed"):
        ask_update(ledger=books, month=APRIL, status=PROVISIONAL, by=officer)
    assert not Job.objects.exists()


def test_a_month_in_which_nothing_came_has_its_update(books, officer, monkeypatch):
    clock(monkeypatch, 2021, 5, 10)
    close(books, APRIL, at=datetime.datetime(2021, 5, 10, 9, tzinfo=datetime.UTC))
    made = prepared(books, APRIL, by=officer)
    assert made.as_at == APRIL


def test_the_database_refuses_to_change_a_stored_file(update):
    for change in (
        lambda: UpdateFile.objects.filter(update=update).update(content=b"other"),
        lambda: UpdateFile.objects.filter(update=update).delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


def test_preparing_again_keeps_what_is_there_of_the_same_state(update, books, officer):
    assert prepared(books, by=officer) == update
    assert MonthlyUpdate.objects.count() == 1
    assert UpdateFile.objects.count() == 8


def test_preparing_after_the_books_moved_discards_the_older_one(update, books, officer):
    paid(books, "10.00", "2021-04-02", booked=APRIL)
    newer = prepared(books, by=officer)
    update.refresh_from_db()
    assert (update.state, newer.state) == ("discarded", "prepared")
    assert newer.sequence == update.sequence + 1


def test_the_work_may_run_twice(books, officer, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks():
        work = ask_update(ledger=books, month=MARCH, status=PROVISIONAL, by=officer)
        assert ask_update(ledger=books, month=MARCH, status=PROVISIONAL, by=officer) == work
    run_due()
    Job.objects.filter(pk=work.pk).update(state=JobState.WAITING)
    run_due()
    work.refresh_from_db()
    assert work.state == JobState.DONE, work.sentence
    [made] = MonthlyUpdate.objects.all()
    assert work.result == {"update": str(made.uuid)}
    assert made.prepared_by == officer
    assert "Another person publishes it" in work.sentence


def test_nothing_is_stored_when_a_document_fails(books, officer, monkeypatch):
    def fails(document, *, timestamp):
        if document.language == "zh-hans":
            raise PdfFailed("no sign")
        return b"%PDF"

    monkeypatch.setattr("reports.updates.preparing.render_update", fails)
    with pytest.raises(PdfFailed):
        prepared(books, by=officer)
    assert not MonthlyUpdate.objects.exists()
    assert not UpdateFile.objects.exists()


def test_another_person_publishes_it(update, officer, reviewer):
    found = published(update, reviewer)
    assert (found.state, found.published_by, found.published_at) == (
        UpdateState.PUBLISHED, reviewer, ON_15_APRIL,
    )  # fmt: skip
    event = AuditEvent.objects.get(act="publish_update")
    assert event.after["sequence"] == update.sequence
    assert len(event.after["files"]) == 8


def test_nobody_publishes_what_they_had_prepared(books, reviewer):
    own = prepared(books, by=reviewer)
    with pytest.raises(UpdateWrong, match="another person"):
        published(own, reviewer)
    own.refresh_from_db()
    assert own.state == UpdateState.PREPARED


def test_an_officer_publishes_nothing(update, other_officer):
    with pytest.raises(UpdateWrong, match="may not publish"):
        published(update, other_officer)


def test_it_is_published_once(update, reviewer):
    published(update, reviewer)
    with pytest.raises(UpdateWrong, match="published already"):
        published(update, reviewer)
    with pytest.raises(UpdateWrong, match="published already"):
        discard_update(update, by=reviewer)


def test_a_discarded_one_is_not_published(update, officer, reviewer):
    discard_update(update, by=officer)
    with pytest.raises(UpdateWrong, match="discarded"):
        published(update, reviewer)
    assert len(stored(update)) == 8  # the files stay


def test_one_made_before_its_month_was_closed_is_not_published(ledger, officer, reviewer):
    paid(ledger, "300.00", "2021-03-04")
    early = factories_update(ledger, officer, sequence=0)
    close(ledger, MARCH)
    with pytest.raises(UpdateWrong, match="was not closed"):
        published(early, reviewer)


def factories_update(ledger, by, **changed):
    from tests.board_factories import monthly_update

    return monthly_update(ledger=ledger, prepared_by=by, **changed)


def test_one_whose_amounts_do_not_come_out_again_is_not_published(update, reviewer, monkeypatch):
    other = {**publishing.figures_of(update)}
    other["regions"] = {**other["regions"], "total_usd": "850000.01"}
    monkeypatch.setattr(publishing, "figures_of", lambda _update: other)
    with pytest.raises(UpdateWrong, match="no longer give the stored amounts"):
        published(update, reviewer)


def test_later_postings_do_not_stop_it(update, books, reviewer):
    paid(books, "10.00", "2021-04-02", booked=APRIL)
    assert published(update, reviewer).state == UpdateState.PUBLISHED


def test_the_final_update_follows_the_provisional_one(update, books, officer, reviewer):
    with pytest.raises(UpdateWrong, match="provisional update of March 2021 first"):
        prepared(books, status=FINAL, by=officer)
    published(update, reviewer)
    with pytest.raises(UpdateWrong, match="published already"):
        prepared(books, by=officer)
    final = publish_update(
        prepared(books, status=FINAL, by=officer), by=reviewer, at=ON_15_MAY, announces=False
    )
    assert {one.status for one in MonthlyUpdate.objects.all()} == {"provisional", "final"}
    assert update_before(final) == update


def test_an_update_is_provisional_or_final(books, officer):
    with pytest.raises(UpdateWrong, match="provisional or final"):
        prepare(books, MARCH, "draft", by=officer, on=datetime.date(2021, 4, 15))


def test_since_the_last_update_casts_to_the_cent(books, officer, reviewer, monkeypatch):
    """February told 300,000; 1,000.50 more came late for it; March brought 550,000."""
    published(prepared(books, FEBRUARY, by=officer), reviewer)
    clock(monkeypatch, 2021, 4, 16)
    paid(books, "1000.50", "2021-02-20", booked=APRIL)
    made = prepared(books, by=officer)
    since = since_last(books, MARCH, made.sequence, update_before(made))
    assert since.months == (MARCH,)
    rows = {row.code: row for row in since.rows}
    fne, total = rows["FNE"], rows["TOTAL"]
    assert [fne.before_usd, fne.adjusted_usd, fne.own_usd, fne.now_usd] == [
        # all three receipts were known when February's update was made, March's not told of
        D("300000.00"), D("1000.50"), D("50000.00"), D("351000.50"),
    ]  # fmt: skip
    assert [total.before_usd, total.adjusted_usd, total.own_usd, total.now_usd] == [
        D("300000.00"), D("1000.50"), D("550000.00"), D("851000.50"),
    ]  # fmt: skip


def test_a_final_update_tells_no_new_month_only_what_changed(
    update, books, officer, reviewer, monkeypatch
):
    published(update, reviewer)
    paid(books, "10.00", "2021-03-02", booked=APRIL)
    final = prepared(books, status=FINAL, by=officer)
    since = since_last(books, MARCH, final.sequence, update_before(final))
    assert since.months == ()
    [total] = [row for row in since.rows if row.is_total]
    assert [total.before_usd, total.adjusted_usd, total.own_usd, total.now_usd] == [
        D(850_000), D(10), D(0), D(850_010),
    ]  # fmt: skip
    assert since_table(since).headers == [
        "Fund", "As told for March 2021", "Changes to it since", "January to March 2021",
    ]  # fmt: skip


def test_the_first_update_stands_beside_nothing(books, update):
    since = since_last(books, MARCH, update.sequence, update_before(update))
    assert since.before is None
    assert {row.before_usd for row in since.rows} == {None}
    assert since.months == (MARCH,)


def test_the_thanks_name_the_months_donors_from_a_to_z_and_count_the_unnamed(books, officer):
    factories.Donor.objects.filter(code="KEN").update(is_unnamed=True)
    paid(books, "5.00", "2021-03-02", donor="NOR", booked=APRIL)
    paid(books, "5.00", "2021-03-02", donor="DEU", booked=APRIL)
    paid(books, "-5.00", "2021-03-03", donor="DEU", booked=APRIL)  # given back
    books.refresh_from_db()
    since = since_last(books, MARCH, books.sequence, None)
    assert since.donors == ("European Union", "Norway")  # Sweden's came in February
    assert since.unnamed == 1


def test_what_comes_after_the_state_changes_nothing_that_was_told(books, officer):
    made = prepared(books, by=officer)
    before = since_last(books, MARCH, made.sequence, None)
    paid(books, "5.00", "2021-03-02", donor="NOR", booked=APRIL)
    assert since_last(books, MARCH, made.sequence, None) == before


def test_a_wrong_act_is_a_sentence(update, board_member):
    for act in (
        lambda: discard_update(update, by=board_member),
        lambda: publish_update(update, by=factories.user(role=Role.BOARD), at=ON_15_APRIL),
    ):
        with pytest.raises(PortalError, match="may not"):
            act()
