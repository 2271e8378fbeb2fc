"""Writes of the donors floor."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from accounts.models import AuditEvent, User
from accounts.services import record
from donors.lookalikes import look_alikes
from donors.models import Area, ContributorType, Donor, DonorName, NameKind
from donors.names import searchable
from interface.errors import PortalError

ACT = "add_donor"
LONGEST_NAME = 300
LONGEST_CODE = 40
SHORTEST_TELLING = 3  # letters; a shorter name is contained in too many others
MOST_NAMED = 5
SUFFIX_ROOM = 4
MOST_ATTEMPTS = 5  # to find a code that nobody takes in the same moment


class DonorNameWrong(PortalError):
    """A name that cannot be searched by: without letters, or far too long."""


class DonorKnown(PortalError):
    """The donor, or one very like it, is there already; `donors` are the ones meant."""

    may_be_another = False  # whether a person may say that it is another donor all the same

    def __init__(self, sentence: str, donors: Sequence[Donor]) -> None:
        super().__init__(sentence, field="name_en")
        self.donors = tuple(donors)


class DonorExists(DonorKnown):
    def __init__(self, donor: Donor) -> None:
        super().__init__(
            _("%(name)s is there already, with the code %(code)s. Use it instead.")
            % {"name": donor.name, "code": donor.code},
            [donor],
        )


class DonorLooksKnown(DonorKnown):
    may_be_another = True

    def __init__(self, donors: Sequence[Donor]) -> None:
        super().__init__(
            _(
                "The name is very like that of %(names)s. "
                "If it is another donor, say so below and add it again."
            )
            % {"names": "; ".join(donor.name for donor in donors)},
            donors,
        )


@transaction.atomic
def add_donor(
    *,
    names: Mapping[str, str],
    contributor_type: ContributorType,
    by: User,
    area: Area | None = None,
    parent: Donor | None = None,
    token: str = "",
    is_another: bool = False,
) -> Donor:
    """Add a donor with its names by language code; the English one is always given.

    The same token again returns the donor it added. Raises DonorNameWrong, DonorExists for a
    donor with exactly one of the names, and DonorLooksKnown for names contained in one another,
    unless `is_another` says that it was looked at.
    """
    given = {language: " ".join(name.split()) for language, name in names.items() if name.strip()}
    refuse_unsearchable(given)
    for left in reversed(range(MOST_ATTEMPTS)):
        if existing := _added_before(given, token):
            return existing
        if not is_another and (similar := similar_donors(given.values())):
            raise DonorLooksKnown(similar)
        row = Donor(names=given, contributor_type=contributor_type, area=area, parent=parent)
        try:
            return _insert(row, by=by, token=token)
        except IntegrityError:  # somebody took the code since it was looked up: look again
            if not left:
                raise
    raise AssertionError("the last attempt returns or raises")


def _added_before(names: Mapping[str, str], token: str) -> Donor | None:
    """The donor that the token added. Raises DonorExists when the names are another's."""
    existing = donor_called(names.values())
    if existing and not (token and _was_added_with(existing, token)):
        raise DonorExists(existing)
    return existing


@transaction.atomic  # inside another: a savepoint, so that only this is undone
def _insert(donor: Donor, *, by: User, token: str) -> Donor:
    donor.code = _free_code(donor.names["en"])
    donor.save(force_insert=True)
    _add_search_names(donor)
    after = {
        "code": donor.code,
        "names": donor.names,
        "contributor_type": donor.contributor_type.code,
        "area": donor.area.iso3 if donor.area else "",
        "parent": donor.parent.code if donor.parent else "",
        "token": token,
    }
    record(ACT, donor, by=by, after=after)
    return donor


def donor_called(names: Iterable[str]) -> Donor | None:
    """A donor one of whose names is exactly one of these, or that it was merged into."""
    return next(iter(donors_called(names)), None)


def donors_called(names: Iterable[str]) -> list[Donor]:
    """All such donors, each as it is today."""
    wanted = [searchable(name) for name in names]
    found = DonorName.objects.filter(normalized__in=wanted).order_by("donor")
    donors = list(found.values_list("donor", flat=True).distinct())
    standing = Donor.objects.become(donors)
    return list(dict.fromkeys(standing[pk] for pk in donors))


def similar_donors(names: Iterable[str]) -> list[Donor]:
    """Donors whose name contains one of these or is contained in it as whole words, then those
    with the same words in another order or almost the same letters.
    """
    found: dict[int, None] = {}
    for wanted in map(searchable, names):
        if len(wanted) < SHORTEST_TELLING:
            continue
        known = DonorName.objects.exclude(kind=NameKind.IDENTIFIER)
        words = Concat(Value(" "), F("normalized"), Value(" "))
        rows = known.filter(normalized__contains=wanted) | known.alias(
            typed=Value(f" {wanted} ")
        ).filter(typed__contains=words)
        found.update(dict.fromkeys(rows.order_by("pk").values_list("donor", flat=True)))
        found.update(dict.fromkeys(look_alikes(wanted)))
    standing = Donor.objects.become(found)
    return list(dict.fromkeys(standing[pk] for pk in found if pk in standing))[:MOST_NAMED]


def refuse_unsearchable(names: Mapping[str, str]) -> None:
    """Raise DonorNameWrong for names, by language code, that nobody could find."""
    if "en" not in names:
        raise DonorNameWrong(_("A donor needs a name in English."), field="name_en")
    for language, name in names.items():
        field = "name_" + language.partition("-")[0]
        if not searchable(name):
            raise DonorNameWrong(
                _("“%(name)s” has no letters. Write the donor's name.") % {"name": name},
                field=field,
            )
        if max(len(name), len(searchable(name))) > LONGEST_NAME:
            raise DonorNameWrong(
                _("The name is too long. Shorten it to %(count)s characters.")
                % {"count": LONGEST_NAME},
                field=field,
            )


def _was_added_with(donor: Donor, token: str) -> bool:
    events = AuditEvent.objects.filter(subject="donors.donor", subject_id=str(donor.pk), act=ACT)
    return any(event.after.get("token") == token for event in events)


def _free_code(name: str) -> str:
    """A code that reads like the name, such as WORLD_BANK_GROUP, and is nobody else's."""
    base = _code_like(name) or "DONOR"
    taken = Donor.objects.filter(code__istartswith=base).values_list("code", flat=True)
    return code_from(name, {code.upper() for code in taken})


def code_from(
    name: str, taken: Collection[str], *, longest: int = LONGEST_CODE, otherwise: str = "DONOR"
) -> str:
    """A code that reads like the name and is not `taken` (codes in capitals); `otherwise` stands
    for a name without Latin letters.
    """
    base = _code_like(name, longest) or otherwise

    def numbered(number: int) -> str:
        suffix = f"_{number}" if number > 1 else ""
        return base[: longest - len(suffix)] + suffix

    low, high = 0, 1  # thousands of names may have one base: not one number after the other
    while numbered(high) in taken:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if numbered(middle) in taken else (low, middle)
    return numbered(high)


def _code_like(name: str, longest: int = LONGEST_CODE) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    return re.sub(r"[^A-Z0-9]+", "_", plain)[: longest - SUFFIX_ROOM].strip("_")


def _add_search_names(donor: Donor) -> None:
    rows = [
        DonorName.of(donor, name, kind=NameKind.OFFICIAL, language=language)
        for language, name in donor.names.items()
    ]
    rows.append(DonorName.of(donor, donor.code, kind=NameKind.IDENTIFIER))
    DonorName.objects.bulk_create(rows)
