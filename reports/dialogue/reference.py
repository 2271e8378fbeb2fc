"""Loads the audited expenditure that the installation brings along."""

from collections import defaultdict
from pathlib import Path

from django.utils.translation import gettext as _

from donors.models import Area, Region
from donors.reference import FIXTURES, Row, codes_of, read_rows
from reports.dialogue.lines import Spent, digest, keep
from reports.models import ExpenditureLoad
from targets.models import ProposalState

FILE = "expenditure.csv"


def load(folder: Path = FIXTURES) -> dict[str, int]:
    """Load expenditure.csv; the number of its rows. Raises TableFileWrong.

    One approved load a year. It may be repeated: a year whose rows are as they were is left
    alone, one whose rows changed makes a new load.
    """
    areas, regions = codes_of(Area), codes_of(Region)
    titles = {row.text("code"): _title(row) for row in _sources(folder)}
    rows = read_rows(folder, FILE, unique=["year", "place"])
    years: dict[int, list[Spent]] = defaultdict(list)
    sources: dict[int, str] = {}
    for row in rows:
        line = _line(row, areas, regions)
        source = titles[row.known("source", titles)]
        if sources.setdefault(line.year, source) != source:
            raise row.wrong(_("the rows of one year name two sources."))
        years[line.year].append(line)
    for year, lines in years.items():
        _load_year(year, sources[year], lines)
    return {"expenditure": len(rows)}


def _sources(folder: Path) -> list[Row]:
    return read_rows(folder, "sources.csv", unique=["code"])


def _title(row: Row) -> str:
    return ", ".join(filter(None, (row.text("title"), row.text("reference"))))


def _line(row: Row, areas: set[str], regions: set[str]) -> Spent:
    return Spent(
        row.whole("year"), row.required("place"), row.known_or_none("iso3", areas),
        row.known_or_none("region", regions), row.decimal("amount_usd", places=2),
    )  # fmt: skip


def _load_year(year: int, source: str, lines: list[Spent]) -> None:
    made, is_new = ExpenditureLoad.objects.get_or_create(
        year=year, sha256=digest(source, lines),
        defaults={"source": source, "file_name": FILE, "state": ProposalState.APPROVED},
    )  # fmt: skip
    if is_new:
        keep(made, lines)
