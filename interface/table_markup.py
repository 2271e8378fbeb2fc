"""A data table as HTML, written in one go.

A template that walks through the cells costs ten times as much, and tables are most of a page of
figures: docs/decisions/0039-kept-pages.md. Everything that is not markup here is escaped here.
"""

from collections.abc import Callable
from html import escape

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from interface.names import shown
from interface.tables import Cell, Column, Remark, Row, Table

Explains = Callable[[str], str]


def written(table: Table, heading: Explains | None, mark: Explains | None) -> SafeString:
    """The table with its caption and notes.

    `heading` makes a heading that explains its term, `mark` what stands behind the name of a row;
    both give HTML. None: the table explains nothing.
    """
    figures = ' class="figures"' if table.holds_figures_only else ""
    caption: str = conditional_escape(table.caption)
    if table.unit_note:
        caption += f' <span class="unit">{conditional_escape(table.unit_note)}</span>'
    name = f"{escape(table.identifier)}-caption"
    head = "".join(_heading(column, heading) for column in table.columns)
    text = (
        f'<div class="table-region" role="region" aria-labelledby="{name}" tabindex="0">'
        f'<table{figures}><caption id="{name}">{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{_body(table, mark)}</tbody></table></div>{_footnotes(table)}"
    )
    return mark_safe(text)  # noqa: S308  every part was escaped


def cell(one: Cell) -> str:
    """A cell's text, link and remark as HTML."""
    if one.is_missing:
        text = f'<span class="missing">{conditional_escape(one.text)}</span>'
    else:
        plain = type(one.text) is str  # a name may be in another language, and say so
        text = f"<bdi>{escape(one.text)}</bdi>" if plain else shown(one.text)
        if one.href:
            text = f'<a href="{escape(one.href)}">{text}</a>'
    return f"{text} {_remark(one.remark)}" if one.remark else text


def _heading(column: Column, heading: Explains | None) -> str:
    numeric = ' class="numeric"' if column.is_numeric else ""
    is_sorted = f' aria-sort="{column.sorted}"' if column.sorted else ""
    if column.sort_href:
        label = f'<a href="{escape(column.sort_href)}">{conditional_escape(column.label)}</a>'
    else:
        label = heading(column.label) if heading else conditional_escape(column.label)
    return f'<th scope="col"{numeric}{is_sorted}>{label}</th>'


def _body(table: Table, mark: Explains | None) -> str:
    if not table.rows:
        empty = conditional_escape(table.empty or _("There is nothing here yet."))
        return f'<tr><td class="empty" colspan="{len(table.columns)}">{empty}</td></tr>'
    is_plain = table.holds_figures_only
    opened = [
        '<td class="numeric">' if column.is_numeric and not is_plain else "<td>"
        for column in table.columns[1:]
    ]
    return "".join(_row(row, opened, mark) for row in table.rows)


def _row(row: Row, opened: list[str], mark: Explains | None) -> str:
    total = ' class="total"' if row.is_total else ""
    name = cell(row.header) + (mark(row.header.text) if mark else "")
    cells = "".join(
        f"{start}{cell(one)}</td>" for start, one in zip(opened, row.figures, strict=True)
    )
    return f'<tr{total}><th scope="row">{name}</th>{cells}</tr>'


def _remark(remark: Remark) -> str:
    said = f"{escape(_('This figure looks wrong'))}: {conditional_escape(remark.figure)}"
    return (
        f'<a class="remark" href="{escape(remark.href)}" title="{said}">'
        f'<span aria-hidden="true">?</span><span class="visually-hidden">{said}</span></a>'
    )


def _footnotes(table: Table) -> str:
    if not table.footnotes:
        return ""
    notes = "".join(f"<li>{conditional_escape(one)}</li>" for one in table.footnotes)
    return f'<ul class="footnotes">{notes}</ul>'
