"""Making a letter and filing it: the file, the engagement, the approach and the audit trail.

The token of a letter becomes the identifier of its file, so the same form makes one letter only.
"""

import datetime
import hashlib
import uuid as uuids
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import translation

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from donors.models import DocumentKind, DonorDocument, Engagement, EngagementKind
from income.models import Approach
from reports.letters.document import dated, document, kind_of, reference_of
from reports.letters.facts import Facts
from reports.letters.texts import wording
from reports.pdf.letter import LetterDocument, render_letter

LONGEST_TITLE = 300
LONGEST_SUMMARY = 4000
PDF = "application/pdf"


@dataclass(frozen=True)
class Letter:
    """A letter that was set: its facts, what it prints, its bytes."""

    facts: Facts
    printed: LetterDocument
    content: bytes

    @property
    def file_name(self) -> str:
        """Which letter, to whom, of which day, in which language."""
        mark = "DEMONSTRATION-" if self.facts.source.is_demonstration else ""
        day = self.facts.source.today.isoformat()
        kind, code = kind_of(self.facts), self.facts.donor.code
        return f"{mark}letter-{kind}-{code}-{day}-{self.printed.language}.pdf"


def set_letter(
    facts: Facts, *, language: str, token: uuids.UUID, subject: str = "", body: str = ""
) -> Letter:
    """Set the letter in its language; without a subject and a body its own text is taken.

    Raises WordingWrong and PdfFailed; nothing is filed.
    """
    with translation.override(language):
        own = wording(facts)
        printed = document(
            facts, subject=subject or own.subject, body=body or own.body, values=dict(own.values),
            reference=reference_of(facts, token.hex), language=language,
        )  # fmt: skip
    return Letter(facts, printed, render_letter(printed, timestamp=dated(facts.source.today)))


def filed_before(token: uuids.UUID) -> DonorDocument | None:
    """The letter that the token made, if it did."""
    return DonorDocument.objects.filter(uuid=token, kind=DocumentKind.LETTER).first()


def file_letter(
    letter: Letter, *, token: uuids.UUID, by: User, approach: Approach | None = None
) -> DonorDocument:
    """File the letter with the donor, and note it on the approach; the same token files once."""
    if not (by.may(Permission.EDIT_DONORS) or by.may(Permission.ENTER_INCOME)):
        raise PermissionDenied
    try:
        return filed_before(token) or _file(letter, token=token, by=by, approach=approach)
    except IntegrityError:  # the same form in the same moment
        earlier = filed_before(token)
        if earlier is None:
            raise
        return earlier


@transaction.atomic
def _file(
    letter: Letter, *, token: uuids.UUID, by: User, approach: Approach | None
) -> DonorDocument:
    kept = _document(letter, token, by)
    engagement = Engagement.objects.create(
        donor=kept.donor, kind=EngagementKind.LETTER, happened_on=kept.dated_on,
        subject=kept.title, summary="\n\n".join(letter.printed.paragraphs)[:LONGEST_SUMMARY],
        document=kept, recorded_by=by,
    )  # fmt: skip
    if approach:
        _note_on(approach, engagement, kept.dated_on, by)
    record("make_letter", kept.donor, by=by, after=_told(letter, kept, approach))
    kept.file.save(kept.file_name, ContentFile(letter.content), save=True)
    return kept


def _document(letter: Letter, token: uuids.UUID, by: User) -> DonorDocument:
    facts = letter.facts
    mark = "DEMONSTRATION: " if facts.source.is_demonstration else ""
    return DonorDocument.objects.create(
        uuid=token, donor=facts.donor, kind=DocumentKind.LETTER,
        title=f"{mark}{letter.printed.subject}"[:LONGEST_TITLE], dated_on=facts.source.today,
        file_name=letter.file_name, media_type=PDF, byte_count=len(letter.content),
        sha256=hashlib.sha256(letter.content).hexdigest(), added_by=by,
    )  # fmt: skip


def _note_on(approach: Approach, letter: Engagement, day: datetime.date, by: User) -> None:
    """The donor was asked by this letter; the day of an earlier question stays."""
    row = Approach.objects.select_for_update(of=("self",)).get(pk=approach.pk)
    before = {"asked_on": row.asked_on, "letter": row.letter_id}
    row.letter, row.asked_on = letter, row.asked_on or day
    row.version += 1
    row.save(update_fields=["letter", "asked_on", "version"])
    after = {"asked_on": row.asked_on, "letter": str(letter.uuid)}
    record("ask_by_letter", row, by=by, before=before, after=after)


def _told(letter: Letter, kept: DonorDocument, approach: Approach | None) -> dict[str, object]:
    source = letter.facts.source
    return {
        "kind": kind_of(letter.facts), "document": str(kept.uuid), "sha256": kept.sha256,
        "reference": letter.printed.reference, "language": letter.printed.language,
        "books": source.ledger.code, "sequence": source.sequence, "hash": source.hash,
        "approach": str(approach.uuid) if approach else "",
    }  # fmt: skip
