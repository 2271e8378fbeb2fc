"""One's own security: second factors, recovery codes, password, sign-ins; and confirming it is you.

The acts are django-allauth's. Accounts of a demonstration look, and change nothing: their password
is public, so that one visitor would shut the others out.
"""

from typing import Any

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.mfa.base.views import IndexView
from allauth.mfa.base.views import ReauthenticateView as ByCodeView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.signals import authenticator_removed
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic.edit import FormView

from accounts import factors
from accounts.access import signed_in
from accounts.adapters import FactorAdapter
from accounts.factor_gate import WANTED
from accounts.sign_in_forms import (
    ConfirmCodeForm,
    ConfirmForm,
    PasskeyForm,
    PasswordForm,
    SetUpAppForm,
)
from accounts.sign_in_views import ComesBack, options_of

Given = Any


class Own(LoginRequiredMixin):
    """A page about one's own account: for who is signed in, and kept in no cache."""

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Given, **kwargs: Given) -> HttpResponseBase:
        is_shown = getattr(request.user, "is_demonstration", False)
        if is_shown and request.method == "POST" and self.changes:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    changes = True

    def get_context_data(self, **kwargs: Given) -> dict[str, Any]:
        """With `must_set_up`: nothing else opens yet."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        request: HttpRequest = self.request  # type: ignore[attr-defined]
        user = signed_in(request)
        context["must_set_up"] = factors.is_missing(request, user)
        context["needs_factor"] = user.role in factors.MUST_HAVE
        return context


class Security(Own, IndexView):
    """What protects the account, and the ways to change it."""

    template_name = "accounts/security.html"

    def get_context_data(self, **kwargs: Given) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        found: dict[str, Any] = context["authenticators"]
        context["app"] = found.get(Authenticator.Type.TOTP)
        context["passkeys"] = found.get(Authenticator.Type.WEBAUTHN, [])
        codes = found.get(Authenticator.Type.RECOVERY_CODES)
        context["codes_left"] = len(codes.get_unused_codes()) if codes else None
        return context


class _AnotherApp:
    """The form itself, where allauth leads who has an app to its removal."""

    @method_decorator(reauthentication_required(app="allauth.mfa"))
    def dispatch(self, request: HttpRequest, *args: Given, **kwargs: Given) -> HttpResponseBase:
        return FormView.dispatch(self, request, *args, **kwargs)  # type: ignore[arg-type]


class SetUpApp(Own, ComesBack, _AnotherApp, ActivateTOTPView):
    """Set up an authenticator app; who has one already moves to another."""

    template_name = "accounts/set_up_app.html"
    form_class = SetUpAppForm

    def form_valid(self, form: Any) -> HttpResponse:
        user = signed_in(self.request)
        with transaction.atomic():
            for before in Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP):
                before.delete()
                authenticator_removed.send(
                    sender=Authenticator, request=self.request, user=user, authenticator=before
                )
            response: HttpResponse = super().form_valid(form)
        factors.mark_passed(self.request.session, user)
        messages.success(self.request, _("The app is set up."))
        return response


class RemoveApp(Own, ComesBack, DeactivateTOTPView):
    """Remove the authenticator app; not the last factor of whom the role needs one."""

    template_name = "accounts/remove_app.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("The app is removed from your account."))
        response: HttpResponse = super().form_valid(form)
        return response


class RecoveryCodes(Own, ViewRecoveryCodesView):
    """The codes, shown once; afterwards how many are left."""

    template_name = "accounts/recovery_codes.html"

    def get_context_data(self, **kwargs: Given) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["wanted"] = self.request.session.pop(WANTED, "")
        return context


class NewRecoveryCodes(Own, ComesBack, GenerateRecoveryCodesView):
    """Make new codes; the old ones are worthless."""

    template_name = "accounts/new_recovery_codes.html"


class AddPasskey(Own, ComesBack, AddWebAuthnView):
    """Register a passkey with the browser."""

    template_name = "accounts/add_passkey.html"
    form_class = PasskeyForm

    def get_context_data(self, **kwargs: Given) -> dict[str, Any]:
        context = super().get_context_data(**kwargs) | kwargs  # allauth's forgets the form
        return {**context, "options": options_of(context)}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        factors.mark_passed(self.request.session, signed_in(self.request))
        messages.success(self.request, _("The passkey is added."))
        return response


class RemovePasskey(Own, RemoveWebAuthnView):
    """Remove a passkey; not the last factor of whom the role needs one."""

    template_name = "accounts/remove_passkey.html"
    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **kwargs: Given) -> dict[str, Any]:
        kept = not FactorAdapter().can_delete_authenticator(self.object)
        return {**super().get_context_data(**kwargs), "is_kept": kept}

    def form_valid(self, form: Any) -> HttpResponse:
        if not FactorAdapter().can_delete_authenticator(self.object):
            shown: HttpResponse = self.render_to_response(self.get_context_data(), status=422)
            return shown
        messages.success(self.request, _("The passkey is removed from your account."))
        response: HttpResponse = super().form_valid(form)
        return response


class Confirm(Own, ComesBack, account.ReauthenticateView):
    """Show once more that it is you, by the password."""

    template_name = "accounts/confirm.html"
    form_class = ConfirmForm
    changes = False


class ConfirmByCode(Own, ComesBack, ByCodeView):
    """Show once more that it is you, by a code."""

    template_name = "accounts/confirm.html"
    form_class = ConfirmCodeForm
    changes = False


class ConfirmByPasskey(Own, ReauthenticateWebAuthnView):
    """Show once more that it is you, by a passkey."""

    template_name = "accounts/confirm_passkey.html"
    changes = False

    def get_context_data(self, **kwargs: Given) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "options": options_of(context)}

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, _("This passkey is not one of your account."))
        return redirect(self.request.get_full_path())


class Sessions(Own, ListUserSessionsView):
    """Where one is signed in; ends one of the others, or all of them."""

    template_name = "accounts/sessions.html"

    def form_valid(self, form: Any) -> HttpResponse:
        if "session" not in self.request.POST:
            response: HttpResponse = super().form_valid(form)
        else:
            chosen = self.request.POST["session"]
            pk = int(chosen) if chosen.isdecimal() else 0
            theirs = UserSession.objects.filter(user=signed_in(self.request))
            end_sessions(self.request, [get_object_or_404(theirs, pk=pk)])
            response = redirect("usersessions_list")
        messages.success(self.request, _("Ended."))
        return response


class ChangePassword(Own, ComesBack, account.PasswordChangeView):
    """Change one's own password; every other sign-in ends."""

    template_name = "accounts/password.html"
    form_class = PasswordForm

    def dispatch(self, request: HttpRequest, *args: Given, **kwargs: Given) -> HttpResponseBase:
        user = request.user
        if getattr(user, "is_demonstration", False):
            raise PermissionDenied
        if user.is_authenticated and not user.has_usable_password():
            return redirect("account_reset_password")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Your password is changed."))
        response: HttpResponse = super().form_valid(form)
        return response
