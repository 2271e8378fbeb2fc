"""New donors that an import makes: proposed one by one or all together, made when it is posted."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from donors.adding import NewDonor, NewDonorsWrong, add_donors, is_name_of, refuse_wrong
from donors.directory import GOVERNMENT
from donors.likely import LikelyNames, Why
from donors.models import Area, Donor, DonorName, NameKind
from donors.names import searchable
from donors.recognising import visible, written
from donors.services import DonorNameWrong, code_from, refuse_unsearchable
from income.imports.choices import Choices
from income.imports.course.report import UnknownName

# The bulk decisions of the page.
CREATE = "create"  # a new donor for every name without a suggestion
TAKE = "take"  # the only suggestion, where its letters are almost the same
LEAVE_OUT = "leave_out"  # the rows of all that is left
OTHER = "C08B"
# Words of names that tell the contributor type, in their search form; the first that fits.
TELLING = (
    ("C07", ("university", "universite", "universidad", "universitat", "college", "университет")),
    ("C05", ("foundation", "fondation", "fundacion", "stiftung", "фонд")),
    ("C06", ("inc", "ltd", "limited", "gmbh", "llc", "plc", "corporation", "corp", "company")),
    ("C02", ("ngo", "charity", "association", "society", "committee", "church", "cross")),
    (GOVERNMENT, ("government", "ministry", "ministere", "ministerio", "министерство", "city",
                  "municipality")),
)  # fmt: skip


def new_donors_of(choices: Choices) -> list[NewDonor]:
    """The new donors of the choices in the order of their codes, each once."""
    found: dict[str, NewDonor] = {}
    for _key, choice in sorted(choices.donors.items()):
        new = choice.get("new") if isinstance(choice, Mapping) else None
        if isinstance(new, Mapping) and (one := _new_donor(new)).code:
            found.setdefault(one.code, one)
    return [found[code] for code in sorted(found)]


def _new_donor(new: Mapping[str, Any]) -> NewDonor:
    values = {name: str(new.get(name) or "").strip() for name in NewDonor.__dataclass_fields__}
    return NewDonor(**{**values, "name": " ".join(values["name"].split())})


def check_donor_choices(choices: Choices) -> None:
    """Raise NewDonorsWrong for new donors that cannot be made as they were described, or that
    two names of the file describe differently under one code.
    """
    new = new_donors_of(choices)
    by_code = {one.code: one for one in new}
    for choice in choices.donors.values():
        wanted = choice.get("new") if isinstance(choice, Mapping) else None
        if not wanted:
            continue
        one = _new_donor(wanted) if isinstance(wanted, Mapping) else NewDonor("", "", "")
        if by_code.get(one.code) != one:
            raise NewDonorsWrong(
                _("“%(name)s” is described in two ways. Choose one donor for both names.")
                % {"name": one.name or one.code}
            )
    refuse_wrong(new)


def make_new(
    choices: Choices, *, by: User | None, at: datetime.datetime | None = None
) -> dict[str, int]:
    """Make the new donors inside the caller's transaction; primary keys by code.

    Raises NewDonorsWrong (NewDonorTaken: a code or name is somebody's by now, check again).
    """
    check_donor_choices(choices)
    return add_donors(new_donors_of(choices), by=by, at=at)


def codes_taken(choices: Choices) -> set[str]:
    """In capitals: every code and identifier of a donor, and the codes the choices gave out."""
    taken = {code.upper() for code in Donor.objects.values_list("code", flat=True)}
    known = DonorName.objects.filter(kind=NameKind.IDENTIFIER).values_list("name", flat=True)
    taken |= {name.upper() for name in known}
    return taken | {one.code.upper() for one in new_donors_of(choices)}


def new_donor_choice(
    text: str, *, contributor_type: str = "", iso3: str = "", taken: set[str],
    areas: Mapping[str, Area] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A new donor for the text, as a choice; its code is then in `taken` (`codes_taken`).

    Without `areas` (by ISO3) the country is looked up. Raises DonorNameWrong for a text that
    cannot be a name.
    """
    name, iso3 = visible(text), visible(iso3).upper()
    refuse_unsearchable({"en": name})
    if areas is None:
        areas = Area.objects.in_bulk([iso3] if iso3 else [])
    area, code = areas.get(iso3), ""
    kind = contributor_type or likely_type(name)
    if area and (own := _own_name(area, name)) and (not contributor_type or kind == GOVERNMENT):
        name, kind = own, GOVERNMENT
        code = iso3 if iso3 not in taken else ""
    code = code or code_from(name, taken)
    taken.add(code)
    return {"new": {"code": code, "name": name, "contributor_type": kind,
                    "iso3": area.iso3 if area else ""}}  # fmt: skip


def _own_name(area: Area, text: str) -> str:
    """The area's English name where the text is one of its names, or its government's."""
    forms = (searchable(text), *written(text).names)
    return area.names["en"] if any(is_name_of(area, form) for form in forms) else ""


def likely_type(name: str) -> str:
    """The contributor type that the words of a name suggest, else the one for others."""
    words = set(searchable(name).split())
    for code, telling in TELLING:
        if words & {searchable(word) for word in telling}:
            return code
    return GOVERNMENT if written(name).is_government else OTHER


def choose_for_all(
    unknown: Sequence[UnknownName], *, how: str, choices: Choices | None = None
) -> dict[str, dict[str, Any]]:
    """What CREATE, TAKE or LEAVE_OUT decides, as choices by key, for names that have none yet, or
    have one that was no help when the file was checked.

    Of new names that look like one another CREATE makes the first: the others wait for a person.
    """
    choices = choices or Choices()
    left = [one for one in unknown
            if one.key and choices.donors.get(one.key, one.choice) == one.choice]  # fmt: skip
    if how == LEAVE_OUT:
        return {one.key: {"leave_out": True} for one in left}
    if how == TAKE:
        alike = ((one, _only_like(one)) for one in left)
        return {one.key: {"donor": code, "text": one.text} for one, code in alike if code}
    return _new_for(_unlike([one for one in left if not _is_suggested(one)]), choices)


def _unlike(names: Sequence[UnknownName]) -> list[UnknownName]:
    """Without those that look like one before: once that is a donor, it is suggested for them."""
    index = LikelyNames((one.key, place) for place, one in enumerate(names))
    kept: dict[int, UnknownName] = {}
    for place, one in enumerate(names):
        if not any(like.donor in kept for like in index.of(one.key)):
            kept[place] = one
    return list(kept.values())


def _only_like(one: UnknownName) -> str:
    telling = [like for like in one.suggestions if like.get("reason") != Why.COUNTRY]
    is_clear = len(telling) == 1 and telling[0].get("reason") == Why.ALMOST
    return telling[0]["code"] if is_clear else ""


def _is_suggested(one: UnknownName) -> bool:
    """The same country alone is none, where the file says that it is no government."""
    is_private = one.contributor_type not in ("", GOVERNMENT)
    return any(like.get("reason") != Why.COUNTRY or not is_private for like in one.suggestions)


def _new_for(names: Sequence[UnknownName], choices: Choices) -> dict[str, dict[str, Any]]:
    taken, areas = codes_taken(choices), Area.objects.in_bulk()
    chosen: dict[str, dict[str, Any]] = {}
    for one in names:
        try:
            chosen[one.key] = new_donor_choice(
                one.text, contributor_type=one.contributor_type, iso3=one.iso3, taken=taken,
                areas=areas,
            )  # fmt: skip
        except DonorNameWrong:  # stays for a person to decide
            continue
    return chosen
