"""How a file is read: its columns, what all rows are, conventions, words, the name of a layout."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from income.forms import imports_amounts as side_by_side
from income.imports.columns.conventions import conventions
from income.imports.columns.fields import CODE, FIELDS
from income.imports.columns.layouts import wrong_plan
from income.imports.columns.options import Options, options_of
from income.imports.columns.plan import Plan
from income.imports.looking import ORDERS, SIGNS, Column, Look, Word

SEEN_AT_ONCE = ("fund", "currency", "year", "date", "donor", "region")
CONSTANTS = (
    *SEEN_AT_ONCE, "title", "instrument", "earmarking", "programme", "area", "support_rate",
    "reference", "year_for",
)  # fmt: skip
NEEDED = ("kind", "fund", "currency")  # a word of these cannot mean nothing
NOTHING = "-"  # the choice that a word says nothing
NOT_USED = gettext_lazy("– not used –")
NOT_SAID = gettext_lazy("– say what it is –")
SIGNS_SAID = {".": gettext_lazy("Point: 19,234.56"), ",": gettext_lazy("Comma: 19.234,56")}
ORDERS_SAID = {
    "ymd": gettext_lazy("Year, month, day: 2021-12-31"),
    "dmy": gettext_lazy("Day, month, year: 31.12.2021"),
    "mdy": gettext_lazy("Month, day, year: 12/31/2021"),
}


@dataclass(frozen=True)
class ColumnRow:
    """A column with its select, and what makes its proposal doubtful."""

    column: Column
    field: BoundField
    doubt: str
    beside: list[BoundField]  # of one of several amounts: its fund, year, currency


@dataclass(frozen=True)
class WordRow:
    word: Word
    field: BoundField


class PlanForm(forms.Form):
    """A plan as a page shows it; `plan()` is what was typed, over the plan it began with."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    layout_name = forms.CharField(
        label=gettext_lazy("Save this layout as"),
        help_text=gettext_lazy("The next file with these headings is then read the same way."),
        max_length=80,
        required=False,
    )

    def __init__(
        self, *args: Any, plan: Plan, seen: Look, words: Mapping[str, list[Word]],
        doubts: Mapping[int, str], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.base, self.seen, self.words, self.doubts = plan, seen, words, doubts
        kinds = [("", _("As a column says")), *options_of("kind")]
        self.fields["kind"] = forms.ChoiceField(
            label=_("What the rows are"), choices=kinds, required=False, initial=plan.kind
        )
        self._add_columns()
        for name in CONSTANTS:
            self.fields[f"constant_{name}"] = _constant(name, plan.constants.get(name, ""))
        self._add_conventions()
        self._add_words()

    def _add_columns(self) -> None:
        choices = [("", NOT_USED), *((code, str(one)) for code, one in FIELDS.items())]
        choices.append((side_by_side.TOTAL, side_by_side.TOTAL_SAID))
        for column in self.seen.columns:
            self.fields[f"column_{column.number}"] = forms.ChoiceField(
                label=_("Column %(letter)s, “%(heading)s”")
                % {"letter": column.letter, "heading": column.heading},
                choices=choices, required=False,
                initial=side_by_side.said_at_first(self.base, column),
            )  # fmt: skip
        typed = self.data if self.is_bound else None
        self.amounts = side_by_side.several_amounts(self.base, self.seen.columns, typed)
        self.fields |= dict(side_by_side.beside_fields(self.base, self.amounts))

    def _add_conventions(self) -> None:
        self.fields["decimal_sign"] = forms.ChoiceField(
            label=_("Decimal sign of amounts"), required=False, initial=self.base.decimal_sign,
            choices=[(one, SIGNS_SAID[one]) for one in SIGNS], widget=forms.RadioSelect,
        )  # fmt: skip
        self.fields["date_order"] = forms.ChoiceField(
            label=_("Order of dates"), required=False, initial=self.base.date_order,
            choices=[(one, ORDERS_SAID[one]) for one in ORDERS], widget=forms.RadioSelect,
        )  # fmt: skip

    def _add_words(self) -> None:
        for name, several in self.words.items():
            nothing = [] if name in NEEDED else [(NOTHING, _("– it says nothing –"))]
            choices = [("", NOT_SAID), *nothing, *options_of(name)]
            for number, word in enumerate(several):
                self.fields[f"word_{name}_{number}"] = forms.ChoiceField(
                    label=_("“%(text)s”") % {"text": word.text}, choices=choices,
                    required=False, initial=NOTHING if word.code == "" else word.code or "",
                )  # fmt: skip

    def standing_columns(self) -> dict[str, str]:
        """Field → heading as the form shows it now, also where something is wrong in it."""
        found = {}
        for column in self.seen.columns:
            if (name := self[f"column_{column.number}"].value()) in FIELDS:
                found[name] = column.key
        return found

    def standing_amounts(self) -> list[str]:
        """The headings of several amounts in a row, as the form shows them now."""
        return [column.key for column in self.amounts]

    def column_rows(self) -> Iterator[ColumnRow]:
        for column in self.seen.columns:
            bound = self[f"column_{column.number}"]
            beside = side_by_side.names_beside(column) if column in self.amounts else []
            doubt = self.doubts.get(column.number, "")
            yield ColumnRow(column, bound, doubt, [self[name] for name in beside])

    def constants_at_once(self) -> list[BoundField]:
        return [self[f"constant_{name}"] for name in SEEN_AT_ONCE]

    def more_constants(self) -> list[BoundField]:
        return [self[f"constant_{name}"] for name in CONSTANTS if name not in SEEN_AT_ONCE]

    def has_more_constants(self) -> bool:
        """Whether the part that few need says something, or something is wrong in it."""
        return any(one.value() or one.errors for one in self.more_constants())

    def word_rows(self) -> Iterator[tuple[str, list[WordRow]]]:
        """The label of each field, with its words."""
        for name, several in self.words.items():
            rows = [WordRow(one, self[f"word_{name}_{n}"]) for n, one in enumerate(several)]
            yield str(FIELDS[name]), rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        taken: dict[str, int] = {}
        for column in self.seen.columns:
            name = cleaned.get(f"column_{column.number}")
            if name in (side_by_side.AMOUNT, side_by_side.TOTAL):
                continue
            if name and taken.setdefault(name, column.number) != column.number:
                sentence = _("Two columns are “%(field)s”. Choose one of them.")
                self.add_error(f"column_{column.number}", sentence % {"field": FIELDS[name]})
        self._ask_for_amounts(cleaned)
        if not self.errors:
            self._find_wrong()
        return cleaned

    def _ask_for_amounts(self, cleaned: dict[str, Any]) -> None:
        """What each of several amounts is for."""
        for column in self.amounts if len(self.amounts) > 1 else ():
            if not any(cleaned.get(name) for name in side_by_side.names_beside(column)):
                sentence = _(
                    "Several columns are amounts. Say which fund, year or currency this one is "
                    "for, or choose another field."
                )
                self.add_error(f"column_{column.number}", sentence)

    def _find_wrong(self) -> None:
        headings = [column.heading for column in self.seen.columns]
        for problem in wrong_plan(self.plan(), headings):
            self.add_error(self._place_of(problem.field), problem.sentence)

    def _place_of(self, name: str) -> str | None:
        if name in self.fields:
            return name
        for column in self.seen.columns:
            if self.cleaned_data.get(f"column_{column.number}") == name:
                return f"column_{column.number}"
        return f"constant_{name}" if f"constant_{name}" in self.fields else None

    def plan(self) -> Plan:
        """What was typed. What it does not ask for stays as it was."""
        typed = self.cleaned_data
        columns = {
            name: column.key
            for column in self.seen.columns
            if (name := typed.get(f"column_{column.number}")) in FIELDS
            and column not in self.amounts
        }
        amounts = side_by_side.amounts_typed(self.base, self.amounts, typed)
        totals = side_by_side.totals_typed(self.base, self.seen.columns, typed) if amounts else {}
        kept = {k: v for k, v in self.base.constants.items() if k not in CONSTANTS}
        said = {name: typed[f"constant_{name}"].strip() for name in CONSTANTS}
        plan = self.base.with_(
            kind=typed["kind"], columns=columns, amounts=amounts, totals=totals,
            values=self._values(),
            constants={**kept, **{name: text for name, text in said.items() if text}},
            decimal_sign=typed["decimal_sign"] or self.base.decimal_sign,
            date_order=typed["date_order"] or self.base.date_order,
        )  # fmt: skip
        return self._with_conventions(plan)

    def _with_conventions(self, plan: Plan) -> Plan:
        """With what the columns that were chosen leave no doubt of, where nothing was said."""
        keys = {column.key: column.number - 1 for column in self.seen.columns}
        columns = {name: keys[key] for name, key in plan.columns.items() if key in keys}
        amounts = [keys[key] for key in plan.amounts if key in keys]
        rows = [row.cells for row in self.seen.rows]
        found, _asked = conventions(columns, rows, amounts=amounts)
        return plan.with_(**{name: one for name, one in found.items() if not getattr(plan, name)})

    def _values(self) -> dict[str, dict[str, str]]:
        """The words that were said; those that the portal understands itself are left out."""
        values = {name: dict(several) for name, several in self.base.values.items()}
        for name, several in self.words.items():
            said = values.setdefault(name, {})
            for number, word in enumerate(several):
                code = self.cleaned_data.get(f"word_{name}_{number}", "")
                if not code:
                    said.pop(word.key, None)
                elif code != (NOTHING if word.code == "" else word.code):
                    said[word.key] = "" if code == NOTHING else code
        return {name: several for name, several in values.items() if several}


def _constant(name: str, initial: str) -> forms.Field:
    label = str(FIELDS[name])
    if FIELDS[name].kind_of_value != CODE:
        return forms.CharField(label=label, required=False, initial=initial, max_length=200)
    choices: Options = [("", _("– as each row says –")), *options_of(name)]
    return forms.ChoiceField(label=label, required=False, initial=initial, choices=choices)
