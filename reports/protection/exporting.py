"""A person's data as an archive: for programs as JSON, for people as CSV."""

import datetime
import io
import json
import zipfile
from dataclasses import asdict

from django.utils.translation import gettext as _

from interface.sheets import csv_bytes
from reports.protection.holdings import Holding, holdings, kept
from reports.protection.persons import Person


def archive_of(person: Person, *, made_at: datetime.datetime) -> bytes:
    """A ZIP archive of `data.json` and `data.csv` with every value that is held."""
    held = holdings(person)
    told = {
        "kind": str(person.kind.value), "key": person.key,
        "made_at": made_at.astimezone(datetime.UTC).isoformat(timespec="seconds"),
        "held": [asdict(one) for one in held], "kept": [asdict(one) for one in kept(person)],
    }  # fmt: skip
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        text = json.dumps(told, ensure_ascii=False, indent=2)
        for name, content in (("data.json", text.encode()), ("data.csv", _csv(held))):
            file.writestr(zipfile.ZipInfo(name, made_at.timetuple()[:6]), content)
    return buffer.getvalue()


def _csv(held: list[Holding]) -> bytes:
    header = [_("Table"), _("Key of the row"), _("Field"), _("Value")]
    return csv_bytes(header, ((one.table, one.key, one.field, one.value) for one in held))
