"""What a check of a file found: counts, sums, problems, names nobody knows. Kept as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

MOST_PROBLEMS = 500  # told one by one; the counts hold all
MOST_SAMPLES = 20
NAMES = ("unknown_donors", "unknown_books", "chosen_donors", "chosen_books")


@dataclass
class Total:
    """Rows that would be posted, of one kind, fund and currency in one ledger; exact texts."""

    books: str
    kind: str
    fund: str
    currency: str
    rows: int
    amount: str  # in the currency
    amount_usd: str
    not_converted: int  # rows without a rate in force


@dataclass
class UnknownName:
    """A donor's (or entity's) name that is nobody's, with who it may be."""

    key: str  # in its search form, as Choices names it
    text: str  # as the file writes it first
    rows: int
    iso3: str = ""
    contributor_type: str = ""  # as far as the file says
    suggestions: list[dict[str, str]] = field(default_factory=list)  # code, name, why
    choice: dict[str, Any] = field(default_factory=dict)


@dataclass
class Report:
    """Amounts are decimal texts, in the total's currency or US dollars as their names say."""

    rows: int = 0  # below the heading, that are not blank
    accepted: int = 0
    zero: int = 0
    in_books: int = 0  # posted before by an import: left out
    similar: int = 0  # look like entries made otherwise: left out, unless chosen
    left_out: int = 0  # by choice of their donor
    failing: int = 0  # rows that are stopped
    warnings: int = 0
    file_problems: int = 0
    kinds: dict[str, int] = field(default_factory=dict)  # accepted rows by what they are
    entries: int = 0
    contributions: int = 0
    postings: list[dict[str, Any]] = field(default_factory=list)  # books, month, entries
    new_donors: list[dict[str, str]] = field(default_factory=list)  # code, name
    new_books: list[dict[str, str]] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    problem_counts: dict[str, int] = field(default_factory=dict)  # by code
    unknown_donors: list[UnknownName] = field(default_factory=list)
    unknown_books: list[UnknownName] = field(default_factory=list)
    # Names that were nobody's until a choice decided them: shown, and chosen otherwise if wrong.
    chosen_donors: list[UnknownName] = field(default_factory=list)
    chosen_books: list[UnknownName] = field(default_factory=list)
    samples: list[dict[str, Any]] = field(default_factory=list)  # the first rows, as understood
    read_as: dict[str, str] = field(default_factory=dict)  # kind, encoding, delimiter, sign, order
    sequence: int = 0  # of the books when it was checked

    @property
    def may_be_submitted(self) -> bool:
        """Something would be posted, and nothing stops the file."""
        return self.accepted > 0 and not self.file_problems

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Report":
        report = cls(**{name: kept[name] for name in cls.__dataclass_fields__ if name in kept})
        report.totals = [Total(**one) for one in kept.get("totals", ())]
        for names in NAMES:
            setattr(report, names, [UnknownName(**one) for one in kept.get(names, ())])
        return report
