"""The key that a demonstration signs with: made by itself, once, and trusted by nobody else."""

import datetime
import os
from contextlib import suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from reports.sealing.errors import SigningFailed

NAME = "Habitat Portal - demonstration, not a signature of UN-Habitat"
FIRST_DAY = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
LAST_DAY = datetime.datetime(2049, 12, 31, tzinfo=datetime.UTC)
ONLY_FOR_THE_OWNER = 0o600


def demonstration_key() -> Path:
    """The file (PKCS#12, without passphrase), made if it is not there. Raises SigningFailed."""
    file = Path(settings.PORTAL_DATA_DIR) / "signing" / "demonstration.p12"
    if not file.exists():
        try:
            _write_once(file)
        except OSError as error:
            raise SigningFailed(
                _("The demonstration's key could not be written. Check the data folder's space.")
            ) from error
    return file


def _write_once(file: Path) -> None:
    """Whole or not at all; of two that write at once, the first stays."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = file.with_suffix(f".{os.getpid()}.{os.urandom(4).hex()}.part")
    try:
        opened = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_FOR_THE_OWNER)
        with os.fdopen(opened, "wb") as stream:
            stream.write(_made())
        with suppress(FileExistsError):
            os.link(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)


def _made() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FIRST_DAY)
        .not_valid_after(LAST_DAY)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        b"demonstration", key, certificate, None, serialization.NoEncryption()
    )
