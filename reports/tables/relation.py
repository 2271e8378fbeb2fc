"""The working side of a donor's page as tables: they place, and compute nothing."""

import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from donors.models import Contact, Donor, Engagement
from income.models import Approach, Contribution, ReportDue
from interface.formatting import format_amount, format_date, format_number, format_usd
from interface.tables import Cell, Column, KeyFigure, Row, Table
from reports.figures.merging import Compared, ComparedLine
from reports.figures.relation import Family, FamilyTotal, Owed, Relation
from reports.figures.sums import ZERO
from reports.figures.words import units_label
from reports.tables.donor import kind_label

MISSING = Cell("–", is_missing=True)


def key_figures(relation: Relation) -> list[KeyFigure]:
    """What is open, overdue and next, at a glance."""
    following = relation.next_due
    late = [one for one in relation.reports if one.due_on < relation.today]
    found = [
        KeyFigure(_("Open pledges and agreements"), format_number(relation.open_count)),
        KeyFigure(_("Overdue instalments"), format_number(len(relation.overdue)), href="#due"),
    ]
    if following:
        amount = format_amount(
            following.state.outstanding or following.state.conditional,
            following.contribution.currency_id,
        )
        on = format_date(following.due_on, length="medium")
        found.append(KeyFigure(_("Due next"), on, note=amount, href="#due"))
    found.append(
        KeyFigure(
            _("Reports owed"), format_number(len(relation.reports)), href="#reports",
            note=_("overdue: %(count)s") % {"count": format_number(len(late))},
        )
    )  # fmt: skip
    return found


def owed_table(relation: Relation) -> Table:
    """Instalments that are not settled, each in its own currency."""
    return Table(
        identifier="owed",
        caption=_("Instalments still to come, overdue ones first"),
        unit_note=_("each in its own currency"),
        columns=(
            Column(_("Due on")), Column(_("State")), Column(_("Agreement")),
            Column(_("Outstanding"), is_numeric=True),
            Column(_("Under a condition"), is_numeric=True),
        ),
        rows=tuple(_owed_row(one) for one in relation.owed),
        empty=_("Nothing is outstanding or still to fall due in these books."),
    )  # fmt: skip


def _owed_row(one: Owed) -> Row:
    currency = one.contribution.currency_id
    state = _("overdue") if one.is_overdue else _("next") if one.is_next else _("later")
    conditional = one.state.conditional
    return Row(
        (
            Cell(format_date(one.due_on, length="medium")),
            Cell(state),
            _contribution(one.contribution),
            Cell(format_amount(one.state.outstanding, currency)),
            Cell(format_amount(conditional, currency)) if conditional else MISSING,
        )
    )  # fmt: skip


def _contribution(one: Contribution) -> Cell:
    return Cell(f"{one.number} · {one.title}", href=reverse("contribution", args=[one.uuid]))


def prospect_table(relation: Relation) -> Table:
    """What may come: it stands in no books."""
    return Table(
        identifier="prospects-table",
        caption=_("Prospects"),
        unit_note=_("for staff only; they stand in no books"),
        columns=(
            Column(_("Prospect")), Column(_("Expected on")), Column(_("Fund")),
            Column(_("Amount"), is_numeric=True), Column(_("Probability (%)"), is_numeric=True),
        ),
        rows=tuple(
            Row((
                _contribution(one), _day(one.expected_on), Cell(str(one.fund)),
                Cell(format_amount(one.amount, one.currency_id)),
                Cell(format_number(one.probability)),
            ))
            for one in relation.prospects
        ),
        empty=_("No prospect is recorded."),
    )  # fmt: skip


def report_table(relation: Relation) -> Table:
    """Reports owed to the donor, by the day they are due."""
    return Table(
        identifier="reports-owed",
        caption=_("Reports owed to the donor"),
        columns=(
            Column(_("Due on")), Column(_("State")), Column(_("Report")), Column(_("Period")),
            Column(_("Agreement")),
        ),
        rows=tuple(_report_row(one, relation) for one in relation.reports),
        empty=_("No report is owed."),
    )  # fmt: skip


def _report_row(one: ReportDue, relation: Relation) -> Row:
    period = f"{_short(one.from_on)} – {_short(one.until_on)}"
    state = _("overdue") if one.due_on < relation.today else _("to come")
    return Row((
        _day(one.due_on), Cell(state),
        Cell(one.get_kind_display(), href=reverse("report", args=[one.uuid])),
        Cell(period), _contribution(one.contribution),
    ))  # fmt: skip


def contact_table(relation: Relation, *, may_edit: bool) -> Table:
    """Whom one writes to, former ones last."""
    return Table(
        identifier="contacts-table",
        caption=_("Contacts"),
        columns=(
            Column(_("Post or title")), Column(_("Name")), Column(_("E-mail address")),
            Column(_("Telephone")), Column(_("State")), *_change_column(may_edit),
        ),
        rows=tuple(_contact_row(one, may_edit=may_edit) for one in relation.contacts),
        empty=_("No contact is known."),
    )  # fmt: skip


def _contact_row(one: Contact, *, may_edit: bool) -> Row:
    state = _("letters go here") if one.is_addressee else _("in this post")
    href = reverse("contact_edit", args=[one.donor.code, one.pk])
    return Row((
        Cell(one.title), Cell(one.name), Cell(one.email), Cell(one.phone),
        Cell(state if one.is_current else _("no longer in this post")),
        *_change_cell(href, may_edit),
    ))  # fmt: skip


def engagement_table(relation: Relation, *, may_edit: bool) -> Table:
    """Dialogues, letters, meetings, events and calls, the latest first."""
    return Table(
        identifier="engagements-table",
        caption=_("Letters, meetings and calls"),
        columns=(
            Column(_("Day")), Column(_("Kind")), Column(_("Subject")), Column(_("Summary")),
            Column(_("Document")), *_change_column(may_edit),
        ),
        rows=tuple(_engagement_row(one, may_edit=may_edit) for one in relation.engagements),
        empty=_("Nothing is written down yet."),
    )  # fmt: skip


def _engagement_row(one: Engagement, *, may_edit: bool) -> Row:
    kind = one.get_kind_display()
    document = one.document
    return Row((
        _day(one.happened_on),
        Cell(_("%(kind)s from the donor") % {"kind": kind} if one.is_from_donor else kind),
        Cell(one.subject), Cell(one.summary),
        Cell(document.title, href=reverse("donor_document", args=[document.uuid]))
        if document else MISSING,
        *_change_cell(reverse("engagement_edit", args=[one.donor.code, one.uuid]), may_edit),
    ))  # fmt: skip


def document_table(relation: Relation) -> Table:
    """Files about the donor, the latest first."""
    return Table(
        identifier="documents-table",
        caption=_("Documents"),
        columns=(
            Column(_("Date")), Column(_("Kind")), Column(_("Title")), Column(_("File")),
            Column(_("Size, KB"), is_numeric=True), Column(_("Added by")),
        ),
        rows=tuple(
            Row((
                _day(one.dated_on), Cell(one.get_kind_display()),
                Cell(one.title, href=reverse("donor_document", args=[one.uuid])),
                Cell(one.file_name), Cell(format_number(-(-one.byte_count // 1024))),
                Cell(str(one.added_by or "–")),
            ))
            for one in relation.documents
        ),
        empty=_("No document is kept."),
    )  # fmt: skip


def approach_table(relation: Relation) -> Table:
    """In which campaigns the donor was asked, what it answered and what came of it."""
    return Table(
        identifier="approaches-table",
        caption=_("Campaigns"),
        columns=(
            Column(_("Campaign")), Column(_("Asked on")), Column(_("Asked for"), is_numeric=True),
            Column(_("Answer")), Column(_("Contributions"), is_numeric=True),
        ),
        rows=tuple(_approach_row(one) for one in relation.approaches),
        empty=_("The donor was asked in no campaign."),
    )  # fmt: skip


def _approach_row(one: Approach) -> Row:
    asked = format_amount(one.amount, one.currency_id) if one.amount and one.currency_id else "–"
    came_of_it: int = one.came_of_it  # type: ignore[attr-defined]
    return Row((
        Cell(one.campaign.title, href=reverse("campaign", args=[one.campaign.uuid])),
        _day(one.asked_on), Cell(asked), Cell(one.get_answer_display()),
        Cell(format_number(came_of_it)),
    ))  # fmt: skip


def family_table(family: Family) -> Table:
    """The donor and its parts, one line each: they cast."""
    return Table(
        identifier="family",
        caption=_("With its agencies and other parts"),
        unit_note=_("US$, all years of these books; each donor is counted under itself alone"),
        columns=(
            Column(_("Donor")),
            *(Column(kind_label(kind), is_numeric=True) for kind in family.kinds),
        ),
        rows=(
            *(_family_row(row, family) for row in family.rows),
            Row(
                (Cell(_("Together")), *(Cell(format_usd(family.total(k))) for k in family.kinds)),
                is_total=True,
            ),
        ),
    )


def _family_row(row: FamilyTotal, family: Family) -> Row:
    sums = (Cell(format_usd(row.by_kind.get(kind, ZERO))) for kind in family.kinds)
    return Row((_donor(row.donor), *sums))


def _donor(donor: Donor) -> Cell:
    return Cell(donor.name, href=reverse("donor", args=[donor.code]))


def compared_table(pair: Compared) -> Table:
    """Year and fund, with a column for each donor and one for both together."""
    names = (pair.gone.name, pair.kept.name, _("After the merge"))
    return Table(
        identifier="compared",
        caption=_("What each gave, and what the kept one shows after the merge"),
        unit_note=units_label("exact"),
        columns=(
            Column(_("Year")), Column(_("Figure")), Column(_("Fund")),
            *(Column(name, is_numeric=True) for name in names),
        ),
        rows=tuple(_compared_row(line) for line in pair.lines),
        empty=_("Neither stands in these books."),
    )  # fmt: skip


def _compared_row(line: ComparedLine) -> Row:
    sums = (line.gone_usd, line.kept_usd, line.together_usd)
    words = (str(line.year or _("Total")), kind_label(line.kind), line.fund)
    cells = (*map(Cell, words), *(Cell(format_usd(usd)) for usd in sums))
    return Row(cells, is_total=line.year is None)


def _change_column(may_edit: bool) -> tuple[Column, ...]:
    return (Column(_("Act")),) if may_edit else ()


def _change_cell(href: str, may_edit: bool) -> tuple[Cell, ...]:
    return (Cell(_("Change"), href=href),) if may_edit else ()


def _day(on: datetime.date | None) -> Cell:
    return Cell(_short(on)) if on else MISSING


def _short(on: datetime.date) -> str:
    return format_date(on, length="medium")
