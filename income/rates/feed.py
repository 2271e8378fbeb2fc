"""Reads the UN treasury's XML of operational rates: streaming, without entities, within bounds.

A currency is repeated once per country; the same rate counts once, two rates stop the feed.
"""

import datetime
import re
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from income.errors import RateFileWrong
from income.money import USD
from income.rates.facts import TypedRate
from income.reference import RATE_PLACES

DATASET, ENTRY = "UN_OPERATIONAL_RATES_DATASET", "UN_OPERATIONAL_RATES"
DEEPEST = 8  # levels; the feed has three
DAY = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})[ -]([0-9]{4})")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
NUMBER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,30})?")
LONGEST_SHOWN = 40


def is_feed(content: bytes) -> bool:
    """Whether it looks like XML (or HTML), and not like a table."""
    start = content[:200].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"")
    return start.lstrip(b"\xff\xfe \t\r\n").startswith(b"<")


def rates_of_feed(content: bytes, *, source: str) -> list[TypedRate]:
    """Every rate of the feed once, in its order; `number` is its entry's place, from 1.

    Raises RateFileWrong with one sentence where the whole is no feed of rates.
    """
    found: dict[tuple[str, str], tuple[str, str]] = {}
    rates: list[TypedRate] = []
    for number, entry in enumerate(_entries(content), start=1):
        code, day, units = (_text(entry, tag) for tag in ("f_curr_code", "eff_date", "rate"))
        country = _text(entry, "name") or _text(entry, "abbrv_name")
        rate = _typed(number, code.upper(), day, units, source)
        if code.upper() == USD and rate.units == 1:
            continue  # of countries that use the dollar
        key = (rate.currency, str(rate.on or day))
        if key not in found:
            found[key] = (country, units)
        elif _same(found[key][1], units):
            continue
        else:
            rate = _contradicting(rate, found[key], (country, units))
        rates.append(rate)
    if not rates:
        raise RateFileWrong([_("The feed holds no rates.")])
    return rates


def _entries(content: bytes) -> Iterator[Element]:
    """The feed's entries, each thrown away when the next one is read."""
    depth, root = 0, None
    try:
        for event, element in iterparse(BytesIO(content), events=("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            if root is None:
                root = element
                _refuse_other(root)
            if depth > DEEPEST:
                raise RateFileWrong([_("The feed is nested more deeply than a feed of rates is.")])
            if event == "end" and _tag(element) == ENTRY:
                yield element
                root.clear()
    except DefusedXmlException as error:
        raise RateFileWrong(
            [_("The feed declares entities or a document type, which a feed of rates never does.")]
        ) from error
    except (ParseError, ValueError, LookupError) as error:  # also an encoding that nobody knows
        raise RateFileWrong(
            [_("The feed is no complete XML file: it is cut off, or something else altogether.")]
        ) from error


def _refuse_other(root: Element) -> None:
    if _tag(root) != DATASET:
        sentence = _("This is no feed of UN operational rates: it begins with “%(tag)s”.")
        raise RateFileWrong([sentence % {"tag": _tag(root)[:LONGEST_SHOWN]}])


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]  # without its namespace


def _text(entry: Element, tag: str) -> str:
    for child in entry:
        if _tag(child) == tag:
            return " ".join((child.text or "").split())
    return ""


def _typed(number: int, code: str, day: str, units: str, source: str) -> TypedRate:
    on, value, unreadable = _day(day), _units(units), []
    if on is None:
        sentence = _("“%(value)s” is not a date of the feed, such as 01 Oct 2026.")
        unreadable.append(sentence % {"value": day[:LONGEST_SHOWN]})
    if value is None:
        sentence = _("“%(value)s” is not a rate: a number with a decimal point.")
        unreadable.append(sentence % {"value": units[:LONGEST_SHOWN]})
    return TypedRate(
        number=number, currency=code[:LONGEST_SHOWN], on=on, units=value, source=source,
        written_day=str(on or day[:LONGEST_SHOWN]), unreadable=tuple(unreadable),
    )  # fmt: skip


def _day(text: str) -> datetime.date | None:
    """A day such as 01 Oct 2026; months are English whatever the language of the portal."""
    if not (found := DAY.fullmatch(text)):
        return None
    begun = [n for n, name in enumerate(MONTHS, 1) if name.startswith(found[2].lower())]
    try:
        return datetime.date(int(found[3]), begun[0], int(found[1])) if begun else None
    except ValueError:
        return None


def _units(text: str) -> Decimal | None:
    """An exact number with at most ten decimals that are not zeros."""
    if not NUMBER.fullmatch(text):
        return None
    decimals = text.partition(".")[2].rstrip("0")
    if len(decimals) > RATE_PLACES:
        return None
    whole = text.partition(".")[0]
    return Decimal(f"{whole}.{decimals}" if decimals else whole)


def _same(one: str, other: str) -> bool:
    return one == other or (_units(one) is not None and _units(one) == _units(other))


def _contradicting(rate: TypedRate, first: tuple[str, str], second: tuple[str, str]) -> TypedRate:
    sentence = _(
        "the feed has two rates for the day: %(first)s for %(one)s, %(second)s for %(other)s."
    ) % {
        "first": first[1][:LONGEST_SHOWN],
        "one": first[0][:LONGEST_SHOWN],
        "second": second[1][:LONGEST_SHOWN],
        "other": second[0][:LONGEST_SHOWN],
    }  # fmt: skip
    return TypedRate(
        number=rate.number, currency=rate.currency, written_day=rate.written_day, on=None,
        units=None, source=rate.source, unreadable=(sentence,),
    )  # fmt: skip
