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
from reports.models import DonorStatement
from reports.pdf.errors import PdfFailed
from reports.views import statements
from tests import factories

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


def pdf(code, year=2021):
    return reverse("statement_pdf", args=[code, year])


def test_another_donors_page_file_and_contribution_are_not_there(browser, own, foreign):
    asked = [donor_page("NOR"), pdf("NOR"), reverse("contribution", args=[foreign.uuid])]
    assert [browser.get(address).status_code for address in asked] == [404, 404, 404]
    assert not DonorStatement.objects.exists()


def test_a_donor_that_is_not_there_looks_like_another_donors(browser, own):
    assert browser.get(donor_page("NOBODY")).status_code == 404
    assert browser.get(pdf("NOBODY")).status_code == 404


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
        == 'attachment; filename="DEMONSTRATION-statement-SWE-2021-T-en.pdf"'
    )
    assert answer.content.startswith(b"%PDF-")
    kept = DonorStatement.objects.get()
    books.refresh_from_db()
    assert (kept.donor.code, kept.year, kept.sequence, kept.hash, kept.downloaded_by) == (
        "SWE", 2021, 1, books.head_hash, representative,
    )  # fmt: skip
    assert AuditEvent.objects.get(act="download_statement").after["sha256"] == kept.sha256


def test_the_same_books_give_the_same_bytes(browser, own):
    assert browser.get(pdf("SWE")).content == browser.get(pdf("SWE")).content
    first, second = DonorStatement.objects.values_list("sha256", flat=True)
    assert first == second


def test_the_statement_says_what_it_is_made_from_and_what_it_is_not(own, books, today):
    told = statements.statement(books, own.donor, 2021, today)
    made = statements.document(told, "en")
    books.refresh_from_db()
    assert made.disclaimer.startswith("This is not a certified financial statement.")
    assert made.demonstration == "DEMONSTRATION BOOKS – not UN-Habitat's figures"
    assert [value for _label, value in made.seal][:2] == ["Books of a test (T)", "1"]
    assert made.seal[2][1].replace(" ", "") == books.head_hash
    assert made.receipts.rows == [
        ["4 Mar 2021", "Foundation non-earmarked", "BANK-SWE · Core contribution of SWE",
         "USD\u00a01,234.50", "–", "1,234.50"]
    ]  # fmt: skip
    assert made.fund_table.total_row == ["All funds", "0.00", "1,234.50", "1,234.50", "1,234.50"]
    assert made.years_table.rows[-1] == ["2021", "1,234.50"]


def test_markup_in_a_purpose_is_printed_as_typed(browser, books):
    own = gift(books, "SWE", "10.00")
    type(own).objects.filter(pk=own.pk).update(title=r"#panic() $x$ *b* [l] \n <tag> @ref")
    assert browser.get(pdf("SWE")).status_code == 200
    told = statements.statement(books, own.donor, 2021, RECEIVED_ON)
    assert (
        statements.document(told, "en")
        .receipts.rows[0][2]
        .endswith(r"#panic() $x$ *b* [l] \n <tag> @ref")
    )


@pytest.mark.parametrize("language", ["ar", "zh-hans", "en", "fr", "ru", "es"])
def test_the_statement_is_made_in_each_language(browser, own, language):
    browser.cookies["django_language"] = language
    answer = browser.get(pdf("SWE"))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith(f'-{language}.pdf"')
    assert DonorStatement.objects.get().language == language


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

    monkeypatch.setattr(statements, "render_statement", fail)
    answer = browser.get(pdf("SWE"))
    assert answer.status_code == 503
    assert "its fonts have no sign for it." in answer.content.decode()
    assert not DonorStatement.objects.exists()


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
    with django_assert_max_num_queries(36):
        browser.get(donor_page("SWE"))


def test_other_books_are_offered_and_never_mixed(browser, own):
    other = Ledger.objects.create(code="U", name="Other books")
    factories.posting(other, factories.entry("5.00"))
    html = browser.get(donor_page("SWE")).content.decode()
    assert 'href="?books=U"' in html
    there = browser.get(donor_page("SWE"), {"books": "U"}).content.decode()
    assert "1,234.50" not in there
    assert "DEMONSTRATION BOOKS" not in there
