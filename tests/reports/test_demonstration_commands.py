"""Setting up a demonstration and removing it: whole, repeatable, other books left alone."""

import datetime
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from accounts import append_only
from accounts.models import AuditEvent, User
from accounts.permissions import Role
from donors.models import Donor, Representation
from habitat_portal.safety import Mode
from income.demonstration.books import are_loaded
from income.ledger.verification import problems
from income.models import Contribution, Entry, ExchangeRate, Instalment, Ledger, Month, Posting
from income.models.rollups import DonorTotal
from jobs.models import Job
from reports.management.commands import set_up_demonstration
from reports.models import MonthlyUpdate, UpdateFile
from tests import factories, report_factories
from tests.reports import update_cases

# Everything an entry says, with codes in place of the UUIDs that differ from load to load.
SAID = (
    "posting__sequence", "posting__token", "posting__act", "posting__note", "line", "kind", "mode",
    "reason", "fund", "donor__code", "contribution__reference", "instalment__number", "instrument",
    "earmarking", "region", "value_date", "booked_month", "year_for", "currency", "amount", "rate",
    "rate_on", "rate_type", "amount_usd", "programme_support_usd", "credited_amount", "bank_charge",
)  # fmt: skip


def remove(*arguments):
    out = io.StringIO()
    call_command("remove_demonstration", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def set_up(reference, monkeypatch):
    """Runs the command without its fonts, which other tests prepare; returns what it says.

    The documents of its updates are a few bytes: others test how they are set.
    """
    monkeypatch.setattr(set_up_demonstration, "_prepare_fonts", lambda: "ready")
    update_cases.without_documents(monkeypatch)

    def run():
        out = io.StringIO()
        call_command("set_up_demonstration", stdout=out)
        return out.getvalue().splitlines()

    return run


@pytest.fixture
def real_books(reference):
    """The agency's books, with one posting."""
    ledger = Ledger.objects.get(code="UNH")
    factories.posting(ledger)
    return Ledger.objects.get(code="UNH")


def state():
    heads = Ledger.objects.order_by("code").values_list("code", "sequence", "head_hash")
    rows = (User, Representation, ExchangeRate, Donor, AuditEvent, MonthlyUpdate, UpdateFile)
    return list(heads), [model._default_manager.count() for model in rows]


def test_set_up_says_each_of_its_eleven_steps_and_running_it_again_changes_nothing(set_up):
    first = set_up()
    assert [line.partition(" ")[0] for line in first] == [f"[{n}/11]" for n in range(1, 12)]
    assert all(line.endswith(" s)") for line in first)
    assert "386 postings" in first[4]
    assert "5 entries" in first[8]
    assert "2 published" in first[9]
    representation = Representation.objects.get(user__role=Role.REPRESENTATIVE)
    assert (representation.donor.code, representation.starts_on) == (
        "SWE",
        datetime.date(2020, 1, 1),
    )

    before = state()
    again = set_up()
    outcomes = ["unchanged", "unchanged", "0 added", "there already", "open", "there already"]
    assert [line.partition("... ")[2].partition(" (")[0] for line in again[1:7]] == outcomes
    assert "there already" in again[9]
    assert state() == before


def test_its_updates_are_those_of_november_and_december_by_two_people_and_nobody_is_told(set_up):
    set_up()
    found = MonthlyUpdate.objects.order_by("month")
    assert [(one.month, one.status, one.state) for one in found] == [
        (202111, "provisional", "published"), (202112, "provisional", "published"),
    ]  # fmt: skip
    assert {one.prepared_by.email for one in found} == {"officer@demo.example"}
    assert {one.published_by.email for one in found} == {"reviewer@demo.example"}
    assert not Job.objects.filter(kind="announce_update").exists()


@pytest.mark.both_databases
def test_a_demonstration_is_not_set_up_in_production(db, settings):
    settings.PORTAL_MODE = Mode.PRODUCTION
    with pytest.raises(CommandError, match="in demo mode only"):
        call_command("set_up_demonstration")
    assert not Ledger.objects.filter(is_demonstration=True).exists()


@pytest.mark.both_databases
def test_removing_asks_for_yes(reference):
    factories.ledger(code="DEMO", name="Demonstration books", is_demonstration=True)
    with pytest.raises(CommandError, match=r"Demonstration books.*--yes"):
        remove()
    assert Ledger.objects.filter(code="DEMO").exists()


def test_removing_takes_the_demonstration_and_leaves_the_rest(set_up, real_books):
    set_up()
    demo = Ledger.objects.get(code="DEMO")
    real_books.refresh_from_db()
    factories.posting(demo, booked_month=factories.YearMonth(2022, 3), token="one more")
    factories.draft(ledger=demo, written_by=User.objects.get(email="officer@demo.example"))
    report_factories.report_download(
        report=report_factories.sealed_report(ledger=demo),
        user=User.objects.get(email="sweden@demo.example"),
    )
    events = AuditEvent.objects.count()

    remove("--yes")

    for model in (Entry, Posting, Contribution, Month, DonorTotal):
        assert not model._default_manager.filter(ledger_id=demo.pk).exists()
    assert not Instalment.objects.filter(contribution__ledger_id=demo.pk).exists()
    assert not MonthlyUpdate.objects.exists()
    assert not UpdateFile.objects.exists()
    assert not Ledger.objects.filter(is_demonstration=True).exists()
    assert not ExchangeRate.objects.filter(rate_type="demonstration").exists()
    assert not User.objects.filter(is_demonstration=True).exists()
    assert AuditEvent.objects.count() >= events
    kept = Ledger.objects.get(code="UNH")
    assert (kept.sequence, kept.head_hash) == (real_books.sequence, real_books.head_hash)
    assert list(problems(kept)) == []


@pytest.mark.both_databases
def test_reversed_postings_are_removed_as_well(reference):
    demo = factories.ledger(code="DEMO", is_demonstration=True)
    posting = factories.posting(demo)
    factories.door.reverse(
        posting, booked_month=factories.MARCH, note="Sent twice", token="reversal",
        prepared_by=None, approved_by=None,
    )  # fmt: skip
    remove("--yes")
    assert not Posting.objects.filter(ledger_id=demo.pk).exists()


@pytest.mark.both_databases
def test_posted_rows_are_protected_again_after_removing(real_books):
    remove("--yes")
    assert append_only.missing_triggers(connection) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(ledger=real_books).delete()


@pytest.mark.both_databases
def test_an_account_that_acted_in_books_that_stay_is_closed_instead(reference):
    officer, reviewer = (factories.user(is_demonstration=True) for _number in range(2))
    idle = factories.user(is_demonstration=True)
    ledger = Ledger.objects.get(code="UNH")
    factories.posting(ledger, prepared_by=officer, approved_by=reviewer)

    assert "2  accounts closed" in remove("--yes")

    officer.refresh_from_db()
    assert not officer.is_active
    assert not officer.is_demonstration
    assert not officer.has_usable_password()
    assert not User.objects.filter(pk=idle.pk).exists()
    assert list(problems(ledger)) == []


@pytest.mark.both_databases
def test_a_person_who_is_no_demonstration_keeps_the_account(officer):
    remove("--yes")
    officer.refresh_from_db()
    assert officer.is_active


@pytest.mark.both_databases
def test_nothing_is_removed_when_the_books_that_stay_are_not_sound(real_books):
    factories.ledger(code="DEMO", is_demonstration=True)
    Ledger.objects.filter(code="UNH").update(sequence=real_books.sequence + 1)
    with pytest.raises(CommandError, match="Nothing was removed"):
        remove("--yes")
    assert Ledger.objects.filter(code="DEMO").exists()


def said():
    entries = Entry.objects.filter(ledger__code="DEMO").order_by("posting__sequence", "line")
    months = Month.objects.filter(ledger__code="DEMO").order_by("month")
    return list(entries.values_list(*SAID)), list(
        months.values_list("month", "sequence", "closed_at")
    )


@pytest.mark.slow
def test_a_demonstration_set_up_anew_differs_in_nothing_but_uuids(set_up):
    set_up()
    first = said()
    remove("--yes")
    assert not are_loaded()
    set_up()
    assert said() == first
