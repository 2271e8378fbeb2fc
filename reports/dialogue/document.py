"""From the pack to its document, in the language that is active."""

import datetime

from django.utils.translation import gettext as _

from interface.formatting import (
    comma,
    current_language,
    format_date,
    format_number,
    is_right_to_left,
)
from interface.tables import Table
from reports.dialogue.sections import Section, sections_of
from reports.figures.dialogue import Dialogue
from reports.pdf.dialogue import (
    DialogueDocument,
    ItemData,
    PackTable,
    SectionData,
    render_dialogue,
)
from reports.pdf.statement import TableData, grouped_hash


def dialogue_pdf(told: Dialogue) -> bytes:
    """The pack as PDF, in the active language; the same pack gives the same bytes.

    Raises PdfFailed, also when a text that somebody entered has a sign without a glyph.
    """
    midnight = datetime.datetime.combine(told.on, datetime.time(), tzinfo=datetime.UTC)
    return render_dialogue(document(told), timestamp=midnight)


def document(told: Dialogue) -> DialogueDocument:
    """Everything that the PDF prints."""
    source, language = told.provenance, current_language()
    return DialogueDocument(
        title=_("Funding dialogue %(year)s") % {"year": told.year},
        subtitle=_(
            "Income, expenditure, results and the Funding Compact, for the structured funding "
            "dialogue with the Executive Board"
        ),
        donor_name=source.books_name,
        facts=_facts(told),
        sections=[_section(one) for one in sections_of(told)],
        notes=told.notes,
        seal=[
            (_("Books"), f"{source.books_name} ({source.books})"),
            (_("State of the books"), format_number(source.sequence)),
            (_("Seal"), grouped_hash(source.hash)),
        ],
        disclaimer=_(
            "Income is what the books named above hold in the state named above. Expenditure, "
            "results and measures were entered by one person and approved by another."
        ),
        demonstration=_("DEMONSTRATION BOOKS – not UN-Habitat's figures")
        if told.is_demonstration
        else None,
        labels={
            "page_of": _("Page {page} of {pages}"),
            "notes": _("Notes"),
            "seal": _("Where these figures come from"),
            "evidence": _("Evidence:"),
        },
        language=language,
        direction="rtl" if is_right_to_left(language) else "ltr",
    )


def _facts(told: Dialogue) -> list[tuple[str, str]]:
    source = told.provenance
    facts = [
        (_("As at"), format_date(source.as_at.last_day)),
        (_("Basis"), source.basis.label),
        (_("Status"), source.status),
        (_("Prepared on"), format_date(told.on)),
    ]
    if told.target_name:
        facts.append((_("Targets"), told.target_name))
    if source.known:
        facts.append((_("Known"), source.known.label))
    return facts


def _section(one: Section) -> SectionData:
    return SectionData(
        title=one.title,
        lead=one.lead,
        tables=[PackTable(table_data(table), table.footnotes) for table in one.tables],
        items=[ItemData(i.title, i.about, i.text, i.evidence, i.url) for i in one.items],
        empty=one.empty,
    )


def table_data(table: Table) -> TableData:
    """A table of the page as one of the document: the same texts, the total at its foot."""
    rows = [[cell.text for cell in row.cells] for row in table.rows if not row.is_total]
    totals = [[cell.text for cell in row.cells] for row in table.rows if row.is_total]
    return TableData(
        title=comma().join(filter(None, (table.caption, table.unit_note))),
        headers=[column.label for column in table.columns],
        rows=rows or totals,
        total_row=totals[0] if totals and rows else None,
        empty=table.empty or _("There is nothing to show."),
        figures=[at for at, column in enumerate(table.columns) if column.is_numeric],
    )
