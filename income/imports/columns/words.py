"""What the cells of a file say, as codes of the portal: loaded once, then quick."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import translation

from donors.models import Area, ContributorType, DonorName, Region
from donors.names import searchable
from income.imports.columns import word_lists
from income.models import Currency, EarmarkingStep, Fund, Instrument, Programme
from income.vocabulary import Kind

Table = dict[str, str]
# Groups of funds that nothing is posted to; EARMARKED takes what no source splits.
SUMS_OF_FUNDS = ("CORE",)
SEVERAL = ";,/|\n"  # what parts the countries of one cell
CURRENCY_SIGNS = {"€": "EUR", "£": "GBP", "₽": "RUB", "₹": "INR"}  # others are of several countries
MOST_REMEMBERED = 50_000


@dataclass
class Words:
    """Texts in their search form → codes, by field. `chosen` is a plan's `values`: it goes first.

    Every reading gives the code, "" where the cell says that there is none (or that there are
    several, for a field that takes one), and None for a text that nobody knows.
    """

    tables: Mapping[str, Table]
    donors: frozenset[str] = frozenset()  # names, codes and identifiers, in their search form
    chosen: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    _seen: dict[tuple[str, str], str | None] = field(default_factory=dict)

    @classmethod
    def load(cls, chosen: Mapping[str, Mapping[str, str]] | None = None) -> "Words":
        """Nine queries, whatever the file's length."""
        tables = {
            "kind": _kinds(),
            "fund": _funds(),
            "instrument": _named(Instrument, {}),
            "earmarking": _named(EarmarkingStep, word_lists.EARMARKING),
            "programme": _named(Programme, {}),
            "region": _named(Region, {}),
            "area": _areas(),
            "contributor_type": _named(
                ContributorType, word_lists.CONTRIBUTOR_TYPES, nothing=word_lists.NO_TYPES
            ),
            "currency": _currencies(),
        }
        tables["iso3"] = tables["area"]
        known = frozenset(DonorName.objects.values_list("normalized", flat=True))
        return cls(tables, known, chosen or {})

    def with_chosen(self, chosen: Mapping[str, Mapping[str, str]]) -> "Words":
        """The same tables with another plan's `values`."""
        return Words(self.tables, self.donors, chosen)

    def code(self, name: str, text: str) -> str | None:
        """What the text says for the field named so."""
        key = (name, text)
        if key not in self._seen:
            if len(self._seen) >= MOST_REMEMBERED:
                self._seen.clear()
            self._seen[key] = self._read(name, text)
        return self._seen[key]

    def _read(self, name: str, text: str) -> str | None:
        form = searchable(text)
        chosen = self.chosen.get(name, {})
        if form in chosen:
            return chosen[form]
        if not form:
            return CURRENCY_SIGNS.get(text.strip()) if name == "currency" and text.strip() else ""
        found = self.tables.get(name, {}).get(form)
        if found is None and name in ("area", "region"):
            return self._several(name, text)
        return found

    def _several(self, name: str, text: str) -> str | None:
        """Several countries in one cell are none, if each of them is known."""
        parts = text.translate(str.maketrans(SEVERAL, "\x00" * len(SEVERAL))).split("\x00")
        codes = {self.tables[name].get(searchable(part)) for part in parts if part.strip()}
        if len(parts) < 2 or None in codes:
            return None
        return codes.pop() if len(codes) == 1 else ""

    def kind(self, text: str) -> str | None:
        return self.code("kind", text)

    def fund(self, text: str) -> str | None:
        """Never a sum of funds: TOTAL, VOLUNTARY and the like are unknown words."""
        return self.code("fund", text)

    def instrument(self, text: str) -> str | None:
        return self.code("instrument", text)

    def earmarking(self, text: str) -> str | None:
        return self.code("earmarking", text)

    def programme(self, text: str) -> str | None:
        return self.code("programme", text)

    def region(self, text: str) -> str | None:
        return self.code("region", text)

    def area(self, text: str) -> str | None:
        """The ISO3 code of a country named in any way."""
        return self.code("area", text)

    def contributor_type(self, text: str) -> str | None:
        return self.code("contributor_type", text)

    def currency(self, text: str) -> str | None:
        return self.code("currency", text)

    def is_donor(self, text: str) -> bool:
        """Whether a donor is known by exactly this name or code."""
        return searchable(text) in self.donors


def _split(phrases: str) -> Iterable[str]:
    return (searchable(one) for one in phrases.replace("\n", "|").split("|") if one.strip())


def _with(table: Table, lists: Mapping[str, str], nothing: str = "") -> Table:
    """The table, and what the lists add to it; a name of the portal's own stands first."""
    for code, phrases in lists.items():
        for one in _split(phrases):
            table.setdefault(one, code)
    for one in (*_split(nothing), *_split(word_lists.NOTHING)):
        table.setdefault(one, "")
    return table


Model = type[Instrument] | type[EarmarkingStep] | type[Programme] | type[Region] | type[
    ContributorType
]  # fmt: skip


def _named(model: Model, lists: Mapping[str, str], nothing: str = "") -> Table:
    """Codes and names in six languages; of two rows with one name the first stands."""
    table: Table = {}
    rows = list(model._default_manager.order_by("order").values_list("pk", "names"))
    for code, _names in rows:
        table[searchable(code)] = code
    for code, names in rows:
        for name in names.values():
            table.setdefault(searchable(name), code)
    return _with(table, lists, nothing)


def _funds() -> Table:
    table: Table = {}
    for code, names in Fund.objects.values_list("code", "names"):
        if code not in SUMS_OF_FUNDS:
            table |= {searchable(one): code for one in (code, *names.values())}
    table = _with(table, word_lists.FUNDS)
    for one in _split(word_lists.NO_FUNDS):
        table.pop(one, None)
    return table


def _kinds() -> Table:
    table: Table = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            table |= {searchable(str(Kind(code).label)): code for code in word_lists.KINDS}
    table |= {searchable(code): str(code) for code in word_lists.KINDS}
    return _with({text: str(code) for text, code in table.items()}, word_lists.KINDS)


def _areas() -> Table:
    table: Table = {}
    rows = list(Area.objects.values_list("iso3", "iso2", "m49", "names", "formal_name"))
    for iso3, iso2, m49, _names, _formal in rows:
        table |= {searchable(iso3): iso3, searchable(iso2): iso3, m49: iso3}
    for iso3, _iso2, _m49, names, formal in rows:
        for name in (*names.values(), formal):
            if name:
                table.setdefault(searchable(name), iso3)
                table.setdefault(searchable(name.partition("(")[0]), iso3)
                table.setdefault(searchable(formal.removeprefix("the ")), iso3)
    several = "global|various|multiple|regional|worldwide|several|multi country|monde|mundial|全球"
    table.pop("", None)
    return _with(table, {"": several})


def _currencies() -> Table:
    table: Table = {}
    for code, name in Currency.objects.values_list("code", "name"):
        table[searchable(code)] = code
        table.setdefault(searchable(name), code)
    signs = {"USD": "us$|us|us dollar|us dollars|dollar|dollars|dollars des états unis|dólares",
             "EUR": "euros|евро|يورو|欧元", "GBP": "pound sterling|pounds"}  # fmt: skip
    return _with(table, {**signs, "USD": signs["USD"] + "|доллар сша|долл сша|دولار|美元"})
