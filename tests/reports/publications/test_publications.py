"""Publications: prepared by one person, checked against the books, published by another."""

import io
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection

from accounts import append_only
from accounts.models import AuditEvent
from accounts.permissions import Role
from income.periods import YearMonth
from jobs.models import Job
from reports.models import Publication, PublicationFile, UpdateFile
from reports.open.state import published as frame_of
from reports.publications import casting as casting_module
from reports.publications import making
from reports.publications.asking import Asked, PublicationWrong
from reports.publications.casting import ACTIVITIES, cast_iati
from reports.publications.checks import Check
from reports.publications.continuity import identifiers
from reports.publications.listing import preparable, published_files
from reports.publications.preparing import ask_publication, prepare
from reports.publications.publishing import cast_again, discard, publish
from reports.publications.removal import remove_publications
from reports.publications.stored import of_plain, plain
from reports.updates.publishing import publish_update
from tests import board_factories, factories
from tests.reports import update_cases as cases
from tests.reports.ceb.test_revenue_files import audited

D = Decimal
AT = cases.ON_15_APRIL


@pytest.fixture
def told(ledger, monkeypatch, officer, reviewer):
    """The published update of March 2021: 350,000 core, 500,000 earmarked, all received."""
    cases.three_months(monkeypatch, ledger)
    cases.without_documents(monkeypatch)
    update = cases.prepared(ledger, by=officer)
    publish_update(update, by=reviewer, at=AT, announces=False)
    ledger.refresh_from_db()
    return ledger


@pytest.fixture
def iati(told):
    return Asked(told, "iati", cases.MARCH)


@pytest.fixture
def revenue(ledger):
    """Audited revenue of 2021: Sweden 100.00 less 20.00 taken back, and 5.00 of nobody named."""
    audited(ledger, "100.00")
    audited(ledger, "-20.00")
    audited(ledger, "5.00", donor=None)
    ledger.refresh_from_db()
    return Asked(ledger, "ceb", YearMonth(2021, 12))


def failing(publication):
    return [check.code for check in of_plain(publication.casting).failing]


def test_iati_files_follow_the_update_at_its_state_of_the_books(iati, told, officer):
    cases.paid(told, "1000.00", "2021-03-30", booked=cases.APRIL)  # after the update
    made = prepare(iati, by=officer)
    assert (made.sequence, made.update.as_at, made.state) == (3, cases.MARCH, "prepared")
    assert made.is_cast
    found = {(c.code, c.fund, c.unit): c.left for c in of_plain(made.casting).checks}
    assert found["board_table", "FNE", "USD"] == D("350000.00")
    assert found["iati_receipt", "FNE", "USD"] == D(350000)
    assert found["iati_receipt", "FNE", "count"] == 2
    assert found["iati_receipt", "FE", "USD"] == D(500000)
    assert found["table_to_file", "FE", "USD"] == D(500000)


def test_the_stored_files_are_the_bytes_that_were_checked(iati, officer):
    made = prepare(iati, by=officer)
    rows = {file.name: file for file in made.files.all()}
    assert set(rows) == {"activities.xml", "organisation.xml"}
    for row in rows.values():
        with row.file.open("rb") as source:
            assert making.digest(source) == (row.sha256, row.byte_count)


def test_another_person_publishes_and_everybody_may_have_the_files(iati, officer, reviewer):
    made = prepare(iati, by=officer)
    assert list(published_files("iati", iati.ledger)) == []
    found = publish(made, by=reviewer, at=AT)
    assert (found.state, found.published_by, found.published_at) == ("published", reviewer, AT)
    assert [file.name for file in published_files("iati", iati.ledger)] == [
        "activities.xml", "organisation.xml",
    ]  # fmt: skip
    acts = AuditEvent.objects.filter(subject="reports.publication").order_by("pk")
    assert [event.act for event in acts] == ["prepare_publication", "publish_publication"]
    assert preparable(iati.ledger) == []


def test_nobody_publishes_what_they_had_prepared_themselves(iati, reviewer):
    made = prepare(iati, by=reviewer)
    with pytest.raises(PublicationWrong, match="another person has to publish them"):
        publish(made, by=reviewer, at=AT)


def test_an_officer_publishes_nothing(iati, reviewer, officer):
    with pytest.raises(PublicationWrong, match="may not publish"):
        publish(prepare(iati, by=reviewer), by=officer, at=AT)


def tamper(publication, name, change):
    """Somebody who can write to the storage puts other bytes there."""
    row = publication.files.get(name=name)
    storage = storages["reports"]
    with storage.open(row.file.name, "rb") as source:
        content = source.read()
    storage.delete(row.file.name)
    assert storage.save(row.file.name, ContentFile(change(content))) == row.file.name


def test_a_file_that_was_changed_in_the_store_is_not_published(iati, officer, reviewer):
    made = prepare(iati, by=officer)
    tamper(made, "activities.xml", lambda content: content.replace(b"300000", b"300001"))
    with pytest.raises(PublicationWrong, match=r"activities\.xml is not the one that was made"):
        publish(made, by=reviewer, at=AT)
    assert Publication.objects.get(pk=made.pk).state == "prepared"


def test_a_file_that_is_gone_is_not_published(revenue, officer, reviewer):
    made = prepare(revenue, by=officer)
    storages["reports"].delete(made.files.first().file.name)
    with pytest.raises(PublicationWrong, match="is not the one that was made"):
        publish(made, by=reviewer, at=AT)


def test_a_file_that_says_a_cent_more_than_the_books_does_not_cast(iati, officer):
    state = frame_of(iati.ledger)
    with making.iati_files(state) as files:
        sources = {made.name: made.source for made in files}
        content = sources[ACTIVITIES].read()
        assert b"300000" in content
        sources[ACTIVITIES] = io.BytesIO(content.replace(b"300000", b"300000.01"))
        found = cast_iati(state, sources)
    assert not found.holds
    wrong = {(check.code, check.fund): check.difference for check in found.failing}
    assert wrong["iati_receipt", "FNE"] == D("0.01")
    assert wrong["table_to_file", "FNE"] == D("-0.01")
    assert all("/income/entries/?books=T&kind=receipt&fund=FNE" in c.link for c in found.failing
               if c.code == "iati_receipt")  # fmt: skip


def test_what_does_not_cast_is_told_row_by_row_and_not_published(
    iati, officer, reviewer, monkeypatch
):
    row = Check("bridge_due_receipt", D("10.00"), D("9.99"), year=2021, fund="FE")
    bridged = casting_module.bridge_year

    def spoilt(*asked):
        found = bridged(*asked)
        return type(found)(found.year, found.rows, (*found.checks, row))

    monkeypatch.setattr(casting_module, "bridge_year", spoilt)
    made = prepare(iati, by=officer)
    assert not made.is_cast
    assert failing(made) == ["bridge_due_receipt"]
    with pytest.raises(PublicationWrong, match="do not agree with the books"):
        publish(made, by=reviewer, at=AT)


def test_a_board_table_that_says_something_else_does_not_cast(iati, officer, monkeypatch):
    monkeypatch.setattr(
        casting_module, "figures_of",
        lambda update: {"funds": {"rows": [
            {"code": "FNE", "part": "fund", "funds": ["FNE"],
             "progress": {"actual_usd": "350000.01", "target_usd": None, "percent": None}},
        ]}},
    )  # fmt: skip
    made = prepare(iati, by=officer)
    assert not made.is_cast
    assert set(failing(made)) == {"board_table", "table_to_file"}


def test_files_that_break_a_rule_of_the_standard_are_not_published(
    iati, officer, reviewer, monkeypatch
):
    wrong = casting_module.checking.Problem("6.2.1", "A-1", "Percentages add up to 99.")
    monkeypatch.setattr(casting_module.checking, "problems", lambda source: [wrong])
    made = prepare(iati, by=officer)
    assert not made.is_cast
    found = of_plain(made.casting)
    assert (found.problem_count, found.problems[0].sentence) == (2, "Percentages add up to 99.")
    assert found.failing == ()
    with pytest.raises(PublicationWrong):
        publish(made, by=reviewer, at=AT)


def next_month(monkeypatch, ledger, officer, reviewer):
    """The update of April, with one more receipt."""
    cases.clock(monkeypatch, 2021, 5, 3)
    cases.paid(ledger, "7000.00", "2021-04-20")
    cases.close(ledger, cases.APRIL, at=AT.replace(month=5))
    update = cases.prepared(ledger, cases.APRIL, by=officer)
    publish_update(update, by=reviewer, at=AT.replace(month=5), announces=False)
    ledger.refresh_from_db()
    return Asked(ledger, "iati", cases.APRIL)


def test_a_later_file_keeps_every_identifier_that_was_published(
    iati, officer, reviewer, monkeypatch
):
    first = publish(prepare(iati, by=officer), by=reviewer, at=AT)
    with first.files.get(name=ACTIVITIES).file.open("rb") as source:
        assert sorted(identifiers(source)) == [
            "XM-DAC-41120-T-FUND-FE", "XM-DAC-41120-T-FUND-FNE",
        ]  # fmt: skip
    later = prepare(next_month(monkeypatch, iati.ledger, officer, reviewer), by=officer)
    (check,) = [c for c in of_plain(later.casting).checks if c.code == "identifiers"]
    assert (check.left, check.right) == (2, 2)
    publish(later, by=reviewer, at=AT)
    assert {file.publication.month for file in published_files("iati", iati.ledger)} == {202104}


def test_a_file_without_an_identifier_that_was_published_does_not_cast(
    iati, officer, reviewer, monkeypatch
):
    publish(prepare(iati, by=officer), by=reviewer, at=AT)
    asked = next_month(monkeypatch, iati.ledger, officer, reviewer)
    state = frame_of(asked.ledger)
    with making.iati_files(state) as files:
        sources = {made.name: made.source for made in files}
        renamed = sources[ACTIVITIES].read().replace(b"-T-FUND-FE<", b"-T-FUND-OTHER<")
        found = cast_iati(state, {**sources, ACTIVITIES: io.BytesIO(renamed)})
    (check,) = [one for one in found.failing if one.code == "identifiers"]
    assert (check.left, check.right, check.about) == (1, 2, "XM-DAC-41120-T-FUND-FE")


def test_iati_files_of_an_earlier_update_are_neither_prepared_nor_published(
    iati, officer, reviewer, monkeypatch
):
    made = prepare(iati, by=officer)
    next_month(monkeypatch, iati.ledger, officer, reviewer)
    with pytest.raises(PublicationWrong, match="A newer monthly update is published"):
        publish(made, by=reviewer, at=AT)
    with pytest.raises(PublicationWrong, match="follow the last published monthly update"):
        prepare(iati, by=officer)


def test_iati_files_of_an_update_are_published_once(iati, officer, reviewer):
    publish(prepare(iati, by=officer), by=reviewer, at=AT)
    with pytest.raises(PublicationWrong, match="published already"):
        prepare(iati, by=officer)


def test_revenue_files_cast_against_the_audited_revenue(revenue, officer):
    made = prepare(revenue, by=officer)
    assert made.is_cast
    found = {(c.code, c.about): c.left for c in of_plain(made.casting).checks}
    assert found["ceb_total", "ceb-2021-by-contributor.csv"] == D("85.00")
    assert found["ceb_by_contributor", "ceb-2021-by-contributor.xlsx: SWE"] == D("80.00")
    assert found["ceb_by_contributor", "ceb-2021-by-contributor.csv: not attributed"] == D("5.00")
    assert found["ceb_bridge", "ceb-2021-by-instrument.csv"] == D("85.00")


def test_corrected_revenue_is_published_again_and_the_newest_stands(revenue, officer, reviewer):
    first = publish(prepare(revenue, by=officer), by=reviewer, at=AT)
    with pytest.raises(PublicationWrong, match="same or a newer state"):
        publish(prepare(revenue, by=officer), by=reviewer, at=AT)
    audited(revenue.ledger, "1.00")
    revenue.ledger.refresh_from_db()
    assert [one.month for one in preparable(revenue.ledger)] == [YearMonth(2021, 12)]
    later = publish(prepare(revenue, by=officer), by=reviewer, at=cases.ON_15_APRIL.replace(day=20))
    files = published_files("ceb", revenue.ledger)
    assert {file.publication_id for file in files} == {later.pk}
    assert cast_again(first).holds  # of its own state of the books it stays true


def test_a_year_without_audited_revenue_has_no_files(revenue, officer):
    with pytest.raises(PublicationWrong, match="no audited revenue of 2020"):
        prepare(Asked(revenue.ledger, "ceb", YearMonth(2020, 12)), by=officer)
    with pytest.raises(PublicationWrong, match="Choose what is to be prepared"):
        prepare(Asked(revenue.ledger, "sdmx", YearMonth(2020, 12)), by=officer)


def test_without_a_published_update_there_are_no_iati_files(revenue, officer):
    with pytest.raises(PublicationWrong, match="follow the last published monthly update"):
        prepare(Asked(revenue.ledger, "iati", YearMonth(2021, 12)), by=officer)


def test_the_same_state_is_prepared_once_and_an_older_one_is_discarded(revenue, officer):
    first = prepare(revenue, by=officer)
    assert prepare(revenue, by=officer) == first
    audited(revenue.ledger, "1.00")
    revenue.ledger.refresh_from_db()
    assert prepare(revenue, by=officer) != first
    assert Publication.objects.get(pk=first.pk).state == "discarded"


def test_a_discarded_publication_is_never_published(revenue, officer, reviewer):
    made = discard(prepare(revenue, by=officer), by=officer)
    with pytest.raises(PublicationWrong, match="were discarded"):
        publish(made, by=reviewer, at=AT)
    with pytest.raises(PublicationWrong, match="not waiting"):
        discard(made, by=officer)
    with pytest.raises(PublicationWrong, match="may not discard"):
        discard(prepare(revenue, by=officer), by=factories.user(role=Role.BOARD))


def test_a_file_that_the_store_refuses_leaves_no_row_and_no_other_file(
    revenue, officer, monkeypatch
):
    stored, kept = making._stored, []

    def third_fails(publication, made):
        if len(kept) == 2:
            raise OSError("no space left")
        kept.append(stored(publication, made))
        return kept[-1]

    monkeypatch.setattr(making, "_stored", third_fails)
    with pytest.raises(OSError, match="no space"):
        prepare(revenue, by=officer)
    assert not Publication.objects.exists()
    assert not any(storages["reports"].exists(row.file.name) for row in kept)


def test_work_on_the_same_files_is_not_begun_twice(revenue, officer, other_officer):
    first = ask_publication(revenue, by=officer)
    assert ask_publication(revenue, by=other_officer) == first
    assert Job.objects.filter(kind="prepare_publication").count() == 1


def test_the_database_keeps_the_files_as_they_are(revenue, officer):
    made = prepare(revenue, by=officer)
    with pytest.raises(Exception, match="append-only"):
        PublicationFile.objects.filter(publication=made).update(sha256="0" * 64)


def test_what_is_stored_of_a_casting_reads_back_the_same(iati, officer):
    made = prepare(iati, by=officer)
    assert plain(of_plain(made.casting)) == made.casting


def test_taking_a_demonstration_out_takes_its_files_out(
    revenue, officer, django_capture_on_commit_callbacks
):
    made = prepare(revenue, by=officer)
    board_factories.public_block(changed_by=factories.user(is_demonstration=True))
    name = made.files.first().file.name
    with django_capture_on_commit_callbacks(execute=True), append_only.lifted(connection):
        assert remove_publications([revenue.ledger]) == 6  # five files
    assert not storages["reports"].exists(name)
    assert UpdateFile.objects.count() == 0
