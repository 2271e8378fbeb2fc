"""Contributions: the list of them and the page of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.access import requires, signed_in
from accounts.audit.recording import concerns
from accounts.permissions import Permission
from accounts.saved_views import views_of
from income.agreement_page import PAGE_RELATED, page_of_contribution
from income.contribution_filter import ContributionFilter
from income.forms.contribution import contributed_funds
from income.models import Contribution
from income.views.books import chosen_books
from income.vocabulary import ContributionState
from interface.paging import page_along

ROWS = 50


@requires(Permission.VIEW_DONORS)
def contribution_list(request: HttpRequest) -> HttpResponse:
    """The contributions in the books; `?q=`, `?state=`, `?fund=` and `?donor=` narrow."""
    books, user, today = chosen_books(request), signed_in(request), timezone.localdate()
    asked = ContributionFilter.parse(request.GET)
    rows = asked.apply(Contribution.objects.in_books(books).for_user(user, today))
    rows = rows.select_related("donor", "fund", "currency")
    page = page_along(asked.walk, rows, asked.sort, request.GET.get("page"), ROWS)
    context = {
        "books": books, "demonstration_books": books.is_demonstration, "asked": asked,
        "states": ContributionState.choices, "funds": contributed_funds(), "page": page,
        "sortings": asked.sortings, "may_enter": user.may(Permission.ENTER_INCOME),
        "sees_prospects": user.may(Permission.VIEW_BANK_DATA),
        "saved_views": views_of(user, "contribution_list", request.GET),
    }  # fmt: skip
    return render(request, "income/contribution_list.html", context)


@requires(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)
def contribution(request: HttpRequest, uuid: str) -> HttpResponse:
    """One contribution: what was promised, what fell due, what arrived."""
    user, today = signed_in(request), timezone.localdate()
    mine = Contribution.objects.for_user(user, today).select_related(*PAGE_RELATED)
    found = get_object_or_404(mine, uuid=uuid)
    concerns(request, found.donor_id)
    return render(request, "income/contribution.html", page_of_contribution(found, user, today))
