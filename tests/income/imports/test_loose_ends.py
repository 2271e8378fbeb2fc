"""Choices refused when they are made, notes below tables, deadlocks, what is remembered."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connections, transaction
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from donors.adding import NewDonorsWrong
from donors.likely import Why
from donors.models import Donor
from income.forms.imports_names import DONORS, NamesForm
from income.imports import jobs
from income.imports.choices import Choices
from income.imports.columns import words
from income.imports.columns.fields import FIELDS as ALL_FIELDS
from income.imports.columns.footnotes import NEVER, footnote_in
from income.imports.columns.words import Words
from income.imports.course.report import UnknownName
from income.imports.naming.books import BooksMixed, BooksWrong
from income.models import Fund, Import, Ledger
from tests import factories
from tests.income.imports.judging_cases import codes, judge_of, row_of
from tests.income.imports.passes_cases import (
    FIELDS,
    NORWAY,
    SWEDEN,
    brought,
    checked,
    choose,
    posted,
    submitted,
)

NEWCO = {"code": "NEWCO", "name": "Newco", "contributor_type": "C06", "iso3": ""}


class TestChoices:
    pytestmark = pytest.mark.django_db

    @pytest.mark.parametrize(
        ("donors", "sentence"),
        [
            ({"a": {"new": NEWCO}, "b": {"new": {**NEWCO, "code": "N2"}}}, "would be added twice"),
            ({"a": {"new": NEWCO}, "b": {"new": {**NEWCO, "name": "Other"}}}, "in two ways"),
            ({"a": {"new": {**NEWCO, "contributor_type": "?"}}}, "what kind of contributor"),
            ({"a": {"donor": "NOBODY"}}, "no donor with the code “NOBODY”"),
        ],
    )
    def test_wrong_donors_are_refused_when_they_are_chosen(self, ledger, officer, donors, sentence):
        import_ = brought(ledger, officer)
        with pytest.raises(NewDonorsWrong, match=sentence):
            choose(import_, officer, donors=donors)
        assert Import.objects.get().choices["donors"] == {}

    def test_wrong_books_are_refused_when_they_are_chosen(self, ledger, officer):
        import_ = brought(ledger, officer)
        factories.ledger(code="SHOW", is_demonstration=True)
        with pytest.raises(BooksMixed):
            choose(import_, officer, books={"show": {"books": "SHOW"}})
        with pytest.raises(BooksWrong, match="no books called “NONE”"):
            choose(import_, officer, books={"none": {"books": "NONE"}})
        with pytest.raises(BooksWrong, match="already"):
            new = {"code": "T2", "name": "Books of a test"}
            choose(import_, officer, books={"books": {"new": new}})

    def test_a_donor_of_the_same_choices_may_be_chosen_for_another_name(self, ledger, officer):
        chosen = {"newco": {"new": NEWCO}, "new company": {"donor": "NEWCO"}}
        assert choose(brought(ledger, officer), officer, donors=chosen).choices["donors"] == chosen

    def test_books_that_were_opened_since_do_not_stop_another_decision(self, ledger, officer):
        import_ = brought(ledger, officer)
        new = {"show two": {"new": {"code": "TWO", "name": "Show Two"}}}
        choose(import_, officer, books=new)
        factories.ledger(code="TWO", name="Show Two")
        factories.ledger(code="THREE", name="Show Three")
        choose(import_, officer, books=new, because="Late")
        more = {**new, "iii": {"books": "THREE"}}
        assert choose(import_, officer, books=more).choices["books"] == more

    def test_unknown_books_come_with_suggestions(self, ledger, officer):
        factories.ledger(code="WFP", name="World Food Programme")
        rows = [(*NORWAY, "World Food Program")]
        import_ = brought(ledger, officer, rows, fields=(*FIELDS, "entity"))
        [found] = checked(import_).unknown_books
        assert [(one["code"], one["why"]) for one in found.suggestions] == [
            ("WFP", "almost the same letters")
        ]


class TestNamesPage:
    pytestmark = pytest.mark.django_db
    KEY = "friends of quiet harbours"
    NAME = UnknownName(key=KEY, text="Friends of Quiet Harbours", rows=2)

    def form(self, ledger, choices, **typed):
        data = {"version": "1", **typed}
        return NamesForm(data, names=[(DONORS, self.NAME)], choices=choices, books=ledger)

    def new(self, ledger, choices, name="Friends of Quiet Harbours"):
        form = self.form(ledger, choices, who_0="new", name_0=name, type_0="C02", country_0="")
        assert form.is_valid(), form.errors
        return form.cleaned_data["choices"]

    def test_saved_again_a_new_donor_keeps_its_code(self, ledger):
        first = self.new(ledger, Choices())
        code = first.donors[self.KEY]["new"]["code"]
        assert self.new(ledger, first) == first
        renamed = self.new(ledger, first, name="Quiet Harbours").donors[self.KEY]["new"]
        assert (renamed["code"], renamed["name"]) == (code, "Quiet Harbours")
        factories.donor(code=code)
        assert self.new(ledger, first).donors[self.KEY]["new"]["code"] != code

    def test_why_a_donor_is_suggested_is_said_in_the_readers_language(self, ledger):
        norway = {"code": "NOR", "name": "Norway", "why": "same country", "reason": "country"}
        name = UnknownName("norge", "Norge", 1, suggestions=[norway])
        with translation.override("fr"):
            form = NamesForm(names=[(DONORS, name)], choices=Choices(), books=ledger)
            assert ("donor:NOR", f"Norway ({Why.COUNTRY.sentence})") in form.fields["who_0"].choices
            assert Why.COUNTRY.sentence != "same country"

    def test_a_new_donor_is_not_called_as_another_is(self, ledger):
        form = self.form(
            ledger, Choices(), who_0="new", name_0="Norway", type_0="C02", country_0=""
        )
        assert not form.is_valid()
        assert "There is a donor called “Norway” already" in str(form.errors["who_0"])

    def test_a_choice_may_be_for_one_file_only(self, ledger):
        form = self.form(ledger, Choices(), who_0="other", other_0="Spain", once_0="on")
        assert form.is_valid(), form.errors
        chosen = form.cleaned_data["choices"]
        assert chosen.donors == {self.KEY: {"donor": "ESP", "text": self.NAME.text, "once": True}}
        [row] = self.form(ledger, chosen).rows()
        assert row.once.initial is True

    def test_what_is_wrong_is_told_on_the_page(self, client_of, officer, reference):
        books = Ledger.objects.get(code="UNH")
        import_ = brought(books, officer, [("Quux A", *SWEDEN[1:]), ("Quux B", *SWEDEN[1:])])
        checked(import_)
        typed = {
            f"{name}_{number}": value
            for number in (0, 1)
            for name, value in {"who": "new", "name": "Quux", "type": "C02"}.items()
        }
        response = client_of(officer).post(
            reverse("import_names", args=[import_.uuid]), {"version": import_.version, **typed}
        )
        assert response.status_code == 422
        assert "“Quux” would be added twice" in response.content.decode()


class TestNotesBelowTables:
    COLUMNS = {"donor": 0, "fund": 1, "date": 2, "amount": 3, "note": 4}
    NEEDED = ("donor", "fund", "date", "amount")

    def note(self, *cells):
        return footnote_in(cells, self.COLUMNS, self.NEEDED)

    @pytest.mark.parametrize(
        "text",
        [
            "Source: UN CEB", "Sources : FTS", "Note: amounts are provisional.", "* provisional",
            "Notes:", "Note 1: audited", "1) Refunds included", "Fuente: CEB", "Источник: КСР",
            "المصدر: الأمم المتحدة", "资料来源：联合国", "N.B. – rounded", "¹ Rounded",
        ],
    )  # fmt: skip
    def test_a_note_in_the_first_column_is_one(self, text):
        assert self.note(text) == text
        assert self.note("  ", None, "", None, None, text) == text

    @pytest.mark.parametrize(
        "cells",
        [
            ("Sweden",), ("Source International",), ("Notes Foundation",), (None, "FNE"),
            (None, None, "Note: spring"), (None, None, None, "Note: n/a"), (None, None, None, 5),
            ("Source: CEB", None, None, "5"), ("Source: CEB", "FNE"), (42,), (),
            (None, None, None, None, None, "1,250.50"), (None, None, None, None, None, 7),
        ],
    )  # fmt: skip
    def test_what_may_be_a_row_is_none(self, cells):
        assert self.note(*cells) == ""

    def test_a_text_in_a_column_that_no_row_needs_is_one(self):
        assert self.note(None, None, None, None, "Compiled in May") == "Compiled in May"
        assert footnote_in(["Source: CEB"], {"donor": 0, "amount": 1}, ()) == ""

    @pytest.mark.django_db
    def test_it_is_skipped_with_a_warning_and_asks_for_no_donor(self, ledger, officer, reviewer):
        rows = [SWEDEN, ("Source: UN CEB",), ("Kingdom of Nowhere",), ("* provisional",)]
        import_ = brought(ledger, officer, rows)
        found = checked(import_)
        assert (found.rows, found.accepted, found.failing, found.warnings) == (2, 1, 1, 2)
        assert found.problem_counts["no_row"] == 2
        assert "“Source: UN CEB” is read as a note" in str(found.problems)
        assert [one.text for one in found.unknown_donors] == ["Kingdom of Nowhere"]
        assert len(posted(submitted(import_, officer), reviewer)) == 1

    @pytest.mark.django_db
    def test_never_a_row_with_an_amount(self, ledger):
        judge = judge_of(ledger, FIELDS)
        texts = st.sampled_from([None, "", "Source: CEB", "* x", "Note: y", "Sweden", "FNE"])
        amounts = st.sampled_from(["1", "-2.50", 3, "1,000", "(4)", "0", "five"])

        @given(st.tuples(texts, texts, texts, texts, amounts, texts))
        def holds(cells):
            assert "no_row" not in codes(row_of(judge, dict(zip(FIELDS, cells, strict=True))))

        holds()
        for constants in ({"amount": "5"}, {"amount_usd": "5", "currency": "USD"}):
            judge = judge_of(ledger, ("donor", "fund", "note"), constants=constants)
            assert "no_row" not in codes(row_of(judge, {"donor": "Source: CEB"}))

    def test_amounts_and_days_are_never_notes(self):
        assert {"amount", "amount_usd", "date", "due_on", "year", "bank_charge"} <= NEVER
        assert {"donor", "note", "title", "kind"} <= set(ALL_FIELDS) - NEVER


class Broken(Exception):
    def __init__(self, pgcode):
        self.pgcode = pgcode


def breaking(monkeypatch, *states):
    """Posting breaks off with each of the states in turn, then succeeds; the tries."""
    tries = []

    def post(*_told):
        tries.append(len(tries))
        if len(tries) <= len(states):
            raise OperationalError from Broken(states[len(tries) - 1])

    monkeypatch.setattr(jobs, "_approve_once", post)
    monkeypatch.setattr(jobs, "PAUSE", 0)
    return tries


class TestDeadlocks:
    def test_what_the_database_broke_off_for_another_import_is_tried_once_more(self, monkeypatch):
        tries = breaking(monkeypatch, "40P01")
        jobs._approve(None, None, None)
        assert len(tries) == 2

    @pytest.mark.parametrize("states", [("40P01", "40P01"), ("57P01",)])
    def test_and_nothing_else_is(self, monkeypatch, states):
        tries = breaking(monkeypatch, *states)
        with pytest.raises(OperationalError):
            jobs._approve(None, None, None)
        assert len(tries) == len(states)

    @pytest.mark.postgres
    def test_two_that_wait_for_each_other_both_come_through(self, committed, monkeypatch):
        keys = [factories.donor().pk, factories.donor().pk]
        both_hold_one = threading.Barrier(2)
        tries = []

        def lock_both(_job, _report, order):
            tries.append(order)
            with transaction.atomic():
                Donor.objects.select_for_update().get(pk=order[0])
                if tries.count(order) == 1:
                    both_hold_one.wait(20)
                Donor.objects.select_for_update().get(pk=order[1])

        def work(order):
            try:
                jobs._approve(None, None, order)
            finally:
                connections.close_all()

        monkeypatch.setattr(jobs, "_approve_once", lock_both)
        monkeypatch.setattr(jobs, "PAUSE", 1)
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(work, (keys, keys[::-1])))
        assert len(tries) == 3


@pytest.mark.django_db
def test_words_are_remembered_up_to_a_bound(reference, monkeypatch):
    monkeypatch.setattr(words, "MOST_REMEMBERED", 10)
    known = Words.load()
    for number in range(95):
        assert known.fund(f"nothing {number}") is None
    assert len(known._seen) <= 10
    assert known.fund("FNE") == Fund.objects.get(code="FNE").code
