"""How a file may be read: a plan proposed from its headings and its first rows.

Looks at the first rows of every sheet only, whatever the file's length.
"""

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from income.imports.columns import doubts as told
from income.imports.columns.contents import Looks, looks_of
from income.imports.columns.conventions import conventions
from income.imports.columns.doubts import Doubt
from income.imports.columns.fields import LABEL, required_fields
from income.imports.columns.headings import ROWS_SEARCHED, Heading, find_heading
from income.imports.columns.kinds import kind_said
from income.imports.columns.layouts import Recognised, columns_of, recognise
from income.imports.columns.lone_amounts import lone_amount
from income.imports.columns.matching import Candidate, best, candidates, name_scores
from income.imports.columns.plan import Plan, heading_keys
from income.imports.columns.side_by_side import FIELDS, SideBySide, find_side_by_side
from income.imports.columns.words import Words
from income.imports.returned.marks import unmarked
from income.imports.sources import Cell, Sheet, Source
from income.models import ImportLayout
from income.vocabulary import Kind

ROWS_LOOKED_AT = 200
LEAST_OF_A_LAYOUT = 0.6  # of the columns that headings alone would give, to believe its plan


@dataclass(frozen=True)
class Proposal:
    """A plan to start from, the layout it comes from if one is known, and what is not sure."""

    plan: Plan
    layout: ImportLayout | None = None
    doubts: list[Doubt] = field(default_factory=list)


@dataclass(frozen=True)
class _Seen:
    """The beginning of a sheet: its headings and the rows below them."""

    sheet: Sheet
    heading: Heading
    rows: list[list[Cell]]

    def looks(self) -> list[Looks]:
        return [
            looks_of([row[n] if n < len(row) else None for row in self.rows])
            for n in range(self.heading.width)
        ]


def propose(source: Source, *, books_kind_hint: str = "", words: Words | None = None) -> Proposal:
    """A plan for the file. `books_kind_hint` is the kind of its rows where nothing says it.

    `words` are loaded where they are not given. A sheet without rows has no say. Raises
    FileRefused, as reading does.
    """
    known = words or Words.load()
    seen = [found for sheet in source.sheets if (found := _beginning(sheet))]
    if not seen:
        return Proposal(Plan())
    main = max(seen, key=lambda one: (one.heading.score, bool(one.rows)))
    others = [one for one in seen if one is not main]
    matched = candidates(main.heading.parts, main.looks(), known)
    layout = recognise(main.heading.cells)
    if layout and _is_enough(layout, matched):
        return _of_layout(layout, main, others, known)
    return _made(main, others, matched, known, books_kind_hint)


def plan_with(layout: ImportLayout, source: Source) -> Proposal:
    """The file read with a layout that a person named, whatever else would be recognised.

    Raises FileRefused, as reading does.
    """
    seen = [found for sheet in source.sheets if (found := _beginning(sheet))]
    if not seen:
        return Proposal(Plan.of_json(layout.plan), layout)
    wanted = set(Plan.of_json(layout.plan).headings)
    main = max(seen, key=lambda one: (len(wanted & set(heading_keys(one.heading.cells))),
                                      one.heading.score))  # fmt: skip
    others = [one for one in seen if one is not main]
    return _of_layout(Recognised(layout, is_exact=True), main, others, Words.load())


def _beginning(sheet: Sheet) -> _Seen | None:
    rows = unmarked(list(itertools.islice(sheet.rows(), ROWS_LOOKED_AT)), ROWS_SEARCHED)
    if not rows:
        return None
    heading = find_heading(rows)
    below = [row.cells for row in rows if row.number > heading.row]
    width = max([heading.width, *map(len, below)], default=0)
    missing = width - heading.width
    cells, parts = [*heading.cells, *[None] * missing], [*heading.parts, *[[]] * missing]
    wide = Heading(heading.row, heading.rows, cells, parts, heading.score)
    return _Seen(sheet, wide, below)


def _is_enough(layout: Recognised, matched: Sequence[Candidate]) -> bool:
    """A small layout does not take over a larger file in which its few columns happen to be."""
    sure = [one for one in best(matched).values() if one.by_name]
    return layout.is_exact or len(layout.plan.headings) >= LEAST_OF_A_LAYOUT * len(sure)


def _of_layout(layout: Recognised, main: _Seen, others: Sequence[_Seen], words: Words) -> Proposal:
    plan, heading = layout.plan, main.heading
    columns = columns_of(plan, heading.cells)
    amounts = [n for n, key in enumerate(heading_keys(heading.cells)) if key in plan.amounts]
    found, asked = conventions(
        columns, main.rows, plan.decimal_sign, plan.date_order, amounts=amounts
    )
    names = {main.sheet.name, *(one.sheet.name for one in others)}
    sheets = plan.sheets if set(plan.sheets) <= names else ()
    plan = plan.with_(
        header_row=heading.row, header_rows=heading.rows, sheets=sheets, **found
    )  # fmt: skip
    doubts = [*told.of_conventions(asked)]
    if not layout.is_exact:
        sentence = _("Read as “%(layout)s”, though some headings are others. Check the columns.")
        doubts.append(Doubt("layout", 0, "almost", sentence % {"layout": layout.layout}))
    if layout.layout.made_by_id is None:
        doubts += _of_constants(plan)
    doubts += told.of_words(columns, main.looks(), words.with_chosen(plan.values))
    return Proposal(plan, layout.layout, [*doubts, *_of_sheets(plan, main, others, words)])


def _of_constants(plan: Plan) -> list[Doubt]:
    sentence = _("The file does not say this; it is assumed. Check it.")
    return [Doubt(name, 0, "assumed", sentence) for name in plan.constants]


def _made(
    main: _Seen, others: Sequence[_Seen], matched: Sequence[Candidate], words: Words, hint: str
) -> Proposal:
    heading, looks = main.heading, main.looks()
    keys = heading_keys(heading.cells)
    wide = find_side_by_side(heading.cells, main.rows, matched, words)
    matched = _beside(wide, matched)
    kind = kind_said([*matched, *_as_amounts(wide)], heading.parts, main.sheet.name)
    taken = _without_other_days(best(matched, _needed(kind or hint)))
    if not wide.amounts and not {"amount", "amount_usd"} & set(taken):
        used = {one.column for one in taken.values()}
        if lone := lone_amount(used, heading.parts, looks):
            taken["amount"] = lone
    columns = {name: one.column for name, one in taken.items()}
    kind, doubts = _kind_of(kind, hint, {*taken, *_said_by(wide)})
    found, asked = conventions(columns, main.rows, amounts=wide.amounts)
    plan = Plan(
        kind=kind, header_row=heading.row, header_rows=max(heading.rows, 1),
        columns={name: keys[at] for name, at in columns.items()},
        constants=_constants(columns, wide, heading.parts, words),
        amounts={keys[at]: beside for at, beside in wide.amounts.items()},
        totals={keys[at]: common for at, common in wide.totals.items()},
    ).with_(**found)  # fmt: skip
    titles = [str(cell or "") for cell in heading.cells]
    doubts += told.of_columns(taken, matched, titles)
    doubts += told.of_side_by_side(titles[at] for at in wide.amounts)
    doubts += [*told.of_conventions(asked), *told.of_words(columns, looks, words)]
    if not heading.row:
        sentence = _("No row of headings was found. Say what each column is.")
        doubts.append(Doubt("layout", 0, "no_headings", sentence))
    return Proposal(plan, None, [*doubts, *_of_sheets(plan, main, others, words)])


def _beside(wide: SideBySide, matched: Sequence[Candidate]) -> list[Candidate]:
    """What the other columns may be, where amounts stand side by side: none is an amount too."""
    if not wide.amounts:
        return list(matched)
    taken = {"amount", "amount_usd", *_said_by(wide)}
    return [one for one in matched if one.column not in wide.columns and one.field not in taken]


def _as_amounts(wide: SideBySide) -> list[Candidate]:
    return [Candidate(LABEL, "amount", at, LABEL) for at in wide.amounts]


def _said_by(wide: SideBySide) -> set[str]:
    return {name for name in FIELDS if wide.says(name)}


def _without_other_days(taken: dict[str, Candidate]) -> dict[str, Candidate]:
    """Where a heading says that there is a year, some other column of days is not the date."""
    year, day = taken.get("year"), taken.get("date")
    if year and day and year.by_name and not day.by_name:
        del taken["date"]
    return taken


def _needed(kind: str) -> set[str]:
    needs = required_fields(kind)
    return {name for need in needs for names in need.any_of[:1] for name in names}


def _kind_of(said: str, hint: str, taken: Collection[str]) -> tuple[str, list[Doubt]]:
    """The kind of rows that do not say their own; whether it is a mere guess."""
    if "kind" in taken:
        return "", []
    if not said and "year" in taken and "date" not in taken:
        said = Kind.AUDITED_REVENUE.value
    if said or hint:
        return said or hint, []
    sentence = _("Nothing says what the rows are. They are taken for receipts: check it.")
    return Kind.RECEIPT.value, [Doubt("kind", 0, "assumed", sentence)]


def _constants(
    columns: Mapping[str, int], wide: SideBySide, headings: Sequence[Sequence[str]], words: Words
) -> dict[str, str]:
    """The currency that the heading of the amounts names (“Amount EUR”), where no column does;
    of amounts side by side, that of their total."""
    if "currency" in columns or any("currency" in one for one in wide.amounts.values()):
        return {}
    places = [columns["amount"]] if "amount" in columns else list(wide.totals)
    for part in (part for at in places for part in headings[at]):
        for word in part.split():
            if len(word) == 3 and (code := words.currency(word)) == word.upper():
                return {"currency": code}
    return {}


def _of_sheets(plan: Plan, main: _Seen, others: Sequence[_Seen], words: Words) -> list[Doubt]:
    """Other sheets that hold rows as well, and would not be read with this plan."""
    doubts = []
    wanted = set(plan.headings)
    for one in others:
        keys = set(heading_keys(one.heading.cells))
        has_same = bool(wanted) and wanted <= keys
        if has_same and one.heading.row == plan.header_row:
            continue
        named = {name for parts in one.heading.parts for name in name_scores(parts)}
        has_money = bool(named & {"amount", "amount_usd"} and len(named) > 2)
        wide = find_side_by_side(one.heading.cells, one.rows, (), words)
        if one.rows and (has_same or has_money or wide.amounts):
            sentence = _(
                "The sheet “%(sheet)s” has its headings elsewhere, or others, and is not read. "
                "Bring it in separately."
            )
            doubts.append(Doubt("sheets", 0, "other_sheet", sentence % {"sheet": one.sheet.name}))
    return doubts
