"""The columns of the revenue files, and what each of them means."""

from dataclasses import dataclass
from decimal import Decimal

from reports.ceb.revenue import NOT_REPORTED, RevenueRow

# As the financial statistics of UN CEB call the entity (fixtures/sources.csv: ceb-subagency).
ENTITY = "UN-HABITAT"
CURRENCY = "USD"
BY_CONTRIBUTOR, BY_INSTRUMENT = "by-contributor", "by-instrument"
FILES = (BY_CONTRIBUTOR, BY_INSTRUMENT)


@dataclass(frozen=True)
class FileColumn:
    """A column: its name in the file, the data standard it follows, what it holds."""

    name: str
    standard: str
    meaning: str
    is_of_contributors: bool = False


COLUMNS = (
    FileColumn("year", "", "Financial year of the audited revenue, January to December"),
    FileColumn("entity_code", "UN entity", "Code of the reporting entity"),
    FileColumn(
        "contributor_code", "Revenue by contributor",
        "Code of the contributor in the books; “not attributed” where the source names nobody, "
        "“unnamed” for contributors that wish to stay unnamed", is_of_contributors=True,
    ),
    FileColumn(
        "contributor", "Revenue by contributor", "English name of the contributor",
        is_of_contributors=True,
    ),
    FileColumn(
        "contributor_country", "Revenue by contributor",
        "ISO 3166 alpha-3 code of the contributor's country; empty where it has none",
        is_of_contributors=True,
    ),
    FileColumn(
        "contributor_type_code", "Revenue by contributor",
        "Contributor type, C01 to C09, that the contributor has today; “not reported” where "
        "nobody is named",
        is_of_contributors=True,
    ),
    FileColumn(
        "contributor_type", "Revenue by contributor", "Name of the contributor type",
        is_of_contributors=True,
    ),
    FileColumn(
        "instrument_code", "Grant financing instrument",
        "Code as the source reports it: R01 to R05, with a letter where it divides, or a legacy "
        "code (R07 to R12). R02, R03 and R04 are not divided further",
    ),
    FileColumn("instrument", "Grant financing instrument", "English name of the instrument"),
    FileColumn(
        "instrument_category", "Grant financing instrument",
        "assessed, unearmarked, earmarked or other",
    ),
    FileColumn(
        "function_code", "Function", "“not reported”: revenue in the books has no function"
    ),
    FileColumn(
        "location_code", "Geographic location",
        "ISO 3166 alpha-3 code of the place that the revenue is for; “not reported” where the "
        "books name none",
    ),
    FileColumn(
        "sdg_code", "Sustainable Development Goals",
        "“not reported”: revenue in the books has no goal",
    ),
    FileColumn("currency", "", "ISO 4217 code of the amount, always USD"),
    FileColumn(
        "amount_usd", "",
        "Audited revenue in US dollars to the cent; below zero where revenue of earlier years was "
        "taken back",
    ),
)  # fmt: skip


def columns_of(file: str) -> tuple[FileColumn, ...]:
    """Those of one of the two files."""
    return tuple(c for c in COLUMNS if file == BY_CONTRIBUTOR or not c.is_of_contributors)


def cells(file: str, year: int, row: RevenueRow) -> list[object]:
    """A row in the order of the file's columns."""
    held = _values(year, row)
    return [held[column.name] for column in columns_of(file)]


def _values(year: int, row: RevenueRow) -> dict[str, int | str | Decimal]:
    who, means = row.contributor, row.instrument
    return {
        "year": year, "entity_code": ENTITY,
        "contributor_code": who.code if who else "", "contributor": who.name if who else "",
        "contributor_country": who.country if who else "",
        "contributor_type_code": who.type_code if who else "",
        "contributor_type": who.type_name if who else "",
        "instrument_code": means.code, "instrument": means.name,
        "instrument_category": means.category, "function_code": NOT_REPORTED,
        "location_code": row.location, "sdg_code": NOT_REPORTED, "currency": CURRENCY,
        "amount_usd": row.amount_usd,
    }  # fmt: skip
