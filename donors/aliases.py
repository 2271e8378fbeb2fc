"""Names that donors turned out to be called by, kept so that they are found the next time."""

from collections.abc import Iterable

from django.db.models import F

from accounts.models import User
from accounts.services import record
from donors.directory import Directory
from donors.models import Donor, DonorName, NameKind
from donors.names import searchable
from donors.recognising import visible

LONGEST = DonorName._meta.get_field("name").max_length or 0


def remember_names(named: Iterable[tuple[str, str]], *, by: User | None) -> int:
    """Keep each text as an alias of the donor with the code, inside the caller's transaction.

    Passed over is what is somebody's name already, the donor's or another's, what cannot be a
    name, and codes that nobody has. One audit event for each donor; returns how many were kept.
    """
    directory = Directory()
    wanted: dict[int, list[str]] = {}
    seen: set[str] = set()
    for text, code in named:
        name, donor = visible(text), directory.donor_of_code(code)
        form = searchable(name)
        if donor is None or not form or form in seen or len(name) > LONGEST:
            continue
        if not directory.of_name(name):
            seen.add(form)
            wanted.setdefault(donor.pk, []).append(name)
    locked = Donor.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    return sum(_add(donor, wanted[donor.pk], by) for donor in locked)


def _add(donor: Donor, names: list[str], by: User | None) -> int:
    """As `donors.editing.edit_donor` would: who has the donor's form open is told of the change."""
    has = set(donor.search_names.values_list("normalized", flat=True))
    before = list(
        donor.search_names.filter(kind=NameKind.ALIAS).order_by("pk").values_list("name", flat=True)
    )
    new = [DonorName.of(donor, name, kind=NameKind.ALIAS) for name in names]
    new = [one for one in new if one.normalized not in has]
    if new:
        DonorName.objects.bulk_create(new)
        Donor.objects.filter(pk=donor.pk).update(version=F("version") + 1)
        after = {"aliases": [*before, *(one.name for one in new)]}
        record("edit_donor", donor, by=by, before={"aliases": before}, after=after)
    return len(new)
