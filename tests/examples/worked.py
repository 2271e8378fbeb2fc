"""How the worked examples sign, receive and ask: through the services, as an officer would."""

import datetime
import itertools
from decimal import Decimal

from donors.models import Donor
from income.models import Contribution, Currency, Entry, Fund
from income.periods import YearMonth
from income.services import PromisedContribution, ReceivedMoney, record_receipt, sign_agreement
from reports.figures.bases import BasesQuestion, bases
from reports.figures.scope import Scope

TODAY = datetime.date(2022, 12, 15)
_tokens = itertools.count(1)


def token():
    return f"worked {next(_tokens)}"


def sign(ledger, actors, on, schedule, *, donor="DEU", fund="FE", currency="USD", **more):
    """Sign an agreement over the sum of its instalments, each (day, amount)."""
    promise = PromisedContribution(
        donor=Donor.objects.get(code=donor), fund=Fund.objects.get(code=fund),
        title="A worked example", currency=Currency.objects.get(code=currency),
        amount=sum(Decimal(amount) for _day, amount in schedule), promised_on=on,
        schedule=[(day, Decimal(amount)) for day, amount in schedule], **more,
    )  # fmt: skip
    posting = sign_agreement(ledger, promise, token=token(), today=TODAY, actors=actors)
    return Contribution.objects.get(entries__posting=posting, entries__kind="agreement")


def receive(ledger, actors, contribution, on, amount, number=1, *, today=TODAY, **more):
    """Record a payment of the contribution's currency for its instalment of that number."""
    money = ReceivedMoney(
        currency=contribution.currency, amount=Decimal(amount), received_on=on,
        instalment=contribution.instalments.get(number=number), **more,
    )  # fmt: skip
    return record_receipt(
        ledger, contribution, money, token=token(), today=today, actors=actors
    )  # fmt: skip


def of_year(ledger, year, **scope):
    """The three bases of a year with their bridge, everything received in it."""
    return bases(BasesQuestion(Scope(ledger, **scope), year, YearMonth(year, 12)))


def three(found, row=None):
    """Agreed, due and received of a row (the total), as text without cents that are zero."""
    row = row or found.total
    return [plain(row.of(basis).amount_usd) for basis in ("agreement", "due", "receipt")]


def lines(found, name="lines"):
    """Code and amount of each line of the bridge, in its order."""
    return [(one.code, plain(one.amount_usd)) for one in getattr(found.bridge, name)]


def adds_up(found):
    """Whether each basis and the lines after it give the next basis, to the cent."""
    bridge = found.bridge
    due = bridge.agreed.amount_usd + sum(one.amount_usd for one in bridge.to_due)
    received = bridge.due.amount_usd + sum(one.amount_usd for one in bridge.to_received)
    return (due, received) == (bridge.due.amount_usd, bridge.received.amount_usd)


def plain(amount):
    return f"{amount:,.2f}".removesuffix(".00")


def usd(ledger, **conditions):
    """US dollars of the entries."""
    entries = Entry.objects.in_books(ledger).filter(**conditions)
    return sum((entry.amount_usd for entry in entries), Decimal(0))
