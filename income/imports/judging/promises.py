"""Pledges, agreements, money that comes without an agreement: what the services post of them."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from income.imports.course.findings import Accepted, NewPromise
from income.imports.judging.around import Around
from income.imports.judging.books import Books
from income.imports.judging.money import Worth, check_money_told, rate_for
from income.imports.judging.row import Row
from income.imports.judging.terms import CASH, Terms, accepted, line_of, terms_of
from income.models import Contribution
from income.rules import STANDARD_SUPPORT_RATE, carries_support, check_amount, check_due_diligence
from income.vocabulary import ContributionState, Kind, Reason

PLEDGE, AGREEMENT, DUE, RECEIPT = (
    kind.value for kind in (Kind.PLEDGE, Kind.AGREEMENT, Kind.DUE, Kind.RECEIPT)
)
REFUND = Reason.REFUND.value
SIGNED, PLEDGED = ContributionState.SIGNED.value, ContributionState.PLEDGED.value
UNEARMARKED = "unearmarked"
LONGEST_TITLE = Contribution._meta.get_field("title").max_length


def judge_pledge(row: Row, around: Around, books: Books) -> Accepted | None:
    """A pledge: indicative, nothing falls due."""
    check_money_told(row)
    terms = terms_of(row, around, books)
    if terms is None:
        return None
    worth = Worth(terms.amount, rate_for(row, books, terms.day), terms.support_rate)
    year = row.year_for or row.year or terms.day.year
    line = line_of(row, terms, worth, PLEDGE, terms.amount, terms.day, year)
    values = _values(row, terms, PLEDGED, terms.amount, row.agreement or row.reference)
    return accepted(row, terms, books, [line], NewPromise(values, None, terms.amount))


def judge_agreement(row: Row, around: Around, books: Books) -> Accepted | None:
    """An agreement at its signature, all of it due on one day, at the signature's rate."""
    check_money_told(row)
    terms = terms_of(row, around, books)
    if terms is None:
        return None
    giver, day = terms.giver, terms.day
    if around.by_people and not around.diligence.is_cleared(giver.pk or 0, giver.code, day):
        row.ask(check_due_diligence, row.donor_text, day, is_cleared=False)
    worth = Worth(terms.amount, rate_for(row, books, day), terms.support_rate)
    said, due_on = row.year_for or row.year, row.due_on or day
    lines = [
        line_of(row, terms, worth, AGREEMENT, terms.amount, day, said or day.year),
        line_of(row, terms, worth, DUE, terms.amount, due_on, said or due_on.year),
    ]
    values = _values(row, terms, SIGNED, terms.amount, row.agreement or row.reference)
    return accepted(row, terms, books, lines, NewPromise(values, due_on, terms.amount))


def judge_gift(row: Row, around: Around, books: Books) -> Accepted | None:
    """Agreement, due and receipt at once; below zero a refund that belongs to no agreement."""
    check_money_told(row, signed=True)
    terms = terms_of(row, around, books)
    if terms is None:
        return None
    if row.earmarking is None and not carries_support(terms.fund):
        row.earmarking = UNEARMARKED
    if terms.amount < 0:
        return _refund(row, terms, books)
    day, rate = terms.day, rate_for(row, books, terms.day)
    charge = _bank_charge(row, terms)
    settles = terms.amount + charge if charge else terms.amount
    worth = Worth(terms.amount, rate, terms.support_rate)
    whole = Worth(settles, rate, terms.support_rate) if charge else worth
    year = row.year_for or row.year or day.year
    receipt = line_of(row, terms, worth, RECEIPT, terms.amount, day, year)
    receipt.credited_amount, receipt.bank_charge = settles, charge
    receipt.settled_usd = whole.usd
    lines = [
        line_of(row, terms, whole, AGREEMENT, settles, day, year),
        line_of(row, terms, whole, DUE, settles, day, year),
        receipt,
    ]
    values = _values(row, terms, SIGNED, settles, row.reference)
    return accepted(row, terms, books, lines, NewPromise(values, day, settles))


def _refund(row: Row, terms: Terms, books: Books) -> Accepted:
    """Money that went back without saying under which agreement: one line, no contribution."""
    row.warn(
        "refund_without_agreement", row.amount_field,
        _(
            "Money that went back, without an agreement: it lowers what was received and belongs "
            "to no contribution. Name the agreement if there is one."
        ),
    )  # fmt: skip
    worth = Worth(terms.amount, rate_for(row, books, terms.day), terms.support_rate)
    year = row.year_for or row.year or terms.day.year
    line = line_of(row, terms, worth, RECEIPT, terms.amount, terms.day, year)
    line.reason = REFUND
    return accepted(row, terms, books, [line])


def _bank_charge(row: Row, terms: Terms) -> Decimal | None:
    charge = row.bank_charge
    if not charge:
        return None
    row.ask(check_amount, charge, terms.currency, field="bank_charge")
    return charge if charge > 0 else None


def _values(row: Row, terms: Terms, state: str, amount: Decimal, reference: str) -> dict[str, Any]:
    """The columns of the contribution that the row makes."""
    day, rate = terms.day, terms.support_rate
    instrument = row.instrument
    is_special = row.support_rate is not None and rate != STANDARD_SUPPORT_RATE
    values: dict[str, Any] = {
        "donor_id": terms.giver.pk, "channel_id": terms.channel, "fund_id": terms.fund.code,
        "title": title_of(row, day), "state": state, "mode": terms.mode,
        "currency_id": terms.currency.code, "amount": amount, "ends_on": row.ends_on,
        "instrument_id": None if instrument is None else instrument.code,
        "earmarking_id": row.earmarking, "programme_id": row.programme,
        "region_id": terms.region, "area_id": row.area, "programme_support_rate": rate,
        "programme_support_reason": row.note if is_special and rate is not None else "",
        "valuation_method": "" if terms.mode == CASH else row.note, "reference": reference,
    }  # fmt: skip
    values["pledged_on" if state == PLEDGED else "signed_on"] = day
    return values


def title_of(row: Row, day: datetime.date) -> str:
    """The purpose: as the row says it, else whose money of which year it is, in no language."""
    return (row.title or row.note or f"{row.donor_text} {day.year}")[:LONGEST_TITLE]
