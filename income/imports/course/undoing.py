"""An import taken back as a whole: every posting reversed, and what its rows made with it."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import record
from income.errors import NotAllowed, PostingWrong
from income.imports.course.passes import Progress
from income.imports.course.posting import postings_of
from income.ledger.bulk import reverse_batch
from income.models import (
    Amendment,
    Contribution,
    Draft,
    Entry,
    ErpReference,
    Import,
    ImportedRow,
    Posting,
)
from income.rules import month_to_book_in
from income.services.actors import Actors
from income.services.drafts import correct_draft, submit_draft
from income.services.undoing import refuse_uncovered, reopen
from income.vocabulary import Act, ContributionState, DraftState, Kind

PROMISED = (Kind.PLEDGE, Kind.AGREEMENT, Kind.CONDITIONAL)


@transaction.atomic
def ask_to_undo(import_: Import, *, because: str, by: User) -> Draft:
    """Write down, for review, that an import is to be undone. Asked again, the same draft.

    Raises NotAllowed without a reason, PostingWrong with what stands in the way.
    """
    locked = _locked(import_.pk)
    if not because.strip():
        raise NotAllowed(_("Say what is wrong with the import."))
    _refuse_state(locked)
    refuse_what_rests_on(locked)
    payload = {"import": str(locked.uuid), "file": locked.file_name, "because": because.strip()}
    title = _("Undo the import of %(file)s: %(because)s") % payload
    draft = locked.undo_draft
    if draft is None:
        locked.undo_draft = submit_draft(
            locked.ledger, act=Act.UNDO_IMPORT, payload=payload, title=title,
            token=f"undo:{locked.uuid}", by=by,
        )  # fmt: skip
        locked.save(update_fields=["undo_draft"])
        return locked.undo_draft
    if draft.state == DraftState.SUBMITTED:
        return draft
    return correct_draft(
        draft, act=Act.UNDO_IMPORT, payload=payload, title=title, version=draft.version, by=by
    )


def _locked(key: int) -> Import:
    return (
        Import.objects.select_for_update(of=("self",))
        .select_related("ledger", "draft", "undo_draft")
        .get(pk=key)
    )


def _refuse_state(import_: Import) -> None:
    if not import_.is_posted:
        raise NotAllowed(_("This import is not posted, so there is nothing to undo."))
    if import_.undone_at:
        raise NotAllowed(_("This import was undone before."))


def undo_import(
    draft: Draft, actors: Actors, *, today: datetime.date, report: Progress | None = None
) -> list[Posting]:
    """Reverse the draft's import: its reversals, booked in the month of `today`; again, the same.

    Contributions that its rows made are cancelled, and the same file may be posted again. Raises
    PostingWrong with what stands in the way, MonthClosed; then nothing is reversed.
    """
    with transaction.atomic():
        found = Import.objects.filter(undo_draft=draft.pk).values_list("pk", flat=True).first()
        if found is None:
            raise PostingWrong(_("This draft has no import to undo."))
        import_ = _locked(found)
        if import_.undone_at:
            return _reversals(import_)
        _refuse_state(import_)
        return _undo(import_, str(draft.payload["because"]), actors, today, report)


def _reversals(import_: Import) -> list[Posting]:
    postings = postings_of(import_)
    reversals = Posting.objects.filter(reverses__in=postings).select_related("ledger")
    return list(reversals.order_by("ledger__code", "sequence"))


def _undo(
    import_: Import, because: str, actors: Actors, today: datetime.date, report: Progress | None
) -> list[Posting]:
    # Locked against receipts and changes, until all of it is reversed.
    made = _made_by(import_).select_for_update(of=("self",)).order_by("pk")
    for _key in made.values_list("pk", flat=True).iterator():
        pass
    refuse_what_rests_on(import_)
    postings = postings_of(import_)
    reversals = reverse_batch(
        postings,
        booked_month=lambda books: month_to_book_in(books, today, today, field="because"),
        note=because,
        token=f"undo:{import_.uuid.hex}",
        prepared_by=actors.prepared_by,
        approved_by=actors.approved_by,
        report=report,
    )
    cancelled = _made_by(import_).update(
        state=ContributionState.CANCELLED, version=F("version") + 1
    )
    refuse_uncovered(_short_of(import_))
    for contribution in _closed_after(import_):
        reopen(contribution, actors)
    ErpReference.objects.filter(posting__in=import_.postings.all()).delete()
    rows, _by_model = ImportedRow.objects.filter(source=import_).delete()
    import_.undone_at = timezone.now()
    import_.save(update_fields=["undone_at"])
    if report:
        report(rows, rows)
    record(
        "undo_import", import_, by=actors.prepared_by,
        after=_told(postings, reversals, rows, cancelled, because),
    )  # fmt: skip
    return reversals


def _told(
    postings: list[Posting], reversals: list[Posting], rows: int, cancelled: int, because: str
) -> dict[str, Any]:
    return {
        "because": because,
        "rows": rows,
        "contributions": cancelled,
        "postings": [f"{one.ledger.code}/{one.sequence}" for one in postings],
        "reversals": [f"{one.ledger.code}/{one.sequence}" for one in reversals],
    }


def _own_entries(import_: Import) -> QuerySet[Entry]:
    return Entry.objects.filter(posting__in=import_.postings.all())


def _made_by(import_: Import) -> QuerySet[Contribution]:
    """The contributions that its rows made: what is promised stands in its own postings."""
    promised = _own_entries(import_).filter(kind__in=PROMISED, contribution=OuterRef("pk"))
    ledgers = import_.postings.values("ledger")
    return Contribution.objects.filter(Exists(promised), ledger__in=ledgers)


def refuse_what_rests_on(import_: Import) -> None:
    """Raise PostingWrong naming the newest act that has to be undone before the import."""
    own = import_.postings.all()
    made = _made_by(import_)
    later = (
        Posting.objects.filter(reverses=None, reversed_by=None)
        .exclude(pk__in=own.values("pk"))
        .filter(Exists(Entry.objects.filter(posting=OuterRef("pk"), contribution__in=made)))
        .select_related("ledger")
        .order_by("-posted_at", "-sequence")
        .first()
    )
    if later:
        _refuse_later(later, made)
    extended = (
        Amendment.objects.filter(contribution__in=made, posting=None, is_undone=False)
        .select_related("contribution")
        .first()
    )
    if extended:
        raise PostingWrong(
            _(
                "%(number)s came from this import and was amended afterwards, so the import "
                "cannot be undone as a whole. Cancel what is wrong agreement by agreement."
            ),
            number=extended.contribution.number,
        )
    if reversed_one := own.filter(reversed_by__isnull=False).first():
        raise PostingWrong(
            _("Posting %(sequence)s of this import was reversed before."),
            sequence=reversed_one.sequence,
        )


def _refuse_later(later: Posting, made: QuerySet[Contribution]) -> None:
    contribution = made.filter(entries__posting=later).order_by("pk").first()
    number = contribution.number if contribution else ""
    if later.act == Act.IMPORT_ROWS and (other := later.imports.first()):
        raise PostingWrong(
            _(
                "%(number)s came from this import, and the import of “%(file)s” booked on it. "
                "Undo that one first."
            ),
            number=number,
            file=other.file_name,
        )
    raise PostingWrong(
        _(
            "%(number)s came from this import and was changed, or got money, by posting "
            "%(sequence)s. Reverse that one first."
        ),
        number=number,
        sequence=later.sequence,
    )


def _closed_after(import_: Import) -> QuerySet[Contribution]:
    """Agreements that were closed with money of the import, and lack it now."""
    received = _own_entries(import_).filter(kind=Kind.RECEIPT, contribution=OuterRef("pk"))
    closed = Contribution.objects.filter(Exists(received), state=ContributionState.CLOSED)
    return closed.select_for_update(of=("self",)).order_by("pk")


def _short_of(import_: Import) -> QuerySet[Contribution]:
    """Agreements that got money by the import, and from which money left otherwise."""
    received = _own_entries(import_).filter(kind=Kind.RECEIPT, contribution=OuterRef("pk"))
    left = Entry.objects.receipts().filter(
        contribution=OuterRef("pk"), amount__lt=0, posting__reverses=None,
        posting__reversed_by=None,
    ).exclude(posting__in=import_.postings.all())  # fmt: skip
    return Contribution.objects.filter(Exists(received), Exists(left)).order_by("pk")
