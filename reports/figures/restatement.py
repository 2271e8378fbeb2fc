"""What changed since: every posting after a moment that changed figures told before, fund by fund.

US dollars of one kind (receipts and allotments side by side), in cash and, apart, not in cash. The
moment is a sequence of the books. New totals come from the rollups, changes from the postings since
then; a total as it was is the new one without the changes, which is what the entries of postings up
to the sequence add up to (a test says so).
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from income.entry_filter import NOT_CASH
from income.models import Entry, Fund, Ledger, Month, MonthlyTotal, Posting
from income.periods import YearMonth
from income.totals import NotConverted
from income.vocabulary import Act, Kind, Mode
from interface.errors import PortalError
from interface.formatting import format_date, joined
from reports.figures import links
from reports.figures.scope import State, of_one_state
from reports.figures.words import dollars

ZERO = Decimal(0)
Cell = tuple[str, bool, int]  # fund, whether in cash, year
BASES: Mapping[str, tuple[Kind, ...]] = {
    "received": (Kind.RECEIPT, Kind.ALLOTMENT),
    "audited": (Kind.AUDITED_REVENUE,),
    "agreed": (Kind.AGREEMENT,),
    "due": (Kind.DUE,),
}
OPEN_BASES = ("received", "audited")  # to the Board


def basis_label(basis: str) -> str:
    """How a basis is called."""
    return {
        "received": _("received and allotted"), "audited": _("audited revenue"),
        "agreed": _("agreed at signature"), "due": _("due by instalment"),
    }[basis]  # fmt: skip


class SinceWrong(PortalError):
    """A moment that the address names and that cannot be found."""


@dataclass(frozen=True)
class Since:
    """A moment of the books. `through` is the last month that figures told of then, if any."""

    sequence: int
    label: str
    through: YearMonth | None = None


@dataclass(frozen=True)
class Change:
    """What one posting changed in one fund and month. US dollars; None where not converted.

    Of what changed a closed month, `note` and `approved_by` are told to every reader: the reason
    and the person's name. Of everything else, to staff only.
    """

    sequence: int
    posted_at: datetime.datetime
    booked: YearMonth
    value_month: YearMonth
    fund: str
    is_cash: bool
    amount_usd: Decimal | None
    not_converted: tuple[NotConverted, ...]
    act: str
    reason: str
    note: str
    approved_by: str


@dataclass(frozen=True)
class RestatedRow:
    """A fund in a year: as it was told, what changed, as it stands. US dollars."""

    fund: str
    name: str
    year: int
    is_cash: bool
    old_usd: Decimal
    change_usd: Decimal
    new_usd: Decimal
    link: str  # the entries of the change


@dataclass(frozen=True)
class Restatement:
    """Rows are those that changed, and `changes` add up to them exactly, fund by fund."""

    state: State
    basis: str
    since: Since
    rows: tuple[RestatedRow, ...]
    changes: tuple[Change, ...]

    @property
    def change_usd(self) -> Decimal:
        """In cash, over all funds."""
        return sum((row.change_usd for row in self.rows if row.is_cash), ZERO)

    @property
    def headline(self) -> str:
        if not self.changes:
            return _("Nothing changed since %(since)s.") % {"since": self.since.label}
        return _("Since %(since)s, %(amount)s in cash was added, net.") % {
            "since": self.since.label, "amount": dollars(self.change_usd, "exact"),
        }  # fmt: skip


def since_of(ledger: Ledger, text: str) -> Since:
    """From `2021-12` (a closed month), `2022-01-31` (a day) or `417` (a sequence).

    Without any, the last closed month; in books without one, their beginning. Raises SinceWrong.
    """
    if not text:
        return _last_closed(ledger)
    if text.isascii() and text.isdecimal() and len(text) <= 18:
        return _at_sequence(ledger, int(text))
    try:
        if text.count("-") == 2:
            return _at_day(ledger, datetime.date.fromisoformat(text))
        return _at_month(ledger, YearMonth.parse(text))
    except ValueError:
        raise SinceWrong(
            _(
                "“%(text)s” is no moment of the books. Write a closed month (2021-12), a day "
                "(2022-01-31) or a state of the books (417)."
            )
            % {"text": text[:20]},
            field="since",
        ) from None


def _last_closed(ledger: Ledger) -> Since:
    last = Month.objects.filter(ledger=ledger).order_by("-month").first()
    if last is None:
        return Since(0, _("the beginning of these books"))
    return _closed(last)


def _closed(month: Month) -> Since:
    told = YearMonth.from_key(month.month)
    return Since(month.sequence, _("the closing of %(month)s") % {"month": told}, told)


def _at_month(ledger: Ledger, asked: YearMonth) -> Since:
    found = Month.objects.filter(ledger=ledger, month=asked.key).first()
    if found is None:
        raise SinceWrong(
            _("%(month)s is not closed. Ask since a month that is.") % {"month": asked},
            field="since",
        )
    return _closed(found)


def _at_sequence(ledger: Ledger, sequence: int) -> Since:
    if sequence > ledger.sequence:
        raise SinceWrong(
            _("These books are at state %(last)s: there is nothing after %(asked)s.")
            % {"last": ledger.sequence, "asked": sequence},
            field="since",
        )
    return Since(sequence, _("state %(sequence)s of the books") % {"sequence": sequence})


def _at_day(ledger: Ledger, on: datetime.date) -> Since:
    """The books as they stood at the end of the day."""
    before = Posting.objects.filter(ledger=ledger, posted_at__date__lte=on)
    last = before.order_by("-sequence").values_list("sequence", flat=True).first()
    return Since(last or 0, _("the end of %(day)s") % {"day": format_date(on)})


def restatement(
    ledger: Ledger, since: Since, *, basis: str = "received", with_persons: bool = False
) -> Restatement:
    """What was posted since then, of the months that were told of then; five queries.

    Without such a month (a day or a sequence) every posting since then counts.
    """

    def make(books: Ledger) -> Restatement:
        found = _changes(books, since, basis, with_persons=with_persons)
        return Restatement(
            State.of(books), basis, since, tuple(_rows(books, since, basis, found)), tuple(found)
        )

    return of_one_state(ledger, make)


def _changes(ledger: Ledger, since: Since, basis: str, *, with_persons: bool) -> list[Change]:
    """Through the index on (ledger, sequence): only postings after it are read."""
    wanted = Q(kind__in=BASES[basis], posting__ledger=ledger)
    wanted &= Q(posting__sequence__gt=since.sequence)
    if since.through:
        wanted &= Q(value_date__lte=since.through.last_day)
    entries = (
        Entry.objects.filter(wanted)
        .select_related("posting__approved_by", "currency", "contribution")
        .order_by("posting__sequence", "line")
    )
    groups: dict[tuple[int, str, bool, YearMonth], list[Entry]] = defaultdict(list)
    for entry in entries:
        month = YearMonth.of(entry.value_date)
        is_cash = entry.mode == Mode.CASH
        groups[entry.posting.sequence, entry.fund_id, is_cash, month].append(entry)
    return [
        _change(month, fund, is_cash, found, with_persons=with_persons)
        for (_sequence, fund, is_cash, month), found in groups.items()
    ]


def _change(
    month: YearMonth, fund: str, is_cash: bool, entries: list[Entry], *, with_persons: bool
) -> Change:
    posting = entries[0].posting
    usd = [entry.amount_usd for entry in entries if entry.amount_usd is not None]
    left_out: dict[str, list[Decimal]] = defaultdict(list)
    for entry in entries:
        if entry.amount_usd is None:
            left_out[entry.currency_id].append(entry.amount)
    # What changed a closed month says why, and who approved it, to every reader.
    tells = with_persons or posting.act == Act.REVERSE or posting.booked_month > month.key
    by = posting.approved_by.name if tells and posting.approved_by else ""
    return Change(
        sequence=posting.sequence,
        posted_at=posting.posted_at,
        booked=YearMonth.from_key(posting.booked_month),
        value_month=month,
        fund=fund,
        is_cash=is_cash,
        amount_usd=sum(usd, ZERO) if usd else None,
        not_converted=tuple(
            NotConverted(code, len(amounts), sum(amounts, ZERO))
            for code, amounts in sorted(left_out.items())
        ),
        act=str(posting.get_act_display()),
        reason=joined(dict.fromkeys(str(entry.get_reason_display()) for entry in entries)),
        note=_reason_told(entries, tells=tells, with_persons=with_persons),
        approved_by=by,
    )


def _reason_told(entries: list[Entry], *, tells: bool, with_persons: bool) -> str:
    """The posting's note. A purpose that stands in for a reason may give a donor away: staff's."""
    note = entries[0].posting.note
    titles = {entry.contribution.title for entry in entries if entry.contribution}
    return note if with_persons or (tells and note not in titles) else ""


def _rows(
    ledger: Ledger, since: Since, basis: str, changes: Iterable[Change]
) -> Iterable[RestatedRow]:
    changed: dict[Cell, Decimal] = defaultdict(Decimal)
    for one in changes:
        changed[one.fund, one.is_cash, one.value_month.year] += one.amount_usd or ZERO
    now = _totals(ledger, since, basis)
    names = {fund.code: str(fund) for fund in Fund.objects.all()}
    places = {code: place for place, code in enumerate(names)}
    for cell in sorted(changed, key=lambda key: (not key[1], places.get(key[0], 0), key[2])):
        fund, is_cash, year = cell
        new = now.get(cell, ZERO)
        yield RestatedRow(
            fund, names.get(fund, fund), year, is_cash, new - changed[cell], changed[cell], new,
            _link(ledger, since, basis, cell),
        )  # fmt: skip


def _totals(ledger: Ledger, since: Since, basis: str) -> dict[Cell, Decimal]:
    cells = MonthlyTotal.objects.filter(ledger=ledger, kind__in=BASES[basis])
    if since.through:
        cells = cells.filter(month__lte=since.through.key)
    totals: dict[Cell, Decimal] = defaultdict(Decimal)
    rows = cells.order_by().values_list("fund", "mode", "month").annotate(usd=Sum("amount_usd"))
    for fund, mode, month, usd in rows:
        totals[fund, mode == Mode.CASH, month // 100] += usd
    return totals


def _link(ledger: Ledger, since: Since, basis: str, cell: Cell) -> str:
    fund, is_cash, year = cell
    last = YearMonth(year, 12)
    if since.through:
        last = min(last, since.through)
    return links.entries(
        ledger.code, BASES[basis], [fund], YearMonth(year, 1), last,
        mode=Mode.CASH if is_cash else NOT_CASH, after=since.sequence,
    )  # fmt: skip
