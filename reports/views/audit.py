"""The administrator's pages of the audit trail."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires, signed_in
from accounts.audit.recording import write
from accounts.audit.sealing import last_seal
from accounts.models import AuditEvent
from accounts.permissions import Permission
from jobs.services import enqueue
from reports.audit import sheets, verifying
from reports.audit.searching import AuditSearch, found, page_before, rows

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(Permission.VIEW_AUDIT)
@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    """What was done, by whom, to what, newest first; looked for and paged."""
    search = AuditSearch(request.GET)
    events = found(search.cleaned_data) if search.is_valid() else AuditEvent.objects.none()
    shown, next_before = page_before(events, request.GET.get("before", ""))
    context = {
        "search": search, "rows": shown, "next_before": next_before, "last_seal": last_seal(),
        "is_first_page": not request.GET.get("before"),
    }  # fmt: skip
    return render(request, "reports/audit_list.html", context)


@requires(Permission.VIEW_AUDIT)
@require_safe
def audit_event(request: HttpRequest, pk: int) -> HttpResponse:
    """One event: what it changed, side by side, and whether it is sealed."""
    (row,) = rows([get_object_or_404(AuditEvent, pk=pk)])
    event = row.event
    changes = [
        (name, event.before.get(name), event.after.get(name))
        for name in dict.fromkeys((*event.before, *event.after))
    ]
    return render(request, "reports/audit_event.html", {"row": row, "changes": changes})


@requires(Permission.VIEW_AUDIT)
@require_safe
def audit_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The events that were asked for as a file; taking it is an event of its own."""
    search = AuditSearch(request.GET)
    if not search.is_valid():
        context = {"search": search, "rows": []}
        return render(request, "reports/audit_list.html", context, status=422)
    events = found(search.cleaned_data)
    _record_export(request, search, form, events.count())
    if form == "csv":
        answer: HttpResponseBase = StreamingHttpResponse(
            sheets.audit_csv(events), content_type="text/csv; charset=utf-8"
        )
    else:
        content = sheets.audit_xlsx(events, made_at=timezone.now())
        answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="audit-trail.{form}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _record_export(request: HttpRequest, search: AuditSearch, form: str, count: int) -> None:
    asked = {name: str(value) for name, value in search.cleaned_data.items() if value}
    write(
        "export_audit", subject="accounts.auditevent", subject_id="", by=signed_in(request).uuid,
        after={"question": asked, "file": form, "rows": count},
    )  # fmt: skip


@requires(Permission.VIEW_AUDIT)
@require_POST
def audit_verify(request: HttpRequest) -> HttpResponse:
    """Have the trail recomputed."""
    job = enqueue(verifying.KIND, {}, by=signed_in(request))
    return redirect("job", job.uuid)
