"""Ten years of one donor: what it gave by year and fund, and what stands open today."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from donors.models import Donor
from income.models import Ledger
from income.periods import YearMonth
from income.totals import NotConverted, Span, reach
from income.vocabulary import Kind
from reports.figures import statement_notes
from reports.figures.asked_period import AskedPeriod
from reports.figures.balances import Balance, balances_of
from reports.figures.donor_entries import not_cash_usd, not_converted, standing_receipts
from reports.figures.giving import GivenTable, given_tables
from reports.figures.scope import State, of_one_state
from reports.figures.ten_years import PICTURED_YEARS, TenYears, pictures
from reports.figures.words import amounts, dollars


@dataclass(frozen=True)
class Profile:
    """A year and the nine before it. Amounts are US dollars; a balance is in its own currency."""

    donor: Donor
    year: int
    state: State
    pictures: tuple[TenYears, ...]  # one for each kind of giving
    tables: tuple[GivenTable, ...]  # the same by fund
    balances: tuple[Balance, ...]  # contributions with something outstanding or to come, today
    left_out: tuple[NotConverted, ...]  # receipts of the ten years
    notes: tuple[str, ...]

    @property
    def first(self) -> int:
        return self.year - PICTURED_YEARS + 1

    @property
    def headline(self) -> str:
        """What was given in the ten years, and in how many of them."""
        said = [_given(self, table, picture) for table, picture in
                zip(self.tables, self.pictures, strict=False)]  # fmt: skip
        nothing = _("These books hold nothing from %(donor)s, %(first)s to %(last)s.")
        words = {"donor": self.donor.name, "first": self.first, "last": self.year}
        return " ".join(filter(None, said)) or nothing % words


def _given(told: Profile, table: GivenTable, picture: TenYears) -> str:
    count = sum(bool(one.given.amount_usd) for one in picture.years)
    usd = table.total.total.amount_usd
    left_out = {cell.currency: cell.amount for cell in told.left_out}
    is_audited = table.kind == Kind.AUDITED_REVENUE
    amount = dollars(usd, "exact") if is_audited and usd else amounts(usd or None, left_out)
    if not usd and (is_audited or not left_out):
        return ""
    sentence = ngettext(
        "%(label)s from %(donor)s, %(first)s to %(last)s: %(amount)s, in %(count)d of ten years.",
        "%(label)s from %(donor)s, %(first)s to %(last)s: %(amount)s, in %(count)d of ten years.",
        count,
    )
    return sentence % {
        "label": picture.label, "donor": told.donor.name, "first": told.first, "last": told.year,
        "amount": amount, "count": count,
    }  # fmt: skip


def profile(ledger: Ledger, donor: Donor, year: int, today: datetime.date) -> Profile:
    """The ten years that end with `year`, of one state of the books. Raises BooksMoving."""

    def make(books: Ledger) -> Profile:
        first = year - PICTURED_YEARS + 1
        spans = {kind: _cut(span, first, year) for kind, span in reach(books).items()
                 if span[0].year <= year and span[1].year >= first}  # fmt: skip
        period = AskedPeriod(datetime.date(first, 1, 1), datetime.date(year, 12, 31))
        receipts = standing_receipts(books, donor).filter(
            value_date__gte=period.from_on, value_date__lte=min(today, period.until_on)
        )
        left_out = not_converted(receipts)
        has_receipts = Kind.RECEIPT in spans
        notes = (
            statement_notes.without_rate(left_out),
            statement_notes.not_in_cash(not_cash_usd(receipts)) if has_receipts else "",
            statement_notes.about_audited() if Kind.AUDITED_REVENUE in spans else "",
        )
        return Profile(
            donor=donor, year=year, state=State.of(books),
            pictures=pictures(books, donor, year, spans),
            tables=given_tables(books, donor, spans),
            balances=tuple(one for one in balances_of(books, donor, today)
                           if one.outstanding or one.due_later),
            left_out=left_out, notes=tuple(filter(None, notes)),
        )  # fmt: skip

    return of_one_state(ledger, make)


def _cut(span: Span, first: int, last: int) -> Span:
    """The part of the span that lies within the years."""
    return max(span[0], YearMonth(first, 1)), min(span[1], YearMonth(last, 12))
