"""From look-through figures to tables: memos that are never added to income."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from interface.formatting import format_percent
from interface.tables import Cell, Row, Table
from reports.figures.lookthrough import MemoLine, PoolYear
from reports.tables.bases import DOLLARS, exact
from reports.tables.board import columns, missing


def pool_table(year: PoolYear, identifier: str = "") -> Table:
    """Who stood behind a pooled fund's money of a year."""
    rows = [
        Row((Cell(one.contributor.name), Cell(format_percent(one.share * 100, 2)),
             exact(one.amount_usd)))
        for one in year.lines
    ]  # fmt: skip
    rows.append(Row((Cell(_("Contributors not known")), missing(), exact(year.unknown_usd))))
    total = exact(year.given_usd, year.link)
    rows.append(Row((Cell(_("Given by the fund")), missing(), total), is_total=True))
    return Table(
        identifier=identifier or f"pool-{year.year}",
        caption=_("Behind this fund in %(year)s: memo, never added to income")
        % {"year": year.year},
        columns=columns(_("Contributor"), _("Share"), _("Memo")),
        rows=tuple(rows),
        unit_note=DOLLARS,
        footnotes=tuple(dict.fromkeys(one.source for one in year.lines)),
    )


def through_pools_table(lines: Iterable[MemoLine]) -> Table:
    """A donor's part of what pooled funds gave: in no sum of the donor."""
    return Table(
        identifier="through-pools",
        caption=_("Memo: through pooled funds, never added to income"),
        columns=columns(_("Year and fund"), _("Given by the fund"), _("Share"), _("Memo")),
        rows=tuple(
            Row(
                (
                    Cell(f"{one.year} · {one.pool.name}"), exact(one.of_usd, one.link),
                    Cell(format_percent(one.share * 100, 2)), exact(one.amount_usd),
                )
            )
            for one in lines
        ),
        unit_note=DOLLARS,
        empty=_("No pooled fund is known that this donor stands behind."),
    )  # fmt: skip
