"""The fields that a file's columns may stand for, and which of them each kind of entry needs."""

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from income.imports.columns import synonyms, synonyms_of_amounts
from income.imports.columns.phrases import phrase
from income.vocabulary import Kind

TEXT, AMOUNT, DATE, YEAR, CODE = "text", "amount", "date", "year", "code"


@dataclass(frozen=True)
class Field:
    """One thing that a row can say.

    `kind_of_value` is text, amount (any decimal number), date, year or code; a code is a word of
    the portal's own tables, which `income.imports.words.Words` reads from the file's own words.
    """

    code: str
    label: str | Promise
    kind_of_value: str = TEXT

    def __str__(self) -> str:
        return str(self.label)


_ALL = (
    Field("kind", gettext_lazy("Kind"), CODE),
    Field("entity", gettext_lazy("Books"), CODE),
    Field("donor", gettext_lazy("Donor")),
    Field("donor_code", gettext_lazy("Code of the donor")),
    Field("iso3", gettext_lazy("ISO code of the donor’s country"), CODE),
    Field("contributor_type", gettext_lazy("Contributor type"), CODE),
    Field("channel", gettext_lazy("Channel")),
    Field("fund", gettext_lazy("Fund"), CODE),
    Field("amount", gettext_lazy("Amount"), AMOUNT),
    Field("currency", gettext_lazy("Currency"), CODE),
    Field("amount_usd", gettext_lazy("Amount in US dollars"), AMOUNT),
    Field("exchange_rate", gettext_lazy("Exchange rate"), AMOUNT),
    Field("date", gettext_lazy("Date"), DATE),
    Field("year", gettext_lazy("Year"), YEAR),
    Field("year_for", gettext_lazy("Year the money is for"), YEAR),
    Field("due_on", gettext_lazy("Due on"), DATE),
    Field("ends_on", gettext_lazy("Ends on"), DATE),
    Field("agreement", gettext_lazy("Agreement number")),
    Field("reference", gettext_lazy("Payment reference")),
    Field("document", gettext_lazy("Document number")),
    Field("title", gettext_lazy("Purpose")),
    Field("instrument", gettext_lazy("Financing instrument"), CODE),
    Field("earmarking", gettext_lazy("Earmarking"), CODE),
    Field("programme", gettext_lazy("Programme"), CODE),
    Field("region", gettext_lazy("Region"), CODE),
    Field("area", gettext_lazy("Country or area"), CODE),
    Field("support_rate", gettext_lazy("Programme support, per cent"), AMOUNT),
    Field("bank_charge", gettext_lazy("Bank charge"), AMOUNT),
    Field("row_id", gettext_lazy("Identifier of the row")),
    Field("note", gettext_lazy("Note")),
)
FIELDS: Mapping[str, Field] = {field.code: field for field in _ALL}


@dataclass(frozen=True)
class Need:
    """What a kind of entry cannot do without: one of several sets of fields."""

    any_of: tuple[tuple[str, ...], ...]

    @property
    def first(self) -> str:
        """The field at which a page says that something is missing."""
        return self.any_of[0][0]

    def is_met(self, given: Collection[str]) -> bool:
        return any(all(field in given for field in fields) for fields in self.any_of)

    def __str__(self) -> str:
        """In the reader's language, such as “Amount + Currency”, or a list to choose one from."""
        options = [" + ".join(str(FIELDS[field]) for field in fields) for fields in self.any_of]
        if len(options) == 1:
            return options[0]
        return _("one of: %(options)s") % {"options": "; ".join(options)}


def _need(*any_of: tuple[str, ...] | str) -> Need:
    return Need(tuple((one,) if isinstance(one, str) else one for one in any_of))


MONEY = _need(("amount", "currency"), "amount_usd")
_DONOR = _need("donor", "donor_code", "iso3")
_PROMISE = (_DONOR, _need("fund"), _need("date"), MONEY)
_FINANCE = (_need("date"), _need("amount_usd", ("amount", "currency")))
_NEEDS: Mapping[str, tuple[Need, ...]] = {
    Kind.RECEIPT: (
        _need("donor", "donor_code", "iso3", "agreement"),
        _need("fund", "agreement"), _need("date"), MONEY,
    ),
    Kind.AGREEMENT: _PROMISE,
    Kind.PLEDGE: _PROMISE,
    Kind.AUDITED_REVENUE: (
        _need("year", "date"), _need("fund"), _need("amount_usd", ("amount", "currency")),
    ),
    Kind.ALLOTMENT: _FINANCE,
    Kind.PROGRAMME_SUPPORT: _FINANCE,
}  # fmt: skip
KINDS = tuple(_NEEDS)  # that a file may bring


def required_fields(kind: str) -> tuple[Need, ...]:
    """What rows of the kind need, by column or constant.

    Without a kind (each row says its own): what pledges, agreements and receipts need alike.
    """
    return _NEEDS.get(kind, _NEEDS[Kind.RECEIPT])


LABEL, SYNONYM, WEAKER = 1.0, 0.95, 0.6


@functools.cache
def phrases_of_headings() -> Mapping[str, tuple[tuple[str, float], ...]]:
    """Each phrase that a heading may be → the fields it may stand for, with how surely (to 1).

    Labels of the portal's own template, in all its languages, stand above all synonyms.
    """
    found: dict[str, dict[str, float]] = {}
    for code, text, weight in _phrases():
        known = found.setdefault(phrase(text), {})
        known[code] = max(weight, known.get(code, 0))
    return {text: tuple(codes.items()) for text, codes in found.items() if text}


def _phrases() -> list[tuple[str, str, float]]:
    phrases = []
    for code, several in {**synonyms.SYNONYMS, **synonyms_of_amounts.SYNONYMS}.items():
        for one in several.replace("\n", "|").split("|"):
            weight = WEAKER if one.strip().startswith("?") else SYNONYM
            phrases.append((code, one.strip().removeprefix("?"), weight))
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            phrases += [(field.code, str(field.label), LABEL) for field in _ALL]
    return phrases
