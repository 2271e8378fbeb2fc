"""Where the money of an activity goes: countries and regions, in per cent that add up to 100."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from donors.models import Area, Region
from income.money import split
from reports.iati import words
from reports.iati.codes import OECD_DAC, OWN_VOCABULARY, UNSPECIFIED, mapping, own_words
from reports.iati.elements import Element, amount_text, child, narrated

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Part:
    """An amount for a country, else for a region, else for neither."""

    area: Area | None
    region: Region | None
    amount: Decimal

    @property
    def key(self) -> tuple[str, str]:
        if self.area:
            return ("country", self.area.iso2)
        return ("region", self.region.code if self.region else "")


def shares(weights: dict[tuple[str, str], Decimal]) -> dict[tuple[str, str], Decimal]:
    """Per cent by key, with two decimals, adding up to 100; shares of nothing are left out."""
    positive = {key: weight for key, weight in weights.items() if weight > 0}
    kept = positive or dict.fromkeys(weights, Decimal(1))
    parts = split(HUNDRED, list(kept.values()))
    return {key: part for key, part in zip(kept, parts, strict=True) if part}


def write_places(parent: Element, parts: Iterable[Part]) -> None:
    """Recipient countries, then regions: in the words of the OECD DAC where it has them all."""
    weights: dict[tuple[str, str], Decimal] = {}
    regions: dict[str, Region] = {}
    for part in parts:
        weights[part.key] = weights.get(part.key, Decimal(0)) + part.amount
        if part.region and not part.area:
            regions[part.region.code] = part.region
    told = shares(dict(sorted(weights.items())) or {("region", ""): Decimal(1)})
    for (kind, code), per_cent in told.items():
        if kind == "country":
            child(parent, "recipient-country", code=code, percentage=amount_text(per_cent))
    _write_regions(
        parent, {code: v for (kind, code), v in told.items() if kind == "region"}, regions
    )


def _write_regions(parent: Element, told: dict[str, Decimal], regions: dict[str, Region]) -> None:
    codes = {code: mapping("region").get(code, "") if code else UNSPECIFIED for code in told}
    if all(codes.values()):
        summed: dict[str, Decimal] = {}
        for code, per_cent in told.items():
            summed[codes[code]] = summed.get(codes[code], Decimal(0)) + per_cent
        for code, per_cent in summed.items():
            child(parent, "recipient-region", code=code, vocabulary=OECD_DAC,
                  percentage=amount_text(per_cent))  # fmt: skip
        return
    for code, per_cent in told.items():
        names = words.names_in(regions[code].names) if code else words.NOT_ALLOCATED
        region = child(
            parent, "recipient-region", code=code or "NOT_ALLOCATED", vocabulary=OWN_VOCABULARY,
            vocabulary_uri=own_words(), percentage=amount_text(per_cent),
        )  # fmt: skip
        narrated(region, names)
