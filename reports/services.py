"""Writes of the reports floor, and the language that a person chose last."""

from django.db import transaction

from accounts.models import User
from accounts.services import record
from interface.formatting import current_language
from reports.models import ReportDownload, SealedReport


@transaction.atomic
def record_download(report: SealedReport, *, by: User) -> ReportDownload:
    """Keep who took which version of a report, and the SHA-256 of its bytes."""
    kept = ReportDownload.objects.create(report=report, user=by)
    after = {
        "report": report.number,
        "type": report.type,
        "donor": report.donor.code,
        "version": report.version,
        "language": report.language,
        "sha256": report.sha256,
    }
    record("download_report", report, by=by, after=after)
    return kept


def last_language(user: User) -> str:
    """The language in which the person last asked for a report; at first that of the page."""
    return user.report_language or current_language()


def remember_language(user: User, language: str) -> None:
    """The next report is offered in the language in which this one was asked for."""
    if user.report_language != language:
        user.report_language = language
        user.save(update_fields=["report_language"])
