"""All that waits for a person, and an administrator's push for the reminders."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.selectors import working_books
from jobs.models import Job
from jobs.services import enqueue
from reports.digest import JOB
from reports.worklist import worklist as waiting_for


@requires(Permission.ENTER_INCOME, Permission.MANAGE_ACCOUNTS)
def worklist(request: HttpRequest) -> HttpResponse:
    """Everything that waits; `?whose=mine` shows only donors whose focal point one is."""
    user, books = signed_in(request), working_books()
    only_mine = request.GET.get("whose") == "mine"
    context = {
        "books": books, "demonstration_books": bool(books and books.is_demonstration),
        "waiting": waiting_for(user, books, timezone.localdate()), "only_mine": only_mine,
        "is_of_donors": user.may(Permission.ENTER_INCOME),
    }  # fmt: skip
    return render(request, "reports/worklist.html", context)


@requires(Permission.MANAGE_ACCOUNTS)
@require_POST
def send_reminders(request: HttpRequest) -> HttpResponse:
    """Ask for today's reminders to be sent; the job's page tells what came of it."""
    user = signed_in(request)
    under_way = Job.objects.unfinished().filter(kind=JOB, asked_by=user).first()
    return redirect("job", (under_way or enqueue(JOB, {}, by=user)).uuid)
