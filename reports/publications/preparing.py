"""Having a publication prepared: its files are made, checked and stored in the background."""

from contextlib import AbstractContextManager

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.services import record
from income.models import Ledger
from income.models.ledger import GENESIS, Posting
from income.periods import YearMonth
from jobs.models import Job
from jobs.registry import Report, job
from jobs.services import enqueue
from reports.models import Publication, PublicationState
from reports.open.state import Published
from reports.publications import making
from reports.publications.asking import Asked, PublicationWrong, check, frame
from reports.publications.casting import Casting, cast_ceb, cast_iati
from reports.publications.stored import plain

KIND = "prepare_publication"


def ask_publication(asked: Asked, *, by: User) -> Job:
    """Have the files made. Raises PublicationWrong with what stands against it.

    While the same ones are being made, the work is not begun twice.
    """
    check(asked)
    payload = {"books": asked.ledger.code, "kind": asked.kind, "month": asked.month.slug}
    same = {f"payload__{name}": value for name, value in payload.items()}
    going_on = Job.objects.unfinished().filter(kind=KIND, **same).first()
    return going_on or enqueue(KIND, payload, by=by)


@job(KIND, title=gettext_lazy("Files for publication"))
def prepare_job(job: Job, report: Report) -> str:
    """Payload: books, kind, month. Result: the publication."""
    ledger = Ledger.objects.get(code=job.payload["books"])
    asked = Asked(ledger, job.payload["kind"], YearMonth.parse(job.payload["month"]))
    report(0, 1)
    found = prepare(asked, by=User.objects.get(pk=job.asked_by_id))
    job.result = {"publication": str(found.uuid)}
    report(1, 1)
    if found.is_cast:
        return _("The files are prepared and agree with the books. Another person publishes them.")
    return _("The files are prepared, and do not agree with the books: see what differs.")


def prepare(asked: Asked, *, by: User) -> Publication:
    """Make, check and store the files, all or none; of the same state of the books only once.

    One that was prepared before and not published is discarded. Raises PublicationWrong.
    """
    check(asked)
    published = frame(asked) if asked.is_iati else None
    sequence = published.sequence if published else asked.ledger.sequence
    if kept := _prepared(asked, sequence):
        return kept
    with _files(asked, published, sequence) as files:
        casting = _cast(asked, published, sequence, files)
        return _store(asked, published, sequence, casting, files, by=by)


def _files(
    asked: Asked, published: Published | None, sequence: int
) -> AbstractContextManager[list[making.MadeFile]]:
    if published:
        return making.iati_files(published)
    return making.ceb_files(asked.ledger, asked.month.year, sequence)


def _cast(
    asked: Asked, published: Published | None, sequence: int, files: list[making.MadeFile]
) -> Casting:
    if published:
        return cast_iati(published, {made.name: made.source for made in files})  # type: ignore[misc]
    contents = {made.name: made.source.read() for made in files}
    return cast_ceb(asked.ledger, asked.month.year, sequence, contents)


def _prepared(asked: Asked, sequence: int) -> Publication | None:
    """The same files of the same state, waiting to be published."""
    return _waiting(asked).filter(sequence=sequence, is_cast=True).first()


def _waiting(asked: Asked) -> QuerySet[Publication]:
    return Publication.objects.filter(
        ledger=asked.ledger, kind=asked.kind, month=asked.month.key,
        state=PublicationState.PREPARED,
    )  # fmt: skip


@transaction.atomic
def _store(
    asked: Asked, published: Published | None, sequence: int, casting: Casting,
    files: list[making.MadeFile], *, by: User,
) -> Publication:  # fmt: skip
    """The row and its files. Whoever prepares at the same time waits for the lock."""
    Ledger.objects.select_for_update().get(pk=asked.ledger.pk)
    check(asked)
    if kept := _prepared(asked, sequence):
        return kept
    _waiting(asked).update(state=PublicationState.DISCARDED)
    made = Publication.objects.create(
        ledger=asked.ledger, kind=asked.kind, month=asked.month.key,
        update=published.update if published else None, sequence=sequence,
        hash=_hash(asked.ledger, sequence), is_cast=casting.holds, casting=plain(casting),
        prepared_by=by,
    )  # fmt: skip
    making.store(made, files)
    record(
        "prepare_publication", made, by=by,
        after={
            "kind": asked.kind, "month": asked.month.slug, "sequence": sequence,
            "is_cast": made.is_cast,
        },
    )  # fmt: skip
    return made


def _hash(ledger: Ledger, sequence: int) -> str:
    """The seal of the books at the sequence."""
    found = Posting.objects.filter(ledger=ledger, sequence=sequence)
    return found.values_list("hash", flat=True).first() or GENESIS


__all__ = ["KIND", "PublicationWrong", "ask_publication", "prepare", "prepare_job"]
