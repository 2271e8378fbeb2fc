"""Loads currencies, exchange rates, funds and the other tables of income from fixtures/.

Every load may be repeated. An exchange rate is a dated fact: it is added, never overwritten.
"""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from donors.reference import FIXTURES, Row, codes_of, read_rows, upsert
from income.imports.columns.known_layouts import load_known_layouts
from income.models import (
    Currency,
    DomainOfChange,
    EarmarkingStep,
    ExchangeRate,
    Fund,
    Instrument,
    Ledger,
    Programme,
)
from income.vocabulary import RateType
from interface.formatting import format_exact

RATE_PLACES = 10
REAL_BOOKS = "UNH"
NAME_OF_REAL_BOOKS = gettext_noop("United Nations Human Settlements Programme (UN-Habitat)")
RateKey = tuple[str, str, datetime.date]


def load(folder: Path = FIXTURES) -> dict[str, int]:
    """Load everything of this floor; the number of rows by kind. Raises TableFileWrong.

    Exchange rates are counted as they stand in the file, new or not.
    """
    Ledger.objects.get_or_create(code=REAL_BOOKS, defaults={"name": NAME_OF_REAL_BOOKS})
    return {
        "currencies": load_currencies(folder),
        "exchange rates": load_exchange_rates(folder),
        "funds": load_funds(folder),
        "domains of change": load_domains(folder),
        "programmes": load_programmes(folder),
        "instruments": load_instruments(folder),
        "earmarking steps": load_earmarking_steps(folder),
        "layouts of imports": load_known_layouts(),
    }


def load_currencies(folder: Path) -> int:
    """Codes without a minor unit (metals, testing codes, units of account) are left out."""
    rows = read_rows(folder, "currencies.csv", unique=["code"])
    return upsert(
        Currency,
        [
            row.checked(
                Currency(
                    code=row.text("code"), name=row.text("name_en"),
                    decimals=row.whole("minor_unit"),
                )
            )
            for row in rows
            if row.text("minor_unit")
        ],
    )  # fmt: skip


def load_exchange_rates(folder: Path) -> int:
    """Add the rates that are not there yet; one that differs from what is there is refused.

    A rate that was corrected since it was loaded stays corrected.
    """
    rows = read_rows(folder, "exchange_rates.csv", unique=["currency", "effective_on", "rate_type"])
    currencies, there = codes_of(Currency), every_rate()
    rates = [_rate(row, currencies) for row in rows]
    for row, rate in zip(rows, rates, strict=True):
        stored = there.get((rate.currency_id, rate.rate_type, rate.effective_on))
        if stored is not None and rate.units_per_usd not in stored:
            raise row.wrong(
                _(
                    "%(currency)s on %(day)s is %(new)s here and %(old)s in the books. "
                    "A rate is never overwritten."
                )
                % {
                    "currency": rate.currency_id,
                    "day": rate.effective_on,
                    "new": format_exact(rate.units_per_usd),
                    "old": format_exact(stored[-1].normalize()),
                }
            )
    new = [r for r in rates if (r.currency_id, r.rate_type, r.effective_on) not in there]
    ExchangeRate.objects.bulk_create(new, ignore_conflicts=True)
    return len(rows)


def stored_rates() -> Mapping[RateKey, Decimal]:
    """Units per US dollar of every rate as it stands, corrected or not: the highest revision."""
    return {key: revisions[-1] for key, revisions in every_rate().items()}


def every_rate() -> Mapping[RateKey, list[Decimal]]:
    """Units per US dollar of every rate with its corrections, the one that stands last."""
    rows = ExchangeRate.objects.order_by("revision").values_list(
        "currency_id", "rate_type", "effective_on", "units_per_usd"
    )
    found: dict[RateKey, list[Decimal]] = defaultdict(list)
    for code, rate_type, day, units in rows.iterator():
        found[code, rate_type, day].append(units)
    return found


def _rate(row: Row, currencies: set[str]) -> ExchangeRate:
    units = row.decimal("units_per_usd", places=RATE_PLACES)
    if units <= 0:
        raise row.wrong(_("a rate is above zero, not %(units)s.") % {"units": units})
    return ExchangeRate(
        currency_id=row.known("currency", currencies), effective_on=row.day("effective_on"),
        units_per_usd=units, rate_type=row.known("rate_type", RateType.values),
        source=row.required("source"),
    )  # fmt: skip


def load_funds(folder: Path) -> int:
    rows = read_rows(folder, "funds.csv", unique=["code"])
    codes = {row.text("code") for row in rows}
    return upsert(Fund, [row.checked(_fund(row, codes)) for row in rows])


def _fund(row: Row, codes: set[str]) -> Fund:
    return Fund(
        code=row.text("code"), parent_id=row.known_or_none("parent", codes), names=row.names(),
        definition=row.text("definition_en"), is_core=row.flag("is_core"),
        is_group=row.flag("is_group"), is_share=row.flag("is_share"), order=row.whole("order"),
    )  # fmt: skip


def load_domains(folder: Path) -> int:
    rows = read_rows(folder, "domains.csv", unique=["code"])
    return upsert(
        DomainOfChange,
        [
            r.checked(DomainOfChange(code=r.text("code"), names=r.names(), order=r.whole("order")))
            for r in rows
        ],
    )


def load_programmes(folder: Path) -> int:
    """Keeps the domain of change of a programme, which no document prints."""
    rows = read_rows(folder, "programmes.csv", unique=["code"])
    return upsert(Programme, [row.checked(_programme(row)) for row in rows], keep=["domain"])


def _programme(row: Row) -> Programme:
    return Programme(
        code=row.text("code"), names=row.names(), kind=row.text("kind"), order=row.whole("order"),
        goal_usd=row.decimal("goal_usd", places=2) if row.text("goal_usd") else None,
    )  # fmt: skip


def load_instruments(folder: Path) -> int:
    rows = read_rows(folder, "instruments.csv", unique=["code"])
    return upsert(Instrument, [row.checked(_instrument(row)) for row in rows])


def _instrument(row: Row) -> Instrument:
    return Instrument(
        code=row.text("code"), names=row.names(), category=row.text("category"),
        is_in_kind=row.flag("is_in_kind"), is_legacy=row.flag("is_legacy"),
        description=row.text("description_en"), order=row.whole("order"),
    )  # fmt: skip


def load_earmarking_steps(folder: Path) -> int:
    rows = read_rows(folder, "earmarking_steps.csv", unique=["code"])
    return upsert(
        EarmarkingStep,
        [
            row.checked(
                EarmarkingStep(
                    code=row.text("code"), iati_code=row.whole("iati_code"), names=row.names(),
                    order=row.whole("order"),
                )
            )
            for row in rows
        ],
    )  # fmt: skip
