"""What is another's stays another's: by page, by file, by contribution and by list of entries."""

import datetime
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.permissions import Role
from donors.models import Donor
from income.models import Currency, Fund, Ledger
from income.services import PromisedContribution, ReceivedMoney, record_gift
from income.services.actors import SYSTEM
from reports.documents.statement import statement_document
from reports.models import ReportDownload, SealedReport
from reports.pdf.errors import PdfFailed
from reports.questions.about import About
from reports.sealing import making
from tests import factories, report_factories

pytestmark = pytest.mark.django_db

RECEIVED_ON = datetime.date(2021, 3, 4)


def gift(books, code, amount):
    """A core gift in US dollars of 4 March 2021; gives the contribution."""
    dollars = Currency.objects.get(code="USD")
    posting = record_gift(
        books,
        PromisedContribution(
            donor=Donor.objects.get(code=code), fund=Fund.objects.get(code="FNE"),
            title=f"Core contribution of {code}", currency=dollars, amount=Decimal(amount),
            promised_on=RECEIVED_ON,
        ),
        ReceivedMoney(currency=dollars, amount=Decimal(amount), received_on=RECEIVED_ON,
                      bank_reference=f"BANK-{code}"),
        token=f"gift-{code}", today=timezone.localdate(), actors=SYSTEM,
    )  # fmt: skip
    return posting.entries.first().contribution


@pytest.fixture
def books(reference, settings):
    settings.PORTAL_BOOKS = "T"
    return factories.ledger(code="T", name="Books of a test", is_demonstration=True)


@pytest.fixture
def own(books):
    return gift(books, "SWE", "1234.50")


@pytest.fixture
def foreign(books):
    return gift(books, "NOR", "777.25")


@pytest.fixture
def browser(client_of, representative):
    return client_of(representative)


def donor_page(code):
    return reverse("donor", args=[code])


FILES = ("donor_entries_csv", "donor_entries_xlsx", "donor_archive")


def pdf(code, year=2021):
    return reverse("statement_pdf", args=[code, year])


def test_another_donors_page_file_and_contribution_are_not_there(browser, own, foreign):
    asked = [donor_page("NOR"), pdf("NOR"), reverse("contribution", args=[foreign.uuid])]
    assert [browser.get(address).status_code for address in asked] == [404, 404, 404]
    assert not SealedReport.objects.exists()


def test_a_donor_that_is_not_there_looks_like_another_donors(browser, own):
    assert browser.get(donor_page("NOBODY")).status_code == 404
    assert browser.get(pdf("NOBODY")).status_code == 404


def test_another_donors_data_documents_and_questions_are_not_there(browser, own, foreign):
    norway = foreign.donor
    document = factories.donor_document(donor=norway, kind="agreement", content=b"%PDF")
    asked = report_factories.figure_question(donor=norway, ledger=foreign.ledger)
    figure = About("NOR", "T", 1, "Received", "777.25").signed
    addresses = [reverse(name, args=["NOR"]) for name in FILES]
    addresses += [
        reverse("my_document", args=[document.uuid]), reverse("question", args=[asked.uuid]),
        f"{reverse('question_new', args=['NOR'])}?about={figure}",
        f"{reverse('question_new', args=['SWE'])}?about={figure}",
    ]  # fmt: skip
    assert {address: browser.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 404
    )


def test_another_donors_entries_are_in_no_list(browser, own, foreign):
    listed = browser.get(reverse("entry_list"), {"books": "T", "donor": "NOR"})
    assert listed.context["totals"].count == 0
    everything = browser.get(reverse("entry_list"), {"books": "T", "kind": "receipt"})
    assert everything.context["totals"].amount_usd == Decimal("1234.50")
    assert "777.25" not in everything.content.decode()
    file = browser.get(reverse("entry_csv"), {"books": "T"}).getvalue().decode()
    assert "BANK-SWE" in file
    assert "BANK-NOR" not in file


def test_a_representatives_own_page_tells_what_was_given(browser, own, foreign):
    html = browser.get(donor_page("SWE")).content.decode().replace("\u00a0", " ")
    assert (
        "Sweden has given US$ 1,234.50 since 2021 in these books. "
        "Nothing that has fallen due is outstanding." in html
    )
    assert "BANK-SWE" in html
    assert reverse("contribution", args=[own.uuid]) in html
    assert pdf("SWE") in html
    assert "Norway" not in html
    assert "DEMONSTRATION BOOKS" in html


def test_a_representatives_own_contribution_opens(browser, own):
    html = browser.get(reverse("contribution", args=[own.uuid])).content.decode()
    assert "Core contribution of SWE" in html


def test_a_representatives_own_statement_is_a_recorded_pdf(browser, representative, own, books):
    answer = browser.get(pdf("SWE"))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    assert (
        answer["Content-Disposition"]
        == 'attachment; filename="DEMONSTRATION-statement-SWE-2021-T-en-v1.pdf"'
    )
    assert answer.content.startswith(b"%PDF-")
    kept = ReportDownload.objects.get()
    books.refresh_from_db()
    made = kept.report
    assert (made.donor.code, made.from_on.year, made.sequence, made.hash, kept.user) == (
        "SWE", 2021, 1, books.head_hash, representative,
    )  # fmt: skip
    assert AuditEvent.objects.get(act="download_report").after["sha256"] == made.sha256


def test_the_same_books_give_the_same_bytes(browser, own):
    assert browser.get(pdf("SWE")).content == browser.get(pdf("SWE")).content
    assert SealedReport.objects.count() == 1
    assert ReportDownload.objects.count() == 2


def test_the_statement_says_what_it_is_made_from_and_what_it_is_not(own, books, today):
    made = statement_of(books, own.donor, today)
    books.refresh_from_db()
    assert made.data["disclaimer"].startswith("This is not a certified financial statement.")
    assert made.data["demonstration"] == "DEMONSTRATION BOOKS – not UN-Habitat's figures"
    assert made.data["source"] == [("Books", "Books of a test (T)")]
    assert (made.sequence, made.hash) == (1, books.head_hash)
    assert made.data["receipts"]["rows"] == [
        ["4 Mar 2021", "Foundation non-earmarked", "BANK-SWE\u00a0· Core contribution of SWE",
         "USD\u00a01,234.50", "–", "1,234.50"]
    ]  # fmt: skip
    total = made.data["fund_table"]["total_row"]
    assert total == ["All funds", "0.00", "1,234.50", "1,234.50", "1,234.50"]
    assert made.data["years_table"]["rows"][-1] == ["2021", "1,234.50"]


def statement_of(books, donor, today):
    first, last = datetime.date(2021, 1, 1), datetime.date(2021, 12, 31)
    return statement_document(books, donor, first, last, "en", today=today)


def test_markup_in_a_purpose_is_printed_as_typed(browser, books, today):
    own = gift(books, "SWE", "10.00")
    type(own).objects.filter(pk=own.pk).update(title=r"#panic() $x$ *b* [l] \n <tag> @ref")
    assert browser.get(pdf("SWE")).status_code == 200
    (row,) = statement_of(books, own.donor, today).data["receipts"]["rows"]
    assert row[2].endswith(r"#panic() $x$ *b* [l] \n <tag> @ref")


@pytest.mark.parametrize("language", ["ar", "zh-hans", "en", "fr", "ru", "es"])
def test_the_statement_is_made_in_each_language(browser, own, language):
    browser.cookies["django_language"] = language
    answer = browser.get(pdf("SWE"))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith(f'-{language}-v1.pdf"')
    assert SealedReport.objects.get().language == language


@pytest.mark.parametrize("year", [1977, 0, 9999, timezone.localdate().year + 1])
def test_a_year_without_sense_has_no_statement(browser, own, year):
    assert browser.get(f"/statements/SWE/{year}.pdf").status_code == 404


@pytest.mark.parametrize("year", ["1977", "9999", "x", "²⁰²¹", "-2021"])
def test_a_year_without_sense_has_no_page(browser, own, year):
    assert browser.get(donor_page("SWE"), {"year": year}).status_code == 404


def test_books_that_are_not_there_have_no_page(browser, own):
    assert browser.get(donor_page("SWE"), {"books": "NOBODYS"}).status_code == 404


def test_a_statement_that_cannot_be_made_is_a_sentence_and_no_record(browser, own, monkeypatch):
    def fail(*_args, **_kwargs):
        raise PdfFailed("The document was not made: its fonts have no sign for it.")

    monkeypatch.setattr(making, "compile_pdf", fail)
    answer = browser.get(pdf("SWE"))
    assert answer.status_code == 503
    assert "its fonts have no sign for it." in answer.content.decode()
    assert not SealedReport.objects.exists()


def test_who_is_signed_out_is_asked_to_sign_in(client, own):
    for address in (donor_page("SWE"), pdf("SWE"), reverse("my_donor")):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("sign_in"))


def test_the_board_sees_no_single_donors_file(client_of, board_member, own):
    board = client_of(board_member)
    assert [board.get(address).status_code for address in (donor_page("SWE"), pdf("SWE"))] == [
        403,
        403,
    ]


def test_staff_open_every_donors_file(client_of, officer, own, foreign):
    staff = client_of(officer)
    assert "777.25" in staff.get(donor_page("NOR")).content.decode()
    assert staff.get(pdf("NOR")).status_code == 200


def test_a_representation_that_ended_opens_nothing(client_of, own):
    user = factories.user(role=Role.REPRESENTATIVE)
    factories.representation(
        user=user, donor=own.donor, starts_on=datetime.date(2020, 1, 1),
        ends_on=timezone.localdate(),
    )  # fmt: skip
    ended = client_of(user)
    assert ended.get(donor_page("SWE")).status_code == 404
    assert ended.get(pdf("SWE")).status_code == 404
    assert "does not represent a donor today" in ended.get(reverse("my_donor")).content.decode()


def test_the_first_page_of_a_representative_is_the_donors_own(browser, own):
    assert browser.get(reverse("my_donor")).url == donor_page("SWE")


def test_who_represents_several_donors_chooses(client_of, representative, own):
    factories.representation(user=representative, donor=Donor.objects.get(code="KFW"))
    html = client_of(representative).get(reverse("my_donor")).content.decode()
    assert re.findall(r'href="(/donors/\w+/)"', html) == [donor_page("KFW"), donor_page("SWE")]


def test_a_donors_page_asks_a_bounded_number_of_queries(
    browser, books, own, django_assert_max_num_queries
):
    for number in range(30):
        factories.posting(books, factories.entry("1.00"), reference=f"R{number}")
    with django_assert_max_num_queries(48):
        browser.get(donor_page("SWE"))


def test_other_books_are_offered_and_never_mixed(browser, own):
    other = Ledger.objects.create(code="U", name="Other books")
    factories.posting(other, factories.entry("5.00"))
    html = browser.get(donor_page("SWE")).content.decode()
    assert 'href="?books=U"' in html
    there = browser.get(donor_page("SWE"), {"books": "U"}).content.decode()
    assert "1,234.50" not in there
    assert "DEMONSTRATION BOOKS" not in there
