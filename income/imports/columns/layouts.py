"""Layouts: named mappings from the columns of a kind of file, recognised by their headings."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from donors.names import searchable
from income.errors import NotAllowed
from income.imports.columns.fields import FIELDS, KINDS, required_fields
from income.imports.columns.plan import Plan, heading_keys
from income.imports.course.findings import Problem
from income.imports.returned.marks import without_marks
from income.imports.sources import Cell
from income.models import ImportLayout
from income.vocabulary import Grade
from interface.errors import PortalError

LONGEST_NAME = ImportLayout._meta.get_field("name").max_length or 0
FEWEST_COLUMNS = 3  # of a layout that is recognised although the file has other columns as well
THOUSANDS = re.compile(
    r"\b(?:000|000s|k|k usd|thousands?|millions?|mln|mio|milliers|miles|millones|тыс\w*|млн"
    r"|миллион\w*|ا?ل?الاف|الف|مليون|ملايين)\b|千|百万|万元|万美元"
)
AMOUNTS = ("amount", "amount_usd")


class LayoutWrong(PortalError):
    """A layout that cannot be saved."""


@dataclass(frozen=True)
class Recognised:
    """A layout with which a file can be read; `new` are keys of headings it does not have."""

    layout: ImportLayout
    is_exact: bool

    @property
    def plan(self) -> Plan:
        return Plan.of_json(self.layout.plan)


def signature_of(headings: Sequence[Cell]) -> str:
    """A digest of the headings in any order, without the portal's own in a file that went back."""
    keys = "\n".join(sorted(heading_keys(without_marks(headings))))
    return hashlib.sha256(keys.encode()).hexdigest()


def layout_for(headings: Sequence[Cell]) -> ImportLayout | None:
    """The layout that reads a file with these headings; `recognise` says how surely."""
    found = recognise(headings)
    return found.layout if found else None


def recognise(headings: Sequence[Cell]) -> Recognised | None:
    """The layout with the same headings, in whatever order, else the one most of whose columns
    are there: all that it reads. People's layouts stand before built-in ones, newer before older.
    """
    layouts = sorted(ImportLayout.objects.all(), key=lambda one: (one.made_by_id is None, -one.pk))
    signature = signature_of(headings)
    for layout in layouts:
        if layout.signature == signature:
            return Recognised(layout, is_exact=True)
    keys = {key for key in heading_keys(headings) if not key.startswith("@")}
    fitting = [
        (len(columns), -place, layout)
        for place, layout in enumerate(layouts)
        if len(columns := set(Plan.of_json(layout.plan).headings)) >= FEWEST_COLUMNS
        and columns <= keys
    ]
    if not fitting:
        return None
    return Recognised(max(fitting, key=lambda one: one[:2])[2], is_exact=False)


@transaction.atomic
def save_layout(name: str, plan: Plan, *, by: User, headings: Sequence[Cell] = ()) -> ImportLayout:
    """Keep a plan under a name, as a new version of the layout that has it already, audited.

    `headings` are all of the file's; without them the layout is recognised by its own columns.
    Raises NotAllowed, LayoutWrong.
    """
    if not by.may(Permission.ENTER_INCOME):
        raise NotAllowed(_("You may not save layouts: you do not enter income."))
    name = " ".join(name.split())
    if not name:
        raise LayoutWrong(_("Give the layout a name."), field="layout_name")
    if len(name) > LONGEST_NAME:
        sentence = _("The name of a layout has at most %(most)s characters. Shorten it.")
        raise LayoutWrong(sentence % {"most": LONGEST_NAME}, field="layout_name")
    signature = signature_of(headings or [*plan.headings, *plan.totals])
    return keep_layout(name, plan, signature, by=by)


def keep_layout(name: str, plan: Plan, signature: str, *, by: User | None) -> ImportLayout:
    """Write a layout, if it is not exactly so already. `by` is nobody for built-in ones, which
    come with the portal and are not audited.
    """
    layout = ImportLayout.objects.select_for_update().filter(name=name).first()
    kept = plan.as_json()
    if layout is None:
        layout = ImportLayout.objects.create(
            name=name, signature=signature, plan=kept, made_by=by
        )  # fmt: skip
        if by:
            record("save_layout", layout, by=by, after=_told(layout))
        return layout
    if (layout.plan, layout.signature) == (kept, signature):
        return layout
    before = _told(layout)
    layout.plan, layout.signature, layout.made_by = kept, signature, by
    layout.version += 1
    layout.save()
    if by:
        record("save_layout", layout, by=by, before=before, after=_told(layout))
    return layout


def _told(layout: ImportLayout) -> dict[str, object]:
    return {"name": layout.name, "version": layout.version, "plan": layout.plan}


def columns_of(plan: Plan, headings: Sequence[Cell]) -> dict[str, int]:
    """Field → column, counted from 0; columns that the sheet does not have are left out."""
    places = {key: place for place, key in enumerate(heading_keys(headings))}
    return {name: places[key] for name, key in plan.columns.items() if key in places}


def wrong_plan(plan: Plan, headings: Sequence[Cell]) -> list[Problem]:
    """Why a file with these headings cannot be read with the plan; all of it stops the file."""
    return list(_wrong(plan, heading_keys(headings)))


def _wrong(plan: Plan, keys: Sequence[str]) -> Iterator[Problem]:
    taken = Counter([*plan.headings, *plan.totals])
    for name, key in [*plan.columns.items(), *(("amount", key) for key in plan.amounts)]:
        if name not in FIELDS:
            yield _problem("no_such_field", name, _("There is no field “%(field)s”."), field=name)
        elif key not in keys:
            sentence = _("The file has no column “%(heading)s” for “%(field)s”. Choose another.")
            yield _problem("missing_column", name, sentence, heading=key, field=FIELDS[name])
        elif taken[key] > 1:
            sentence = _("The column “%(heading)s” is taken for several fields. Choose one.")
            yield _problem("column_twice", name, sentence, heading=key)
        elif name in AMOUNTS and THOUSANDS.search(searchable(key)):
            sentence = _(
                "The column “%(heading)s” says that its amounts are thousands or millions. Write "
                "the full amounts, and another heading."
            )
            yield _problem("in_thousands", name, sentence, heading=key)
    yield from _wrong_amounts(plan)
    yield from _wrong_kind(plan)


def _wrong_amounts(plan: Plan) -> Iterator[Problem]:
    """Of several amounts in a row each says what it is, and no other amount stands beside them."""
    if not plan.amounts:
        return
    for name in AMOUNTS:
        if name in plan.columns:
            sentence = _(
                "A row has several amounts. “%(field)s” cannot be a column beside them: choose "
                "what each amount is for, or that the column is not used."
            )
            yield _problem("amount_beside_amounts", name, sentence, field=FIELDS[name])
    for key, beside in plan.amounts.items():
        if len(plan.amounts) > 1 and not any(beside.values()):
            sentence = _(
                "Several columns hold amounts. Say which fund, year or currency “%(heading)s” is "
                "for."
            )
            yield _problem("amount_of_what", "amount", sentence, heading=key)


def _wrong_kind(plan: Plan) -> Iterator[Problem]:
    if plan.kind and plan.kind not in KINDS:
        sentence = _("“%(kind)s” is no kind that a file can bring.")
        yield _problem("wrong_kind", "kind", sentence, kind=plan.kind)
    elif not plan.kind and "kind" not in plan.columns:
        sentence = _("Say what the rows are: pledges, agreements, receipts or another kind.")
        yield _problem("no_kind", "kind", sentence)
    given = {*plan.columns, *(name for name, text in plan.constants.items() if text)}
    given |= _said_by_amounts(plan)
    for need in required_fields("" if "kind" in plan.columns else plan.kind):
        if not need.is_met(given):
            sentence = _(
                "No column says this: %(need)s. Choose one, or say what holds for all rows."
            )
            yield _problem(f"no_{need.first}", need.first, sentence, need=need)


def _said_by_amounts(plan: Plan) -> set[str]:
    """The fields that every one of several amounts says beside itself."""
    said = [{name for name, text in one.items() if text} for one in plan.amounts.values()]
    return {"amount"}.union(set.intersection(*said)) if said else set()


def _problem(code: str, name: str, sentence: str, **details: object) -> Problem:
    return Problem(Grade.FILE, code, sentence % details if details else sentence, field=name)
