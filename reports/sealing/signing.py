"""Signing a report (PAdES), and asking a file whether it still is what was signed here."""

import asyncio
import datetime
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from asn1crypto import cms  # type: ignore[import-untyped]
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.attributes import (
    CMSAttributeProvider,
    SignedAttributeProviderSpec,
    SigningCertificateV2Provider,
)
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from reports.sealing.demonstration_key import demonstration_key
from reports.sealing.errors import SigningFailed

logger = logging.getLogger(__name__)
Result = TypeVar("Result")
FIELD = fields.SigFieldSpec(
    "Signature", on_page=-1, readable_field_name="Signature of the Habitat Portal"
)
HASH = "sha256"
METADATA = signers.PdfSignatureMetadata(
    field_name="Signature", md_algorithm=HASH, subfilter=fields.SigSeedSubFilter.PADES
)


@dataclass(frozen=True)
class Checked:
    """What a file says of itself: `trusted` when it bears our certificate, `intact` when nothing
    of the file was changed since. `signed_at` is what the signature claims, aware."""

    intact: bool = False
    trusted: bool = False
    signed_at: datetime.datetime | None = None


class _Writer(IncrementalPdfFileWriter):
    """Leaves titles, dates and identifiers (PDF/UA, PDF/A) as the typesetter wrote them."""

    def _update_meta(self) -> None:
        pass


class _CertificateNamed(SignedAttributeProviderSpec, CMSAttributeProvider):
    """The attribute that PAdES asks for besides the hash: which certificate signed.

    It is encoded once for each key, for that takes the library longer than all else of a signature.
    """

    attribute_type = SigningCertificateV2Provider.attribute_type

    def __init__(self, certificate: Any) -> None:
        value = as_signing_certificate_v2(certificate)
        self._encoded = simple_cms_attribute(self.attribute_type, value).dump()

    def signed_attr_providers(
        self, data_digest: bytes, digest_algorithm: str
    ) -> list[CMSAttributeProvider]:
        return [self]

    async def get_attribute(self, dry_run: bool = False) -> cms.CMSAttribute:
        return cms.CMSAttribute.load(self._encoded)


class _SignerAt(signers.PdfSigner):
    """Signs at a time that it is told."""

    def __init__(self, key: signers.SimpleSigner, at: datetime.datetime) -> None:
        super().__init__(METADATA, key, new_field_spec=FIELD)
        self.at = at

    def init_signing_session(self, *arguments: Any, **more: Any) -> PdfSigningSession:
        session = super().init_signing_session(*arguments, **more)
        session.system_time = self.at
        return session


def sign(pdf: bytes, *, at: datetime.datetime) -> bytes | None:
    """The file with its signature; None where this installation has no key.

    `at` is aware. Raises SigningFailed when there is a key that cannot be used on that day.
    """
    key = _key()
    if key is None:
        return None
    certificate = _certificate_of(key)
    if not certificate.not_valid_before <= at <= certificate.not_valid_after:
        raise SigningFailed(
            _(
                "The certificate that reports are signed with is not valid today: it has expired "
                "or is not in force yet. Ask the administrator for a new one."
            )
        )
    return _signed(pdf, key, at)


def _signed(pdf: bytes, key: signers.SimpleSigner, at: datetime.datetime) -> bytes:
    try:
        room = _room_for(key)
        made = _apart(
            lambda: _SignerAt(key, at).sign_pdf(_Writer(BytesIO(pdf)), bytes_reserved=room)
        )
    except Exception as error:  # the library has many, and all mean the same to who asked
        logger.exception("A report could not be signed")
        raise SigningFailed(
            _("The report could not be signed. The administrator finds the reason in the log.")
        ) from error
    return bytes(made.getvalue())


@lru_cache(maxsize=2)
def _room_for(key: signers.SimpleSigner) -> int:
    """Hexadecimal digits kept free for a signature of the key: half as many again as one takes.

    The library finds out the same by a trial before each signature.
    """
    hash_of_nothing = bytes(32)
    trial = key.async_sign(hash_of_nothing, HASH, dry_run=True, use_pades=True)
    size = len(_apart(lambda: asyncio.run(trial)).dump())
    return 2 * (size + size // 2)


def _apart(work: Callable[[], Result]) -> Result:
    """In a thread of its own: the library runs event loops, and this thread may have one."""
    with ThreadPoolExecutor(max_workers=1) as apart:
        return apart.submit(work).result()


def check(pdf: bytes) -> Checked:
    """Whether the file bears our signature, and whether it holds. Raises nothing.

    The file may be anybody's: it is only opened where our certificate stands in it, and streams
    that would unpack to very much are refused by the library.
    """
    try:
        key = _key()
    except SigningFailed:
        logger.exception("The key that reports are signed with cannot be read")
        return Checked()
    if key is None or _certificate_of(key).dump().hex().encode() not in pdf.lower():
        return Checked()
    try:
        return _checked(pdf, _certificate_of(key))
    except Exception:  # a file broken on purpose or by accident has no end of ways to fail
        logger.info("A file with our certificate in it could not be read", exc_info=True)
        return Checked(trusted=True)


def _checked(pdf: bytes, ours: Any) -> Checked:
    signatures = PdfFileReader(BytesIO(pdf)).embedded_signatures
    if len(signatures) != 1:
        return Checked(trusted=True)
    signature: EmbeddedPdfSignature = signatures[0]
    signed_at = signature.self_reported_timestamp
    is_ours = signature.signer_cert.dump() == ours.dump()
    if signature.evaluate_signature_coverage() != SignatureCoverageLevel.ENTIRE_FILE:
        return Checked(trusted=is_ours, signed_at=signed_at)
    context = ValidationContext(trust_roots=[ours], allow_fetching=False, moment=signed_at)
    status = _apart(lambda: validate_pdf_signature(signature, context))
    return Checked(status.intact and status.valid, is_ours, signed_at)


def _key() -> signers.SimpleSigner | None:
    """The key of this installation. Raises SigningFailed when it is named and cannot be read."""
    if settings.SIGNING_KEY_FILE:
        file, passphrase = Path(settings.SIGNING_KEY_FILE), settings.SIGNING_KEY_PASSPHRASE
    elif settings.IS_DEMO:
        file, passphrase = demonstration_key(), ""
    else:
        return None
    try:
        return _loaded(file, file.stat().st_mtime_ns, passphrase)
    except (OSError, ValueError, TypeError, AttributeError) as error:  # as the library has it
        raise SigningFailed(
            _(
                "The key that reports are signed with cannot be read. Ask the administrator to "
                "check its file and passphrase."
            )
        ) from error


@lru_cache(maxsize=2)
def _loaded(file: Path, _changed_at: int, passphrase: str) -> signers.SimpleSigner:
    """Kept, for unlocking a key takes long on purpose. Raises OSError and ValueError."""
    secret = passphrase.encode() or None
    key: signers.SimpleSigner = signers.SimpleSigner.load_pkcs12_data(file.read_bytes(), [], secret)
    key.signed_attr_prov_spec = _CertificateNamed(_certificate_of(key))
    return key


def _certificate_of(key: signers.SimpleSigner) -> Any:
    """Of a library without types. Raises ValueError when there is none beside the key."""
    if key.signing_cert is None:
        raise ValueError("There is no certificate beside the key.")
    return key.signing_cert
