"""References and exports of the ERP: added, loaded, matched. Each act is audited."""

import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import AuditEvent, User
from accounts.permissions import Permission
from accounts.services import record
from income.erp.candidates import NEAR, Candidates, Known, Place
from income.erp.matching import hang_lines
from income.erp.reading import ErpFile
from income.erp.receipts import book_receipts, imported_receipt, number_of
from income.errors import NotAllowed, PostingWrong
from income.finding import keep_starts
from income.models import Contribution, ErpExport, ErpLine, ErpReference, Ledger, Posting
from income.periods import YearMonth
from income.vocabulary import Act, ErpScheme, Kind


@transaction.atomic
def add_reference(
    ledger: Ledger, *, scheme: ErpScheme, value: str, by: User,
    contribution: Contribution | None = None, posting: Posting | None = None,
    line: int | None = None,
) -> ErpReference:  # fmt: skip
    """Name an agreement or a posting as the ERP does; the same again returns the first.

    Of a posting of an import, `line` is one of the receipt's that is meant. Raises NotAllowed,
    PostingWrong.
    """
    _may(by)
    value = " ".join(value.split())
    subject = contribution or posting
    if subject is None or subject.ledger_id != ledger.pk:
        raise PostingWrong(_("This agreement stands in other books."))
    if not value or len(value) > 60 or not value.isprintable():
        raise PostingWrong(_("Write the identifier as the ERP does, in at most 60 characters."))
    place = None if posting is None else _line_of_receipt(posting, line)
    reference, is_new = ErpReference.objects.get_or_create(
        ledger=ledger, contribution=contribution, posting=posting, receipt_line=place,
        scheme=scheme, value=value,
    )  # fmt: skip
    if is_new:
        if contribution:
            keep_starts([contribution])
        record("add_erp_reference", subject, by=by, after=_told(reference))
    return reference


@transaction.atomic
def remove_reference(reference: ErpReference, *, by: User) -> None:
    """Take an identifier off; the audit trail keeps it."""
    _may(by)
    subject = reference.contribution or reference.posting
    if subject is not None:
        record("remove_erp_reference", subject, by=by, before=_told(reference))
    reference.delete()
    if reference.contribution:
        keep_starts([reference.contribution])


def _told(reference: ErpReference) -> dict[str, str | int]:
    """For the audit trail."""
    told: dict[str, str | int] = {"scheme": reference.scheme, "value": reference.value}
    if reference.receipt_line is not None:
        told["line"] = reference.receipt_line
    return told


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
    matched = _match(export, file.lines, {})  # before they are written: written once
    ErpLine.objects.bulk_create(file.lines, batch_size=1_000)
    after = {"month": month.slug, "file": export.file_name, "sha256": export.sha256,
             "lines": len(file.lines)}  # fmt: skip
    record("load_erp_export", export, by=by, after=after)
    _keep_match(export, matched, len(file.lines), by)
    return export


@transaction.atomic
def match_export(export: ErpExport, *, by: User) -> int:
    """Match again with the books as they are; how many lines have a posting now.

    What a person matched stays, as long as the posting stands; what a person took apart is not
    put together again.
    """
    _may(by)
    lines = list(export.lines.order_by("row"))
    before = [line.receipt_key for line in lines]
    matched = _match(export, lines, _taken_apart(lines))
    changed = [line for line, key in zip(lines, before, strict=True) if line.receipt_key != key]
    ErpLine.objects.bulk_update(changed, ["posting", "receipt_line"], batch_size=1_000)
    _keep_match(export, matched, len(lines), by)
    return matched


def _match(export: ErpExport, lines: list[ErpLine], apart: dict[str, frozenset[Place]]) -> int:
    """Give the lines their receipts, not saved yet; how many have one."""
    ledger, month = Ledger.objects.get(pk=export.ledger_id), YearMonth.from_key(export.month)
    known = Known.of(ledger, {line.document for line in lines})
    wanted = {line.receipt_key for line in lines}.union(*known.receipts_of_document.values())
    receipts = book_receipts(ledger, month.first_day - NEAR, month.last_day + NEAR, wanted)
    candidates = Candidates(receipts, known)
    hang_lines(ledger, candidates.by_key, but=export)
    export.matched_sequence = ledger.sequence
    return _matched(lines, candidates, apart)


def _keep_match(export: ErpExport, matched: int, lines: int, by: User) -> None:
    export.save(update_fields=["matched_sequence"])
    record("match_erp_export", export, by=by, after={"matched": matched, "lines": lines})


def _matched(
    lines: list[ErpLine], candidates: Candidates, apart: dict[str, frozenset[Place]]
) -> int:
    for line in lines:
        if line.receipt_key in candidates.by_key:
            candidates.by_key[line.receipt_key].lines.append(line)
        else:
            line.posting_id = line.receipt_line = None
    for line in lines:
        if line.posting_id is None:
            found = candidates.found_for(line, apart.get(str(line.pk), frozenset()))
            if found:
                line.posting_id, line.receipt_line = found.key
                found.lines.append(line)
    return sum(line.posting_id is not None for line in lines)


def _taken_apart(lines: Iterable[ErpLine]) -> dict[str, frozenset[Place]]:
    """For each line the receipts that a person said it does not belong to."""
    events = AuditEvent.objects.filter(
        act="unmatch_erp_line", subject=ErpLine._meta.label_lower,
        subject_id__in=[str(line.pk) for line in lines],
    )  # fmt: skip
    found: dict[str, frozenset[Place]] = {}
    for subject_id, before in events.values_list("subject_id", "before"):
        place = (before.get("sequence", 0), before.get("line"))
        found[subject_id] = found.get(subject_id, frozenset()) | {place}
    return found


@transaction.atomic
def match_line(
    line: ErpLine, sequence: int, receipt_line: int | None = None, *, by: User
) -> ErpLine:
    """Say that a line of the ERP is this posting's receipt.

    Of a posting of an import, `receipt_line` is one of the receipt's that is meant. Raises
    NotAllowed, PostingWrong.
    """
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
    before = _place_of(locked)
    locked.receipt_line = _line_of_receipt(posting, receipt_line)
    locked.posting = posting
    locked.save(update_fields=["posting", "receipt_line"])
    record("match_erp_line", locked, by=by, before=before, after=_place_of(locked))
    return locked


def _line_of_receipt(posting: Posting, line: int | None) -> int | None:
    """The smallest line of the receipt that is meant; None for an ordinary posting."""
    if posting.act != Act.IMPORT_ROWS:
        if line is None:
            return None
        raise PostingWrong(
            _("Posting %(sequence)s comes from no file. Type its number alone."),
            sequence=posting.sequence,
        )
    if line is None:
        raise PostingWrong(
            _(
                "Posting %(sequence)s comes from a file and holds many receipts. Name the line "
                "too, such as %(example)s."
            ),
            sequence=posting.sequence,
            example=number_of(posting.sequence, 3),
        )
    receipt = imported_receipt(posting.ledger, posting.pk, line)
    if receipt is None:
        raise PostingWrong(
            _("Line %(line)s of posting %(sequence)s is no receipt in cash that stands."),
            line=line,
            sequence=posting.sequence,
        )
    return receipt.line


def _place_of(line: ErpLine) -> dict[str, int | None]:
    """For the audit trail, and to know later what was taken apart."""
    told = {"sequence": line.posting.sequence if line.posting else None}
    return told if line.receipt_line is None else {**told, "line": line.receipt_line}


@transaction.atomic
def unmatch_line(line: ErpLine, *, by: User) -> ErpLine:
    """Say that a line and the posting it was matched with do not belong together."""
    _may(by)
    locked = ErpLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if locked.posting is None:
        return locked
    before = _place_of(locked)
    locked.posting = locked.receipt_line = None
    locked.save(update_fields=["posting", "receipt_line"])
    record("unmatch_erp_line", locked, by=by, before=before)
    return locked


def _may(by: User) -> None:
    if not by.may(Permission.ENTER_INCOME):
        raise NotAllowed(_("Your account may not enter income."))
