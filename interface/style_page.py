"""What the living style page shows: every component once, with invented figures."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, get_args

from django import forms
from django.utils.translation import get_language_bidi, override
from django.utils.translation import gettext_lazy as _

from interface.charts import Band, BarChart, LineChart, RankBar, RankBars, Role, Series
from interface.formatting import format_number, short_months
from interface.icons import STROKES
from interface.paging import Page
from interface.tables import Cell, Column, KeyFigure, Row, Table

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)

_ACTUAL = ("14.2", "2.9", "34.3", "144.8")
_TARGET = ("14.5", "10.0", "43.3", "152.6")
_LAST_YEAR = ("14.1", "4.8", "-3.6", "120.4")
_MONTHS = ("4.1", "9.7", "21.5", "38.2", "51.9", "77.0", "88.4", "95.3", "118.9")
_MONTHS_BEFORE = ("6", "11", "16", "31", "40", "62", "71", "80", "99", "121", "140", "162.4")


class StyleForm(forms.Form):
    """A form with one field of each kind, for the style page."""

    donor = forms.CharField(label=_("Donor"), help_text=_("The name as the agreement has it."))
    amount = forms.DecimalField(label=_("Amount"), max_digits=20, decimal_places=2)
    currency = forms.ChoiceField(label=_("Currency"), choices=[("USD", "USD"), ("EUR", "EUR")])
    received_on = forms.DateField(
        label=_("Received on"), widget=forms.DateInput(attrs={"type": "date"})
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("core", _("Core")), ("earmarked", _("Earmarked"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea({"rows": 3}))
    is_in_kind = forms.BooleanField(label=_("This contribution is in kind"), required=False)


@dataclass(frozen=True)
class Choice:
    """A way the page can be shown: a link to it, and whether it is the present one."""

    label: str
    href: str
    is_current: bool


@dataclass(frozen=True)
class Panel:
    """The small components once more, in one direction and one theme, with their figures."""

    language: str
    theme: Theme
    figures: list[KeyFigure]


def style_context(theme: Theme | None = None) -> dict[str, object]:
    """The context of templates/interface/style/page.html, in the active language and a theme.

    Without a theme the page follows the reader's system, as every other page does.
    """
    return {
        "theme": theme,
        "choices": _choices(theme),
        "panels": [_panel(language, one) for language in ("en", "ar") for one in THEMES],
        "steps": range(1, 9),
        "empty_table": replace(
            _table("sample-empty"),
            caption=str(_("Targets")),
            rows=(),
            footnotes=(),
            empty=str(_("There is no target set yet. Propose one.")),
        ),
        "figures": _key_figures(),
        "bar_chart": _bar_chart(),
        "line_chart": _line_chart(),
        "rank_chart": _rank_chart(),
        "table": _table("sample-table"),
        "chart_table": _table("sample-chart-table"),
        "form": StyleForm(),
        "wrong_form": StyleForm({"wrong-amount": "12.345"}, prefix="wrong"),
        "page": Page(items=tuple(range(20)), number=2, size=20, has_next=True),
        "icons": sorted(STROKES),
    }


def _choices(theme: Theme | None) -> list[Choice]:
    is_rtl = get_language_bidi()
    return [
        Choice(str(label), f"?direction={direction}&theme={one}",
               one == theme and is_rtl == (direction == "rtl"))
        for direction, one, label in (
            ("ltr", "light", _("Left to right, light")), ("ltr", "dark", _("Left to right, dark")),
            ("rtl", "light", _("Right to left, light")), ("rtl", "dark", _("Right to left, dark")),
        )
    ]  # fmt: skip


def _panel(language: str, theme: Theme) -> Panel:
    with override(language):
        return Panel(language, theme, _key_figures()[:2])


def _series(role: Role, name: str, values: tuple[str, ...], length: int) -> Series:
    known: list[Decimal | None] = [Decimal(value) for value in values]
    padded = tuple(known + [None] * (length - len(known)))
    labels = tuple(format_number(value, digits=1, none="") for value in padded)
    return Series(role, name, padded, labels)


def _bar_chart() -> BarChart:
    return BarChart(
        identifier="sample-bars",
        title=str(_("Received, target and last year by fund")),
        description=str(_("The regular budget is nearest to its target.")),
        units=str(_("US$ million")),
        categories=(
            str(_("Regular budget")),
            str(_("Foundation non-earmarked")),
            str(_("Foundation earmarked")),
            str(_("Technical cooperation")),
        ),
        series=(
            _series(Role.ACTUAL, str(_("Received")), _ACTUAL, 4),
            _series(Role.TARGET, str(_("Target")), _TARGET, 4),
            _series(Role.LAST_YEAR, str(_("Last year")), _LAST_YEAR, 4),
        ),
    )


def _line_chart() -> LineChart:
    target = tuple(str(Decimal("220.4") * month / 12) for month in range(1, 13))
    return LineChart(
        identifier="sample-lines",
        title=str(_("Received since January")),
        description=str(_("Receipts run ahead of last year and behind the target.")),
        units=str(_("US$ million")),
        months=short_months(),
        series=(
            _series(Role.ACTUAL, str(_("Received")), _MONTHS, 12),
            _series(Role.TARGET, str(_("Target, spread evenly over the year")), target, 12),
            _series(Role.LAST_YEAR, str(_("Last year")), _MONTHS_BEFORE, 12),
        ),
        band=Band(
            name=str(_("Forecast")),
            low=(*[None] * 8, Decimal("118.9"), Decimal(130), Decimal(143), Decimal(160)),
            high=(*[None] * 8, Decimal("118.9"), Decimal(140), Decimal(166), Decimal(204)),
        ),
    )


def _rank_chart() -> RankBars:
    places = (
        (_("Donor A"), "31.4"),
        (_("Donor B, with a name so long that it must run over into a second line"), "18.25"),
        (_("Donor C"), "7"),
        (_("Donor D, refunded"), "-2.1"),
    )
    return RankBars(
        identifier="sample-ranks",
        title=str(_("Largest donors")),
        description=str(_("The first donor gave more than half.")),
        units=str(_("US$ million")),
        bars=tuple(
            RankBar(str(name), Decimal(value), format_number(Decimal(value), digits=1))
            for name, value in places
        ),
    )


def _table(identifier: str) -> Table:
    def row(name: object, *texts: str, is_total: bool = False) -> Row:
        cells = tuple(Cell(text, href="#table") if text != "–" else Cell(text) for text in texts)
        return Row((Cell(str(name)), *cells), is_total)

    not_reported = Cell(str(_("not reported")), is_missing=True)
    return Table(
        identifier=identifier,
        caption=str(_("Received and target by fund")),
        unit_note=str(_("US$ million")),
        columns=(
            Column(str(_("Fund"))),
            Column(str(_("Received")), True, sort_href="?sort=received", sorted="descending"),
            Column(str(_("Target")), True),
            Column(str(_("Share of target")), True),
        ),
        rows=(
            row(_("Technical cooperation"), "144.8", "152.6", "94.9%"),
            row(_("Foundation earmarked"), "34.3", "43.3", "79.2%"),
            Row((Cell(str(_("Other revenue"))), Cell("0.0"), not_reported, Cell("–"))),
            row(_("Total"), "179.1", "195.9", "91.4%", is_total=True),
        ),
        footnotes=(str(_("A dash means not applicable.")),),
    )


def _key_figures() -> list[KeyFigure]:
    return [
        KeyFigure(str(_("Received")), "196.2", str(_("US$ million")), "#table"),
        KeyFigure(str(_("Share of target")), "89.0%", str(_("of 220.4 US$ million")), "#table"),
        KeyFigure(str(_("Core share")), "8.7%", str(_("assessed money included")), "#table"),
        KeyFigure(str(_("Donors")), "64", str(_("governments with non-earmarked gifts: 21"))),
    ]
