"""Tags that write figures, tables, charts and form fields in the portal's one way."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import partial

from django import template
from django.forms import BaseForm, BoundField
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi

from interface import formatting, own_parts
from interface.charts import Chart, is_empty, legend, render_svg
from interface.icons import drawn
from interface.names import shown
from interface.table_markup import written
from interface.tables import KeyFigure, Table
from interface.templatetags import terms

register = template.Library()

Rendered = dict[str, object]

_DATA = ".json"
_FORMS = ("png", "svg", "csv", "xlsx")


@register.filter
def shut_in(text: object) -> str:
    """A name or sentence of a document, in its own direction within a right-to-left sentence."""
    return f"\u2068{text}\u2069" if get_language_bidi() else str(text)


@register.filter
def named(text: object) -> SafeString:
    """A name of the data, or what a person typed; a name in another language says so."""
    return shown(text)


@register.filter
def grouped(count: int) -> formatting.Count:
    """A count that a sentence prints and takes its plural from."""
    return formatting.Count(count)


@register.filter
def joined(parts: Iterable[object]) -> str:
    """Names or codes one after another, with the comma of the reader's language."""
    return formatting.joined(parts)


@register.simple_tag
def comma() -> str:
    """The comma between a name and its day, as the reader's language writes it."""
    return formatting.comma()


@register.simple_tag
def usd(
    amount_usd: Decimal | None, units: formatting.Units = "exact", missing: str = "dash"
) -> SafeString:
    """US dollars, exact or in millions; the unit stands once, in a caption or heading."""
    return _figure(amount_usd, formatting.format_usd(amount_usd, units=units, none=_word(missing)))


@register.simple_tag
def amount(value: Decimal | None, currency: str, missing: str = "dash") -> SafeString:
    """An amount with its currency's code and decimals."""
    return _figure(value, formatting.format_amount(value, currency, none=_word(missing)))


@register.simple_tag
def percent(value: Decimal | None, digits: int = 0, missing: str = "dash") -> SafeString:
    """A percentage: 79 is 79 per cent."""
    return _figure(value, formatting.format_percent(value, digits, none=_word(missing)))


@register.simple_tag
def number(value: Decimal | int | None, digits: int = 0, missing: str = "dash") -> SafeString:
    """A plain number, grouped."""
    return _figure(value, formatting.format_number(value, digits=digits, none=_word(missing)))


@register.simple_tag
def rate(value: Decimal | None, missing: str = "dash") -> SafeString:
    """An exchange rate with the decimals it has."""
    return _figure(value, formatting.format_rate(value, none=_word(missing)))


@register.simple_tag
def day(
    value: date | None, length: formatting.Length = "long", missing: str = "dash"
) -> SafeString:
    """A day, such as 31 December 2021."""
    value = value and formatting.local_day(value)
    return _time(
        value, "%Y-%m-%d", formatting.format_date(value, length=length, none=_word(missing))
    )


@register.simple_tag
def month(value: date | None, missing: str = "dash") -> SafeString:
    """A month, such as December 2021."""
    return _time(value, "%Y-%m", formatting.format_month(value, none=_word(missing)))


@register.simple_tag(takes_context=True)
def own(context: template.Context, name: str) -> SafeString:
    """A value of the reader's own (`own_parts.VALUES`), which is left out of what is kept."""
    return own_parts.written(context, name)  # type: ignore[arg-type]


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of the portal's icons; the words beside it name it, so it is hidden from readers."""
    return drawn(name)


@register.inclusion_tag("interface/_chart.html")
def chart(
    chart: Chart, table: Table | None = None, explore: str = "", level: int = 2, files: str = ""
) -> Rendered:
    """A chart with its sentence, its key, its table and its files.

    `explore` is the address of its data for Plotly, `level` the level of its heading. The files
    stand at the same address with another ending, or at that of `files` where it is another. A
    chart without figures has neither.
    """
    has_figures = not is_empty(chart)
    return {
        "chart": chart,
        "drawing": render_svg(chart),
        "legend": legend(chart),
        "table": table,
        "explore": explore if has_figures else "",
        "level": level,
        "files": _files(files or explore) if has_figures else [],
    }


def _files(address: str) -> list[tuple[str, str]]:
    """The name and address of each file; none where the address is not of a chart's data."""
    path, mark, query = address.partition("?")
    if not path.endswith(_DATA):
        return []
    stem = path.removesuffix(_DATA)
    return [(form.upper(), f"{stem}.{form}{mark}{query}") for form in _FORMS]


@register.simple_tag(takes_context=True)
def data_table(context: template.Context, table: Table, *, explains: bool = True) -> SafeString:
    """A table with caption, unit, linked figures and notes; its headings explain their terms."""
    if not explains:
        return written(table, None, None)
    return written(table, partial(terms.explained, context), partial(terms.explained_mark, context))


@register.inclusion_tag("interface/_key_figures.html")
def key_figures(figures: list[KeyFigure]) -> Rendered:
    """The few figures that a page opens with, in a row."""
    return {"figures": figures}


@register.inclusion_tag("interface/_field.html")
def field(field: BoundField) -> Rendered:
    """A form field with its label, help and error, tied together for every reader."""
    help_id, error_id = f"{field.auto_id}_help", f"{field.auto_id}_error"
    described = [
        name for name, text in ((help_id, field.help_text), (error_id, field.errors)) if text
    ]
    attributes: dict[str, str | bool] = {}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    return {
        "field": field,
        "help_id": help_id,
        "error_id": error_id,
        "described": " ".join(described),
        "widget": field.as_widget(attrs=attributes),
        "is_checkbox": field.widget_type == "checkbox",
        "is_group": field.use_fieldset,
    }


@register.inclusion_tag("interface/_error_summary.html")
def error_summary(form: BaseForm) -> Rendered:
    """What is wrong with a form, first on the page, each error leading to its field."""
    errors = [
        {"href": _first_control(form[name]), "label": form[name].label, "text": text}
        for name, texts in form.errors.items()
        if name in form.fields
        for text in texts
    ]
    return {"errors": errors, "general": form.non_field_errors()}


def _word(missing: str) -> str | Promise:
    return formatting.NOT_REPORTED if missing == "not_reported" else formatting.NOT_APPLICABLE


def _figure(value: object, text: str) -> SafeString:
    if value is None:
        return format_html('<span class="missing">{}</span>', text)
    return format_html('<bdi class="figure">{}</bdi>', text)


def _time(value: date | None, machine: str, text: str) -> SafeString:
    if value is None:
        return format_html('<span class="missing">{}</span>', text)
    return format_html('<time datetime="{}">{}</time>', value.strftime(machine), text)


def _first_control(field: BoundField) -> str:
    """The address of the control itself: a group of radio buttons has none of its own."""
    return f"#{field.auto_id}_0" if field.use_fieldset else f"#{field.id_for_label}"
