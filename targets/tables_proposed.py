"""Tables of a proposed set: its targets, their paths, and what a revision changes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from interface.formatting import format_usd
from interface.tables import Cell, Column, Row, Table
from targets.models import Scope, TargetSet
from targets.paths import Path, phasing_of
from targets.proposed import Change, ProposedSet, years_of


class HasPath(Protocol):
    """A target with its path, stored or proposed."""

    @property
    def scope(self) -> Scope: ...
    @property
    def from_year(self) -> int: ...
    @property
    def path(self) -> Path: ...


def target_table(proposed: ProposedSet) -> Table:
    """What the set hopes for, as it would stand."""
    rows = [
        Row((
            Cell(str(one.scope)), Cell(years_of(one.from_year, one.to_year)),
            Cell(format_usd(one.amount_usd)),
            Cell(phasing_of(one.from_year, one.to_year, has_path=bool(one.path))),
            Cell(one.paragraph or "–"), Cell(one.note or "–"),
        ))
        for one in proposed.targets
    ]  # fmt: skip
    columns = (
        Column(_("Money")), Column(_("Years")), Column(_("Amount"), is_numeric=True),
        Column(_("Phasing")), Column(_("Paragraph")), Column(_("Note")),
    )  # fmt: skip
    return Table("targets", _("Targets"), columns, tuple(rows), unit_note=_("US$"))


def path_table(targets: Sequence[HasPath], identifier: str = "paths") -> Table | None:
    """The cumulative paths month by month, a column a target; None where there is none."""
    if not targets:
        return None
    heads = (Column(f"{one.scope} {one.from_year}", is_numeric=True) for one in targets)
    rows = [
        Row((Cell(str(MONTHS[number])), *(Cell(_at(one, number)) for one in targets)))
        for number in MONTHS
    ]
    return Table(
        identifier, _("Phasing by month, cumulative"), (Column(_("Month")), *heads), tuple(rows),
        unit_note=_("US$"),
    )  # fmt: skip


def _at(target: HasPath, number: int) -> str:
    return format_usd(dict(target.path).get(target.from_year * 100 + number))


def change_table(found: Sequence[Change], earlier: TargetSet) -> Table:
    """Both amounts for every scope and year of the two sets."""
    rows = [
        Row((
            Cell(str(one.scope)), Cell(years_of(one.from_year, one.to_year)),
            Cell(format_usd(one.earlier_usd), is_missing=one.earlier_usd is None),
            Cell(format_usd(one.now_usd), is_missing=one.now_usd is None),
            Cell(_difference(one.difference_usd), is_missing=one.difference_usd is None),
        ))
        for one in found
    ]  # fmt: skip
    columns = (
        Column(_("Money")), Column(_("Years")), Column(str(earlier), is_numeric=True),
        Column(_("This set"), is_numeric=True), Column(_("Difference"), is_numeric=True),
    )  # fmt: skip
    return Table(
        "changes", _("What the revision changes"), columns, tuple(rows), unit_note=_("US$"),
        footnotes=(_("A dash: the set has no amount for this money and these years."),),
    )  # fmt: skip


def _difference(usd: Decimal | None) -> str:
    return f"+{format_usd(usd)}" if usd is not None and usd > 0 else format_usd(usd)
