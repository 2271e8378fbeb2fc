"""Each role's first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import requires, signed_in
from accounts.permissions import Permission, Role
from income.models import Draft, Posting
from income.selectors import working_books
from income.vocabulary import DraftState
from reports.worklist import worklist

LATEST = 10
FIRST_PAGES = {
    Role.BOARD: "dashboard",
    Role.REPRESENTATIVE: "my_donor",
    Role.ADMINISTRATOR: "account_list",
}


@requires(
    Permission.ENTER_INCOME,
    Permission.VIEW_BOARD,
    Permission.VIEW_OWN_DONORS,
    Permission.MANAGE_ACCOUNTS,
)
def home(request: HttpRequest) -> HttpResponse:
    """What waits for officers and reviewers; others go where their question is answered."""
    user = signed_in(request)
    if first := FIRST_PAGES.get(Role(user.role)):
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
