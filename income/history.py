"""Posts the agency's audited revenue 2010–2021, as UN CEB publishes it, into its real books.

One posting per year. What CEB's total of a fund holds beyond the donors it names is posted as not
attributed to a donor; it is negative where the named donors add up to more than the total.
CEB gives the instruments of a fund as a whole, not by donor: a second posting moves a year's
revenue between instruments, and adds nothing to any fund.
"""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from donors.models import Donor
from donors.reference import FIXTURES, Row, codes_of, read_rows, read_table
from income.errors import PostingWrong
from income.ledger import convert, post, posted_with, seal
from income.models import Entry, Fund, Instrument, Ledger, Posting
from income.money import USD
from income.periods import YearMonth
from income.rates import rate_in_force
from income.vocabulary import Act, Kind

# CEB's coarse code of each fund: it covers every instrument that CEB reports for the fund.
COARSE_INSTRUMENTS = {"RB": "R01", "FNE": "R02", "EARMARKED": "R03", "OTHER": "R04"}
NOTE = "Audited revenue {year}, United Nations System Chief Executives Board for Coordination"
BY_INSTRUMENT = "The same by grant financing instrument, as reported for the funds as a whole"
Totals = dict[tuple[int, str], Decimal]  # US dollars by year and fund code


@dataclass(frozen=True)
class YearPosted:
    """One year of the history: its posting, and whether it was there before."""

    year: int
    posting: Posting
    is_new: bool


@transaction.atomic
def post_history(ledger: Ledger, folder: Path = FIXTURES) -> list[YearPosted]:
    """Post every year that is not in the books yet; oldest first.

    Amounts are US dollars with a value date of 31 December. Raises TableFileWrong, and PostingWrong
    when a year stands in the books with other entries than the files give.
    """
    by_year = defaultdict(list)
    rows = read_table(folder / "history_by_donor.csv")
    donors, funds, instruments = _donor_keys(), codes_of(Fund), codes_of(Instrument)
    for row in rows:
        entry = _entry(
            row.whole("year"),
            row.known("fund", funds),
            row.known("instrument", instruments),
            _amount(row),
            donor_id=donors[row.known("donor", donors)],
        )
        by_year[entry.year_for].append(entry)
    for (year, fund), rest in sorted(unattributed(folder, funds).items()):
        by_year[year].append(_entry(year, fund, COARSE_INSTRUMENTS[fund], rest, donor_id=None))
    return [_post_year(ledger, year, by_year[year]) for year in sorted(by_year)]


def unattributed(folder: Path, funds: set[str]) -> Totals:
    """CEB's total of each year and fund less the donors named in it, where that is not zero.

    A year without any total (2010) has no rest: how much is missing is not known.
    """
    rest: Totals = defaultdict(Decimal)
    for row in read_rows(folder, "history_by_fund.csv", unique=["year", "fund"]):
        if row.text("fund") not in COARSE_INSTRUMENTS:
            raise row.wrong(_("CEB reports no fund “%(fund)s”.") % {"fund": row.text("fund")})
        rest[row.whole("year"), row.known("fund", funds)] += _amount(row)
    years = {year for year, _fund in rest}
    for row in read_table(folder / "history_by_donor.csv"):
        if row.whole("year") in years:
            rest[row.whole("year"), row.text("fund")] -= _amount(row)
    return {key: amount for key, amount in rest.items() if amount}


@transaction.atomic
def post_instruments(ledger: Ledger, folder: Path = FIXTURES) -> list[YearPosted]:
    """Post what makes each year's sums by instrument those of CEB; oldest first.

    After `post_history`. Raises TableFileWrong, and PostingWrong as it does.
    """
    funds, instruments = codes_of(Fund), codes_of(Instrument)
    moves: dict[int, dict[tuple[str, str], Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in read_table(folder / "history_by_instrument.csv"):
        year, key = row.whole("year"), (row.known("fund", funds),
                                        row.known("instrument", instruments))  # fmt: skip
        moves[year][key] += _amount(row)
    for year, cells in moves.items():
        for key, held in _held(ledger, year, {fund for fund, _instrument in cells}).items():
            cells[key] -= held
    entries = {year: _moves(year, cells) for year, cells in sorted(moves.items())}
    return [_post_year(ledger, year, rows, BY_INSTRUMENT) for year, rows in entries.items() if rows]


def _held(ledger: Ledger, year: int, funds: set[str]) -> Mapping[tuple[str, str], Decimal]:
    """US dollars of the year's posting by fund and instrument."""
    entries = Entry.objects.filter(posting__ledger=ledger, posting__token=_token(year))
    rows = entries.filter(fund__in=funds).order_by().values_list("fund", "instrument")
    return {(fund, code): usd for fund, code, usd in rows.annotate(usd=Sum("amount_usd"))}


def _moves(year: int, cells: Mapping[tuple[str, str], Decimal]) -> list[Entry]:
    """What an instrument has too little or too much, by fund. Raises PostingWrong."""
    if total := sum(cells.values()):
        raise PostingWrong(
            _("The instruments of %(year)s differ from its funds by US$ %(amount)s."),
            year=year, amount=total,
        )  # fmt: skip
    moved = sorted((key, usd) for key, usd in cells.items() if usd)
    return [_entry(year, fund, code, usd, donor_id=None) for (fund, code), usd in moved]


def _amount(row: Row) -> Decimal:
    """US dollars; below zero where revenue of earlier years was taken back."""
    return row.decimal("amount_usd", places=2)


def _donor_keys() -> Mapping[str, int]:
    return dict(Donor.objects.values_list("code", "pk"))


def _entry(
    year: int, fund: str, instrument: str, amount: Decimal, *, donor_id: int | None
) -> Entry:
    return Entry(
        kind=Kind.AUDITED_REVENUE, fund_id=fund, donor_id=donor_id, instrument_id=instrument,
        value_date=datetime.date(year, 12, 31), year_for=year, currency_id=USD, amount=amount,
    )  # fmt: skip


def _token(year: int, what: str = "") -> str:
    return f"audited-revenue-{year}{'-by-instrument' if what else ''}"


def _post_year(
    ledger: Ledger, year: int, entries: list[Entry], what: str = ""
) -> YearPosted:  # fmt: skip
    for entry in entries:
        convert(entry, rate_in_force(USD, entry.value_date, ledger=ledger))
    token, month = _token(year, what), YearMonth(year, 12)
    if earlier := posted_with(ledger, token):
        _refuse_other_entries(earlier, year, entries)
        return YearPosted(year, earlier, is_new=False)
    posting = post(
        ledger, act=Act.RECORD_AUDITED_REVENUE, entries=entries, booked_month=month, token=token,
        prepared_by=None, approved_by=None, reference=f"UN CEB {year}",
        note=". ".join(filter(None, (NOTE.format(year=year), what))),
    )  # fmt: skip
    return YearPosted(year, posting, is_new=True)


def _refuse_other_entries(posting: Posting, year: int, entries: list[Entry]) -> None:
    """What is posted stays as it is: a corrected file must not pass for what the books hold."""
    for line, entry in enumerate(entries, start=1):
        entry.line, entry.booked_month = line, posting.booked_month
    if seal.content_hash(entries, seal.Identities(entries)) != posting.content_hash:
        raise PostingWrong(
            _(
                "The audited revenue of %(year)s in the files differs from posting %(sequence)s. "
                "What is posted stays: post the difference as an act of its own."
            ),
            year=year,
            sequence=posting.sequence,
        )
