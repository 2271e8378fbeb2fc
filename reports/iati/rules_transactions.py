"""The standard's rules of values, days and organisations, as transactions have them."""

import datetime
from dataclasses import dataclass

from reports.iati.elements import Element
from reports.iati.found import Found
from reports.iati.rules_codes import check_codes


@dataclass
class TransactionRules:
    """The transactions of one activity; keeps only what the activity's own rules ask for."""

    found: Found
    where: str = ""
    count: int = 0
    last_day: datetime.date | None = None
    has_places: bool = False
    has_sectors: int = 0

    def check(self, element: Element) -> None:
        self.count += 1
        where = self._where(element)
        check_codes(element, where, self.found)
        check_values(element, where, self.found)
        day = day_of(element.find("transaction-date"))
        if day and (self.last_day is None or day > self.last_day):
            self.last_day = day
        for tag in ("provider-org", "receiver-org"):
            check_organisation_named(element.find(tag), where, self.found)
        if element.find("provider-org") is None:
            self.found.add("provider", where, "A transaction that comes in has no provider.")
        self.has_sectors += element.find("sector") is not None
        self.has_places |= any(
            element.find(tag) is not None for tag in ("recipient-country", "recipient-region")
        )

    def _where(self, element: Element) -> str:
        if not self.where:
            activity = element.getparent()
            self.where = activity.findtext("iati-identifier") or "activity"
        return f"{self.where}, transaction {element.get('ref') or self.count}"


def check_values(root: Element, where: str, found: Found) -> None:
    """Every value names its currency. Its amount and its day are the schema's to look at."""
    for value in root.iter("value"):
        if not value.get("currency"):
            found.add("currency", where, "A value names no currency.")


def check_organisation_named(element: Element | None, where: str, found: Found) -> None:
    """An organisation has an identifier or a name."""
    if element is None or element.get("ref") or (element.findtext("narrative") or "").strip():
        return
    found.add("organisation", where, f"{element.tag} has neither identifier nor name.")


def day_of(element: Element | None) -> datetime.date | None:
    """The day in `iso-date`; the schema has looked at how it is written."""
    text = element.get("iso-date") if element is not None else None
    return datetime.date.fromisoformat(text[:10]) if text else None
