"""The tables of a publication's page."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from income.models import Fund
from income.periods import YearMonth
from income.vocabulary import Kind
from interface.formatting import format_amount, format_number, format_usd
from interface.tables import Cell, Column, Row, Table
from reports.figures.base_cells import OPEN
from reports.publications import words
from reports.publications.bridging import BridgeRow
from reports.publications.casting import Casting
from reports.publications.checks import COUNT, Check
from reports.publications.covering import CurrencyRow, is_foreign
from reports.publications.problems import FileProblem
from reports.tables.bases import DOLLARS, exact, withheld
from reports.tables.board import columns, missing

ZERO = Decimal(0)


def names_of_funds() -> dict[str, str]:
    """Every fund, in the funds' order, and what the Board's table calls its totals."""
    named = {fund.code: str(fund) for fund in Fund.objects.all()}
    return {**named, "TOTAL": _("Total"), "WITH_OTHER": _("Total with other revenue")}


def summary_table(casting: Casting) -> Table:
    """What was compared, how often, and how often it differs."""
    found: dict[str, list[Check]] = {}
    for check in casting.checks:
        found.setdefault(check.code, []).append(check)
    codes = sorted(found, key=list(words.CHECKS).index)
    return Table(
        identifier="checks",
        caption=_("What was compared with the books"),
        columns=columns(_("Comparison"), _("Compared"), _("Different")),
        rows=tuple(_summary_row(code, found[code]) for code in codes),
        footnotes=(
            _("The files are read back from their bytes, and every sum is laid beside the entries "
              "of the books as known at this state."),
        ),
    )  # fmt: skip


def _summary_row(code: str, checks: Sequence[Check]) -> Row:
    differ = sum(not check.holds for check in checks)
    cells = (format_number(len(checks)), format_number(differ))
    return Row((Cell(words.check_label(code)), *map(Cell, cells)))


def checks_table(checks: Iterable[Check], caption: str, identifier: str) -> Table:
    """Comparisons one by one, each with its entries."""
    funds = names_of_funds()
    return Table(
        identifier=identifier,
        caption=caption,
        columns=(
            Column(_("Comparison")), Column(_("Fund")), Column(_("Part")),
            *(Column(one, is_numeric=True)
              for one in (_("In the publication"), _("In the books"), _("Difference"))),
        ),
        rows=tuple(_check_row(check, funds) for check in checks),
        empty=_("Nothing differs."),
    )  # fmt: skip


def _check_row(check: Check, funds: Mapping[str, str]) -> Row:
    label = words.check_label(check.code)
    about = " ".join(filter(None, (str(check.year or ""), check.about)))
    amounts = (check.left, check.right, check.difference)
    named = funds.get(check.fund, check.fund)
    return Row(
        (
            Cell(label, check.link), Cell(named) if named else missing(),
            Cell(about) if about else missing(),
            *(Cell(_measured(amount, check.unit)) for amount in amounts),
        )
    )  # fmt: skip


def _measured(amount: Decimal, unit: str) -> str:
    return format_number(amount) if unit == COUNT else format_amount(amount, unit)


def problem_table(problems: Iterable[FileProblem], count: int) -> Table:
    """What the files break of the standard."""
    rows = tuple(
        Row((Cell(one.rule), Cell(one.file), Cell(one.where), Cell(one.sentence)))
        for one in problems
    )
    more = _("%(count)s problems in all.") % {"count": format_number(count)}
    return Table(
        identifier="problems",
        caption=_("Rules of the standard that the files break"),
        columns=tuple(Column(one) for one in (_("Rule"), _("File"), _("Where"), _("What"))),
        rows=rows,
        footnotes=(more,) if count > len(rows) else (),
    )


def bridge_table(
    rows: Sequence[BridgeRow], year: int, month: YearMonth, *, knows: bool
) -> Table | None:
    """The bases of one year and the lines between them, a column for each fund.

    `knows` is for staff: others do not see sums that would give away a single donor.
    """
    of_year = [row for row in rows if row.year == year]
    if not of_year:
        return None
    names = names_of_funds()
    funds = [fund for fund in names if any(row.fund == fund for row in of_year)]
    cells = {(row.code, row.fund): row for row in of_year}
    shown = {row.code for row in of_year if knows or row.is_basis or not row.is_withheld}
    codes = sorted(shown, key=words.order().index)
    return Table(
        identifier="bridge",
        caption=_("From pledged to audited in %(year)s") % {"year": year},
        columns=columns(_("Line"), *(names[fund] for fund in funds), _("Together")),
        rows=tuple(_bridge_row(code, cells, funds, year, month, knows) for code in codes),
        unit_note=DOLLARS,
        footnotes=tuple(_bridge_notes(of_year, knows=knows)),
    )


def _bridge_notes(rows: Sequence[BridgeRow], *, knows: bool) -> Iterable[str]:
    yield _("Each part adds up to the cent, fund by fund. All bases but audited are in cash.")
    if not knows and any(row.is_withheld for row in rows):
        yield _("Not shown: sums and lines that would give away what a single donor promised.")


def _bridge_row(
    code: str, cells: Mapping[tuple[str, str], BridgeRow], funds: Sequence[str], year: int,
    month: YearMonth, knows: bool,
) -> Row:  # fmt: skip
    row = [cells.get((code, fund)) for fund in funds]
    there = [one for one in row if one]
    hidden = not knows and any(one.is_withheld for one in there)
    total = withheld() if hidden else exact(sum((one.amount_usd for one in there), ZERO))
    figures = [_bridge_cell(one, knows=knows) for one in row]
    is_basis = any(one.is_basis for one in there)
    return Row((Cell(words.label(code, year, month)), *figures, total), is_total=is_basis)


def _bridge_cell(row: BridgeRow | None, *, knows: bool) -> Cell:
    if row is None:
        return missing()
    if row.is_withheld and not knows:
        return withheld()
    return exact(row.amount_usd, row.link if knows or row.code in OPEN else "")


def cover_table(rows: Sequence[BridgeRow], month: YearMonth) -> Table | None:
    """From the Board's table to the IATI file, a column for each fund."""
    if not rows:
        return None
    names = names_of_funds()
    funds = [fund for fund in names if any(row.fund == fund for row in rows)]
    codes = list(dict.fromkeys(code for code in words.LINES if any(r.code == code for r in rows)))
    cells = {(row.code, row.fund): row for row in rows}
    return Table(
        identifier="cover",
        caption=_("From the Board's table to the IATI file"),
        columns=columns(_("Line"), *(names[fund] for fund in funds), _("Together")),
        rows=tuple(_bridge_row(code, cells, funds, month.year, month, True) for code in codes),
        unit_note=DOLLARS,
    )


def currency_table(rows: Sequence[CurrencyRow]) -> Table | None:
    """What the file carries in other currencies, and its worth in the books."""
    foreign = [row for row in rows if is_foreign(row)]
    if not foreign:
        return None
    names = names_of_funds()
    places = list(names)
    foreign.sort(key=lambda row: (places.index(row.fund), row.currency))
    return Table(
        identifier="currencies",
        caption=_("Received in other currencies, as the file carries it"),
        columns=columns(
            _("Fund"), _("In the file"), _("Of it not converted"), _("Of it converted"),
            _("The same in US dollars"),
        ),
        rows=tuple(_currency_row(row, names) for row in foreign),
    )  # fmt: skip


def _currency_row(row: CurrencyRow, names: Mapping[str, str]) -> Row:
    amounts = (row.file, row.not_converted, row.converted)
    own = (Cell(format_amount(amount, row.currency)) for amount in amounts)
    worth = Cell(format_usd(row.converted_usd))
    return Row((Cell(names.get(row.fund, row.fund)), *own, worth))


def left_out_table(casting: Casting) -> Table | None:
    """Entries without US dollars: in the IATI file in their currency, in no line of a bridge."""
    if not casting.left_out:
        return None
    return Table(
        identifier="left-out",
        caption=_("Without US dollars, and so in no line of the bridge"),
        columns=columns(_("Kind"), _("Entries"), _("Amount")),
        rows=tuple(
            Row(
                (Cell(_kind(one.kind)), Cell(format_number(one.cell.count)),
                 Cell(format_amount(one.cell.amount, one.cell.currency)))
            )
            for one in casting.left_out
        ),
    )  # fmt: skip


def _kind(code: str) -> str:
    return str(Kind(code).label)
