"""Changing what is known of a donor: names, identifiers, type, place, who looks after it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from donors.models import Area, ContributorType, Donor, DonorName, IdentifierScheme, NameKind
from donors.names import searchable
from donors.services import DonorExists, DonorNameWrong, donors_called, refuse_unsearchable
from interface.conflicts import EditConflict
from interface.errors import PortalError

# The identifiers that people keep; the code of the portal stays as it is.
SCHEMES = (IdentifierScheme.ERP, IdentifierScheme.IATI, IdentifierScheme.CEB, IdentifierScheme.FTS)


class DonorFactsWrong(PortalError):
    """Facts of a donor that do not fit one another."""


@dataclass(frozen=True)
class DonorFacts:
    """What people may change of a donor. Names are by language code, identifiers by scheme."""

    names: Mapping[str, str]
    contributor_type: ContributorType
    area: Area | None = None
    parent: Donor | None = None
    focal_point: User | None = None
    language: str = ""  # of letters to the donor
    is_unnamed: bool = False
    note: str = ""
    former: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    identifiers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@transaction.atomic
def edit_donor(donor: Donor, facts: DonorFacts, *, version: int, by: User) -> Donor:
    """Put the facts in place of those of `version`; one audit event with both.

    Raises EditConflict when somebody saved since, DonorNameWrong, DonorExists for a name or an
    identifier of another donor, and DonorFactsWrong.
    """
    if not by.may(Permission.EDIT_DONORS):
        raise PermissionDenied
    locked = Donor.objects.select_for_update(of=("self",)).get(pk=donor.pk)
    if locked.merged_into_id:
        raise DonorFactsWrong(_("This donor is merged into another. Change that one."))
    if locked.version != version:
        raise EditConflict()
    _check(locked, facts)
    before = told(locked)
    _replace_official(locked, facts.names)
    _set_facts(locked, facts, by=by)
    _replace(locked, facts.former, kind=NameKind.FORMER)
    _replace(locked, facts.aliases, kind=NameKind.ALIAS)
    for scheme in SCHEMES:
        typed = facts.identifiers.get(scheme, ())
        _replace(locked, typed, kind=NameKind.IDENTIFIER, scheme=scheme)
    after = told(locked)
    changed = [name for name in after if before[name] != after[name]]
    if changed:
        record(
            "edit_donor", locked, by=by,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )  # fmt: skip
    return locked


def told(donor: Donor) -> dict[str, Any]:
    """The facts as the audit trail keeps them."""
    names = list(donor.search_names.order_by("pk"))
    return {
        "names": donor.names,
        "former": [one.name for one in names if one.kind == NameKind.FORMER],
        "aliases": [one.name for one in names if one.kind == NameKind.ALIAS],
        **{
            scheme.value: [
                one.name for one in names
                if one.kind == NameKind.IDENTIFIER and one.scheme == scheme
            ]
            for scheme in SCHEMES
        },
        "contributor_type": donor.contributor_type_id,
        "area": donor.area_id or "",
        "parent": donor.parent.code if donor.parent else "",
        "focal_point": str(donor.focal_point.uuid) if donor.focal_point else "",
        "language": donor.language,
        "is_unnamed": donor.is_unnamed,
        "note": donor.note,
    }  # fmt: skip


def lines(text: str) -> tuple[str, ...]:
    """What was typed one to a line, without repeats, empty lines and spare spaces."""
    typed = (" ".join(line.split()) for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in typed if line))


def _check(donor: Donor, facts: DonorFacts) -> None:
    refuse_unsearchable(facts.names)
    _check_other_names(facts)
    family = set(Donor.objects.with_merged(donor).values_list("pk", flat=True))
    for other in donors_called(facts.names.values()):
        if other.pk not in family and other.pk != donor.merged_into_id:
            raise DonorExists(other)
    if donor.is_member_state and facts.area is None:
        raise DonorFactsWrong(_("A Member State has a country."), field="area")
    _check_parent(donor, facts.parent)
    if facts.focal_point and not facts.focal_point.may(Permission.VIEW_DONORS):
        raise DonorFactsWrong(_("Only staff can be a donor's focal point."), field="focal_point")
    _check_identifiers(donor, facts, family)


def _check_other_names(facts: DonorFacts) -> None:
    for name_of_field, names in (("former_names", facts.former), ("aliases", facts.aliases)):
        for name in names:
            try:
                refuse_unsearchable({"en": name})
            except DonorNameWrong as error:
                raise DonorNameWrong(error.sentence, field=name_of_field) from error


def _check_parent(donor: Donor, parent: Donor | None) -> None:
    """A donor is not a part of itself, nor of one of its own parts."""
    above, seen = parent, set()
    while above is not None and above.pk not in seen:
        if above.pk == donor.pk:
            raise DonorFactsWrong(
                _("A donor cannot be a part of itself or of one of its own parts."),
                field="parent",
            )
        seen.add(above.pk)
        above = above.parent


def _check_identifiers(donor: Donor, facts: DonorFacts, family: set[int]) -> None:
    used = set(
        donor.search_names.filter(kind=NameKind.IDENTIFIER)
        .exclude(scheme__in=SCHEMES)
        .values_list("name", flat=True)
    )
    for scheme, values in facts.identifiers.items():
        for value in values:
            if value in used or not searchable(value):
                raise DonorFactsWrong(
                    _("“%(value)s” cannot stand here: it has no letters or digits, or is another "
                      "identifier of this donor already.") % {"value": value},
                    field=scheme,
                )  # fmt: skip
            used.add(value)
            _refuse_anothers(value, scheme, family)


def _refuse_anothers(value: str, scheme: str, family: set[int]) -> None:
    taken = DonorName.objects.filter(
        kind=NameKind.IDENTIFIER, scheme=scheme, normalized=searchable(value)
    ).exclude(donor__in=family)
    if one := taken.select_related("donor").first():
        raise DonorFactsWrong(
            _("“%(value)s” is the identifier of %(donor)s. If both are one donor, merge them.")
            % {"value": value, "donor": one.donor.name},
            field=scheme,
        )


def _set_facts(donor: Donor, facts: DonorFacts, *, by: User) -> None:
    if donor.is_unnamed != facts.is_unnamed:
        _set_unnamed(donor, facts.is_unnamed, by=by)
    donor.names = dict(facts.names)
    donor.contributor_type, donor.area = facts.contributor_type, facts.area
    donor.parent, donor.focal_point = facts.parent, facts.focal_point
    donor.language, donor.note = facts.language, facts.note
    donor.is_unnamed = facts.is_unnamed
    donor.version += 1
    donor.save()


def _set_unnamed(donor: Donor, is_unnamed: bool, *, by: User) -> None:
    """Entries name the donor they were posted to, so the wish holds for the merged ones too."""
    merged = Donor.objects.with_merged(donor).exclude(pk=donor.pk)
    for other in merged.exclude(is_unnamed=is_unnamed):
        other.is_unnamed = is_unnamed
        other.save(update_fields=["is_unnamed"])
        record(
            "edit_donor", other, by=by,
            before={"is_unnamed": not is_unnamed}, after={"is_unnamed": is_unnamed},
        )  # fmt: skip


def _replace_official(donor: Donor, names: Mapping[str, str]) -> None:
    """Only the donor's own official names: a State is also found by those of its area."""
    for language in {*donor.names, *names}:
        old, new = donor.names.get(language, ""), names.get(language, "")
        if old == new:
            continue
        rows = donor.search_names.filter(kind=NameKind.OFFICIAL, language=language)
        rows.filter(name=old).delete()
        if new and not rows.filter(name=new).exists():
            row = DonorName.of(donor, new, kind=NameKind.OFFICIAL, language=language)
            DonorName.objects.bulk_create([row])


def _replace(donor: Donor, names: Iterable[str], *, kind: str, scheme: str = "") -> None:
    """Rows that stay keep their language; others go or come."""
    wanted = dict.fromkeys(names)
    rows = donor.search_names.filter(kind=kind, scheme=scheme)
    rows.exclude(name__in=wanted).delete()
    standing = set(rows.values_list("name", flat=True))
    for name in wanted:
        if name not in standing:
            row = DonorName.of(donor, name, kind=kind)
            row.scheme = scheme
            DonorName.objects.bulk_create([row])
