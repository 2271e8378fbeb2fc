"""What every row of a donor has in common: who gives, to which fund, on which terms, when."""

import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from income.imports.course.findings import Accepted, NewPromise
from income.imports.judging.around import Around, Giver
from income.imports.judging.books import Books
from income.imports.judging.identity import content_of, identity_of
from income.imports.judging.money import Worth
from income.imports.judging.row import Row
from income.ledger.lines import Line
from income.models import Currency, Fund
from income.rules import (
    carries_support,
    check_due_day,
    check_support_percent,
    check_valuation,
    may_be_contributed_to,
    mode_given,
    standard_support,
)
from income.vocabulary import Mode

CASH = Mode.CASH.value
PER_CENT = Decimal(100)


class Terms:
    """A row that can be posted as far as it is known; amounts are in `currency`."""

    __slots__ = (
        "amount", "channel", "currency", "day", "fund", "giver", "mode", "month", "region",
        "support_rate",
    )  # fmt: skip

    def __init__(
        self, *, giver: Giver, channel: int | None, fund: Fund, day: datetime.date, month: int,
        mode: str, amount: Decimal, currency: Currency, support_rate: Decimal | None,
        region: str | None,
    ) -> None:  # fmt: skip
        self.giver, self.channel, self.fund, self.day, self.month = giver, channel, fund, day, month
        self.mode, self.amount, self.currency = mode, amount, currency
        self.support_rate, self.region = support_rate, region


def terms_of(row: Row, around: Around, books: Books) -> Terms | None:
    """Everything asked of a donor's row is checked and told; None where too little is there."""
    giver = around.giver(row)
    channel = around.channel(row, giver)
    fund, day, amount, currency = contributed_fund(row), row.date, row.amount, row.currency
    month = 0
    if day is None:
        row.missing("date")
    else:
        month = books.month(row, day, "date")
    if row.due_on is not None:
        row.ask(check_due_day, row.due_on, around.today, field="due_on")
    if row.ends_on is not None:
        row.ask(check_due_day, row.ends_on, around.today, field="ends_on")
    mode = CASH
    if row.instrument is not None and row.instrument.is_in_kind:
        mode = mode_given(is_in_kind=True).value
        if around.by_people:
            row.ask(check_valuation, mode, row.note, field="note")
    support_rate = None if fund is None else _support_rate(row, fund, mode)
    if giver is None or fund is None or day is None or amount is None or currency is None:
        return None
    return Terms(
        giver=giver, channel=channel, fund=fund, day=day, month=month, mode=mode, amount=amount,
        currency=currency, support_rate=support_rate, region=region_of(row, around),
    )  # fmt: skip


def contributed_fund(row: Row) -> Fund | None:
    """The row's fund, where a donor can give to it; instruments of old are for audited revenue."""
    if row.instrument is not None and row.instrument.is_legacy:
        row.wrong(
            "legacy_instrument", "instrument",
            _("This instrument is one of old statistics only. Choose one that is in use."),
        )  # fmt: skip
    fund = row.fund
    if fund is None:
        row.missing("fund")
        return None
    if not may_be_contributed_to(fund):
        wrong_fund(row, fund)
        return None
    return fund


def wrong_fund(row: Row, fund: Fund) -> None:
    """Tell that this kind of row does not go to the fund."""
    row.wrong(
        "fund_not_for_kind", "fund",
        _("Nothing of this kind can be posted to the fund %(fund)s. Choose another fund or kind.")
        % {"fund": fund.code},
    )  # fmt: skip


def region_of(row: Row, around: Around) -> str | None:
    """What is for a country is for its region, also unsaid."""
    if row.region is not None or row.area is None:
        return row.region
    return around.known.region_of.get(row.area)


def _support_rate(row: Row, fund: Fund, mode: str) -> Decimal | None:
    """A fraction: what the row says, else the standard of earmarked cash."""
    percent = row.support_rate
    if percent is None:
        return standard_support(fund, mode)
    if percent == 0 and not carries_support(fund):
        return None
    reason_field = "note" if "note" in row.place.columns else "support_rate"
    row.ask(check_support_percent, percent, fund, row.note, reason_field=reason_field)
    return percent / PER_CENT


def line_of(
    row: Row, terms: Terms, worth: Worth, kind: str, amount: Decimal, day: datetime.date, year: int
) -> Line:
    """A line with every dimension of the row."""
    rate, instrument = worth.rate, row.instrument
    line = Line(
        kind, terms.fund.code, day, year, terms.currency.code, amount, mode=terms.mode,
        donor_id=terms.giver.pk, channel_id=terms.channel,
        instrument_id=None if instrument is None else instrument.code,
        earmarking_id=row.earmarking, programme_id=row.programme, region_id=terms.region,
        area_id=row.area, amount_usd=worth.usd, programme_support_usd=worth.support_usd,
    )  # fmt: skip
    if rate is not None:
        line.rate, line.rate_on, line.rate_type = rate.units_per_usd, rate.on, rate.rate_type
    return line


def accepted(
    row: Row, terms: Terms, books: Books, lines: list[Line], promise: NewPromise | None = None
) -> Accepted:
    """The row with what it would post, and what it is recognised by again."""
    year = row.year_for or row.year or terms.day.year
    content = content_of(row, books.code, terms.fund.code, terms.day, year)
    return Accepted(
        row.place.index, row.judged.row, books.code, terms.month, lines,
        identity_of(row, content), content, promise, terms.giver.code, terms.day, row.document,
        "" if promise else row.reference, kind=row.kind,
    )  # fmt: skip
