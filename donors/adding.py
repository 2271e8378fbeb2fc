"""Many donors at once, inside the caller's transaction; donors/services.py adds a single one."""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import AuditEvent, User
from donors.directory import GOVERNMENT, Directory, Listed
from donors.models import Area, ContributorType, Donor, DonorName, NameKind, UnStatus
from donors.names import searchable
from donors.services import ACT, LONGEST_CODE, refuse_unsearchable
from interface.errors import PortalError

CODE = re.compile(rf"[-A-Za-z0-9_]{{1,{LONGEST_CODE}}}")
BATCH = 500


class NewDonorsWrong(PortalError):
    """New donors that cannot be added as they were described."""


class NewDonorTaken(NewDonorsWrong):
    """Somebody has the code or the name by now."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "“%(name)s” was to be a new donor, but its name or code is a donor's by now. "
                "Check the file again."
            )
            % {"name": name}
        )


@dataclass(frozen=True)
class NewDonor:
    """A donor to be made. `iso3` is its country, empty where none is known."""

    code: str
    name: str  # in English, or as the file writes it
    contributor_type: str
    iso3: str = ""


@dataclass(frozen=True)
class _Planned:
    """With its area; `is_state` where it is the area's own government."""

    new: NewDonor
    area: Area | None
    is_state: bool

    @property
    def names(self) -> dict[str, str]:
        """By language code; a State's own are those of its area."""
        known = self.area.names if self.area and self.is_state else {}
        return {**known, "en": self.new.name}


def listed(new: Sequence[NewDonor], pks: Mapping[str, int]) -> list[Listed]:
    """The donors as a directory holds them, with primary keys by code."""
    return [
        Listed(
            pks[one.new.code], one.new.code, one.names, one.new.contributor_type,
            one.area.iso3 if one.area else "",
        )
        for one in _planned(new)
    ]  # fmt: skip


def is_taken(one: NewDonor, directory: Directory) -> bool:
    """Whether the code or the name is somebody's."""
    return directory.has_code(one.code) or bool(directory.of_name(one.name))


def is_name_of(area: Area, name: str) -> bool:
    """Whether the name is the area's own, in whatever language."""
    own = {searchable(one) for one in (*area.names.values(), area.formal_name)}
    return searchable(name) in own | {one.removeprefix("the ") for one in own}


def add_donors(
    new: Sequence[NewDonor], *, by: User | None, at: datetime.datetime | None = None
) -> dict[str, int]:
    """Insert the donors with their names and audit events; primary keys by code.

    `at` is when they were made, else now. A government gets its area, and is a Member State where
    its area is one and no donor has the area yet. Raises NewDonorsWrong, NewDonorTaken.
    """
    if not new:
        return {}
    refuse_wrong(new)
    directory = Directory()
    for one in new:
        if is_taken(one, directory):
            raise NewDonorTaken(one.name)
    planned = _planned(new)
    try:
        with transaction.atomic():  # a savepoint: the caller may tell the error
            rows = Donor.objects.bulk_create(_rows(planned), batch_size=BATCH)
    except IntegrityError as error:  # somebody took a code since it was looked up
        raise NewDonorTaken(new[0].name) from error
    DonorName.objects.bulk_create(_names(rows), batch_size=BATCH)
    AuditEvent.objects.bulk_create(_events(rows, by), batch_size=BATCH)
    pks = {row.code: row.pk for row in rows}
    if at is not None:
        Donor.objects.filter(code__in=pks).update(created_at=at)
    return pks


def refuse_wrong(new: Sequence[NewDonor]) -> None:
    """Raise NewDonorsWrong for what cannot be a donor, or is twice among them."""
    types = set(ContributorType.objects.values_list("code", flat=True))
    areas = set(Area.objects.values_list("iso3", flat=True))
    codes: set[str] = set()
    names: set[str] = set()
    for one in new:
        refuse_unsearchable({"en": one.name})
        if one.contributor_type not in types:
            raise NewDonorsWrong(
                _("Choose what kind of contributor “%(name)s” is.") % {"name": one.name}
            )
        if one.iso3 and one.iso3 not in areas:
            raise NewDonorsWrong(
                _("“%(code)s”, the country of “%(name)s”, is not known.")
                % {"code": one.iso3, "name": one.name}
            )
        code, name = one.code.upper(), searchable(one.name)
        if not CODE.fullmatch(code) or code in codes:
            raise NewDonorsWrong(
                _(
                    "“%(code)s” cannot be the code of “%(name)s”: a code has 1 to 40 letters, "
                    "digits, hyphens or underscores, and is one donor's alone."
                )
                % {"code": one.code, "name": one.name}
            )
        if name in names:
            raise NewDonorsWrong(
                _("“%(name)s” would be added twice. Choose one of the two.") % {"name": one.name}
            )
        codes.add(code)
        names.add(name)


def _planned(new: Sequence[NewDonor]) -> list[_Planned]:
    areas = Area.objects.in_bulk({one.iso3 for one in new if one.iso3})
    planned = []
    for one in new:
        area = areas.get(one.iso3)
        own = area is not None and one.contributor_type == GOVERNMENT
        planned.append(_Planned(one, area, bool(own and area and is_name_of(area, one.name))))
    return planned


def _rows(planned: Iterable[_Planned]) -> list[Donor]:
    with_donor = set(Donor.objects.filter(area__isnull=False).values_list("area", flat=True))
    rows = []
    for one in planned:
        area = one.area
        is_member = bool(
            area and one.is_state and area.un_status == UnStatus.MEMBER
            and area.iso3 not in with_donor
        )  # fmt: skip
        if area and is_member:
            with_donor.add(area.iso3)
        kind = one.new.contributor_type
        rows.append(
            Donor(
                code=one.new.code, names=one.names, area=area, is_member_state=is_member,
                contributor_type_id=kind,
            )
        )  # fmt: skip
    return rows


def _names(rows: Iterable[Donor]) -> list[DonorName]:
    return [
        name
        for row in rows
        for name in (
            *(DonorName.of(row, name, kind=NameKind.OFFICIAL, language=language)
              for language, name in row.names.items()),
            DonorName.of(row, row.code, kind=NameKind.IDENTIFIER),
        )
    ]  # fmt: skip


def _events(rows: Iterable[Donor], by: User | None) -> list[AuditEvent]:
    """As accounts.services.record writes them."""
    return [
        AuditEvent(
            act=ACT, subject=Donor._meta.label_lower, subject_id=str(row.pk), donor_pk=row.pk,
            by=by.uuid if by else None,
            after={
                "code": row.code, "names": row.names, "parent": "", "token": "",
                "contributor_type": row.contributor_type_id, "area": row.area_id or "",
            },
        )
        for row in rows
    ]  # fmt: skip
