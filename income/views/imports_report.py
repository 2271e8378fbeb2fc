"""What the page of an import shows: how far it is, what its check found, what may be done."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from income.acts import POSTED_BY_JOB
from income.forms.imports_columns import ORDERS_SAID
from income.imports.choices import LEAVE_OUT, POST, Choices
from income.imports.course.report import NAMES, Report, UnknownName
from income.imports.returned.marked import is_long, marking_of
from income.imports.returned.samples import samples_told
from income.imports.states import (
    DONE,
    RELATED,
    WAITS,
    WRONG,
    ImportState,
    state_of,
    work_under_way,
)
from income.imports.telling import own_kinds, problem_groups, sums_by_kind, total_lines
from income.models import Draft, Import
from income.periods import YearMonth
from income.vocabulary import Act, Grade
from interface.formatting import current_language
from jobs.models import JobState

NAMES_TOLD = 20  # of each sort, on the report; the page of names has all


def badge_of(state: ImportState) -> str:
    """The class of the badge that says it."""
    if state in DONE:
        return "badge-done"
    return "badge-wrong" if state in WRONG else "badge-waiting"


def report_context(import_: Import, user: User) -> dict[str, Any]:
    """Everything that the import's page needs."""
    state, job = state_of(import_), import_.job
    return {
        "import": import_, "books": import_.ledger, "state": state, "badge": badge_of(state),
        "demonstration_books": import_.ledger.is_demonstration,
        "job": work_under_way(import_), "poll": reverse("import", args=[import_.uuid]),
        "failed": job if job and job.state == JobState.FAILED else None,
        "postings": postings_of(import_),
        **(found_context(import_.found) if import_.checked_at else {}), **marks(import_),
        **may(import_, state, user),
        "read_as": read_as(import_), "choices": Choices.of_json(import_.choices),
        "leave_out": LEAVE_OUT, "post": POST,
    }  # fmt: skip


def marks(import_: Import) -> dict[str, Any]:
    """How far the workbook with the errors of a long file is."""
    if not is_long(import_):
        return {"marks_now": None}
    last = marking_of(import_, language=current_language())
    return {
        "is_long": True, "is_marked": last is not None and last.state == JobState.DONE,
        "marks_now": last if last and not last.is_over else None,
        "not_marked": last if last and last.state == JobState.FAILED else None,
    }  # fmt: skip


def found_context(found: Mapping[str, Any]) -> dict[str, Any]:
    """What a check found, arranged; the page of a draft shows it too."""
    report = Report.of_json(found)
    undecided = [one for one in report.unknown_donors if not one.choice]
    groups, own = problem_groups(report), own_kinds(found)
    names: list[list[UnknownName]] = [getattr(report, one) for one in NAMES]
    return {
        "report": report,
        "sums": sums_by_kind(found),
        "totals": total_lines(one for one in report.totals if one.kind in own),
        "beside": total_lines(one for one in report.totals if one.kind not in own),
        "by_month": [{**one, "month": YearMonth.from_key(one["month"])} for one in report.postings],
        "groups": [one for one in groups if one.grade != Grade.WARNING],
        "warnings": [one for one in groups if one.grade == Grade.WARNING],
        "some_not_converted": any(one.not_converted for one in report.totals),
        "samples": samples_told(report),
        "names": [one for several in names for one in several[:NAMES_TOLD]],
        "more_names": sum(max(0, len(several) - NAMES_TOLD) for several in names),
        "undecided": len(undecided) + sum(not one.choice for one in report.unknown_books),
        "not_posted": report.rows - report.accepted,
        "closed_months": report.problem_counts.get("month_closed", 0),
        "several_sheets": len({one.get("sheet") for one in report.problems}) > 1,
    }


def may_change(import_: Import, user: User) -> bool:
    """Whether plan and choices may be changed now, by this person."""
    rests = state_of(import_) not in WAITS
    return rests and import_.is_open and user.may(Permission.ENTER_INCOME)


def may(import_: Import, state: ImportState, user: User) -> dict[str, bool]:
    """What this person may do with the import as it stands."""
    enters, is_open = user.may(Permission.ENTER_INCOME), may_change(import_, user)
    checked = bool(import_.checked_at)
    return {
        "may_change": is_open,
        "may_submit": is_open and checked and Report.of_json(import_.found).may_be_submitted,
        "may_discard": is_open and import_.uploaded_by_id == user.pk,
        "may_undo": enters and state == ImportState.POSTED,
        "sees_file": user.may(Permission.VIEW_BANK_DATA),
    }


def postings_of(import_: Import) -> list[dict[str, Any]]:
    """Its postings by books, in their order, each with the month it is booked in."""
    rows = import_.postings.select_related("ledger", "reversed_by").order_by(
        "ledger__code", "sequence"
    )
    return [{"posting": one, "booked": YearMonth.from_key(one.booked_month)} for one in rows]


def read_as(import_: Import) -> list[tuple[str, str]]:
    """How the last check read the file, in words."""
    found = import_.found.get("read_as", {})
    signs = {".": _("point"), ",": _("comma")}
    told = [
        (_("Format"), _("pasted") if import_.is_pasted else found.get("kind", "").upper()),
        (_("Characters"), found.get("encoding", "").upper()),
        (_("Decimal sign"), signs.get(found.get("decimal_sign", ""), "")),
        (_("Order of dates"), str(ORDERS_SAID.get(found.get("date_order", ""), ""))),
    ]
    return [(label, text) for label, text in told if text]


def import_of_draft(draft: Draft, user: User) -> dict[str, Any]:
    """What a draft's page shows of the import that is to be posted or undone; else nothing."""
    if draft.act not in POSTED_BY_JOB:
        return {}
    asked = Q(draft=draft) | Q(undo_draft=draft)
    found = Import.objects.filter(asked).select_related(*RELATED).first()
    if found is None:
        return {}
    return {
        "import": found, "state": state_of(found), "is_undoing": draft.act == Act.UNDO_IMPORT,
        "postings": postings_of(found), "sees_file": user.may(Permission.VIEW_BANK_DATA),
        "choices": Choices.of_json(found.choices), **found_context(found.found),
    }  # fmt: skip
