"""Small pieces of XML that both files are made of."""

import datetime
import re
from decimal import Decimal
from typing import TypeAlias

from lxml import etree

from reports.iati.words import Texts

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# What XML 1.0 has no way to write.
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Element: TypeAlias = etree._Element


def clean(text: str) -> str:
    """The text without signs that no XML file can hold."""
    return UNWRITABLE.sub("", text)


def made(tag: str, **attributes: str) -> Element:
    """An element; `_` in a name of an attribute stands for `-`. Empty ones are left out."""
    kept = {name.replace("_", "-"): clean(value) for name, value in attributes.items() if value}
    return etree.Element(tag, kept)


def child(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """The same inside another, with a text."""
    element = made(tag, **attributes)
    if text:
        element.text = clean(text)
    parent.append(element)
    return element


def narrated(element: Element, texts: Texts) -> Element:
    """The element with a narrative in each language."""
    for code, text in texts.items():
        narrative = child(element, "narrative", text)
        narrative.set(LANG, code)
    return element


def told(parent: Element, tag: str, texts: Texts, **attributes: str) -> Element:
    """A child that consists of narratives."""
    return narrated(child(parent, tag, **attributes), texts)


def valued(parent: Element, amount: Decimal, currency: str, value_date: datetime.date) -> Element:
    """A value with its currency and the day to convert it at."""
    return child(
        parent, "value", amount_text(amount), currency=currency, value_date=value_date.isoformat()
    )


def amount_text(amount: Decimal) -> str:
    """An exact amount, without zeros that say nothing."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
