"""Asking for a verification of the books."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.ledger.verification_job import KIND, last_verification
from income.models import Ledger
from income.views.entry import entry_books
from jobs.models import Job
from jobs.services import enqueue


@requires(Permission.REVIEW_INCOME, Permission.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def verify_ledger(request: HttpRequest) -> HttpResponse:
    """When the books were last verified; POST asks for it again and leads to the job's page."""
    code = request.POST.get("books") or request.GET.get("books")
    ledger = get_object_or_404(Ledger, code=code) if code else entry_books()
    if request.method == "POST":
        return redirect("job", _job_of(request, ledger).uuid)
    context = {
        "books": ledger,
        "last": last_verification(ledger),
        "demonstration_books": ledger.is_demonstration,
    }
    return render(request, "income/verify_ledger.html", context)


def _job_of(request: HttpRequest, ledger: Ledger) -> Job:
    """The person's own job for these books that is under way, else a new one."""
    user, payload = signed_in(request), {"books": ledger.code}
    under_way = Job.objects.unfinished().filter(kind=KIND, asked_by=user, payload=payload).first()
    return under_way or enqueue(KIND, payload, by=user)
