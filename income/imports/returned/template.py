"""The portal's own workbook to fill in: its columns, with the lists of the books as drop-downs."""

import datetime
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from donors.models import Area, Donor, Region
from donors.names import in_language
from income.imports.choices import Choices
from income.imports.columns.fields import FIELDS
from income.imports.columns.words import Words
from income.imports.naming.donors import DonorBook
from income.models import Currency, EarmarkingStep, Fund, Instrument, Ledger, Programme
from income.vocabulary import Kind
from interface.sorting import in_order

COLUMNS = (
    "kind", "donor", "fund", "date", "amount", "currency", "title", "agreement", "reference",
    "year_for", "instrument", "earmarking", "programme", "region", "area", "due_on", "ends_on",
    "support_rate", "bank_charge", "row_id", "note",
)  # fmt: skip
DATES = ("date", "due_on", "ends_on")
AMOUNTS = ("amount", "bank_charge")
KINDS = (
    Kind.RECEIPT, Kind.AGREEMENT, Kind.PLEDGE, Kind.ALLOTMENT, Kind.PROGRAMME_SUPPORT,
    Kind.AUDITED_REVENUE,
)  # fmt: skip
LAST_ROW = 100_000  # the drop-downs reach to here: what the browser takes
EARLIEST = datetime.date(1978, 1, 1)


def template_workbook(ledger: Ledger, *, language: str) -> bytes:
    """An .xlsx of three sheets in the language: the rows to fill in, the lists, how it is done."""
    buffer = io.BytesIO()
    with translation.override(language):
        workbook = xlsxwriter.Workbook(buffer)
        page = workbook.add_worksheet(_("Income"))
        lists = workbook.add_worksheet(_("Lists"))
        told = workbook.add_worksheet(_("How to"))
        if translation.get_language_bidi():
            for sheet in (page, lists, told):
                sheet.right_to_left()
        ranges = _write_lists(workbook, lists, _choices(language))
        _write_columns(workbook, page, ranges)
        _write_help(workbook, told, ledger)
        workbook.close()
    return buffer.getvalue()


def _choices(language: str) -> dict[str, list[str]]:
    """The texts of each drop-down; the importer reads every one of them back."""
    return {
        "kind": [str(kind.label) for kind in KINDS],
        "donor": in_order(_donors(language), language=language),
        "currency": list(Currency.objects.values_list("code", flat=True)),
        **_named(language),
    }


def _donors(language: str) -> Iterator[str]:
    """A donor whose name is somebody else's too has its code beside it."""
    book = DonorBook(Choices())
    for donor in Donor.objects.standing():
        name = in_language(donor.names, language)
        is_told = book.find(name).pk == donor.pk
        yield name if is_told else f"{name} ({donor.code})"


def _named(language: str) -> dict[str, list[str]]:
    """Names of rows of reference data; the code where a name is another row's too."""
    words, named = Words.load(), {}
    rows: dict[str, Iterable[Any]] = {
        "fund": Fund.objects.exclude(is_group=True).order_by("order"),
        "instrument": Instrument.objects.filter(is_legacy=False).order_by("order"),
        "earmarking": EarmarkingStep.objects.order_by("order"),
        "programme": Programme.objects.order_by("order"),
        "region": Region.objects.order_by("order"), "area": Area.objects.all(),
    }  # fmt: skip
    for field, several in rows.items():
        names = {row.pk: in_language(row.names, language) for row in several}
        named[field] = [
            name if words.code(field, name) == code else code for code, name in names.items()
        ]
    return named | {"area": in_order(named["area"], language=language)}


def _write_lists(workbook: Any, page: Any, choices: dict[str, list[str]]) -> dict[str, str]:
    """One column per list; returns where each stands, as a drop-down names it."""
    bold, ranges = workbook.add_format({"bold": True}), {}
    for column, (field, texts) in enumerate(choices.items()):
        page.write_string(0, column, str(FIELDS[field].label), bold)
        for row, text in enumerate(texts, start=1):
            page.write_string(row, column, text)
        name = xl_col_to_name(column)
        sheet = page.get_name().replace("'", "''")
        ranges[field] = f"='{sheet}'!${name}$2:${name}${len(texts) + 1}"
    page.set_column(0, len(choices) - 1, 32)
    page.freeze_panes(1, 0)
    return ranges


def _write_columns(workbook: Any, page: Any, ranges: dict[str, str]) -> None:
    bold = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    money = workbook.add_format({"num_format": "#,##0.00"})
    formats = dict.fromkeys(DATES, day) | dict.fromkeys(AMOUNTS, money)
    for column, field in enumerate(COLUMNS):
        page.write_string(0, column, str(FIELDS[field].label), bold)
        page.set_column(column, column, 34 if field in ("donor", "title", "fund") else 18,
                        formats.get(field))  # fmt: skip
        if rule := _rule(field, ranges):
            page.data_validation(1, column, LAST_ROW, column, rule)
    page.freeze_panes(1, 0)


def _rule(field: str, ranges: dict[str, str]) -> dict[str, Any]:
    """What a cell of the column may hold; an odd value is warned of, not refused."""
    if field in ranges:
        return {"validate": "list", "source": ranges[field], "error_type": "warning"}
    if field in DATES:
        return {
            "validate": "date", "criteria": ">=", "value": EARLIEST, "error_type": "warning",
        }  # fmt: skip
    return {}


def _write_help(workbook: Any, page: Any, ledger: Ledger) -> None:
    wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 90, wrap)
    for row, sentence in enumerate(_sentences(ledger)):
        page.write_string(row, 0, sentence, wrap)


def _sentences(ledger: Ledger) -> Sequence[str]:
    mark = [_("DEMONSTRATION BOOKS – not UN-Habitat's figures")] if ledger.is_demonstration else []
    return [
        *mark,
        _("These rows are for %(books)s.") % {"books": str(ledger)},
        _("Each row of the first sheet is one pledge, agreement, receipt or other income."),
        _(
            "A row needs what it is, the donor, the fund, the date, the amount and its currency. "
            "Leave the other columns empty where there is nothing to say."
        ),
        _(
            "A receipt under an agreement names the agreement by its number (C-000123) or its ERP "
            "grant; it then needs no fund. Without an agreement it is recorded as a core gift is: "
            "promised and received on one day."
        ),
        _("Money that was returned is a receipt below zero."),
        _(
            "Columns may stand in any order, and columns of your own do no harm. Save the file as "
            ".xlsx, and load it under Imports. Nothing is posted before another person approves it."
        ),
    ]
