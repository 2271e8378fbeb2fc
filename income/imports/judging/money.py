"""The amount of a row: in which currency it is posted, what it is worth, what the file says so."""

import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from income.imports.judging.books import Books
from income.imports.judging.row import Row
from income.models import Currency
from income.money import USD, programme_support_inside, to_usd
from income.rates import RateInForce
from income.rules import check_amount
from income.vocabulary import RateType
from interface.formatting import format_exact

MOST_APART = Decimal("0.05")  # between the file's US dollars or rate and those of the books


class Worth:
    """An amount at the rate in force; all None where it is not converted."""

    __slots__ = ("rate", "support_usd", "usd")

    def __init__(
        self, amount: Decimal, rate: RateInForce | None, support_rate: Decimal | None
    ) -> None:
        self.rate = rate
        self.usd: Decimal | None = None
        self.support_usd: Decimal | None = None
        if rate is not None:
            is_same = rate.rate_type == RateType.PARITY  # its decimals were checked
            self.usd = amount if is_same else to_usd(amount, rate.units_per_usd)
            if support_rate is not None:
                self.support_usd = programme_support_inside(self.usd, support_rate)


def take_money(row: Row, dollars: Currency, *, only_dollars: bool = False) -> None:
    """Settle which amount is posted: `amount` in its currency, else the US dollars alone."""
    is_foreign = row.currency is not None and row.currency is not dollars
    is_lost = row.amount is not None and not row.amount and bool(row.amount_usd)
    if is_lost:
        row.warn(
            "zero_beside_dollars", "amount",
            _("The amount is zero, the US dollars are not: the US dollars are posted."),
        )  # fmt: skip
    takes_dollars = row.amount is None or is_lost or (only_dollars and is_foreign)
    if takes_dollars and row.amount_usd is not None:
        row.amount, row.currency, row.amount_field = row.amount_usd, dollars, "amount_usd"
        row.amount_usd = None
    elif only_dollars and row.currency is None and "currency" not in row.unread:
        row.currency = dollars


def check_money_told(row: Row, *, only_dollars: bool = False, signed: bool = False) -> None:
    """Amount and currency are there and keep the rules; `signed` lets it be below zero."""
    amount, currency = row.amount, row.currency
    if amount is None:
        if "amount_usd" not in row.unread:
            row.missing("amount" if "amount" in row.place.columns else "amount_usd")
        return
    if currency is None:
        row.missing("currency")
        return
    if only_dollars and currency.code != USD:
        row.wrong(
            "not_dollars", "currency",
            _("This kind of income is in US dollars. Give the amount in US dollars."),
        )  # fmt: skip
    of_size = -amount if signed and amount < 0 else amount
    row.ask(check_amount, of_size, currency, field=row.amount_field)


def rate_for(row: Row, books: Books, day: datetime.date) -> RateInForce | None:
    """The rate in force; what the file says otherwise is told as a warning."""
    amount, currency = row.amount, row.currency
    if amount is None or currency is None:
        return None
    rate = books.rate_on(currency.code, day)
    if rate is None:
        row.warn(
            "not_converted", "currency",
            _(
                "There is no exchange rate for %(currency)s in force on %(day)s: the amount will "
                "stand in the books without US dollars."
            )
            % {"currency": currency.code, "day": day.isoformat()},
        )  # fmt: skip
        return None
    if row.amount_usd is not None:
        _compare_dollars(row, amount, rate)
    if row.exchange_rate is not None:
        _compare_rates(row, rate)
    return rate


def _compare_dollars(row: Row, amount: Decimal, rate: RateInForce) -> None:
    worth = to_usd(amount, rate.units_per_usd)
    told = row.amount_usd or Decimal(0)
    if abs(told - worth) > abs(worth) * MOST_APART:
        row.warn(
            "dollars_differ", "amount_usd",
            _("The file says US$ %(told)s; at the rate in force it is US$ %(worth)s, which counts.")
            % {"told": told, "worth": worth},
        )  # fmt: skip


def _compare_rates(row: Row, rate: RateInForce) -> None:
    """Files write units per US dollar, or US dollars per unit: either is compared."""
    told, units = row.exchange_rate or Decimal(0), rate.units_per_usd
    most = units * MOST_APART
    if abs(told - units) <= most or (told > 0 and abs(1 / told - units) <= most):
        return
    row.warn(
        "rate_differs", "exchange_rate",
        _("The file converts at %(told)s; the rate in force is %(rate)s, which counts.")
        % {"told": format_exact(told), "rate": format_exact(units.normalize())},
    )  # fmt: skip
