"""What can be chosen for a field on a page: the codes of the portal's tables with their names."""

from collections.abc import Callable

from django.utils import translation

from donors.models import Area, ContributorType, Region
from donors.names import in_language
from income.imports.columns.fields import KINDS
from income.imports.columns.words import SUMS_OF_FUNDS
from income.models import Currency, EarmarkingStep, Fund, Instrument, Programme
from income.vocabulary import Kind
from interface.sorting import in_order

Options = list[tuple[str, str]]


def options_of(name: str) -> Options:
    """Codes and labels in the reader's language; none for a field that takes any text."""
    return _OPTIONS[name]() if name in _OPTIONS else []


def _kinds() -> Options:
    return [(str(kind), str(Kind(kind).label)) for kind in KINDS]


def _funds() -> Options:
    rows = Fund.objects.exclude(code__in=SUMS_OF_FUNDS).order_by("order")
    return [(fund.code, f"{fund.code} – {fund}") for fund in rows]


def _areas() -> Options:
    rows = Area.objects.values_list("iso3", "names")
    return in_order(((iso3, _name(names)) for iso3, names in rows), lambda one: one[1])


def _currencies() -> Options:
    rows = Currency.objects.order_by("code").values_list("code", "name")
    return [(code, f"{code} – {name}") for code, name in rows]


def _named(
    model: type[ContributorType | EarmarkingStep | Instrument | Programme | Region],
) -> Options:
    rows = model._default_manager.order_by("order").values_list("pk", "names")
    return [(code, _name(names)) for code, names in rows]


def _name(names: dict[str, str]) -> str:
    return in_language(names, translation.get_language())


_OPTIONS: dict[str, Callable[[], Options]] = {
    "kind": _kinds,
    "fund": _funds,
    "currency": _currencies,
    "area": _areas,
    "iso3": _areas,
    "contributor_type": lambda: _named(ContributorType),
    "earmarking": lambda: _named(EarmarkingStep),
    "instrument": lambda: _named(Instrument),
    "programme": lambda: _named(Programme),
    "region": lambda: _named(Region),
}
