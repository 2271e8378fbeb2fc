"""References and exports of the ERP: added, loaded, matched. Each act is audited."""

import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import AuditEvent, User
from accounts.permissions import Permission
from accounts.services import record
from income.erp.matching import NEAR, BookReceipt, Known, book_receipts, found_for
from income.erp.reading import ErpFile
from income.errors import NotAllowed, PostingWrong
from income.models import Contribution, ErpExport, ErpLine, ErpReference, Ledger, Posting
from income.periods import YearMonth
from income.vocabulary import ErpScheme, Kind


@transaction.atomic
def add_reference(
    ledger: Ledger, *, scheme: ErpScheme, value: str, by: User,
    contribution: Contribution | None = None, posting: Posting | None = None,
) -> ErpReference:  # fmt: skip
    """Name an agreement or a posting as the ERP does; the same again returns the first."""
    _may(by)
    value = " ".join(value.split())
    subject = contribution or posting
    if subject is None or subject.ledger_id != ledger.pk:
        raise PostingWrong(_("This agreement stands in other books."))
    if not value or len(value) > 60 or not value.isprintable():
        raise PostingWrong(_("Write the identifier as the ERP does, in at most 60 characters."))
    reference, is_new = ErpReference.objects.get_or_create(
        ledger=ledger, contribution=contribution, posting=posting, scheme=scheme, value=value
    )
    if is_new:
        record("add_erp_reference", subject, by=by, after={"scheme": scheme, "value": value})
    return reference


@transaction.atomic
def remove_reference(reference: ErpReference, *, by: User) -> None:
    """Take an identifier off; the audit trail keeps it."""
    _may(by)
    subject = reference.contribution or reference.posting
    before = {"scheme": reference.scheme, "value": reference.value}
    if subject is not None:
        record("remove_erp_reference", subject, by=by, before=before)
    reference.delete()


@transaction.atomic
def load_export(
    ledger: Ledger, month: YearMonth, file: ErpFile, *, file_name: str, content: bytes, by: User
) -> ErpExport:
    """Take over a month's export and match it; the one before is kept, but not current any more."""
    _may(by)
    Ledger.objects.select_for_update().get(pk=ledger.pk)
    ErpExport.objects.filter(ledger=ledger, month=month.key, is_current=True).update(
        is_current=False
    )
    export = ErpExport.objects.create(
        ledger=ledger, month=month.key, file_name=file_name[:200], loaded_by=by,
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    for line in file.lines:
        line.export = export
    ErpLine.objects.bulk_create(file.lines, batch_size=1_000)
    after = {"month": month.slug, "file": export.file_name, "sha256": export.sha256,
             "lines": len(file.lines)}  # fmt: skip
    record("load_erp_export", export, by=by, after=after)
    match_export(export, by=by)
    return export


@transaction.atomic
def match_export(export: ErpExport, *, by: User) -> int:
    """Match again with the books as they are; how many lines have a posting now.

    What a person matched stays, as long as the posting stands; what a person took apart is not
    put together again.
    """
    _may(by)
    ledger = Ledger.objects.get(pk=export.ledger_id)
    month = YearMonth.from_key(export.month)
    lines = list(export.lines.order_by("row"))
    known, apart = Known.of(ledger), _taken_apart(lines)
    named = {pk for line in lines for pk in known.postings_of_document.get(
        line.document.strip().casefold(), ())}  # fmt: skip
    tied = {line.posting_id for line in lines}
    receipts = book_receipts(ledger, month.first_day - NEAR, month.last_day + NEAR, named | tied)
    _hang(ledger, receipts, export)
    matched = _matched(lines, receipts, known, apart)
    ErpLine.objects.bulk_update(lines, ["posting"], batch_size=1_000)
    export.matched_sequence = ledger.sequence
    export.save(update_fields=["matched_sequence"])
    record("match_erp_export", export, by=by, after={"matched": matched, "lines": len(lines)})
    return matched


def _hang(ledger: Ledger, receipts: Iterable[BookReceipt], export: ErpExport) -> None:
    """Lines of other months' current exports on the receipts that they were matched with."""
    by_posting = {one.posting: one for one in receipts}
    others = ErpLine.objects.filter(
        export__ledger=ledger, export__is_current=True, posting__in=list(by_posting)
    ).exclude(export=export)
    for line in others:
        by_posting[line.posting_id].lines.append(line)


def _matched(
    lines: list[ErpLine], receipts: list[BookReceipt], known: Known,
    apart: dict[str, frozenset[int]],
) -> int:  # fmt: skip
    by_posting = {one.posting: one for one in receipts}
    for line in lines:
        if line.posting_id in by_posting:
            by_posting[line.posting_id].lines.append(line)
        else:
            line.posting_id = None
    for line in lines:
        if line.posting_id is None:
            forbidden = apart.get(str(line.pk), frozenset())
            line.posting_id = found_for(line, receipts, known, forbidden)
            if line.posting_id is not None:
                by_posting[line.posting_id].lines.append(line)
    return sum(line.posting_id is not None for line in lines)


def _taken_apart(lines: Iterable[ErpLine]) -> dict[str, frozenset[int]]:
    """For each line the sequences of postings that a person said it does not belong to."""
    events = AuditEvent.objects.filter(
        act="unmatch_erp_line", subject=ErpLine._meta.label_lower,
        subject_id__in=[str(line.pk) for line in lines],
    )  # fmt: skip
    found: dict[str, frozenset[int]] = {}
    for subject_id, before in events.values_list("subject_id", "before"):
        found[subject_id] = found.get(subject_id, frozenset()) | {before.get("sequence", 0)}
    return found


@transaction.atomic
def match_line(line: ErpLine, sequence: int, *, by: User) -> ErpLine:
    """Say that a line of the ERP is this posting's receipt."""
    _may(by)
    locked = (
        ErpLine.objects.select_for_update(of=("self",)).select_related("export").get(pk=line.pk)
    )
    posting = Posting.objects.filter(ledger=locked.export.ledger_id, sequence=sequence).first()
    if posting is None:
        raise PostingWrong(_("These books have no such posting."))
    if not posting.entries.filter(kind=Kind.RECEIPT).exists() or posting.reverses_id:
        raise PostingWrong(_("Posting %(sequence)s holds no receipt."), sequence=sequence)
    if Posting.objects.filter(reverses=posting).exists():
        raise PostingWrong(_("Posting %(sequence)s was reversed."), sequence=sequence)
    before = {"sequence": locked.posting.sequence if locked.posting else None}
    locked.posting = posting
    locked.save(update_fields=["posting"])
    record("match_erp_line", locked, by=by, before=before, after={"sequence": sequence})
    return locked


@transaction.atomic
def unmatch_line(line: ErpLine, *, by: User) -> ErpLine:
    """Say that a line and the posting it was matched with do not belong together."""
    _may(by)
    locked = ErpLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if locked.posting is None:
        return locked
    before = {"sequence": locked.posting.sequence}
    locked.posting = None
    locked.save(update_fields=["posting"])
    record("unmatch_erp_line", locked, by=by, before=before)
    return locked


def _may(by: User) -> None:
    if not by.may(Permission.ENTER_INCOME):
        raise NotAllowed(_("Your account may not enter income."))
