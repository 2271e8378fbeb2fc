"""Who the names of a file are that nobody knows: a donor, a new one, or left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from donors.directory import Directory
from donors.likely import Why
from income.forms.fields import DonorField
from income.imports.choices import Choices
from income.imports.columns.options import options_of
from income.imports.course.report import UnknownName
from income.imports.naming.books import new_books_choice
from income.imports.naming.donors import new_donor_choice
from income.imports.naming.new_donors import codes_taken, likely_type
from income.models import Ledger
from interface.errors import PortalError

DONORS, BOOKS = "donors", "books"
OTHER, NEW, OUT = "other", "new", "leave_out"


@dataclass(frozen=True)
class NameRow:
    """One name with its fields; `new` are those of a new donor. Books have neither these nor
    `once`.
    """

    name: UnknownName
    who: BoundField
    other: BoundField
    once: BoundField | None
    new: list[BoundField]


class NamesForm(forms.Form):
    """Some names at once. What is left open stays as it was chosen before."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, names: Sequence[tuple[str, UnknownName]], choices: Choices,
        books: Ledger, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.names, self.choices, self.books = names, choices, books
        self._types = options_of("contributor_type")
        others = Ledger.objects.filter(is_demonstration=books.is_demonstration)
        self._ledgers = [(one.code, str(one)) for one in others.order_by("code")]
        for number, (sort, name) in enumerate(names):
            (self._add_donor if sort == DONORS else self._add_books)(number, name)

    def _add_donor(self, number: int, name: UnknownName) -> None:
        ways = [
            *((f"donor:{one['code']}", f"{one['name']} ({_why(one)})")
              for one in name.suggestions),
            (OTHER, _("Another donor")), (NEW, _("A new donor")), (OUT, _("Leave its rows out")),
        ]  # fmt: skip
        self._add_who(number, name, ways, DONORS)
        chosen = self.choices.donors.get(name.key, {})
        new = chosen.get("new", {})
        self.fields[f"other_{number}"] = DonorField(
            label=_("Which donor"), required=False, initial=chosen.get("donor", "")
        )
        self.fields[f"once_{number}"] = forms.BooleanField(
            label=_("Only for this file"), required=False, initial=bool(chosen.get("once"))
        )
        self.fields[f"name_{number}"] = forms.CharField(
            label=_("Name of the new donor"), required=False, max_length=300,
            initial=new.get("name", name.text),
        )  # fmt: skip
        self.fields[f"type_{number}"] = forms.ChoiceField(
            label=_("Contributor type"), required=False, choices=self._types,
            initial=new.get("contributor_type") or name.contributor_type or likely_type(name.text),
        )  # fmt: skip
        self.fields[f"country_{number}"] = forms.CharField(
            label=_("Country, its ISO code"), required=False, max_length=3,
            initial=new.get("iso3", name.iso3),
            widget=forms.TextInput(attrs={"list": "areas", "size": 6, "autocomplete": "off"}),
        )  # fmt: skip

    def _add_books(self, number: int, name: UnknownName) -> None:
        ways = [
            *((f"books:{one['code']}", f"{one['name']} ({one['why']})")
              for one in name.suggestions),
            (OTHER, _("Other books")), (NEW, _("New books of this name")),
        ]  # fmt: skip
        self._add_who(number, name, ways, BOOKS)
        self.fields[f"other_{number}"] = forms.ChoiceField(
            label=_("Which books"), required=False, choices=[("", "–"), *self._ledgers],
            initial=self.choices.books.get(name.key, {}).get("books", ""),
        )  # fmt: skip

    def _add_who(
        self, number: int, name: UnknownName, ways: list[tuple[str, str]], sort: str
    ) -> None:
        chosen = (self.choices.donors if sort == DONORS else self.choices.books).get(name.key, {})
        code = chosen.get("donor") or chosen.get("books")
        initial = OUT if chosen.get("leave_out") else NEW if chosen.get("new") else ""
        if code:
            way = f"{'donor' if sort == DONORS else 'books'}:{code}"
            initial = way if way in dict(ways) else OTHER
        self.fields[f"who_{number}"] = forms.ChoiceField(
            label=_("Who it is") if sort == DONORS else _("Which books it is"), choices=ways,
            required=False, initial=initial, widget=forms.RadioSelect,
        )  # fmt: skip

    def rows(self) -> Iterator[NameRow]:
        for number, (_sort, name) in enumerate(self.names):
            new = [f"{field}_{number}" for field in ("name", "type", "country")]
            once = f"once_{number}"
            yield NameRow(
                name, self[f"who_{number}"], self[f"other_{number}"],
                self[once] if once in self.fields else None,
                [self[field] for field in new if field in self.fields],
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        donors, books = dict(self.choices.donors), dict(self.choices.books)
        desk = _Desk(self.choices)
        for number, (sort, name) in enumerate(self.names):
            if cleaned.get(f"other_{number}") and not cleaned.get(f"who_{number}"):
                cleaned[f"who_{number}"] = OTHER  # what was typed says it
            if not cleaned.get(f"who_{number}"):
                continue
            try:
                if sort == DONORS:
                    donors[name.key] = self._donor(number, name, cleaned, desk)
                else:
                    books[name.key] = self._books(number, name, cleaned)
            except PortalError as error:
                self.add_error(f"who_{number}", error.sentence)
        cleaned["choices"] = replace(self.choices, donors=donors, books=books)
        return cleaned

    def _donor(
        self, number: int, name: UnknownName, typed: dict[str, Any], desk: "_Desk"
    ) -> dict[str, Any]:
        way: str = typed[f"who_{number}"]
        if way == OUT:
            return {"leave_out": True}
        if way == NEW:
            return desk.new_donor(
                name.key, typed[f"name_{number}"], typed[f"type_{number}"],
                typed[f"country_{number}"],
            )  # fmt: skip
        code = way.removeprefix("donor:")
        if way == OTHER:
            if typed[f"other_{number}"] is None:
                sentence = _("Say which donor “%(name)s” is.") % {"name": name.text}
                raise PortalError(sentence)
            code = typed[f"other_{number}"].code
        once = {"once": True} if typed[f"once_{number}"] else {}
        return {"donor": code, "text": name.text, **once}

    def _books(self, number: int, name: UnknownName, typed: dict[str, Any]) -> dict[str, Any]:
        way: str = typed[f"who_{number}"]
        if way == NEW:
            return new_books_choice(name.text)
        code = typed[f"other_{number}"] if way == OTHER else way.removeprefix("books:")
        if not code:
            raise PortalError(_("Say which books “%(name)s” is.") % {"name": name.text})
        return {"books": code}


def _why(suggested: dict[str, str]) -> str:
    """In the reader's language; the check wrote it in the language of whoever began it."""
    return Why(suggested["reason"]).sentence if "reason" in suggested else suggested["why"]


class _Desk:
    """Where new donors get their codes: each one that is free, or that its name had before."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self._taken = codes_taken(choices)

    @cached_property
    def _directory(self) -> Directory:
        return Directory()

    def new_donor(self, key: str, name: str, kind: str, iso3: str) -> dict[str, Any]:
        """The choice. Raises DonorNameWrong, and PortalError for a name that is a donor's."""
        choice = new_donor_choice(name, contributor_type=kind, iso3=iso3, taken=self._taken)
        new: dict[str, str] = choice["new"]
        before = self._choices.donors.get(key, {}).get("new", {}).get("code", "")
        if before and not self._directory.has_code(before):
            new["code"] = before
        if self._directory.of_name(new["name"]):
            sentence = _("There is a donor called “%(name)s” already. Choose it, or another name.")
            raise PortalError(sentence % {"name": new["name"]})
        return choice
