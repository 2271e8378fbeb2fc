"""A letter's facts and wording as the document that is printed, in the language that is active."""

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext as _

from donors.models import Donor
from income.vocabulary import Kind, RateType
from interface.formatting import (
    NOT_APPLICABLE,
    format_amount,
    format_date,
    format_number,
    format_rate,
    format_usd,
    is_right_to_left,
    joined,
)
from reports.figures.words import units_label
from reports.letters.facts import CoreCall, Facts, Reminder, Thanks
from reports.letters.texts import is_state
from reports.letters.wording import filled, paragraphs_of
from reports.pdf.letter import LetterDocument
from reports.pdf.statement import TableData, grouped_hash


def kind_of(facts: Facts) -> str:
    """The word for the letter in references and names of files."""
    if isinstance(facts, CoreCall):
        return "core"
    return "thanks" if isinstance(facts, Thanks) else "reminder"


def addressee(donor: Donor) -> list[str]:
    """The lines of the address: the contact that letters go to, else the mission or the donor."""
    contact = donor.contacts.filter(is_addressee=True, is_current=True).order_by("pk").first()
    if contact is None:
        mission = [_("Permanent Mission to UN-Habitat")] if is_state(donor) else []
        return [*mission, donor.name]
    lines = [contact.name, contact.title, donor.name, *contact.address.splitlines()]
    return [line.strip() for line in lines if line.strip()]


def document(
    facts: Facts, *, subject: str, body: str, values: dict[str, str], reference: str, language: str
) -> LetterDocument:
    """The letter with its placeholders filled in. Raises WordingWrong."""
    source = facts.source
    return LetterDocument(
        letterhead=[
            _("United Nations Human Settlements Programme (UN-Habitat)"),
            _("Office of the Executive Director"),
        ],
        date=format_date(source.today),
        reference=reference,
        addressee=addressee(facts.donor),
        subject=filled(subject, values, field="subject"),
        paragraphs=[filled(one, values, field="body") for one in paragraphs_of(body)],
        table=table_of(facts),
        signatory=_("Executive Director"),
        seal=[
            (_("Books"), f"{source.ledger.name} ({source.ledger.code})"),
            (_("State of the books"), format_number(source.sequence)),
            (_("Seal"), grouped_hash(source.hash)),
        ],
        demonstration=_("DEMONSTRATION BOOKS – not UN-Habitat's figures")
        if source.is_demonstration
        else None,
        labels={
            "page_of": _("Page {page} of {pages}"), "reference": _("Reference:"),
            "signature": _("Signature"), "date": _("Date"),
        },
        language=language,
        direction="rtl" if is_right_to_left(language) else "ltr",
    )  # fmt: skip


def reference_of(facts: Facts, token: str) -> str:
    """The number both sides quote; the token's first signs make it the letter's own."""
    mark = "DEMO/" if facts.source.is_demonstration else ""
    kind = kind_of(facts).upper()
    return f"{mark}{kind}/{facts.source.today.year}/{facts.donor.code}/{token[:8].upper()}"


def table_of(facts: Facts) -> TableData | None:
    """The figures, which nobody types; none where a donor has given nothing."""
    if isinstance(facts, CoreCall):
        return _core_table(facts) if facts.has_given else None
    return _receipt_table(facts) if isinstance(facts, Thanks) else _instalment_table(facts)


def _core_table(facts: CoreCall) -> TableData:
    audited = facts.kind == Kind.AUDITED_REVENUE
    notes = [
        _("Non-earmarked Foundation. A dash stands for a year of which these books hold nothing.")
    ]
    if facts.not_converted:
        left_out = joined(
            [format_amount(amount, code) for code, amount in facts.not_converted], ";"
        )
        notes.append(_("Not converted, and in no sum: %(amounts)s.") % {"amounts": left_out})
    return TableData(
        title=_("Core contributions, %(unit)s") % {"unit": units_label("exact")},
        headers=[_("Year"), _("Audited revenue") if audited else _("Received")],
        rows=[[_year(one.year, facts), format_usd(one.amount_usd)] for one in facts.given],
        total_row=[_("Total"), format_usd(facts.total_usd)],
        note=" ".join(notes),
        figures=[1],
    )


def _year(year: int, facts: CoreCall) -> str:
    if year != facts.source.today.year:
        return str(year)
    return _("%(year)s, until %(day)s") % {
        "year": year, "day": format_date(facts.source.today),
    }  # fmt: skip


def _receipt_table(facts: Thanks) -> TableData:
    is_converted = facts.rate is not None and not facts.is_dollars
    rate = (
        _("%(rate)s of %(day)s (%(type)s)")
        % {
            "rate": format_rate(facts.rate),
            "day": format_date(facts.rate_on, length="medium"),
            "type": RateType(facts.rate_type).label,
        }
        if is_converted
        else NOT_APPLICABLE
    )
    return _one_row(
        _("The contribution as it was recorded"),
        {
            _("Received on"): format_date(facts.received_on, length="medium"),
            _("Bank reference"): facts.reference or NOT_APPLICABLE,
            _("Amount"): format_amount(facts.amount, facts.currency),
            _("Rate"): rate,
            units_label("exact"): format_usd(facts.amount_usd, none=_("not converted")),
        },
        figures=[2, 4],
        note=_("Rates are units of the currency per US dollar.") if is_converted else "",
    )


def _instalment_table(facts: Reminder) -> TableData:
    return _one_row(
        _("The instalment as the books hold it on %(day)s")
        % {"day": format_date(facts.source.today)},
        {
            _("Agreement"): facts.agreement,
            _("Instalment"): _("%(number)s of %(count)s")
            % {"number": format_number(facts.number), "count": format_number(facts.count)},
            _("Due on"): format_date(facts.due_on, length="medium"),
            _("Due"): format_amount(facts.due, facts.currency),
            _("Received"): format_amount(facts.received, facts.currency),
            _("Outstanding"): format_amount(facts.outstanding, facts.currency),
        },
        figures=[3, 4, 5],
    )


def _one_row(
    title: str, cells: dict[str, str], *, figures: Sequence[int], note: str = ""
) -> TableData:
    return TableData(
        title=title, headers=list(cells), rows=[list(cells.values())], note=note, figures=figures
    )


def dated(today: datetime.date) -> datetime.datetime:
    """The document's date of creation: the day of the letter, so that the bytes are its own."""
    return datetime.datetime.combine(today, datetime.time(), tzinfo=datetime.UTC)
