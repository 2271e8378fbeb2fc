"""Signing in: django-allauth's pages of the door, with the portal's look and refusals."""

import json
from typing import Any

from allauth.account import views as account
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth, flows
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import demonstration, single_sign_on
from accounts.factors import kinds_of
from accounts.models import User
from accounts.permissions import Role
from accounts.sign_in_forms import CodeForm, NewPasswordForm, RecoverForm, SignInForm


class ComesBack:
    """A form that was wrong comes back with status 422."""

    def form_invalid(self, form: Any) -> HttpResponse:
        shown = self.get_context_data(form=form)  # type: ignore[attr-defined]
        response: HttpResponse = self.render_to_response(shown, status=422)  # type: ignore[attr-defined]
        return response


def options_of(context: dict[str, Any]) -> str:
    """What the browser is asked for a passkey, as an attribute holds it for the script."""
    return json.dumps(context["js_data"], cls=DjangoJSONEncoder)


class SignIn(ComesBack, account.LoginView):
    """Sign in by e-mail address. A demonstration lists one account of each role."""

    template_name = "accounts/sign_in.html"
    form_class = SignInForm

    def get_initial(self) -> dict[str, Any]:
        """In a demonstration, `?as=` fills in the address that was chosen from the list."""
        return {"username": self.request.GET.get("as", "")} if settings.IS_DEMO else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["idle_minutes"] = settings.SESSION_COOKIE_AGE // 60
        context["provider"] = single_sign_on.name()
        if settings.IS_DEMO:
            shown = User.objects.filter(is_demonstration=True, is_active=True)
            context["demonstration_accounts"] = sorted(
                shown, key=lambda account: (Role.values.index(account.role), account.email)
            )
            context["demonstration_password"] = demonstration.PASSWORD
        return context


class SecondFactor(AuthenticateView):
    """The second step: a code or a passkey. Open after the password, and for ten minutes."""

    template_name = "accounts/second_factor.html"
    form_class = CodeForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        kinds = kinds_of([self.stage.login.user]).get(self.stage.login.user.pk, set())
        is_passkey = Authenticator.Type.WEBAUTHN in kinds
        return {**context, "has_passkey": is_passkey, "options": options_of(context)}

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = self.render_to_response(self.get_context_data(), status=422)
        return response


class PasskeySignIn(LoginWebAuthnView):
    """What the script of the sign-in page asks (GET) and sends (POST)."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return JsonResponse({"request_options": auth.begin_authentication(user=None)})

    def form_invalid(self, form: Any) -> HttpResponse:
        """One sentence for every failure."""
        messages.error(self.request, _("This passkey does not open an account."))
        return redirect("sign_in")

    def form_valid(self, form: Any) -> HttpResponse:
        authenticator = form.cleaned_data["credential"]
        if not authenticator.user.is_active:
            return self.form_invalid(form)
        wanted = get_next_redirect_url(self.request)
        login = Login(user=authenticator.user, redirect_url=wanted)
        response: HttpResponse = flows.perform_passwordless_login(
            self.request, authenticator, login
        )
        return response


class Recover(ComesBack, account.PasswordResetView):
    """Ask for a link to a new password. The answer is the same for every address."""

    template_name = "accounts/recover.html"
    form_class = RecoverForm
    success_url = reverse_lazy("account_reset_password_done")


@require_safe
def recover_sent(request: HttpRequest) -> HttpResponse:
    """What happens next, whatever the address was."""
    minutes = settings.PASSWORD_RESET_TIMEOUT // 60
    return render(request, "accounts/recover_sent.html", {"minutes": minutes})


class NewPassword(ComesBack, account.PasswordResetFromKeyView):
    """The link of the mail: a new password, which signs nobody in. A dead link is a 404."""

    template_name = "accounts/new_password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("sign_in")

    def render_to_response(self, context: Any, **kwargs: Any) -> HttpResponse:
        status = kwargs.pop("status", 404 if context.get("token_fail") else 200)
        response: HttpResponse = super().render_to_response(context, status=status, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Your password is changed. Sign in with the new one."))
        response: HttpResponse = super().form_valid(form)
        return response


def single_sign_on_begin(request: HttpRequest) -> HttpResponseBase:
    """To the provider and back; only from this portal's own page."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return redirect("sign_in")
    return single_sign_on.begin(request, get_next_redirect_url(request))


def single_sign_on_callback(request: HttpRequest) -> HttpResponseBase:
    """Where the provider sends people back to."""
    return single_sign_on.complete(request)
