"""What each chart shows: values to place, and the labels to print, formatted by the caller."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Role(StrEnum):
    """What a series is, which alone decides how it looks, on every page and in every PDF."""

    ACTUAL = "actual"
    TARGET = "target"
    LAST_YEAR = "last-year"
    FORECAST = "forecast"


@dataclass(frozen=True)
class Series:
    """One series: a value and its label per category or month; None where nothing is reported.

    The label of a None is printed in bar charts ("not reported"). Raises ValueError when labels
    and values differ in number.
    """

    role: Role
    name: str
    values: tuple[Decimal | None, ...]
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.values) != len(self.labels):
            raise ValueError(f"{self.name}: every value needs its label.")


@dataclass(frozen=True)
class BarChart:
    """Categories one under another, in each a bar per series (actual, target, last year…).

    `identifier` is unique on the page; `description` is the sentence that says what the picture
    shows; `units` names the unit of all values.
    """

    identifier: str
    title: str
    description: str
    units: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]

    def __post_init__(self) -> None:
        _demand_lengths(self.series, len(self.categories))


@dataclass(frozen=True)
class Band:
    """A forecast between a low and a high value per month; None where there is none.

    Its name and what it reaches to in its last month stand beside its end.
    """

    name: str
    low: tuple[Decimal | None, ...]
    high: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class LineChart:
    """Points in time (twelve months as a rule) and a line per series; see BarChart for the rest."""

    identifier: str
    title: str
    description: str
    units: str
    months: tuple[str, ...]
    series: tuple[Series, ...]
    band: Band | None = None

    def __post_init__(self) -> None:
        _demand_lengths(self.series, len(self.months))
        if self.band and {len(self.band.low), len(self.band.high)} != {len(self.months)}:
            raise ValueError(f"{self.band.name}: every month needs a low and a high value.")


@dataclass(frozen=True)
class RankBar:
    """One place of a ranking."""

    name: str
    value: Decimal
    label: str


@dataclass(frozen=True)
class RankBars:
    """A ranking in the order given; see BarChart for the rest."""

    identifier: str
    title: str
    description: str
    units: str
    bars: tuple[RankBar, ...]


@dataclass(frozen=True)
class FlowPlace:
    """A place that something comes from, passes or goes to; its code is unique in the chart."""

    code: str
    name: str
    label: str


@dataclass(frozen=True)
class Flow:
    """What goes from one place to one of the next column. Only what is above zero is drawn."""

    source: str
    target: str
    value: Decimal
    label: str


@dataclass(frozen=True)
class FlowChart:
    """Columns of places in reading direction, and the flows between them; see BarChart."""

    identifier: str
    title: str
    description: str
    units: str
    columns: tuple[tuple[FlowPlace, ...], ...]
    flows: tuple[Flow, ...]


# What a page can have explored and taken as a file; flows are drawn, and their table is the file.
Chart = BarChart | LineChart | RankBars
Picture = Chart | FlowChart


def _demand_lengths(series: tuple[Series, ...], length: int) -> None:
    for one in series:
        if len(one.values) != length:
            raise ValueError(f"{one.name}: {len(one.values)} values for {length} places.")
