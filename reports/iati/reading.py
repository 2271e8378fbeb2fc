"""An activity file read back to the sums that it carries, in bounded memory."""

from collections import defaultdict
from decimal import Decimal
from typing import BinaryIO

from lxml import etree

from reports.iati.codes import OWN_VOCABULARY
from reports.iati.elements import Element
from reports.iati.sums import IatiSum

Key = tuple[str, str, str]  # transaction type, fund, currency


def read_back(source: BinaryIO) -> tuple[IatiSum, ...]:
    """The transactions by type, fund (the first tag of the activity) and currency, sorted.

    Raises lxml's XMLSyntaxError for what is no XML.
    """
    amounts: dict[Key, Decimal] = defaultdict(Decimal)
    counts: dict[Key, int] = defaultdict(int)
    fund = ""
    for _event, element in iterated(source, ("tag", "transaction", "iati-activity")):
        if element.tag == "tag" and not fund and element.get("vocabulary") == OWN_VOCABULARY:
            fund = element.get("code", "")
        elif element.tag == "transaction":
            key, amount = _read(element, fund)
            amounts[key] += amount
            counts[key] += 1
            forget(element)
        elif element.tag == "iati-activity":
            fund = ""
            forget(element)
    return tuple(sorted(IatiSum(*key, counts[key], amount) for key, amount in amounts.items()))


def iterated(source: BinaryIO, tags: tuple[str, ...], **more: object) -> etree.iterparse:
    """Elements as they end, from a source that is trusted with nothing."""
    return etree.iterparse(
        source, events=("end",), tag=tags, no_network=True, resolve_entities=False, **more
    )


def forget(element: Element) -> None:
    """Let go of what was read, so that memory does not grow with the file."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _read(element: Element, fund: str) -> tuple[Key, Decimal]:
    value = element.find("value")
    kind = element.find("transaction-type").get("code")
    return (kind, fund, value.get("currency")), Decimal(value.text)
