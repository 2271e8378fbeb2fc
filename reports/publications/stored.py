"""The casting of a publication as JSON, and back: what was found when its files were made."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from income.totals import NotConverted
from reports.publications.bridging import BridgeRow
from reports.publications.casting import Casting, LeftOut
from reports.publications.checks import Check
from reports.publications.covering import CurrencyRow
from reports.publications.problems import FileProblem

Plain = dict[str, Any]


def plain(casting: Casting) -> Plain:
    """As JSON values; amounts as text, to the last digit."""
    return {
        "checks": [check.plain() for check in casting.checks],
        "bridge": [_texts(asdict(row)) for row in casting.bridge],
        "table": [_texts(asdict(row)) for row in casting.table],
        "currencies": [_texts(asdict(row)) for row in casting.currencies],
        "problems": [asdict(one) for one in casting.problems],
        "problem_count": casting.problem_count,
        "left_out": [
            {"kind": one.kind, "currency": one.cell.currency, "count": one.cell.count,
             "amount": str(one.cell.amount)}
            for one in casting.left_out
        ],
    }  # fmt: skip


def _texts(row: Plain) -> Plain:
    return {name: str(v) if isinstance(v, Decimal) else v for name, v in row.items()}


def of_plain(held: Mapping[str, Any]) -> Casting:
    """From what was stored; empty where nothing was."""
    return Casting(
        checks=tuple(Check.of_plain(row) for row in held.get("checks", ())),
        bridge=tuple(_bridge_row(row) for row in held.get("bridge", ())),
        table=tuple(_bridge_row(row) for row in held.get("table", ())),
        currencies=tuple(_currency(row) for row in held.get("currencies", ())),
        problems=tuple(FileProblem(**row) for row in held.get("problems", ())),
        problem_count=held.get("problem_count", 0),
        left_out=tuple(
            LeftOut(row["kind"], NotConverted(row["currency"], row["count"],
                                              Decimal(row["amount"])))
            for row in held.get("left_out", ())
        ),
    )  # fmt: skip


def _bridge_row(row: Mapping[str, Any]) -> BridgeRow:
    return BridgeRow(**{**row, "amount_usd": Decimal(row["amount_usd"])})


def _currency(row: Mapping[str, Any]) -> CurrencyRow:
    amounts = ("file", "not_converted", "converted", "converted_usd")
    return CurrencyRow(**{**row, **{name: Decimal(row[name]) for name in amounts}})
