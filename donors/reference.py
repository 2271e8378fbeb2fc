"""Loads regions, areas, contributor types and donors from fixtures/, and reads such tables.

Every load may be repeated: rows are inserted or refreshed, never removed, and what people entered
(merges, further names, donors of their own) stays.
"""

import datetime
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from donors.models import Area, ContributorType, Donor, DonorName, NameKind, Region
from interface.errors import PortalError

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
# The ending of a column with a name -> the language code of that name.
LANGUAGES = {"en": "en", "fr": "fr", "es": "es", "ru": "ru", "ar": "ar", "zh": "zh-hans"}
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
TOO_MANY_CELLS = re.compile(r"Expected ([0-9]+) fields in line ([0-9]+), saw ([0-9]+)")
# Columns of a donor that no table holds. One whose facts people edited is left alone altogether.
OF_PEOPLE = ["uuid", "created_at", "parent", "merged_into", "merged_on", "is_unnamed",
             "focal_point", "language", "version"]  # fmt: skip
Stored = TypeVar("Stored", bound=models.Model)


class TableFileWrong(PortalError):
    """A table file that cannot be taken over; the sentence names the file, and the line if any.

    `reason` is what is wrong, without the place.
    """

    def __init__(self, path: Path, reason: str, *, line: int | None = None) -> None:
        self.reason = reason
        where = _("%(file)s, line %(line)s") if line else "%(file)s"
        file = "/".join(filter(None, (path.parent.name, path.name)))
        super().__init__(f"{where % {'file': file, 'line': line}}: {reason}")


@dataclass(frozen=True)
class Row:
    """One line of a table file, its cells by column. Reading a wrong cell raises TableFileWrong."""

    path: Path
    line: int  # counted from 1; the header is line 1
    cells: Mapping[str, str]

    def wrong(self, sentence: str) -> TableFileWrong:
        return TableFileWrong(self.path, sentence, line=self.line)

    def text(self, column: str) -> str:
        """The cell; it may be empty."""
        if column not in self.cells:
            raise self.wrong(_("the column “%(column)s” is missing.") % {"column": column})
        return self.cells[column]

    def required(self, column: str) -> str:
        if value := self.text(column):
            return value
        raise self.wrong(_("“%(column)s” is empty.") % {"column": column})

    def decimal(self, column: str, *, places: int) -> Decimal:
        """An exact number with at most that many decimals."""
        value = self.required(column)
        if not NUMBER.fullmatch(value):
            raise self.wrong(_("“%(value)s” is not a number.") % {"value": value})
        if len(value.partition(".")[2]) > places:
            raise self.wrong(
                _("%(value)s has more than %(places)s decimals.")
                % {"value": value, "places": places}
            )
        return Decimal(value)

    def whole(self, column: str) -> int:
        return int(self.decimal(column, places=0))

    def day(self, column: str) -> datetime.date:
        """A date written as 2021-12-31."""
        value = self.required(column)
        try:
            if DAY.fullmatch(value):
                return datetime.date.fromisoformat(value)
        except ValueError:
            pass
        raise self.wrong(
            _("“%(value)s” is not a date. Dates are written like 2021-12-31.") % {"value": value}
        )

    def flag(self, column: str) -> bool:
        """1 for yes, 0 for no."""
        value = self.required(column)
        if value not in {"0", "1"}:
            raise self.wrong(_("“%(column)s” is neither 1 nor 0.") % {"column": column})
        return value == "1"

    def known(self, column: str, codes: Collection[str]) -> str:
        """A code that is one of the codes."""
        value = self.required(column)
        if value not in codes:
            raise self.wrong(
                _("“%(value)s” in “%(column)s” is not known.") % {"value": value, "column": column}
            )
        return value

    def known_or_none(self, column: str, codes: Collection[str]) -> str | None:
        return self.known(column, codes) if self.text(column) else None

    def names(self, prefix: str = "name") -> dict[str, str]:
        """Names by language code, without empty ones; the English one is always there."""
        self.required(f"{prefix}_en")
        columns = {f"{prefix}_{ending}": code for ending, code in LANGUAGES.items()}
        return {code: self.cells[name] for name, code in columns.items() if self.cells.get(name)}

    def checked(self, instance: Stored) -> Stored:
        """The instance, when its own columns accept their values; references are not looked up."""
        references = {f.name for f in instance._meta.concrete_fields if f.is_relation}
        try:
            instance.clean_fields(exclude=references)
        except ValidationError as error:
            column, sentences = next(iter(error.message_dict.items()))
            raise self.wrong(f"{column}: {sentences[0]}") from error
        return instance


def read_table(path: Path, content: bytes | None = None) -> list[Row]:
    """Every line that is not blank of a comma-separated UTF-8 file. Raises TableFileWrong."""
    import pandas  # half a second, which only who loads a table has to wait

    opened = path if content is None else BytesIO(content)  # then the path only names it
    try:
        frame = pandas.read_csv(
            opened, dtype=str, keep_default_na=False, skip_blank_lines=False, encoding="utf-8-sig"
        )
    except OSError as error:
        raise TableFileWrong(path, _("the file is missing or cannot be read.")) from error
    except ValueError as error:  # of parsing, and text that is not UTF-8
        raise _not_a_table(path, str(error)) from error
    if not isinstance(frame.index, pandas.RangeIndex):
        raise TableFileWrong(path, _("the lines have more cells than the header."))
    return [
        Row(path, line, cells)
        for line, record in enumerate(frame.to_dict("records"), start=2)
        if any((cells := {name: cell.strip() for name, cell in record.items()}).values())
    ]


def _not_a_table(path: Path, reason: str) -> TableFileWrong:
    if found := TOO_MANY_CELLS.search(reason):
        return TableFileWrong(
            path,
            _("%(found)s cells; the header has %(expected)s.")
            % {"found": found[3], "expected": found[1]},
            line=int(found[2]),
        )
    return TableFileWrong(path, _("the file is not a comma-separated UTF-8 table."))


def read_rows(folder: Path, name: str, *, unique: Sequence[str]) -> list[Row]:
    """The rows of one reference table; the columns of `unique` together never repeat."""
    rows = read_table(folder / name)
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row.required(column) for column in unique)
        if key in first:
            raise row.wrong(
                _("%(key)s stands on line %(line)s already.")
                % {"key": ", ".join(key), "line": first[key]}
            )
        first[key] = row.line
    return rows


def upsert(
    model: type[Stored], rows: Sequence[Stored], *, by: str = "code", keep: Collection[str] = ()
) -> int:
    """Insert the rows, or refresh those with the same `by`; columns of `keep` are left alone."""
    refreshed = [
        field.name
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in {by, *keep}
    ]
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=[by], update_fields=refreshed
    )
    return len(rows)


def codes_of(model: type[models.Model]) -> set[str]:
    """The primary keys of a table whose keys are codes."""
    return set(model._default_manager.values_list("pk", flat=True))


def load(folder: Path = FIXTURES) -> dict[str, int]:
    """Load everything of this floor; the number of rows by kind. Raises TableFileWrong."""
    return {
        "regions": load_regions(folder),
        "areas": load_areas(folder),
        "contributor types": load_contributor_types(folder),
        "donors": load_donors(folder),
    }


def load_regions(folder: Path) -> int:
    rows = read_rows(folder, "regions.csv", unique=["code"])
    return upsert(Region, [row.checked(_region(row)) for row in rows])


def _region(row: Row) -> Region:
    return Region(code=row.text("code"), names=row.names(), order=row.whole("order"))


def load_areas(folder: Path) -> int:
    regions = codes_of(Region)
    rows = read_rows(folder, "areas.csv", unique=["iso3"])
    return upsert(Area, [row.checked(_area(row, regions)) for row in rows], by="iso3")


def _area(row: Row, regions: set[str]) -> Area:
    return Area(
        iso3=row.text("iso3"), iso2=row.required("iso2"), m49=row.required("m49"),
        names=row.names(), formal_name=row.text("formal_name_en"),
        un_status=row.text("un_status"), region_id=row.known_or_none("region", regions),
        region_basis=row.text("region_basis"), regional_group=row.text("un_regional_group"),
        is_ldc=row.flag("is_ldc"), is_lldc=row.flag("is_lldc"), is_sids=row.flag("is_sids"),
        source=row.text("source"),
    )  # fmt: skip


def load_contributor_types(folder: Path) -> int:
    rows = read_rows(folder, "contributor_types.csv", unique=["code"])
    return upsert(ContributorType, [row.checked(_contributor_type(row)) for row in rows])


def _contributor_type(row: Row) -> ContributorType:
    return ContributorType(
        code=row.text("code"), names=row.names(), description=row.text("description_en"),
        order=row.whole("order"),
    )  # fmt: skip


def load_donors(folder: Path) -> int:
    rows = read_rows(folder, "donors.csv", unique=["code"])
    types, areas = codes_of(ContributorType), Area.objects.in_bulk()
    edited = set(Donor.objects.filter(version__gt=1).values_list("code", flat=True))
    loaded = [row for row in rows if row.text("code") not in edited]
    upsert(Donor, [row.checked(_donor(row, types, areas)) for row in loaded], keep=OF_PEOPLE)
    stored = Donor.objects.in_bulk([row.text("code") for row in rows], field_name="code")
    _set_parents(loaded, stored)
    names = {
        (name.donor_id, name.language, name.kind, name.name): row.checked(name)
        for row in loaded
        for name in _search_names(row, stored[row.text("code")], areas)
    }
    DonorName.objects.bulk_create(
        names.values(),
        update_conflicts=True,
        unique_fields=["donor", "language", "kind", "name"],
        update_fields=["normalized"],
    )
    return len(rows)


def _donor(row: Row, types: set[str], areas: Mapping[str, Area]) -> Donor:
    return Donor(
        code=row.text("code"), names=row.names(), note=row.text("note"),
        contributor_type_id=row.known("contributor_type", types),
        area_id=row.known_or_none("iso3", areas),
        is_member_state=row.flag("is_member_state"), source=row.text("source"),
    )  # fmt: skip


def _set_parents(rows: Sequence[Row], stored: Mapping[str, Donor]) -> None:
    """In a second step, because a donor may stand before the one it is a part of."""
    for row in rows:
        code = row.known_or_none("parent", stored)
        stored[row.text("code")].parent = stored[code] if code else None
    Donor.objects.bulk_update(stored.values(), ["parent"])


def _search_names(row: Row, donor: Donor, areas: Mapping[str, Area]) -> Iterator[DonorName]:
    """What a donor is found by. A State is also found by the names and codes of its area."""
    area = areas.get(donor.code)
    official = [*donor.names.items(), *(area.names.items() if area else ())]
    if area and area.formal_name:
        official.append(("en", area.formal_name))
    for language, name in official:
        yield DonorName.of(donor, name, kind=NameKind.OFFICIAL, language=language)
    for alias in filter(None, row.text("aliases").split("|")):
        yield DonorName.of(donor, alias.strip(), kind=NameKind.ALIAS)
    for identifier in (donor.code, *((area.iso2,) if area else ())):
        yield DonorName.of(donor, identifier, kind=NameKind.IDENTIFIER)
