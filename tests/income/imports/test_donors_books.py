"""Which books an entity's rows go to, and that demonstrations and real books never mix."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import AuditEvent
from income.imports.choices import Choices
from income.imports.naming.books import (
    BooksBook,
    BooksMixed,
    BooksWrong,
    FoundBooks,
    check_books_choices,
    make_new_books,
    new_books_choice,
)
from income.models import Ledger
from income.selectors import working_books
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
FAO = {"new": {"code": "FAO", "name": "Food and Agriculture Organization"}}


@pytest.fixture
def real(reference):
    return Ledger.objects.get(code="UNH")


@pytest.fixture
def demonstration(reference):
    return factories.ledger(code="DEMO", name="Demonstration books", is_demonstration=True)


def chosen(**books):
    return Choices(books=books)


def found(text, working, choices=None):
    return BooksBook(choices or Choices(), working).find(text)


def test_a_row_without_an_entity_goes_to_the_working_books(real, demonstration):
    assert found("", real) == FoundBooks("UNH", real.pk, False, False)
    assert found(" \u200b", demonstration).code == "DEMO"


def test_further_books_are_known_by_code_and_name(real):
    other = factories.ledger(code="UN_WOMEN", name="UN Women (United Nations Entity)")
    for text in ("un_women", "UN Women", "UN WOMEN (united nations entity)"):
        assert found(text, real) == FoundBooks("UN_WOMEN", other.pk, False, False)
    assert found("UN", real) is None


@pytest.mark.parametrize(
    "text",
    ["UN-Habitat", "UNHABITAT", "un habitat", "UNH", "ONU-Habitat", "ООН-Хабитат", "人居署",
     "United Nations Human Settlements Programme",
     "United Nations Human Settlements Programme (UN-Habitat)"],
)  # fmt: skip
def test_the_agencys_own_names_are_its_books_or_the_demonstration_at_work(
    real, demonstration, text
):
    assert found(text, real).code == "UNH"
    assert found(text, demonstration).code == "DEMO"


def test_books_of_the_other_sort_are_never_found(real, demonstration):
    factories.ledger(code="FAO", name="Food and Agriculture Organization")
    assert found("DEMO", real) is None
    assert found("Demonstration books", real) is None
    assert found("FAO", demonstration) is None
    assert found("X", demonstration, chosen(x={"books": "FAO"})) is None
    assert found("X", real, chosen(x={"books": "DEMO"})) is None


def test_to_choose_books_of_the_other_sort_is_refused_with_a_sentence(real, demonstration):
    with pytest.raises(BooksMixed, match="are a demonstration's"):
        check_books_choices(chosen(x={"books": "DEMO"}), real)
    with pytest.raises(BooksMixed, match="are real"):
        make_new_books(chosen(x={"books": "UNH"}), demonstration, by=None)
    with pytest.raises(BooksWrong, match="There are no books called “NONE”"):
        check_books_choices(chosen(x={"books": "NONE"}), real)


def test_the_users_choice_wins(real):
    other = factories.ledger(code="ILO", name="International Labour Organization")
    choices = chosen(ilo={"books": "UNH"}, labour={"books": "ILO"}, fao=FAO)
    book = BooksBook(choices, real)
    assert book.find("ILO").code == "UNH"
    assert book.find("Labour").pk == other.pk
    new = FoundBooks("FAO", None, True, False)
    assert [book.find(text) for text in ("FAO", "Food and agriculture organization")] == [new, new]


def test_new_books_are_opened_audited_and_of_the_working_books_sort(real, demonstration, officer):
    opened = make_new_books(chosen(fao=FAO), demonstration, by=officer)
    ledger = Ledger.objects.get(code="FAO")
    assert opened == {"FAO": ledger.pk}
    assert (ledger.name, ledger.is_demonstration, ledger.sequence) == (
        "Food and Agriculture Organization", True, 0,
    )  # fmt: skip
    event = AuditEvent.objects.get(act="open_books")
    assert (event.subject, event.subject_id, event.by) == (
        "income.ledger", str(ledger.pk), officer.uuid,
    )  # fmt: skip
    assert found("FAO", real) is None


def test_once_opened_the_same_books_are_found(real, officer):
    choices = chosen(fao=FAO)
    opened = make_new_books(choices, real, by=officer)
    assert BooksBook(choices, real, opened).find("FAO") == FoundBooks(
        "FAO", opened["FAO"], True, False
    )
    assert found("FAO", real, choices) == FoundBooks("FAO", opened["FAO"], False, False)


@pytest.mark.parametrize(
    ("code", "name", "sentence"),
    [
        ("UNH", "Another", "by now. Check the file again"), ("unh", "Another", "by now"),
        ("x" * 21, "Another", "cannot be the code"), ("A B", "Another", "cannot be the code"),
        ("FAO", "…", "cannot be the name"), ("FAO", "x" * 201, "cannot be the name"),
        ("FAO", "United Nations Human Settlements Programme UN Habitat", "already"),
    ],
)  # fmt: skip
def test_books_that_cannot_be_opened_are_refused(real, code, name, sentence):
    wrong = chosen(x={"new": {"code": code, "name": name}})
    with pytest.raises(BooksWrong, match=sentence):
        make_new_books(wrong, real, by=None)


def test_codes_of_new_books_read_like_their_names(real):
    taken = {"UN_WOMEN"}
    names = ("UN Women", "UNICEF", "Food and Agriculture Organization", "粮农组织", "世卫组织")
    codes = [new_books_choice(name, taken=taken)["new"]["code"] for name in names]
    assert codes == ["UN_WOMEN_2", "UNICEF", "FOOD_AND_AGRICUL", "BOOKS", "BOOKS_2"]
    assert new_books_choice("UNH")["new"]["code"] == "UNH_2"
    with pytest.raises(BooksWrong):
        new_books_choice("—")


def test_unknown_entities_suggest_books_like_them(real):
    factories.ledger(code="ILO", name="International Labour Organization")
    book = BooksBook(Choices(), real)
    assert book.suggestions("International Labor Organisation") == [
        {"code": "ILO", "name": "International Labour Organization",
         "why": "almost the same letters"},
    ]  # fmt: skip
    assert book.suggestions("ILO Geneva")[0]["why"] == "contains the name"
    assert book.suggestions("—") == book.suggestions("FAO") == []


@pytest.mark.parametrize("page", ["dashboard", "history", "bases"])
def test_further_books_can_be_chosen_on_the_boards_pages_and_change_no_page_by_it(
    real, officer, board_member, client, page
):
    client.force_login(board_member)
    before = client.get(reverse(page)).content.decode()
    assert "?books=FAO" not in before
    make_new_books(chosen(fao=FAO), real, by=officer)
    after = client.get(reverse(page)).content.decode()
    assert "?books=FAO" in after
    assert 'href="?books=UNH" aria-current="page"' in after


@pytest.mark.parametrize("named", ["UNH", "NOT_THERE"])
def test_the_working_books_and_those_a_page_opens_with_stay_the_same(
    real, officer, board_member, client, settings, named
):
    settings.PORTAL_BOOKS = named  # as after a demonstration was removed
    make_new_books(chosen(fao=FAO), real, by=officer)
    assert working_books() == real
    client.force_login(board_member)
    assert client.get(reverse("dashboard")).context["question"].ledger == real


class AnyEntity(TestCase):
    @classmethod
    def setUpTestData(cls):
        working = factories.ledger(code="MINE", is_demonstration=True)
        factories.ledger(code="THEIRS")
        cls.book = BooksBook(Choices(), working)

    @given(st.one_of(st.text(max_size=30), st.sampled_from(["THEIRS", "mine", "UNH", "\ud800"])))
    def test_nothing_breaks_it_and_nothing_mixes(self, text):
        found_books = self.book.find(text)
        assert found_books == self.book.find(text)
        assert found_books is None or found_books.is_demonstration
        assert "THEIRS" not in [one["code"] for one in self.book.suggestions(text)]
