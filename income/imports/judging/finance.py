"""Rows that no donor sends: allotments, programme support, and what was audited."""

import datetime

from django.utils.translation import gettext as _

from income.imports.course.findings import Accepted
from income.imports.judging.around import Around, Giver
from income.imports.judging.books import Books
from income.imports.judging.money import Worth, check_money_told, rate_for
from income.imports.judging.row import Row
from income.imports.judging.terms import CASH, Terms, accepted, line_of, region_of, wrong_fund
from income.models import Fund
from income.vocabulary import Kind

# The only fund of each kind; the database holds the same (a_kind_goes_to_its_funds).
FUND_OF = {Kind.ALLOTMENT.value: "RB", Kind.PROGRAMME_SUPPORT.value: "PS"}
AUDITED = Kind.AUDITED_REVENUE.value
# A sum of others, and a share inside others: neither is revenue of its own.
NOT_AUDITED = ("CORE", "PS")
NOBODY = Giver(None, "", "none")


def judge_finance(row: Row, around: Around, books: Books) -> Accepted | None:
    """US dollars given by the General Assembly, or earned as programme support; no donor."""
    check_money_told(row, only_dollars=True)
    fund = around.known.funds[FUND_OF[row.kind]]
    if row.fund is not None and row.fund.code != fund.code:
        wrong_fund(row, row.fund)
    if row.date is None:
        row.missing("date")
    row.channel = row.donor = row.donor_code = row.iso3 = ""
    row.instrument = row.earmarking = row.programme = row.region = row.area = None
    return _without_terms(row, around, books, NOBODY, fund, row.date, "date")


def judge_audited(row: Row, around: Around, books: Books) -> Accepted | None:
    """Revenue of a year as audited: on its last day, below zero where it was taken back."""
    check_money_told(row, signed=True)
    giver = around.giver(row, is_needed=False)
    if giver is None and not row.donor_text:
        giver = NOBODY
        row.warn(
            "no_donor", "donor",
            _("Nobody is named as the donor: it is posted as not attributed to a donor."),
        )  # fmt: skip
    fund = row.fund
    if fund is None:
        row.missing("fund")
    elif fund.code in NOT_AUDITED:
        wrong_fund(row, fund)
    year, field = (row.year, "year") if row.year else (row.date and row.date.year, "date")
    if not year:
        row.missing("year" if "year" in row.place.columns else "date")
    day = datetime.date(year, 12, 31) if year else None
    return _without_terms(row, around, books, giver, fund, day, field)


def _without_terms(
    row: Row, around: Around, books: Books, giver: Giver | None, fund: Fund | None,
    day: datetime.date | None, field: str,
) -> Accepted | None:  # fmt: skip
    """One line in cash that bears no programme support."""
    month = books.month(row, day, field) if day else 0
    channel = around.channel(row, giver) if row.channel else None
    amount, currency = row.amount, row.currency
    if giver is None or fund is None or day is None or amount is None or currency is None:
        return None
    terms = Terms(
        giver=giver, channel=channel, fund=fund, day=day, month=month, mode=CASH, amount=amount,
        currency=currency, support_rate=None, region=region_of(row, around),
    )  # fmt: skip
    worth = Worth(amount, rate_for(row, books, day), None)
    year = day.year if row.kind == AUDITED else row.year_for or day.year
    return accepted(row, terms, books, [line_of(row, terms, worth, row.kind, amount, day, year)])
