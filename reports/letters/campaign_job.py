"""The letters of a campaign as work in the background, and all of them in one ZIP file."""

import datetime
import uuid as uuids
import zipfile
from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from donors.models import DonorDocument
from income.models import Approach, Campaign, Ledger
from interface.errors import PortalError
from jobs.models import Job, JobState
from jobs.registry import Report, job
from jobs.services import enqueue
from reports.letters.facts import core_call
from reports.letters.filing import file_letter, filed_before, set_letter

KIND = "campaign_letters"
IN_MEMORY = 20_000_000  # bytes of a ZIP file before it goes to the disk


def ask_for_letters(
    campaign: Campaign,
    ledger: Ledger,
    *,
    language: str,
    again: bool,
    today: datetime.date,
    by: User,
) -> Job:
    """Ask for the letters; while they are being made, the same work is not begun twice."""
    going_on = jobs_of(campaign, by).filter(state__in=[JobState.WAITING, JobState.RUNNING]).first()
    return going_on or enqueue(
        KIND,
        {
            "campaign": str(campaign.uuid), "books": ledger.code, "language": language,
            "again": again, "day": today.isoformat(),
        },
        by=by,
    )  # fmt: skip


def jobs_of(campaign: Campaign, user: User) -> QuerySet[Job]:
    """The person's work on the letters of the campaign, newest first."""
    return Job.objects.for_user(user).filter(kind=KIND, payload__campaign=str(campaign.uuid))


def token_of(approach: Approach, *, work: Job) -> uuids.UUID:
    """The same for the same work; and for every work that was not asked to make letters again."""
    scope = work.uuid if work.payload["again"] else approach.campaign.uuid
    return uuids.uuid5(scope, f"letter:{approach.uuid}")


@job(KIND, title=gettext_lazy("Letters of a campaign"))
def make_letters(job: Job, report: Report) -> str:
    """Payload: campaign, books, language, again, day. Result: how many were made, and problems."""
    campaign = Campaign.objects.get(uuid=job.payload["campaign"])
    ledger = Ledger.objects.get(code=job.payload["books"])
    rows = list(campaign.approaches.select_related("donor", "campaign").order_by("donor__code"))
    made, problems = 0, []
    for at, approach in enumerate(rows, start=1):
        if approach.letter_id is None or job.payload["again"]:
            try:
                made += _make(approach, ledger, job)
            except PortalError as error:
                problems.append(f"{approach.donor.code}: {error.sentence}")
        report(at, len(rows))
    job.result = {"made": made, "problems": problems}
    return _said(made, len(problems))


def _make(approach: Approach, ledger: Ledger, work: Job) -> int:
    """1 for a letter that is new, 0 for one that this work had made before it broke off."""
    token = token_of(approach, work=work)
    if filed_before(token):
        return 0
    language = approach.donor.language or work.payload["language"]
    today = datetime.date.fromisoformat(work.payload["day"])
    with translation.override(language):
        facts = core_call(ledger, approach.donor, today, approach=approach)
    letter = set_letter(facts, language=language, token=token)
    by: Any = work.asked_by
    file_letter(letter, token=token, by=by, approach=approach)
    return 1


def _said(made: int, failed: int) -> str:
    if failed:
        return _("Letters made: %(made)d. Letters that could not be made: %(failed)d.") % {
            "made": made, "failed": failed,
        }  # fmt: skip
    if not made:
        return _("Every donor of the campaign has its letter already.")
    return ngettext(
        "%(count)d letter was made and filed with its donor.",
        "%(count)d letters were made and filed with their donors.",
        made,
    ) % {"count": made}


def letters_of(campaign: Campaign) -> QuerySet[DonorDocument]:
    """The current letter of each donor of the campaign."""
    rows = DonorDocument.objects.filter(engagements__approach__campaign=campaign)
    return rows.order_by("donor__code", "pk").distinct()


def zipped(documents: Iterable[DonorDocument]) -> IO[bytes]:
    """A ZIP file of the documents, open at its beginning."""
    archive = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # the response closes it
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for document in documents:
            with document.file.open("rb") as content:
                file.writestr(document.file_name, content.read())
    archive.seek(0)
    return archive
