"""The two ways to a forecast, and the band that combines them. Pure; amounts are US dollars."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from reports.figures.seasons import Share
from reports.figures.sums import ZERO

CENT = Decimal("0.01")
TWO = Decimal(2)


@dataclass(frozen=True)
class Band:
    """From a low over a middle to a high: never the other way round."""

    low_usd: Decimal
    mid_usd: Decimal
    high_usd: Decimal


@dataclass(frozen=True)
class Ways:
    """What one fund's forecast is made from. `dues` and both kinds of prospects are not negative,
    `weighted` is not above `prospects`, and `punctual` lies between 0 and 1, or is not known.
    """

    received: Decimal
    dues: Decimal
    weighted: Decimal
    prospects: Decimal
    punctual: Decimal | None
    share: Share | None

    @property
    def known(self) -> Band:
        """Received and instalments; low without those that experience says come late."""
        low = cents(self.dues * self.punctual) if self.punctual is not None else self.dues
        certain = self.received + self.dues
        return Band(self.received + low, certain + self.weighted, certain + self.prospects)

    @property
    def by_season(self) -> Band | None:
        """None where there is no season, and where in one of its years nothing had come by then."""
        if self.share is None or self.share.low <= 0 or self.received <= 0:
            return None
        shares = (self.share.high, self.share.mean, self.share.low)
        return Band(*(cents(self.received / share) for share in shares))

    @property
    def band(self) -> Band:
        known, season = self.known, self.by_season
        if season is None:
            return known
        return Band(
            min(known.low_usd, season.low_usd),
            cents((known.mid_usd + season.mid_usd) / TWO),
            max(known.high_usd, season.high_usd),
        )


def added(bands: Iterable[Band]) -> Band:
    """Low to low, middle to middle, high to high."""
    bands = tuple(bands)
    return Band(
        sum((one.low_usd for one in bands), ZERO),
        sum((one.mid_usd for one in bands), ZERO),
        sum((one.high_usd for one in bands), ZERO),
    )


def cents(usd: Decimal) -> Decimal:
    return usd.quantize(CENT, "ROUND_HALF_UP")
