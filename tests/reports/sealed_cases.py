"""Documents to seal, signing keys to do it with, and a template that prints little else."""

import datetime
import shutil
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings
from django.test import override_settings

from donors.models import Donor
from reports.models import ReportType, report_storage
from reports.pdf import compiler
from reports.sealing.documents import SealedDocument

HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
AT = datetime.datetime(2022, 12, 15, 10, 30, tzinfo=datetime.UTC)
LATER = AT + datetime.timedelta(days=3)
TEMPLATE = "sealed_in_a_test.typ"
TYPST = """
#import "_parts.typ": *
#import "_seal.typ": seal-block
#let data = json(bytes(sys.inputs.data))
#show: body => document-page(data, body)
#heading(level: 1, data.title)
#par(plain(data.sentence))
#seal-block(data.seal)
"""
WORDS: dict[str, Any] = {
    "title": "Donor statement 2021", "donor_name": "Sweden", "disclaimer": "Not certified.",
    "sentence": "In 2021 Sweden paid US$ 3,900,000.00.", "demonstration": None,
    "direction": "ltr", "labels": {"page_of": "Page {page} of {pages}"},
}  # fmt: skip


@pytest.fixture(scope="session")
def folder_of_templates(tmp_path_factory):
    """The parts that documents are set from, and a template that uses them."""
    folder = tmp_path_factory.mktemp("typst") / "templates" / "reports"
    folder.mkdir(parents=True)
    for part in (settings.BASE_DIR / "templates" / "reports").glob("_*.typ"):
        (folder / part.name).write_bytes(part.read_bytes())
    (folder / TEMPLATE).write_text(TYPST)
    return folder.parent.parent


@pytest.fixture
def sealing(folder_of_templates, settings, monkeypatch):
    """Documents of a test can be set; the folder that their files lie in, empty."""
    settings.PORTAL_ADDRESS = "https://portal.example.org/"
    folder = Path(report_storage().location)
    shutil.rmtree(folder, ignore_errors=True)
    original = compiler._compiler

    def from_the_test(template):
        with override_settings(BASE_DIR=folder_of_templates):
            return original(template)

    monkeypatch.setattr(compiler, "_compiler", from_the_test)
    return folder


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def a_document(ledger, **changed):
    """A statement of Sweden for 2021, in English."""
    words = {**WORDS, **changed.pop("words", {})}
    row: dict[str, Any] = {
        "type": ReportType.STATEMENT, "ledger": ledger, "subject": "", "language": "en",
        "from_on": datetime.date(2021, 1, 1), "until_on": datetime.date(2021, 12, 31),
        "as_at_on": datetime.date(2021, 12, 31), "known": None, "sequence": 7, "hash": HASH,
        "template": TEMPLATE, "data": words, "file_stem": "statement-SWE-2021",
        "donor": changed.pop("donor", None) or Donor.objects.get(code="SWE"),
    }  # fmt: skip
    return SealedDocument(**{**row, **changed})


def corrected(ledger, **changed):
    """The same after a correction of the books."""
    words = {"sentence": "In 2021 Sweden paid US$ 4,000,000.00.", **changed.pop("words", {})}
    return a_document(ledger, words=words, **{"sequence": 9, **changed})


def a_key(folder, *, until=datetime.datetime(2049, 1, 1, tzinfo=datetime.UTC), name="key.p12"):
    """A key of an installation as a PKCS#12 file."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    whose = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Signing in a test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(whose).issuer_name(whose).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
        .not_valid_after(until)
        .add_extension(
            x509.KeyUsage(True, True, False, False, False, False, False, False, False), True
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / name
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"key", key, made, None, serialization.BestAvailableEncryption(b"secret")
        )
    )
    return file
