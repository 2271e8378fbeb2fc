"""The bridge from one basis to the next: lines whose sum is exactly the difference, to the cent.

Each line is worked out by itself from the entries. Only the last one, from received to audited
revenue, is what is left over, and says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from income.periods import YearMonth
from income.vocabulary import Kind, Mode, Reason
from reports.figures import agreement_lines as agreed
from reports.figures import settlement as settled
from reports.figures.base_cells import (
    OPEN,
    RETURNED,
    TO_AUDITED,
    TO_DUE,
    TO_RECEIVED,
    Reading,
    line,
)
from reports.figures.base_words import line_label
from reports.figures.scope import Scope

ZERO = Decimal(0)


@dataclass(frozen=True)
class BridgeLine:
    """A line or a basis of the bridge, US dollars; None where it is withheld.

    The link opens the entries that the line is worked out from. They add up to it where
    `adds_up` says so; the other lines hold a part of those entries, or agreed dollars.
    """

    code: str
    label: str
    amount_usd: Decimal | None
    link: str = ""
    is_basis: bool = False
    adds_up: bool = True


@dataclass(frozen=True)
class Bridge:
    """Agreed, due, received and, where the books have it, audited revenue, with lines between."""

    year: int
    agreed: BridgeLine
    to_due: tuple[BridgeLine, ...]
    due: BridgeLine
    to_received: tuple[BridgeLine, ...]
    received: BridgeLine
    to_audited: tuple[BridgeLine, ...]
    audited: BridgeLine | None

    @property
    def lines(self) -> tuple[BridgeLine, ...]:
        """Everything in the order of the table."""
        last = [self.audited] if self.audited else []
        return (
            self.agreed, *self.to_due, self.due, *self.to_received, self.received,
            *self.to_audited, *last,
        )  # fmt: skip

    @property
    def withholds(self) -> bool:
        return any(one.amount_usd is None for one in self.lines)


def bridge(reading: Reading, scope: Scope, year: int, as_at: YearMonth) -> Bridge:
    """The bridge of the scope's fund, or of all funds. Lines that are zero are left out."""
    maker = _Maker(reading, scope, year, as_at)
    has_audited = line(Kind.AUDITED_REVENUE, scope.fund) in reading.amounts
    return Bridge(
        year=year,
        agreed=maker.basis(Kind.AGREEMENT),
        to_due=tuple(maker.lines(TO_DUE)),
        due=maker.basis(Kind.DUE),
        to_received=tuple(maker.lines(TO_RECEIVED)),
        received=maker.basis(Kind.RECEIPT),
        to_audited=tuple(maker.lines(TO_AUDITED)) if has_audited else (),
        audited=maker.basis(Kind.AUDITED_REVENUE) if has_audited else None,
    )


@dataclass(frozen=True)
class _Maker:
    reading: Reading
    scope: Scope
    year: int
    as_at: YearMonth

    def basis(self, kind: Kind) -> BridgeLine:
        last = self.as_at if kind is Kind.RECEIPT else YearMonth(self.year, 12)
        mode = "" if kind is Kind.AUDITED_REVENUE else Mode.CASH
        funds = self._funds() if kind is Kind.AUDITED_REVENUE else ()
        link = self.scope.link([kind], YearMonth(self.year, 1), last, mode=mode, funds=funds)
        usd = self.reading.shown(line(kind, self.scope.fund))
        label = line_label(kind, self.year, self.as_at)
        is_open = kind in OPEN or not self.reading.withholds
        return BridgeLine(kind, label, usd, link if usd and is_open else "", is_basis=True)

    def _funds(self) -> Sequence[str]:
        """The funds with audited revenue: the regular budget is audited too, and not ours."""
        keys = self.reading.amounts
        named = {f for code, _mode, f in keys if code == Kind.AUDITED_REVENUE and f}
        return [self.scope.fund] if self.scope.fund else sorted(named)

    def lines(self, codes: Iterable[str]) -> Iterable[BridgeLine]:
        for code in codes:
            usd = self.reading.shown(line(code, self.scope.fund))
            if usd == ZERO:
                continue
            is_open = code in OPEN or not self.reading.withholds
            link = self._link(code) if is_open and usd is not None else ""
            yield BridgeLine(
                code, line_label(code, self.year, self.as_at), usd, link,
                adds_up=bool(link) and code not in settled.LINES,
            )  # fmt: skip

    def _link(self, code: str) -> str:
        """The entries that a line is worked out from; none where no list of entries says it."""
        january, december = YearMonth(self.year, 1), YearMonth(self.year, 12)
        before, after = YearMonth(self.year - 1, 12), YearMonth(self.year + 1, 1)
        this_year = {"agreed_from": january.slug, "agreed_to": december.slug}
        due = {
            agreed.DUE_IN_LATER: (after, None, this_year),
            agreed.DUE_IN_EARLIER: (None, before, this_year),
            agreed.OF_EARLIER: (january, december, {"agreed_to": before.slug}),
            agreed.OF_LATER: (january, december, {"agreed_from": after.slug}),
            agreed.RESCHEDULED: (january, december, {"agreed": "none"}),
        }
        if code in due:
            first, last, narrow = due[code]
            return self.scope.link([Kind.DUE], first, last, **narrow)
        if code == agreed.IN_KIND:
            return self.scope.link([Kind.RECEIPT], january, self.as_at, mode="not_cash")
        if code in RETURNED:
            return self.scope.link([Kind.RECEIPT], january, self.as_at, reason=code)
        return self._of_receipts(code)

    def _of_receipts(self, code: str) -> str:
        january = YearMonth(self.year, 1)
        narrow = {
            settled.EARLIER: {"due_to": YearMonth(self.year - 1, 12).slug},
            settled.LATER: {"due_from": YearMonth(self.year + 1, 1).slug},
            settled.WITHOUT: {"instalment": "none"},
            settled.EXCHANGE: {},
            settled.CHARGES: {},
        }
        if code not in narrow:
            return ""
        said = {"reason": str(Reason.ORDINARY), **narrow[code]}
        return self.scope.link([Kind.RECEIPT], january, self.as_at, **said)
