"""The two IATI 2.03 files of a published state of the books, written as a stream.

The same state gives the same bytes. Memory does not grow with the entries: transactions are read
and written one after the other, what is said of activities some hundred at a time.
"""

import datetime
from collections.abc import Iterator
from itertools import groupby
from typing import Any, BinaryIO

from lxml import etree

from reports.iati.activities import Head
from reports.iati.facts import FactsReader
from reports.iati.organisation_file import organisation
from reports.iati.organisations import Organisations
from reports.iati.transactions import Row, rows, transaction_of
from reports.open.state import Published

VERSION = "2.03"


def write_activities(published: Published, to: BinaryIO) -> None:
    """Write the activity file; one without any activity where the state holds no such entry."""
    organisations = Organisations()
    facts = FactsReader(published, organisations)
    activities = groupby(rows(published), key=lambda row: (row.contribution, row.fund))
    with etree.xmlfile(to, encoding="utf-8") as file:
        file.write_declaration()
        with file.element("iati-activities", _head(published)):
            for key, entries in activities:
                _write_activity(file, Head(published, facts.of(key)), entries, organisations)
            file.write("\n")


def write_organisation(published: Published, to: BinaryIO) -> None:
    """Write the organisation file: what the agency is, and its regular budget by year."""
    with etree.xmlfile(to, encoding="utf-8") as file:
        file.write_declaration()
        with file.element("iati-organisations", _head(published)):
            file.write(organisation(published), pretty_print=True)


def _head(published: Published) -> dict[str, str]:
    """The file was made when its state was published: making it again does not change it."""
    assert published.update.published_at  # noqa: S101  a constraint of the table
    at = published.update.published_at.astimezone(datetime.UTC)
    return {"version": VERSION, "generated-datetime": at.strftime("%Y-%m-%dT%H:%M:%SZ")}


def _write_activity(
    file: Any, head: Head, entries: Iterator[Row], organisations: Organisations
) -> None:
    file.write("\n")
    with file.element("iati-activity"):
        for element in head.elements():
            file.write("\n", element)
        for row in entries:
            file.write("\n", transaction_of(row, organisations.of(row.donor), head.identifier))
        for element in head.last_elements():
            file.write("\n", element)
        file.write("\n")
