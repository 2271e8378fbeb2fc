"""Signing in, and the administrator's list of accounts."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import demonstration
from accounts.access import requires, signed_in
from accounts.forms import AccountForm, SignInForm
from accounts.models import AuditEvent, User
from accounts.permissions import Permission, Role
from accounts.services import let_sign_in, open_account, record
from interface.paging import page_of


class SignIn(LoginView):
    """Sign in by e-mail address. A demonstration lists one account of each role."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_initial(self) -> dict[str, Any]:
        """In a demonstration, `?as=` fills in the address that was chosen from the list."""
        return {"username": self.request.GET.get("as", "")} if settings.IS_DEMO else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if settings.IS_DEMO:
            shown = User.objects.filter(is_demonstration=True, is_active=True)
            context["demonstration_accounts"] = sorted(
                shown, key=lambda account: (Role.values.index(account.role), account.email)
            )
            context["demonstration_password"] = demonstration.PASSWORD
        return context


class ChangePassword(LoginRequiredMixin, PasswordChangeView):
    """Change one's own password. Those of a demonstration are public and stay as they are."""

    template_name = "accounts/password.html"
    success_url = reverse_lazy("home")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(request.user, "is_demonstration", False):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        user = signed_in(self.request)
        record("change_password", user, by=user)
        messages.success(self.request, _("Your password is changed."))
        return super().form_valid(form)


@requires(Permission.MANAGE_ACCOUNTS)
def account_list(request: HttpRequest) -> HttpResponse:
    """Who has an account, in which role."""
    page = page_of(User.objects.order_by("name", "pk"), request.GET.get("page"), 100)
    return render(request, "accounts/account_list.html", {"page": page})


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


@requires(Permission.VIEW_AUDIT)
def audit_list(request: HttpRequest) -> HttpResponse:
    """What was done, by whom, with what it changed, newest first."""
    page = page_of(AuditEvent.objects.order_by("-pk"), request.GET.get("page"), 100)
    names = dict(
        User.objects.filter(uuid__in={e.by for e in page.items if e.by}).values_list("uuid", "name")
    )
    rows = [(event, names.get(event.by, "")) for event in page.items]
    return render(request, "accounts/audit_list.html", {"page": page, "rows": rows})
