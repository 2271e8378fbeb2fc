"""The other side of test_orders_killed: one step in a process of its own, as production has it.

python -m tests.stack.orders prepare | age | wake | look
"""

import datetime
import hashlib
import json
import sys
import zipfile
from typing import Any

import django

CODES = ("SWE", "NOR", "DNK", "DEU", "JPN")
LANGUAGES = ("ar", "zh-hans", "en", "fr", "ru", "es")


def prepare() -> None:
    """Books with a receipt of each donor, and an order of their statements."""
    from django.core.management import call_command

    from accounts.permissions import Role
    from donors.models import Donor
    from reports.bulk.ordering import order
    from tests import factories

    call_command("prepare_fonts", verbosity=0)
    first, last = datetime.date(2021, 1, 1), datetime.date(2021, 12, 31)
    books = factories.ledger(code="T", name="Books of a test")
    for code in CODES:
        entry = factories.entry(donor=Donor.objects.get(code=code), value_date=first)
        factories.posting(books, entry)
    officer = factories.user(role=Role.OFFICER)
    order(
        ledger=books, type="statement", from_on=first, until_on=last, languages=LANGUAGES,
        donors=CODES, by=officer,
    )  # fmt: skip


def age() -> None:
    """Let the silence of a dead worker be over."""
    from django.utils import timezone

    from jobs.models import Job
    from jobs.services import SILENCE

    Job.objects.running().update(
        heartbeat_at=timezone.now() - SILENCE - datetime.timedelta(seconds=1)
    )


def wake() -> None:
    from jobs.runner import wake_workers

    wake_workers()


def look() -> dict[str, Any]:
    """What there is: the items by their report, how far the order and its job are, the archive."""
    from reports.models import BulkOrder, SealedReport

    order = BulkOrder.objects.select_related("job").get()
    items = {
        f"{item.donor.code} {item.language}": item.report and item.report.pk
        for item in order.items.select_related("donor", "report")
    }
    return {
        "items": items, "sealed": SealedReport.objects.count(),
        "files": sum(
            one.file.storage.exists(str(one.file.name)) for one in SealedReport.objects.all()
        ),
        "job": order.job and [order.job.state, order.job.attempts, order.job.sentence],
        "is_finished": order.finished_at is not None, "is_mailed": order.is_mailed,
        "archive": _archive(order) if order.file else None,
    }  # fmt: skip


def _archive(order: Any) -> dict[str, Any]:
    from reports.models import SealedReport

    with order.file.open("rb") as file:
        is_whole = hashlib.file_digest(file, "sha256").hexdigest() == order.sha256
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            hashes = {hashlib.sha256(archive.read(name)).hexdigest() for name in names[:-1]}
    recorded = set(SealedReport.objects.values_list("sha256", flat=True))
    return {"is_whole": is_whole, "names": names, "are_recorded": hashes == recorded}


if __name__ == "__main__":
    django.setup()
    steps = {"prepare": prepare, "age": age, "wake": wake, "look": look}
    if (told := steps[sys.argv[1]]()) is not None:
        sys.stdout.write(json.dumps(told))
