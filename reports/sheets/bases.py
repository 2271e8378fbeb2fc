"""The three bases, what changed and what is outstanding, as files: exact, one figure a row."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from interface.sheets import csv_bytes
from reports.figures.bases import BaseRow, Bases
from reports.figures.outstanding import Outstanding
from reports.figures.restatement import Restatement
from reports.figures.scope import State

WITHHELD = "not shown"
Line = Sequence[object]


def _file(state: State, headline: str, header: Line, rows: Iterable[Line]) -> bytes:
    mark = (
        [(_("DEMONSTRATION BOOKS – not UN-Habitat's figures"),)] if state.is_demonstration else []
    )
    preamble = [
        *mark, (headline,), (_("Books"), f"{state.books} – {state.books_name}"),
        (_("State of the books"), str(state.sequence), state.hash), (),
    ]  # fmt: skip
    return csv_bytes(header, rows, preamble=preamble)


def bases_csv(told: Bases) -> bytes:
    """Every figure of the page; a sum that is withheld says so."""
    header = ("block", "row", "column", "value", "unit", "note")
    return _file(told.state, told.headline, header, _base_lines(told))


def _base_lines(told: Bases) -> Iterator[Line]:
    for block, rows in (("bases", (*told.rows, told.total)), ("not_cash", told.not_cash)):
        for row in rows:
            yield from _row(block, row)
    for one in told.bridge.lines:
        yield "bridge", one.code, "amount", _or_withheld(one.amount_usd), "USD", one.label
    yield from _beside(told)
    yield from (("note", "", "", note, "", "") for note in told.notes)


def _beside(told: Bases) -> Iterator[Line]:
    """The years that money is for, gross and net, and what is not converted."""
    for of in told.years_for.rows:
        for came, cell in zip(told.years_for.came, of.cells, strict=True):
            if cell.amount_usd is not None:
                yield "year_for", of.year_for, came, cell.amount_usd, "USD", ""
    for kind in told.gross_net:
        yield "gross_net", kind.kind, "gross", kind.gross_usd, "USD", ""
        for change in kind.changes:
            yield "gross_net", kind.kind, change.reason, change.amount_usd, "USD", change.label
        yield "gross_net", kind.kind, "net", kind.net_usd, "USD", ""
    for name, cells in told.not_converted:
        for left in cells:
            yield "not_converted", name, "count", left.count, "records", ""
            yield "not_converted", name, "amount", left.amount, left.currency, ""


def _row(block: str, row: BaseRow) -> Iterator[Line]:
    code = row.code or "total"
    for cell in row.cells:
        yield block, code, cell.basis, _or_withheld(cell.amount_usd), "USD", row.name


def _or_withheld(usd: object) -> object:
    return WITHHELD if usd is None else usd


def restatement_csv(told: Restatement) -> bytes:
    """The totals, then every change; who approved it for staff."""
    header = (
        "block", "fund", "year_or_month", "cash", "as_told", "change", "as_it_stands", "posting",
        "booked", "posted_at", "act", "reason", "not_converted",
        "note", "approved_by",
    )  # fmt: skip
    return _file(told.state, told.headline, header, _changes(told))


def _changes(told: Restatement) -> Iterator[Line]:
    for row in told.rows:
        empty = ("",) * 8
        yield (
            "total", row.fund, row.year, "yes" if row.is_cash else "no", row.old_usd,
            row.change_usd, row.new_usd, *empty,
        )  # fmt: skip
    for one in told.changes:
        left = "; ".join(f"{cell.amount:f} {cell.currency}" for cell in one.not_converted)
        persons = (one.note, one.approved_by)
        yield (
            "change", one.fund, one.value_month.slug, "yes" if one.is_cash else "no", None,
            one.amount_usd, None, one.sequence, one.booked.slug, one.posted_at.isoformat(),
            one.act, one.reason, left, *persons,
        )  # fmt: skip


def outstanding_csv(told: Outstanding) -> bytes:
    """Sums per fund and age; instalment by instalment where the reader may see them."""
    header = (
        "block", "code", "name", "donor", "due_on", "days_overdue", "currency", "amount", "rate",
        "amount_usd",
    )  # fmt: skip
    return _file(told.state, told.headline, header, _owed(told))


def _owed(told: Outstanding) -> Iterator[Line]:
    blocks = (
        ("total", (told.total,)), ("overdue", (told.overdue,)), ("fund", told.funds),
        ("age", told.ages), ("due_month", told.months),
    )  # fmt: skip
    for block, cells in blocks:
        for cell in cells:
            yield (
                block,
                cell.code,
                cell.name,
                "",
                "",
                "",
                "",
                "",
                "",
                _or_withheld(cell.amount_usd),
            )
    for one in told.owed:
        yield (
            "instalment", one.contribution.number, one.contribution.title, one.donor.code,
            one.instalment.due_on, one.days_overdue, one.currency, one.amount,
            one.rate.units_per_usd if one.rate else None, one.amount_usd,
        )  # fmt: skip
