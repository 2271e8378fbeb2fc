"""Having an update prepared: its files are made in the background and stored as bytes, once."""

import datetime
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.services import record
from income.models import Ledger, Posting
from income.periods import YearMonth
from jobs.models import Job
from jobs.registry import Report, job
from jobs.services import enqueue
from reports.figures.dashboard import Dashboard, dashboard
from reports.figures.one_state import TRIES, BooksMoving
from reports.models import MonthlyUpdate, UpdateFile, UpdateState, UpdateStatus
from reports.pdf.update import render_update
from reports.plain import plain
from reports.sheets.board import dashboard_csv
from reports.updates.asking import UpdateWrong, closed_row, question_of
from reports.updates.document import fitting
from reports.updates.since_last import SinceLast, published_before, since_last
from reports.updates.stored import DATA, FIGURES, pdf_name

KIND = "prepare_update"
NEUTRAL = "en"  # the language of what programs read


@dataclass(frozen=True)
class Made:
    """One file before it is stored."""

    name: str
    content_type: str
    language: str
    content: bytes


@dataclass(frozen=True)
class Answers:
    """The same figures in each language, all of one state of the books."""

    by_language: dict[str, tuple[Dashboard, SinceLast]]

    @property
    def neutral(self) -> Dashboard:
        return self.by_language[NEUTRAL][0]

    @property
    def sequence(self) -> int:
        return self.neutral.provenance.sequence


def ask_update(*, ledger: Ledger, month: YearMonth, status: str, by: User) -> Job:
    """Have the update of a closed month made. Raises UpdateWrong with what stands against it.

    While one is being made for the same month and status, the same work is not begun twice.
    """
    check(ledger, month, status)
    payload = {"books": ledger.code, "month": month.slug, "status": status}
    going_on = Job.objects.unfinished().filter(kind=KIND, **_same(payload)).first()
    return going_on or enqueue(KIND, payload, by=by)


def _same(payload: dict[str, str]) -> dict[str, str]:
    return {f"payload__{name}": value for name, value in payload.items()}


def check(ledger: Ledger, month: YearMonth, status: str) -> None:
    """Raise UpdateWrong unless an update of this month and status may be prepared."""
    if status not in UpdateStatus.values:
        raise UpdateWrong(_("An update is provisional or final."), field="status")
    if closed_row(ledger, month) is None:
        raise UpdateWrong(
            _("%(month)s is not closed. Its update can be prepared once it is.") % {"month": month},
            field="month",
        )
    published = MonthlyUpdate.objects.filter(
        ledger=ledger, month=month.key, state=UpdateState.PUBLISHED
    )
    stand = set(published.values_list("status", flat=True))
    if status in stand:
        raise UpdateWrong(
            _("The update of %(month)s is published already, and stays as it is.")
            % {"month": month}
        )
    if status == UpdateStatus.FINAL and UpdateStatus.PROVISIONAL not in stand:
        raise UpdateWrong(
            _("Publish the provisional update of %(month)s first.") % {"month": month}
        )


@job(KIND, title=gettext_lazy("A monthly update"))
def prepare_job(job: Job, report: Report) -> str:
    """Payload: books, month, status. Result: the update."""
    ledger = Ledger.objects.get(code=job.payload["books"])
    by = User.objects.get(pk=job.asked_by_id)
    month = YearMonth.parse(job.payload["month"])
    found = prepare(
        ledger, month, job.payload["status"], by=by, on=timezone.localdate(), progress=report
    )
    job.result = {"update": str(found.uuid)}
    return _("The update of %(month)s is prepared. Another person publishes it.") % {"month": month}


def prepare(
    ledger: Ledger, month: YearMonth, status: str, *, by: User, on: datetime.date,
    progress: Report | None = None,
) -> MonthlyUpdate:  # fmt: skip
    """Make the files of one state of the books and store them, all or none.

    `on` is the day it is made. One that is there of the same state is kept; an older one that
    was prepared and not published is discarded. Raises UpdateWrong, PdfFailed, BooksMoving.
    """
    check(ledger, month, status)
    answers = _answers(ledger, month, status)
    if kept := _prepared(ledger, month, status, answers.sequence):
        return kept
    files = list(_files(answers, month, status, moved_at(ledger, answers.sequence), progress))
    return _store(ledger, month, status, answers, files, by=by, on=on)


def _answers(ledger: Ledger, month: YearMonth, status: str) -> Answers:
    for _attempt in range(TRIES):
        answers = Answers(dict(_each(ledger, month, status)))
        states = {one.provenance.sequence for one, _since in answers.by_language.values()}
        if len(states) == 1:
            return answers
    raise BooksMoving()


def _each(
    ledger: Ledger, month: YearMonth, status: str
) -> Iterator[tuple[str, tuple[Dashboard, SinceLast]]]:
    before = published_before(ledger, month, status)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            answer = dashboard(question_of(ledger, month))
            since = since_last(ledger, month, answer.provenance.sequence, before)
            yield language, (answer, since)


def moved_at(ledger: Ledger, sequence: int) -> datetime.datetime:
    """When the books came to that state: the same state gives the same bytes."""
    moved = Posting.objects.filter(ledger=ledger, sequence=sequence)
    return moved.values_list("posted_at", flat=True).first() or datetime.datetime(
        1978, 10, 1, tzinfo=datetime.UTC
    )


def _files(
    answers: Answers, month: YearMonth, status: str, moved: datetime.datetime,
    progress: Report | None,
) -> Iterator[Made]:  # fmt: skip
    with translation.override(NEUTRAL):
        figures = canonical(answers.neutral)
        data = dashboard_csv(answers.neutral)
    yield Made(FIGURES, "application/json", "", figures)
    yield Made(DATA, "text/csv; charset=utf-8", "", data)
    for number, (language, (answer, since)) in enumerate(answers.by_language.items(), start=1):
        with translation.override(language):
            content = fitting(answer, since, status=status, language=language, render=_set(moved))
        yield Made(pdf_name(language), "application/pdf", language, content)
        if progress:
            progress(number, len(answers.by_language))


def _set(moved: datetime.datetime) -> Callable[..., bytes]:
    return lambda document: render_update(document, timestamp=moved)


def canonical(answer: Dashboard) -> bytes:
    """The figures as JSON that is the same for the same figures."""
    text = json.dumps(plain(answer), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def _prepared(ledger: Ledger, month: YearMonth, status: str, sequence: int) -> MonthlyUpdate | None:
    waiting = MonthlyUpdate.objects.filter(
        ledger=ledger, month=month.key, status=status, state=UpdateState.PREPARED
    )
    return waiting.filter(sequence=sequence).first()


@transaction.atomic
def _store(
    ledger: Ledger, month: YearMonth, status: str, answers: Answers, files: list[Made], *,
    by: User, on: datetime.date,
) -> MonthlyUpdate:  # fmt: skip
    """The row and its files. Whoever prepares at the same time waits for the lock."""
    Ledger.objects.select_for_update().get(pk=ledger.pk)
    check(ledger, month, status)
    if kept := _prepared(ledger, month, status, answers.sequence):
        return kept
    MonthlyUpdate.objects.filter(
        ledger=ledger, month=month.key, status=status, state=UpdateState.PREPARED
    ).update(state=UpdateState.DISCARDED)
    source = answers.neutral.provenance
    made = MonthlyUpdate.objects.create(
        ledger=ledger, month=month.key, status=status, sequence=source.sequence,
        hash=source.hash, known_on=on, prepared_by=by,
        target_set=answers.neutral.goal_set.code if answers.neutral.goal_set else "",
    )  # fmt: skip
    for file in files:
        UpdateFile.objects.create(
            update=made, name=file.name, content_type=file.content_type, language=file.language,
            content=file.content, sha256=hashlib.sha256(file.content).hexdigest(),
        )  # fmt: skip
    after = {"month": month.slug, "status": status, "sequence": made.sequence}
    record("prepare_update", made, by=by, after=after)
    return made
