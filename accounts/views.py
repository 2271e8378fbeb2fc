"""How long one is signed in, and the administrator's list of accounts."""

import time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import factors
from accounts.access import requires, signed_in
from accounts.forms import AccountForm
from accounts.models import User
from accounts.permissions import Permission, Role
from accounts.services import let_sign_in, open_account
from accounts.sessions import seconds_left
from interface.paging import page_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest) -> HttpResponse:
    """The seconds until the sign-in ends; POST is an act, so that they begin anew."""
    return JsonResponse({"seconds": seconds_left(request.session, time.time())})


@requires(Permission.MANAGE_ACCOUNTS)
def account_list(request: HttpRequest) -> HttpResponse:
    """Who has an account, in which role, with which second factor."""
    page = page_of(User.objects.order_by("name", "pk"), request.GET.get("page"), 100)
    kinds = factors.kinds_of(page.items)
    must = factors.MUST_HAVE
    rows = [(one, kinds.get(one.pk, set()), one.role in must) for one in page.items]
    return render(request, "accounts/account_list.html", {"page": page, "rows": rows})


@requires(Permission.MANAGE_ACCOUNTS)
def account_new(request: HttpRequest) -> HttpResponse:
    """Open an account."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        open_account(
            email=typed["email"], name=typed["name"], role=Role(typed["role"]),
            password=typed["password"], by=signed_in(request),
        )  # fmt: skip
        messages.success(request, _("The account is open."))
        return redirect("account_list")
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/account_new.html", {"form": form}, status=status)


@requires(Permission.MANAGE_ACCOUNTS)
@require_POST
def account_allow(request: HttpRequest, uuid: str) -> HttpResponse:
    """Let an account sign in, or no longer."""
    user = get_object_or_404(User, uuid=uuid)
    let_sign_in(user, allowed=request.POST.get("allowed") == "yes", by=signed_in(request))
    return redirect("account_list")
