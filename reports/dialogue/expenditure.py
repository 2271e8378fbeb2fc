"""Expenditure that people bring in: kept for another person's decision, one load a year."""

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import record
from reports.dialogue.deciding import DialogueWrong, decide, may_enter
from reports.dialogue.lines import Spent, digest, keep
from reports.models import ExpenditureLoad


@transaction.atomic
def submit_expenditure(
    lines: Sequence[Spent], *, source: str, file_name: str, by: User
) -> list[ExpenditureLoad]:
    """Keep the lines of a checked file, a load for each of its years, waiting for a decision.

    Raises PermissionDenied; DialogueWrong where a year stands already as this source told it.
    """
    may_enter(by)
    years: dict[int, list[Spent]] = defaultdict(list)
    for line in lines:
        years[line.year].append(line)
    return [_submit_year(year, years[year], source, file_name, by) for year in sorted(years)]


def _submit_year(
    year: int, lines: list[Spent], source: str, file_name: str, by: User
) -> ExpenditureLoad:
    sha256 = digest(source, lines)
    twin = ExpenditureLoad.objects.filter(year=year, sha256=sha256).first()
    if twin:
        raise DialogueWrong(
            _("These lines of %(year)s were loaded before, from the same source (%(state)s).")
            % {"year": year, "state": twin.get_state_display()},
            field="file",
        )
    made = ExpenditureLoad.objects.create(
        year=year, source=source, file_name=file_name, sha256=sha256, entered_by=by
    )
    keep(made, lines)
    record("submit_expenditure", made, by=by, after=_told(made))
    return made


@transaction.atomic
def decide_expenditure(
    load: ExpenditureLoad, *, approve: bool, by: User, because: str = ""
) -> ExpenditureLoad:
    """Put a load into force, or return it. Raises PermissionDenied, DialogueWrong."""
    row = ExpenditureLoad.objects.select_for_update().get(pk=load.pk)
    before = _told(row)
    decide(row, approve=approve, because=because, by=by)
    row.save()
    record("decide_expenditure", row, by=by, before=before, after=_told(row))
    return row


def _told(load: ExpenditureLoad) -> dict[str, object]:
    return {
        "year": load.year, "source": load.source, "file_name": load.file_name,
        "sha256": load.sha256, "state": load.state, "because": load.because,
    }  # fmt: skip
