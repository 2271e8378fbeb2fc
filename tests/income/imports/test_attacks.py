"""What somebody tries who wants a file to post more, less, twice, or what nobody approved.

SEK 1,000,000 on 3 June 2021 are US$ 119,095.82 at 8.3966.
"""

import threading
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.db.models import Sum
from django.utils import timezone

from donors.models import Donor
from income.errors import NotAllowed, PostingWrong
from income.forms import ReceiptForm
from income.imports import services
from income.imports.columns.plan import Plan
from income.imports.course import checking
from income.imports.course.undoing import ask_to_undo, undo_import
from income.imports.jobs import approve_later
from income.models import Contribution, Entry, ErpReference, Import, ImportedRow, Ledger, Posting
from income.periods import YearMonth
from income.services import approve_draft
from income.sheets import entries_csv
from interface.errors import PortalError
from reports.figures.bases import BasesQuestion, bases
from reports.figures.scope import Scope
from tests import factories
from tests.income.imports.passes_cases import (
    FIELDS,
    SWEDEN,
    TODAY,
    brought,
    checked,
    choose,
    csv_of,
    imported,
    in_books,
    plan,
    posted,
    sound,
    submitted,
)

D = Decimal
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
IDENTIFIED = (*FIELDS, "row_id", "bank_charge", "due_on", "channel", "support_rate")
AGREED = ("Sweden", "TC", "2021-06-03", "USD", "5000", "G-1")
PAID = ("agreement", "date", "currency", "amount", "reference", "document")


def undone(import_, officer, reviewer):
    draft = ask_to_undo(import_, because="Wrong.", by=officer)
    approve_draft(
        draft, version=draft.version, by=reviewer, at=timezone.now(),
        post_it=lambda locked, actors: undo_import(locked, actors, today=TODAY)[0],
    )  # fmt: skip


class TestNames:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("a\r\nSet-Cookie: x=1", "a Set-Cookie: x=1"),
            ("receipts\u202exslx.exe", "receiptsxslx.exe"),
            ("\u2066receipts\x07\u2069\t2021 ", "receipts 2021"),
            ("x" * 300, "x" * 200),
        ],
    )
    def test_a_name_is_one_line_of_what_everybody_sees(self, ledger, officer, typed, kept):
        rows = SimpleUploadedFile("rows", b"donor\tamount\nSweden\t5\n")
        import_ = services.read_in(rows, ledger=ledger, by=officer, name=typed, is_pasted=True)
        assert import_.file_name == kept

    def test_a_donor_named_like_a_formula_is_none_in_any_export(self, ledger, officer, reviewer):
        row = ("=HYPERLINK(A1) Trust", "FNE", "2021-07-02", "USD", "10", "@SUM(1)")
        import_ = brought(ledger, officer, [row])
        [name] = checked(import_).unknown_donors
        new = {"code": "HYP", "name": row[0], "contributor_type": "C08B", "iso3": ""}
        posted(submitted(choose(import_, officer, donors={name.key: {"new": new}}), officer),
               reviewer)  # fmt: skip
        written = entries_csv(Entry.objects.order_by("pk"), ledger, with_bank_data=True).decode()
        assert ",'=HYPERLINK(A1) Trust," in written
        assert ",=HYPERLINK" not in written


class TestFourEyes:
    def test_who_brought_the_file_in_does_not_approve_it_though_another_submitted_it(
        self, ledger, officer, reviewer
    ):
        """Reviewers may enter income as well: else one person decided on all of it."""
        draft = submitted(brought(ledger, reviewer), officer)
        assert draft.written_by == officer
        with pytest.raises(NotAllowed, match="You brought this file in"):
            approve_later(draft, version=draft.version, by=reviewer)
        with pytest.raises(NotAllowed, match="You brought this file in"):
            posted(draft, reviewer)
        assert Posting.objects.count() == 0

    def test_a_file_thrown_away_while_it_is_checked_ends_the_check_with_a_sentence(
        self, ledger, officer, monkeypatch
    ):
        import_, counted = brought(ledger, officer), checking.counted

        def meanwhile(*args, **named):
            found = counted(*args, **named)
            services.discard(import_, by=officer)
            return found

        monkeypatch.setattr(checking, "counted", meanwhile)
        with pytest.raises(PostingWrong, match="was thrown away"):
            checking.check(import_, today=TODAY)
        assert not Import.objects.exists()


class TestTwice:
    @pytest.mark.parametrize(
        "changed",
        [
            {"bank_charge": "20"}, {"channel": "Norway"}, {"amount": "1000001"},
            {"support_rate": "8"}, {"due_on": "2021-12-31"},
        ],
    )  # fmt: skip
    def test_a_row_with_its_identifier_and_something_else_is_told_not_passed_over(
        self, ledger, officer, reviewer, changed
    ):
        first = dict(zip(IDENTIFIED, (*SWEDEN, "X1", "10", "", "", ""), strict=True))
        first["fund"] = "TC"
        fields = {"fields": IDENTIFIED}
        imported(ledger, officer, reviewer, [tuple(first.values())], **fields)
        same = checked(brought(ledger, officer, [tuple(first.values())], **fields))
        assert (same.in_books, same.failing) == (1, 0)
        other = checked(brought(ledger, officer, [tuple((first | changed).values())], **fields))
        assert (other.in_books, other.failing, other.accepted) == (0, 1, 0)
        assert "changed_since_import" in other.problem_counts

    def typed(self, agreement, **changed):
        row = {
            "contribution": agreement.uuid, "currency": "USD", "amount": "2000",
            "received_on": "2021-09-03", "year_for": "2021", "automatic": "on",
        }  # fmt: skip
        return {**row, **changed}

    @pytest.mark.parametrize(
        "changed",
        [{}, {"amount": "7", "received_on": "2022-02-01", "reference": "p-1"}],
        ids=["same amount within a week", "same bank reference"],
    )
    def test_a_payment_that_a_file_posted_is_told_when_it_is_typed(
        self, ledger, officer, reviewer, changed
    ):
        imported(ledger, officer, reviewer, [AGREED], kind="agreement")
        agreement = Contribution.objects.get()
        rows = [
            (agreement.number, "2021-09-01", "USD", "2000", "P-1", "D-1"),
            (agreement.number, "2021-09-01", "USD", "30", "P-2", "D-2"),
        ]
        paid = imported(ledger, officer, reviewer, rows, fields=PAID, name="paid.csv")
        form = ReceiptForm(self.typed(agreement, **changed), ledger=ledger, today=TODAY)
        assert not form.is_valid()
        assert [one.posting for one in form.duplicates] == [paid.postings.get()]

    def test_a_payment_of_an_import_that_was_undone_is_no_duplicate(
        self, ledger, officer, reviewer
    ):
        imported(ledger, officer, reviewer, [AGREED], kind="agreement")
        agreement = Contribution.objects.get()
        rows = [(agreement.number, "2021-09-01", "USD", "2000", "P-1", "D-1")]
        paid = imported(ledger, officer, reviewer, rows, fields=PAID, name="paid.csv")
        undone(paid, officer, reviewer)
        assert not ErpReference.objects.filter(posting__isnull=False).exists()
        form = ReceiptForm(self.typed(agreement), ledger=ledger, today=TODAY)
        assert form.is_valid(), form.errors
        again = imported(ledger, officer, reviewer, rows, fields=PAID, name="paid.csv")
        assert again.found["accepted"] == 1
        assert in_books(ledger) == D("2000")
        assert sound(ledger)


class TestMoney:
    def test_the_report_tells_to_the_cent_what_is_posted(self, ledger, officer, reviewer):
        """Half up: EUR 0.01 at 0.83 are US$ 0.012; JPY has no decimals, KWD three."""
        rows = [
            ("Sweden", "FNE", "2021-06-03", currency, amount, f"R-{n}")
            for n, (currency, amount) in enumerate([
                ("JPY", "1000"), ("JPY", "1000.5"), ("KWD", "1000.125"), ("KWD", "1000.1255"),
                ("EUR", "0.01"), ("EUR", "33333.33"), ("USD", "-5"), ("JPY", "-999"),
            ])
        ]  # fmt: skip
        import_ = brought(ledger, officer, rows)
        found = checked(import_)
        stopped = [one["row"] for one in found.problems if one["code"] == "too_many_decimals"]
        assert (stopped, found.accepted) == ([3, 5], 6)
        posted(submitted(import_, officer), reviewer)
        for total in found.totals:
            sums = Entry.objects.filter(
                kind=total.kind, fund=total.fund, currency=total.currency
            ).aggregate(amount=Sum("amount"), usd=Sum("amount_usd"))
            assert sums["amount"] == D(total.amount)
            assert (sums["usd"] or 0) == D(total.amount_usd)
        assert sound(ledger)

    def test_money_back_without_an_agreement_stands_in_the_bridge_which_adds_up(
        self, ledger, officer, reviewer
    ):
        rows = [
            ("Sweden", "TC", "2022-06-03", "USD", "1000", "a"),
            ("Sweden", "TC", "2022-06-04", "USD", "-100", "b"),
            ("Norway", "FNE", "2022-06-05", "USD", "-70", "c"),
        ]
        import_ = imported(ledger, officer, reviewer, rows)
        assert self.year(ledger) == (D(1000), D(1000), [("refund", D(-170))], D(830))
        sweden, norway = Donor.objects.get(code="SWE"), Donor.objects.get(code="NOR")
        assert self.year(ledger, sweden) == (D(1000), D(1000), [("refund", D(-100))], D(900))
        assert self.year(ledger, norway) == (0, 0, [("refund", D(-70))], D(-70))
        undone(import_, officer, reviewer)
        assert self.year(ledger) == (0, 0, [], 0)
        assert sound(ledger)

    @staticmethod
    def year(ledger, donor=None):
        """Agreed, due, the lines between due and received, received."""
        scope = Scope(ledger=Ledger.objects.get(pk=ledger.pk), donor=donor)
        found = bases(BasesQuestion(scope, 2022, YearMonth(2022, 12))).bridge
        lines = [(line.code, line.amount_usd) for line in found.to_received]
        return (
            found.agreed.amount_usd, found.due.amount_usd, lines, found.received.amount_usd,
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("sign", "amount", "read"),
        [
            ("", "19.234,56", "19234.56"), ("", "1,234.56", "1234.56"), ("", "1,234", None),
            ("", "1.234", None), (".", "19.234,56", None), (".", "1.234", None),
            (".", "1,234", "1234"), (",", "19.234,56", "19234.56"), (",", "1.234", "1234"),
            (",", "1,234", None), (",", "1,234.56", None), ("", "12,34,567.00", None),
        ],
    )  # fmt: skip
    def test_an_amount_in_euros_is_read_as_it_is_meant_or_not_at_all(
        self, ledger, officer, sign, amount, read
    ):
        row = ("Sweden", "FNE", "2021-06-03", "EUR", amount, "R")
        found = checked(brought(ledger, officer, [row], decimal_sign=sign))
        [total] = [one for one in found.totals if one.kind == "receipt"] or [None]
        assert (total and D(total.amount)) == (read and D(read))
        assert found.failing == (0 if read else 1)

    def test_what_contradicts_the_decimal_sign_far_down_stops_its_row(self, ledger, officer):
        rows = [("Sweden", "FNE", "2021-06-03", "EUR", "1.5", f"R-{n}") for n in range(1500)]
        late = ["19.234,56", "1.234", "1.234.567", "2,50"]
        rows += [("Sweden", "FNE", "2021-06-03", "EUR", amount, amount) for amount in late]
        upload = SimpleUploadedFile("a.csv", csv_of(rows))
        import_ = services.read_in(upload, ledger=ledger, by=officer, name="a.csv")
        proposed = Plan.of_json(import_.plan)
        assert (proposed.decimal_sign, proposed.columns) == (".", plan().columns)
        services.change_plan(
            import_, proposed.with_(kind="receipt"), version=import_.version, by=officer
        )
        import_.refresh_from_db()
        found = checked(import_)
        assert (found.accepted, found.failing) == (1500, 4)
        assert [one["row"] for one in found.problems] == [1502, 1503, 1504, 1505]


@pytest.mark.slow
@pytest.mark.usefixtures("committed")
def test_of_two_files_with_the_same_rows_approved_at_once_one_is_posted(ledger, officer, reviewer):
    rows = [("Sweden", "FNE", "2021-06-03", "USD", f"{n}", f"M-{n}") for n in range(1, 101)]
    drafts = [submitted(brought(ledger, officer, each), officer) for each in (rows, rows[:0:-1])]
    second = factories.user(email="second.reviewer@example.org", name="Second", role="reviewer")
    outcomes = at_once(lambda: posted(drafts[0], reviewer), lambda: posted(drafts[1], second))
    assert sorted(type(one).__name__ for one in outcomes) == ["BooksChanged", "list"]
    rows_posted = ImportedRow.objects.count()
    assert Contribution.objects.count() == rows_posted in (99, 100)
    assert Posting.objects.count() == 1
    assert sound(Ledger.objects.get(pk=ledger.pk))


def at_once(*acts):
    """What each act gives or raises, all begun together, each on a connection of its own."""
    start, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def do(number, act):
        start.wait()
        try:
            outcomes[number] = act()
        except PortalError as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    workers = [threading.Thread(target=do, args=pair) for pair in enumerate(acts)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    return outcomes
