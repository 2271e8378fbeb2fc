"""Contacts by their posts, focal points, identifiers, meetings and letters, due diligence."""

import datetime

from django.db.models import F

from accounts.services import record
from donors.clearances import decide_clearance, request_clearance
from donors.models import (
    Contact,
    Donor,
    DonorName,
    Engagement,
    EngagementKind,
    IdentifierScheme,
    NameKind,
)
from income.demonstration.desk import DOMAIN, MARK, Desk, marked

# Donors by the officer who keeps the relation.
OF_THE_OFFICER = ("SWE", "DEU", "CHE", "NLD", "NOR", "EU", "GATES_FOUNDATION")
OF_THE_SECOND = ("JPN", "KOR", "CHN", "KFW", "ESP", "ITA", "BWA")
POSTS = (
    ("Head, Multilateral Development Division", True),
    ("Desk officer, sustainable cities", False),
)
MISSION = "Permanent Representative to UN-Habitat"
# What passed with each donor of an officer: kind, day, subject, from the donor.
PASSED: tuple[tuple[EngagementKind, datetime.date, str, bool], ...] = (
    (EngagementKind.MEETING, datetime.date(2021, 2, 16), "Priorities for the year", False),
    (EngagementKind.LETTER, datetime.date(2021, 12, 3), "Programme of work for 2022", False),
    (EngagementKind.EVENT, datetime.date(2022, 3, 22), "Briefing before the Board met", False),
    (EngagementKind.DIALOGUE, datetime.date(2022, 10, 11), "Strategic dialogue 2022", False),
)
ANSWERED = (EngagementKind.LETTER, datetime.date(2022, 11, 8), "Note verbale on 2023", True)
ANSWERING = ("SWE", "DEU", "BWA")
CALLED = (EngagementKind.CALL, datetime.date(2022, 12, 19), "Day of the last instalment", False)
PARTNERS = {"SWE": 1, "DEU": 2, "CHE": 3, "JPN": 4, "EU": 5, "NLD": 6, "KFW": 7}
CLEARED = ("GATES_FOUNDATION", datetime.date(2020, 1, 1), datetime.date(2023, 12, 31))
ASKED_FOR = "PRIVATE_DONORS"


def lay_contacts(desk: Desk) -> int:
    """Two posts a donor, and the mission of the Member States."""
    rows = []
    for code in (*OF_THE_OFFICER, *OF_THE_SECOND):
        donor = desk.donors[code]
        posts = [*POSTS, (MISSION, False)] if donor.is_member_state else POSTS
        for number, (title, is_addressee) in enumerate(posts, start=1):
            email = f"{code.lower().replace('_', '.')}.{number}{DOMAIN}"
            rows.append(
                Contact(
                    donor=donor, title=marked(title), email=email, is_addressee=is_addressee
                )
            )  # fmt: skip
    made = Contact.objects.bulk_create(rows)
    for contact in made:
        after = {"contact": contact.pk, "title": contact.title}
        record("add_contact", contact.donor, by=desk.officer, after=after)
    return len(made)


def lay_focal_points(desk: Desk) -> int:
    """Each officer keeps seven relations. A person's own choice stays."""
    changed = 0
    for officer, codes in ((desk.officer, OF_THE_OFFICER), (desk.second, OF_THE_SECOND)):
        for donor in Donor.objects.filter(code__in=codes, focal_point=None):
            Donor.objects.filter(pk=donor.pk).update(focal_point=officer, version=F("version") + 1)
            record("edit_donor", donor, by=officer, after={"focal_point": str(officer.uuid)})
            changed += 1
    return changed


def lay_identifiers(desk: Desk) -> int:
    """Business partners of the ERP, each with the mark."""
    rows = []
    for code, number in PARTNERS.items():
        row = DonorName.of(desk.donors[code], f"{MARK}BP-11000{number}", kind=NameKind.IDENTIFIER)
        row.scheme = IdentifierScheme.ERP
        rows.append(row)
    return len(DonorName.objects.bulk_create(rows))


def lay_engagements(desk: Desk) -> int:
    """Four a donor, and some answers and calls."""
    rows = []
    for officer, codes in ((desk.officer, OF_THE_OFFICER), (desk.second, OF_THE_SECOND)):
        for code in codes:
            passed = [*PASSED]
            if code in ANSWERING:
                passed.append(ANSWERED)
            if code == "CHE":
                passed.append(CALLED)
            rows += [
                Engagement(
                    donor=desk.donors[code], kind=kind, happened_on=on, subject=marked(subject),
                    is_from_donor=is_from_donor, recorded_by=officer,
                )
                for kind, on, subject, is_from_donor in passed
            ]  # fmt: skip
    return len(Engagement.objects.bulk_create(rows))


def lay_clearances(desk: Desk) -> int:
    """One that was given by the reviewer, and one that waits for an answer."""
    code, first, last = CLEARED
    given = request_clearance(desk.donors[code], by=desk.officer, reference=f"{MARK}DD-1")
    decide_clearance(
        given, is_clear=True, by=desk.reviewer, today=desk.today, valid_from_on=first,
        valid_until_on=last, note=marked("No objection"),
    )  # fmt: skip
    request_clearance(
        desk.donors[ASKED_FOR], by=desk.second, reference=f"{MARK}DD-2",
        note=marked("For a planned agreement on public space"),
    )  # fmt: skip
    return 2
