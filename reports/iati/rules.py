"""The standard's own rules of activities and organisations, one small function each."""

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from reports.iati.codes import AGENCY, OECD_DAC, codelists
from reports.iati.elements import Element
from reports.iati.found import Found
from reports.iati.rules_codes import check_codes
from reports.iati.rules_transactions import (
    TransactionRules,
    check_organisation_named,
    check_values,
    day_of,
)

HUNDRED = Decimal(100)
WRITTEN_WRONGLY = re.compile(r"[\s/&|?]")  # what no identifier of the standard may hold
ORDER = (("1", "3", "planned"), ("2", "4", "actual"))
A_YEAR = datetime.timedelta(days=366)


@dataclass
class ActivityRules:
    """Activities one after the other; keeps their identifiers."""

    found: Found
    seen: set[str] = field(default_factory=set)

    def check(self, activity: Element, transactions: TransactionRules) -> None:
        where = (activity.findtext("iati-identifier") or "").strip() or "activity"
        self._check_identifier(activity, where)
        check_reporting(activity, where, self.found)
        for organisation in activity.findall("participating-org"):
            check_organisation_named(organisation, where, self.found)
        check_codes(activity, where, self.found)
        check_values(activity, where, self.found)
        check_narratives(activity, where, self.found)
        check_dates(activity, where, self.found)
        check_places(activity, transactions, where, self.found)
        check_sectors(activity, transactions, where, self.found)
        check_periods(activity, "budget", where, self.found)
        check_earmarking(activity, where, self.found)
        check_future(activity, transactions, where, self.found)

    def _check_identifier(self, activity: Element, where: str) -> None:
        text = activity.findtext("iati-identifier") or ""
        reporting = activity.find("reporting-org").get("ref") or AGENCY
        if not text.startswith(f"{reporting}-") or WRITTEN_WRONGLY.search(text):
            self.found.add(
                "identifier", where,
                f"“{text}” does not begin with {reporting}- or holds a sign that none may hold.",
            )  # fmt: skip
        if text in self.seen:
            self.found.add("identifier twice", where, "Another activity has the same identifier.")
        self.seen.add(text)


def check_reporting(root: Element, where: str, found: Found) -> None:
    """The reporting organisation has its identifier and its name."""
    reporting = root.find("reporting-org")
    if reporting.get("ref") != AGENCY or not (reporting.findtext("narrative") or "").strip():
        found.add("reporting organisation", where, f"It is not {AGENCY} with its name.")


def check_narratives(root: Element, where: str, found: Found) -> None:
    """A narrative says something, and none stands twice in one language beside another."""
    for element in root.iter("narrative"):
        if not (element.text or "").strip():
            found.add("narrative", where, f"A narrative of {element.getparent().tag} is empty.")


def check_dates(activity: Element, where: str, found: Found) -> None:
    """There is a start; starts stand before ends."""
    days = {one.get("type"): day_of(one) for one in activity.findall("activity-date")}
    if not days.get("1") and not days.get("2"):
        found.add("start", where, "The activity has neither a planned nor an actual start.")
    for first, last, word in ORDER:
        start, end = days.get(first), days.get(last)
        if start and end and start > end:
            found.add("dates", where, f"The {word} start {start} is after the {word} end {end}.")
    status = activity.find("activity-status").get("code")
    if status in ("2", "3", "4") and not days.get("2"):
        found.add("status", where, "An activity that has begun has no actual start.")
    if days.get("4") and status not in ("4", "5"):
        found.add("status", where, "It has an actual end and is neither closed nor cancelled.")


def check_places(
    activity: Element, transactions: TransactionRules, where: str, found: Found
) -> None:
    """Places stand with the activity or with its transactions, and add up to 100 per cent."""
    countries = activity.findall("recipient-country")
    by_vocabulary: dict[str, list[Element]] = defaultdict(list)
    for region in activity.findall("recipient-region"):
        by_vocabulary[region.get("vocabulary", OECD_DAC)].append(region)
    has_places = bool(countries or by_vocabulary)
    if has_places and transactions.has_places:
        found.add("places twice", where, "Places stand with the activity and with a transaction.")
    if not has_places and not transactions.has_places:
        found.add("places", where, "Neither the activity nor a transaction says where.")
    for regions in by_vocabulary.values() or ([[]] if countries else []):
        _check_hundred([*countries, *regions], "places", where, found)


def check_sectors(
    activity: Element, transactions: TransactionRules, where: str, found: Found
) -> None:
    """Sectors stand with the activity or with every transaction; 100 per cent by vocabulary."""
    by_vocabulary: dict[str, list[Element]] = defaultdict(list)
    for sector in activity.findall("sector"):
        by_vocabulary[sector.get("vocabulary", OECD_DAC)].append(sector)
    if by_vocabulary and transactions.has_sectors:
        found.add("sectors twice", where, "Sectors stand with the activity and with a transaction.")
    if not by_vocabulary and transactions.has_sectors < max(transactions.count, 1):
        found.add("sectors", where, "Neither the activity nor every transaction has a sector.")
    for sectors in by_vocabulary.values():
        _check_hundred(sectors, "sectors", where, found)


def _check_hundred(parts: list[Element], what: str, where: str, found: Found) -> None:
    given = [part.get("percentage") for part in parts]
    if len(parts) == 1 and given == [None]:
        return
    total = sum((Decimal(text) for text in given if text), Decimal(0))
    if None in given or total != HUNDRED:
        found.add("percentages", where, f"The {what} add up to {total} per cent.")


def check_periods(root: Element, tag: str, where: str, found: Found) -> None:
    """A budget is of a year at most, and its end is after its start."""
    for budget in root.findall(tag):
        start, end = day_of(budget.find("period-start")), day_of(budget.find("period-end"))
        if start and end and not start < end < start + A_YEAR:
            found.add("budget period", where, f"{start} to {end} is no period of a year or less.")


def check_earmarking(activity: Element, where: str, found: Found) -> None:
    """The way of earmarking is one of its category."""
    by = {one.get("vocabulary"): one.get("code") for one in activity.findall("default-aid-type")}
    category, modality = by.get("2"), by.get("3")
    if modality and codelists()["EarmarkingModality"].get(modality, category) != category:
        found.add("earmarking", where, f"The way “{modality}” is not one of category {category}.")


def check_future(
    activity: Element, transactions: TransactionRules, where: str, found: Found
) -> None:
    """Nothing that has happened lies after the day on which the file was made."""
    made_at = activity.getparent().get("generated-datetime")
    if not made_at:
        return
    made_on = datetime.date.fromisoformat(made_at[:10])
    actual = [day_of(one) for one in activity.findall("activity-date") if one.get("type") in "24"]
    for day in (*actual, transactions.last_day):
        if day and day > made_on:
            found.add("future", where, f"{day} is after {made_on}, when the file was made.")


def check_organisation(organisation: Element, found: Found) -> None:
    """The rules of the one organisation in an organisation file."""
    identifier = organisation.findtext("organisation-identifier") or ""
    where = identifier or "organisation"
    if identifier != AGENCY:
        found.add("identifier", where, f"The organisation is not {AGENCY}.")
    check_reporting(organisation, where, found)
    check_codes(organisation, where, found)
    check_values(organisation, where, found)
    check_narratives(organisation, where, found)
    check_periods(organisation, "total-budget", where, found)


def check_file(root: Element, found: Found) -> None:
    """The version is the one that the file is written in, and the file says when it was made."""
    if root.get("version") != "2.03":
        found.add("version", "file", f"The version is “{root.get('version')}”, not 2.03.")
    if not root.get("generated-datetime"):
        found.add("made at", "file", "The file does not say when it was made.")
