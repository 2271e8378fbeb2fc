"""Each role's first page."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import requires, signed_in
from accounts.permissions import Permission, Role
from income.models import Draft, Posting
from income.selectors import working_books
from income.vocabulary import DraftState
from jobs.models import OutgoingMail
from reports.views.public import in_readers_language
from reports.worklist import worklist

LATEST = 10
FIRST_PAGES = {
    Role.BOARD: "dashboard",
    Role.REPRESENTATIVE: "my_donor",
    Role.ADMINISTRATOR: "account_list",
}


def first_page(request: HttpRequest) -> HttpResponseBase:
    """The front page for who is signed out, else the first page of the person's role."""
    if not request.user.is_authenticated:
        return in_readers_language(request, "front")
    return home(request)


@requires(
    Permission.ENTER_INCOME,
    Permission.VIEW_BOARD,
    Permission.VIEW_OWN_DONORS,
    Permission.MANAGE_ACCOUNTS,
)
def home(request: HttpRequest) -> HttpResponse:
    """What waits for officers and reviewers; others go where their question is answered."""
    user = signed_in(request)
    if first := _elsewhere(Role(user.role)):
        return redirect(first)
    books = working_books()
    drafts = Draft.objects.for_user(user).select_related("written_by", "ledger")
    context = {
        "books": books,
        "demonstration_books": bool(books and books.is_demonstration),
        "waiting": worklist(user, books, timezone.localdate()),
        "may_review": user.may(Permission.REVIEW_INCOME),
        "submitted": drafts.filter(written_by=user, state=DraftState.SUBMITTED)[:LATEST],
        "postings": Posting.objects.filter(ledger=books).select_related("ledger")
        .order_by("-sequence")[:LATEST],
    }  # fmt: skip
    return render(request, "reports/home.html", context)


def _elsewhere(role: Role) -> str | None:
    """The first page of roles that have another; an administrator's while mail waits is that."""
    if role == Role.ADMINISTRATOR and OutgoingMail.objects.for_a_person().exists():
        return "worklist"
    return FIRST_PAGES.get(role)
