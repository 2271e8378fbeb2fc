"""Whether a report is genuine and current: asked by anybody, told without its content."""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.models import SealedReport
from reports.sealing.documents import plain_code
from reports.sealing.errors import VerifyWrong

MOST_BYTES = 20 << 20
MOST_CODES = 20
# The address printed on each report stands in its file as it is: it is a link.
PRINTED_CODE = re.compile(rb"/verify/([0-9A-Z]{12})/")


class State(StrEnum):
    """What can be said of a file."""

    GENUINE = "genuine"
    CHANGED = "changed"
    UNRECORDED = "unrecorded"
    NOT_OURS = "not ours"


_SENTENCES = {
    State.GENUINE: gettext_lazy("Genuine: this is, byte for byte, a file that this portal made."),
    State.CHANGED: gettext_lazy(
        "Not genuine: the file names a report of this portal, but it is not the file that the "
        "portal made. It was changed, or saved anew by another program."
    ),
    State.UNRECORDED: gettext_lazy(
        "Not certain: the file bears the signature of this portal and was not changed since, but "
        "the portal has no record of it. Ask the secretariat."
    ),
    State.NOT_OURS: gettext_lazy("Not ours: this portal has no record of this file."),
}


@dataclass(frozen=True)
class Verdict:
    """What is said of a file; `report` is the record of it, where it is genuine."""

    state: State
    sha256: str
    report: SealedReport | None = None

    @property
    def sentence(self) -> str:
        return str(_SENTENCES[self.state])


def find(code: str) -> SealedReport | None:
    """The report with that code, however it was typed."""
    related = SealedReport.objects.select_related("ledger")
    return related.filter(code=plain_code(code)).first()


def check_file(upload: UploadedFile) -> Verdict:
    """What the record and the signature say of a file, of which nothing is kept.

    Raises VerifyWrong when it is empty or too large.
    """
    if not upload.size:
        raise VerifyWrong(_("The file is empty."), field="file")
    if upload.size > MOST_BYTES:
        raise VerifyWrong(_("The file has more than 20 MB; no report is that large."), field="file")
    content = upload.read()
    sha256 = hashlib.sha256(content).hexdigest()
    report = SealedReport.objects.select_related("ledger").filter(sha256=sha256).first()
    if report:
        return Verdict(State.GENUINE, sha256, report)
    return Verdict(_state_without_record(content), sha256)


def _state_without_record(content: bytes) -> State:
    """By the record first: a signature does not cover the bytes that it is written with itself."""
    codes = {code.decode() for code in PRINTED_CODE.findall(content)[:MOST_CODES]}
    if SealedReport.objects.filter(code__in=codes).exists():
        return State.CHANGED
    from reports.sealing.signing import check  # its library takes most of a second

    checked = check(content)
    if not checked.trusted:
        return State.NOT_OURS
    return State.UNRECORDED if checked.intact else State.CHANGED
