"""Each row of an import is a receipt of its own to the ERP: nothing is summed across rows.

SEK 1,000,000 on 3 June 2021 are US$ 119,095.82 at 8.3966.
"""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEvent
from income.erp.candidates import Candidates, Known, folded
from income.erp.matching import reconciliation
from income.erp.reading import read_export
from income.erp.receipts import BookReceipt, book_receipts
from income.erp.references import find_by_reference
from income.errors import PostingWrong
from income.imports.course.posting import postings_of
from income.imports.course.undoing import ask_to_undo, undo_import
from income.models import Contribution, Entry, ErpLine, ErpReference, Ledger, Posting
from income.periods import YearMonth
from income.services import approve_draft
from income.services.erp import (
    add_reference,
    load_export,
    match_export,
    match_line,
    remove_reference,
    unmatch_line,
)
from income.vocabulary import ErpScheme
from tests import factories
from tests.income.imports.passes_cases import TODAY, imported

D = Decimal
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
JUNE = YearMonth(2021, 6)
HEADER = "posting_date,document,grant,fund,text,currency,amount,amount_usd\n"
FIELDS = ("donor", "fund", "date", "currency", "amount", "reference", "document", "agreement")
AGREED = ("Sweden", "TC", "2021-06-01", "USD", "5000", "G-1")
# Lines of the posting: 1 to 3, 4 to 6, 7, 8 to 10; a gift's receipt is its third.
SWEDEN = ("Sweden", "FNE", "2021-06-03", "SEK", "1000000", "B-SWE", "5100001", "")
NORWAY = ("Norway", "FNE", "2021-06-10", "EUR", "20000", "BANK-NOR 2", "", "")
UNDER_G1 = ("Sweden", "TC", "2021-06-15", "USD", "3000", "RF-0077", "", "G-1")
KENYA = ("Kenya", "FNE", "2021-06-21", "USD", "40000", "B-KEN", "5100004", "")
ROWS = (SWEDEN, NORWAY, UNDER_G1, KENYA)
OF_ERP = (
    "2021-06-03,5100001,,,,SEK,1000000,119095.82",
    "2021-06-28,5100002,,,Norway bank-nor 2 thanks,EUR,20000,",
    "2021-06-16,5100003,s1-grant,,,USD,3000,3000",
    "2021-06-21,5100004,,,,USD,40000,40000",
)


@pytest.fixture
def agreement(ledger, officer, reviewer):
    imported(
        ledger, officer, reviewer, [AGREED], kind="agreement", name="agreements.csv",
    )  # fmt: skip
    made = Contribution.objects.get()
    factories.erp_reference(contribution=made, value="S1-GRANT")
    return made


def brought_in(ledger, officer, reviewer, rows=ROWS):
    return imported(ledger, officer, reviewer, rows, fields=FIELDS)


@pytest.fixture
def import_(ledger, officer, reviewer, agreement):
    return brought_in(ledger, officer, reviewer)


@pytest.fixture
def posting(import_):
    return import_.postings.get()


def load(ledger, by, *rows):
    content = (HEADER + "\n".join(rows)).encode()
    read = read_export(content, JUNE, decimal_sign=".")
    return load_export(ledger, JUNE, read, file_name="june.csv", content=content, by=by)


def receipts(ledger):
    return book_receipts(ledger, JUNE.first_day, JUNE.last_day)


def told(found):
    """Line, currency, amount and bank reference of each receipt."""
    told = [(one.line, one.currency, one.amount, one.reference) for one in found]
    return sorted(told, key=lambda one: one[0] or 0)


def matched(export):
    return list(export.lines.order_by("row").values_list("row", "receipt_line"))


def test_each_row_is_a_receipt_of_its_own_currency_and_donor(ledger, posting):
    found = receipts(ledger)
    assert told(found) == [
        (3, "SEK", D(1_000_000), "B-SWE"), (6, "EUR", D(20_000), "BANK-NOR 2"),
        (7, "USD", D(3_000), "RF-0077"), (10, "USD", D(40_000), "B-KEN"),
    ]  # fmt: skip
    usd = {one.line: one.amount_usd for one in found}
    assert usd[3] == D("119095.82")
    assert (usd[7], usd[10]) == (D(3000), D(40_000))
    assert {one.posting for one in found} == {posting.pk}
    assert {one.number for one in found} >= {"2/3", "2/10"}
    assert {line for line in usd if line} == {
        entry.line for entry in Entry.objects.filter(posting=posting, kind="receipt")
    }


def test_the_erps_export_matches_each_by_document_bank_and_grant(
    ledger, officer, agreement, posting
):
    export = load(ledger, officer, *OF_ERP)
    assert matched(export) == [(2, 3), (3, 6), (4, 7), (5, 10)]
    assert set(export.lines.values_list("posting", flat=True)) == {posting.pk}
    found = reconciliation(ledger, JUNE)
    assert (found.unmatched_lines, found.unmatched_receipts, found.different) == ((), (), ())
    assert (found.funds, found.is_stale) == ((), False)


def test_what_a_row_is_called_is_kept_with_its_line(posting):
    kept = ErpReference.objects.filter(posting=posting).order_by("receipt_line")
    assert list(kept.values_list("receipt_line", "scheme", "value")) == [
        (3, "document", "5100001"), (7, "bank", "RF-0077"), (10, "document", "5100004"),
    ]  # fmt: skip
    assert {one.ledger_id for one in kept} == {posting.ledger_id}


def test_a_difference_shows_on_its_row_and_nowhere_else(ledger, officer, posting):
    load(ledger, officer, *OF_ERP[:3], "2021-06-21,5100004,,,,USD,39000,39000")
    found = reconciliation(ledger, JUNE)
    [one] = found.different
    assert (one.number, one.difference_usd) == (f"{posting.sequence}/10", D(-1000))
    [row] = found.funds
    assert (row.fund, row.lines, row.postings, row.different) == ("FNE", 0, 0, 1)
    assert row.difference_usd == D(-1000)


def test_what_is_missing_in_the_erp_is_listed_row_by_row(ledger, officer, posting):
    load(ledger, officer, OF_ERP[0])
    found = reconciliation(ledger, JUNE)
    assert [one.line for one in found.unmatched_receipts] == [10, 7, 6]
    rows = {row.fund: (row.postings, row.difference_usd) for row in found.funds}
    norway = Entry.objects.get(posting=posting, line=6).amount_usd
    assert rows == {"FNE": (2, -norway - 40_000), "TC": (1, D(-3000))}


def test_the_banks_reference_of_a_row_under_an_agreement_finds_it(ledger, officer, posting):
    export = load(ledger, officer, "2021-06-29,,,,paid rf-0077 late,USD,2990,2990")
    assert matched(export) == [(2, 7)]


def test_ordinary_postings_beside_an_import_match_as_before(ledger, officer, agreement, posting):
    paid = factories.posting(
        ledger,
        factories.entry("7.00", value_date=datetime.date(2021, 6, 8)),
        factories.entry("5.00", value_date=datetime.date(2021, 6, 8)),
        reference="OWN-1",
    )
    export = load(ledger, officer, *OF_ERP, "2021-06-08,,,,OWN-1,USD,12,12")
    assert matched(export)[-1] == (6, None)
    assert export.lines.get(row=6).posting == paid
    assert reconciliation(ledger, JUNE).different == ()


def test_two_rows_of_one_agreement_and_day_are_two_receipts_and_a_refund_hides_neither(
    ledger, officer, reviewer, agreement
):
    again = ("Sweden", "TC", "2021-06-15", "USD", "1000", "RF-0078", "5100009", "G-1")
    back = ("Sweden", "TC", "2021-06-15", "USD", "-3000", "RF-0079", "5100010", "G-1")
    brought_in(ledger, officer, reviewer, [UNDER_G1, again, back])
    found = told(receipts(ledger))
    assert [(one[2], one[3]) for one in found] == [
        (D(3000), "RF-0077"), (D(1000), "RF-0078"), (D(-3000), "RF-0079"),
    ]  # fmt: skip
    export = load(
        ledger, officer, "2021-06-15,5100010,,,,USD,-3000,-3000",
        "2021-06-15,,S1-GRANT,,,USD,1000,1000", "2021-06-15,,S1-GRANT,,,USD,3000,3000",
    )  # fmt: skip
    assert [line for _row, line in matched(export)] == [found[2][0], found[1][0], found[0][0]]


def test_refunds_without_an_agreement_stand_alone_each(ledger, officer, reviewer):
    rows = [
        ("Sweden", "FNE", "2021-06-15", "USD", "-10", "RF-1001", "", ""),
        ("Kenya", "FNE", "2021-06-15", "USD", "-10", "RF-1002", "", ""),
    ]
    brought_in(ledger, officer, reviewer, rows)
    assert told(receipts(ledger)) == [
        (1, "USD", D(-10), "RF-1001"), (2, "USD", D(-10), "RF-1002"),
    ]  # fmt: skip
    export = load(ledger, officer, "2021-06-15,RF-1002,,,,USD,-10,-10")
    assert matched(export) == [(2, 2)]


def test_a_receipt_settling_two_instalments_is_one_receipt(ledger, officer, reviewer, agreement):
    over = ("Sweden", "TC", "2021-06-15", "USD", "6000", "RF-0080", "5100011", "G-1")
    import_ = brought_in(ledger, officer, reviewer, [over, KENYA])
    lines = import_.postings.get().entries.filter(kind="receipt").order_by("line")
    assert [(one.line, one.amount) for one in lines] == [
        (1, D(5000)), (2, D(1000)), (5, D(40_000)),
    ]  # fmt: skip
    assert [one[:3] for one in told(receipts(ledger))] == [
        (1, "USD", D(6000)), (5, "USD", D(40_000)),
    ]  # fmt: skip
    line = load(ledger, officer, "2021-06-15,5100011,,,,USD,6000,6000").lines.get()
    unmatch_line(line, by=officer)
    posting = import_.postings.get()
    assert match_line(line, posting.sequence, 2, by=officer).receipt_line == 1


def test_of_several_receipts_of_a_document_the_one_of_its_money_is_meant(ledger, officer, reviewer):
    rows = [(*SWEDEN[:6], "5100001", ""), (*KENYA[:6], "5100001", "")]
    brought_in(ledger, officer, reviewer, rows)
    export = load(
        ledger, officer, "2021-06-21,5100001,,,,USD,40000,", "2021-06-03,5100001,,,,SEK,9,"
    )
    assert matched(export) == [(2, 6), (3, None)]


def test_by_hand_posting_and_row_are_named(ledger, officer, posting):
    export = load(ledger, officer, "2021-06-30,,,,,USD,40000,40000")
    line = export.lines.get()
    with pytest.raises(PostingWrong, match=f"such as {posting.sequence}/3"):
        match_line(line, posting.sequence, by=officer)
    for wrong in (9, 99):  # what falls due, and none
        with pytest.raises(PostingWrong, match=f"Line {wrong} of posting"):
            match_line(line, posting.sequence, wrong, by=officer)
    assert match_line(line, posting.sequence, 10, by=officer).receipt_key == (posting.pk, 10)
    event = AuditEvent.objects.get(act="match_erp_line")
    assert (event.before, event.after) == (
        {"sequence": None}, {"sequence": posting.sequence, "line": 10},
    )  # fmt: skip
    match_export(export, by=officer)
    assert matched(export) == [(2, 10)]
    ordinary = factories.posting(ledger, factories.entry("3.00"))
    with pytest.raises(PostingWrong, match="comes from no file"):
        match_line(line, ordinary.sequence, 1, by=officer)


def test_taken_apart_from_one_row_it_may_belong_to_another_of_the_posting(ledger, officer, posting):
    export = load(ledger, officer, "2021-06-03,5100001,,,RF-0077,SEK,1000000,119095.82")
    assert matched(export) == [(2, 3)]
    unmatch_line(export.lines.get(), by=officer)
    assert matched(export) == [(2, None)]
    assert AuditEvent.objects.get(act="unmatch_erp_line").before["line"] == 3
    match_export(export, by=officer)
    assert matched(export) == [(2, 7)]


def test_an_identifier_is_added_to_a_row_and_taken_off(ledger, officer, posting):
    how = {"scheme": ErpScheme.DOCUMENT, "value": "5100002", "by": officer, "posting": posting}
    with pytest.raises(PostingWrong, match="Name the line"):
        add_reference(ledger, **how)
    reference = add_reference(ledger, **how, line=6)
    assert add_reference(ledger, **how, line=6) == reference
    assert add_reference(ledger, **how, line=10) != reference
    export = load(ledger, officer, "2021-06-10,5100002,,,,EUR,20000,")
    assert matched(export) == [(2, 6)]
    assert find_by_reference(ledger, "5100002").rows[0] == reference
    assert find_by_reference(ledger, "5100002").postings == ()
    remove_reference(reference, by=officer)
    event = AuditEvent.objects.get(act="remove_erp_reference")
    assert event.before == {"scheme": "document", "value": "5100002", "line": 6}


def test_undoing_the_import_takes_its_identifiers_and_matches_away(
    ledger, officer, reviewer, import_, posting
):
    export = load(ledger, officer, *OF_ERP)
    draft = ask_to_undo(import_, because="Wrong.", by=officer)
    approve_draft(
        draft, version=draft.version, by=reviewer, at=timezone.now(),
        post_it=lambda locked, actors: undo_import(locked, actors, today=TODAY)[0],
    )  # fmt: skip
    assert not ErpReference.objects.filter(posting=posting).exists()
    assert ErpReference.objects.get().value == "S1-GRANT"
    assert len(reconciliation(ledger, JUNE).unmatched_lines) == 4
    match_export(export, by=officer)
    assert set(export.lines.values_list("posting", "receipt_line")) == {(None, None)}
    again = brought_in(ledger, officer, reviewer)
    match_export(export, by=officer)
    assert set(export.lines.values_list("posting", flat=True)) == {again.postings.get().pk}
    assert matched(export) == [(2, 3), (3, 6), (4, 7), (5, 10)]


def test_a_document_finds_a_row_of_another_month_and_not_those_beside_it(ledger, officer, reviewer):
    july = [(*row[:2], "2021-07-20", *row[3:]) for row in (SWEDEN, KENYA)]
    import_ = brought_in(ledger, officer, reviewer, july)
    export = load(
        ledger, officer, "2021-06-10,5100004,,,,USD,40000,40000", "2021-06-10,,,,B-SWE,SEK,1,"
    )
    assert matched(export) == [(2, 6), (3, None)]
    assert import_.postings.get().booked_month == 202107
    assert [line.row for line in reconciliation(ledger, JUNE).unmatched_lines] == [3]


def test_queries_do_not_grow_with_the_rows(ledger, officer, reviewer):
    def asked(numbers):
        rows = [
            ("Kenya", "FNE", "2021-06-21", "USD", str(100 + n), f"B-{n:04}", f"52{n:05}", "")
            for n in numbers
        ]
        brought_in(ledger, officer, reviewer, rows)
        exported = [f"2021-06-21,52{n:05},,,,USD,{100 + n},{100 + n}" for n in numbers]
        with CaptureQueriesContext(connection) as loading:
            load(ledger, officer, *exported)
        with CaptureQueriesContext(connection) as reading:
            found = reconciliation(ledger, JUNE)
        assert (len(found.lines), found.unmatched_lines) == (len(numbers), ())
        return len(loading), len(reading)

    few, many = asked(range(2)), asked(range(10, 60))
    assert few == many
    assert few[1] == 7


@pytest.mark.parametrize("typed", ["", "x", "3/", "/3", "1/2/3", "-3", "²"])
def test_what_names_no_receipt_is_answered_with_a_sentence(reference, officer, client_of, typed):
    books = Ledger.objects.get(code="UNH")
    line = load(books, officer, "2021-06-30,,,,,USD,40000,40000").lines.get()
    page = client_of(officer).post(
        reverse("erp_line_match", args=[line.pk]), {"sequence": typed}, follow=True
    )
    assert "such as 12, or 12/3 of an import" in page.content.decode()


def test_on_the_pages_posting_and_line_are_shown_typed_and_linked(
    reference, officer, reviewer, client_of
):
    books, client = Ledger.objects.get(code="UNH"), client_of(officer)
    posting = brought_in(books, officer, reviewer, [SWEDEN, KENYA]).postings.get()
    line = load(books, officer, "2021-06-30,,,,,USD,40000,40000").lines.get()
    named = f"{posting.sequence}/6"
    month = reverse("erp_month", args=["UNH", "2021-06"])
    place = reverse("posting", args=["UNH", posting.sequence])
    link = f'<a href="{place}?line=6"><bdi>{named}</bdi></a>'
    assert link in client.get(month).content.decode()
    client.post(reverse("erp_line_match", args=[line.pk]), {"sequence": f" {named} "})
    assert ErpLine.objects.get().receipt_key == (posting.pk, 6)
    page = client.get(month).content.decode()
    assert link in page
    assert "Without a match: 0 of the ERP, 1 of the books." in page
    shown = client.get(f"{place}?line=6").content.decode()
    assert link in shown
    assert "5100001</bdi> · line 3" in shown
    assert f'<option value="6">{named}</option>' in shown
    sent = {"posting": posting.sequence, "books": "UNH", "scheme": "document", "value": "77"}
    answer = client.post(reverse("erp_reference_add"), {**sent, "line": "6"})
    assert answer["Location"] == f"{place}?line=6"
    assert ErpReference.objects.get(value="77").receipt_line == 6
    search = client.get(reverse("erp_search"), {"q": "5100004"}).content.decode()
    assert f'<a href="{place}?line=6">Posting {posting.sequence}, line 6</a>' in search
    for wrong in ({**sent, "line": "²"}, {**sent, "scheme": "bank", "line": "6"}):
        assert client.post(reverse("erp_reference_add"), wrong)["Location"] == reverse("erp_search")


def test_a_page_of_a_posting_shows_the_identifiers_of_its_own_lines(
    reference, officer, reviewer, client_of
):
    rows = [
        ("Kenya", "FNE", "2021-06-21", "USD", str(100 + n), f"B-{n}", f"53{n:05}", "")
        for n in range(70)
    ]  # 210 lines, of which a page shows 200
    posting = brought_in(Ledger.objects.get(code="UNH"), officer, reviewer, rows).postings.get()
    place = reverse("posting", args=["UNH", posting.sequence])
    first, second = (
        client_of(officer).get(f"{place}?line={line}").content.decode() for line in (200, 201)
    )
    assert ("5300065" in first, "5300066" in first) == (True, False)
    assert ("5300065" in second, "5300066" in second) == (False, True)


WORDS = st.lists(st.sampled_from(["rf 77", "rf", "77", "a", "rf-77", "long word", ""]), max_size=5)


@given(st.lists(st.sampled_from(["RF 77", "rf-77", "long word", "77", "a word long"])), WORDS)
def test_a_bank_reference_is_found_where_it_stands_as_whole_words(references, words):
    found = [
        BookReceipt(number, None, number, one, None, "FNE", "USD", JUNE.first_day)
        for number, one in enumerate(references)
    ]
    text = " ".join(words)
    line = ErpLine(text=text, posted_on=JUNE.first_day, currency_id="USD", amount=D(5))
    known = Known({}, {}, {})
    expected = [
        one for one in found
        if len(one.reference) >= 4 and f" {folded(one.reference)} " in f" {folded(text)} "
    ]  # fmt: skip
    answer = Candidates(found, known).found_for(line, frozenset())
    assert answer == (expected[0] if len(expected) == 1 else None)


def test_every_posting_of_the_import_is_found_in_its_own_month(
    ledger, officer, reviewer, agreement
):
    july = (*KENYA[:2], "2021-07-02", *KENYA[3:])
    import_ = brought_in(ledger, officer, reviewer, [SWEDEN, july])
    [june, next_one] = postings_of(import_)
    assert [one.posting for one in receipts(ledger)] == [june.pk]
    export = load(ledger, officer, OF_ERP[0], "2021-06-30,5100004,,,,USD,40000,40000")
    assert list(export.lines.values_list("posting", flat=True)) == [june.pk, next_one.pk]
    assert Posting.objects.filter(act="import_rows").count() == 3
