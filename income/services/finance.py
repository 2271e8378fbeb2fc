"""Money that finance reports and no donor sends: allotments, programme support income."""

import datetime
from decimal import Decimal

from income.ledger import convert, post
from income.models import Currency, Entry, Fund, Ledger, Posting
from income.money import round_half_up
from income.rates import rate_in_force
from income.rules import check_amount, check_past_day, month_to_book_in
from income.services.actors import Actors
from income.vocabulary import Act, Kind


def record_allotment(
    ledger: Ledger, *, amount_usd: Decimal, allotted_on: datetime.date, note: str, token: str,
    today: datetime.date, actors: Actors,
) -> Posting:  # fmt: skip
    """Post regular budget given to the agency by the General Assembly; it has no donor."""
    return _without_donor(
        ledger, kind=Kind.ALLOTMENT, fund=Fund.objects.get(code="RB"), amount_usd=amount_usd,
        on=allotted_on, note=note, token=token, today=today, actors=actors,
        act=Act.RECORD_ALLOTMENT,
    )  # fmt: skip


def record_support_income(
    ledger: Ledger, *, amount_usd: Decimal, earned_on: datetime.date, note: str, token: str,
    today: datetime.date, actors: Actors,
) -> Posting:  # fmt: skip
    """Post programme support income as finance reports it earned; never added to the funds."""
    return _without_donor(
        ledger, kind=Kind.PROGRAMME_SUPPORT, fund=Fund.objects.get(code="PS"),
        amount_usd=amount_usd, on=earned_on, note=note, token=token, today=today, actors=actors,
        act=Act.RECORD_SUPPORT,
    )  # fmt: skip


def _without_donor(
    ledger: Ledger, *, kind: Kind, fund: Fund, amount_usd: Decimal, on: datetime.date, note: str,
    token: str, today: datetime.date, actors: Actors, act: Act,
) -> Posting:  # fmt: skip
    dollars = Currency.objects.get(code="USD")
    check_amount(round_half_up(amount_usd, 4), dollars)
    check_past_day(on, today, field="received_on")
    entry = Entry(
        kind=kind, fund=fund, value_date=on, year_for=on.year, currency=dollars, amount=amount_usd
    )
    return post(
        ledger,
        act=act,
        entries=[convert(entry, rate_in_force("USD", on, ledger=ledger))],
        booked_month=month_to_book_in(ledger, on, today, field="received_on"),
        token=token,
        prepared_by=actors.prepared_by,
        approved_by=actors.approved_by,
        replaces=actors.replaces,
        note=note,
    )
