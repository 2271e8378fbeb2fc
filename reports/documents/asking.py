"""Which report somebody asks for, as a form or an address says it; and the document of it."""

import datetime
import uuid as uuids
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from donors.models import Donor
from income.models import Contribution, Entry, Ledger
from reports.documents.acknowledgement import acknowledgement_document
from reports.documents.agreement import agreement_document
from reports.documents.errors import NothingToReport
from reports.documents.profile import profile_document
from reports.documents.statement import statement_document
from reports.figures.asked_period import AskedPeriod
from reports.models import ReportType
from reports.sealing.documents import SealedDocument

FIRST_YEAR = 1978  # of the agency's forerunner: no books begin earlier


@dataclass(frozen=True)
class Asked:
    """A report of the donor in the books. `period` is of a statement or a profile (its last year
    counts), `subject` of a receipt (`<sequence>/<line>`) or an agreement (its UUID).
    """

    type: str
    ledger: Ledger
    donor: Donor
    language: str
    period: AskedPeriod | None = None
    subject: str = ""

    @classmethod
    def parse(
        cls, sent: Mapping[str, str], ledger: Ledger, donor: Donor, today: datetime.date
    ) -> "Asked":
        """From `type`, `language`, `subject`, and `year` or `from` and `until`.

        Raises NothingToReport, with the field that is wrong.
        """
        type_, language = sent.get("type", ""), sent.get("language", "")
        if type_ not in ReportType.values:
            raise NothingToReport(_("Choose which report is to be made."), field="type")
        if language not in dict(settings.LANGUAGES):
            raise NothingToReport(_("Choose the language of the report."), field="language")
        has_period = type_ in (ReportType.STATEMENT, ReportType.PROFILE)
        period = _period(sent, today) if has_period else None
        return cls(type_, ledger, donor, language, period, sent.get("subject", ""))


def document_of(asked: Asked, today: datetime.date) -> SealedDocument:
    """The document that is to be sealed. Raises NothingToReport and BooksMoving."""
    if asked.type == ReportType.ACKNOWLEDGEMENT:
        return acknowledgement_document(_receipt(asked), asked.language, today=today)
    if asked.type == ReportType.AGREEMENT:
        return agreement_document(_contribution(asked), asked.language, today=today)
    if asked.period is None:
        raise NothingToReport(_("Choose the time that the report is about."), field="from")
    if asked.type == ReportType.PROFILE:
        year = asked.period.until_on.year
        return profile_document(asked.ledger, asked.donor, year, asked.language, today=today)
    return statement_document(
        asked.ledger, asked.donor, asked.period.from_on, asked.period.until_on, asked.language,
        today=today,
    )  # fmt: skip


def _period(sent: Mapping[str, str], today: datetime.date) -> AskedPeriod:
    """A year, or the days from one to another; not before any books, and begun by today."""
    year = sent.get("year", "")
    if year.isascii() and year.isdecimal() and len(year) == 4:
        begins, ends = f"{year}-01-01", f"{year}-12-31"
    else:
        begins, ends = sent.get("from", ""), sent.get("until", "")
    try:
        period = AskedPeriod(_day(begins), _day(ends))
    except ValueError:
        raise NothingToReport(
            _("Write the first and the last day of the report, in this order."), field="from"
        ) from None
    if period.from_on > today or period.until_on.year > today.year:
        raise NothingToReport(
            _("Nobody knows yet what the books will hold in that time."), field="until"
        )
    if period.from_on.year < FIRST_YEAR:
        raise NothingToReport(
            _("No books begin before %(year)s.") % {"year": FIRST_YEAR}, field="from"
        )
    return period


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def _receipt(asked: Asked) -> Entry:
    sequence, _slash, line = asked.subject.partition("/")
    found = Entry.objects.in_books(asked.ledger).receipts().filter(
        donor__in=Donor.objects.with_merged(asked.donor)
    )  # fmt: skip
    is_number = all(one.isascii() and one.isdecimal() and len(one) < 10 for one in (sequence, line))
    entry = None
    if is_number:
        found = found.filter(posting__sequence=int(sequence), line=int(line))
        related = ("posting__reversed_by", "fund", "donor", "ledger", "contribution", "programme")
        entry = found.select_related(*related, "area").first()
    if entry is None:
        raise NothingToReport(_("There is no such receipt of this donor."), field="subject")
    return entry


def _contribution(asked: Asked) -> Contribution:
    found = Contribution.objects.in_books(asked.ledger).promised()
    found = found.filter(donor__in=Donor.objects.with_merged(asked.donor))
    try:
        one = found.filter(uuid=uuids.UUID(asked.subject)).first()
    except ValueError:
        one = None
    if one is None:
        raise NothingToReport(_("There is no such contribution of this donor."), field="subject")
    return one
