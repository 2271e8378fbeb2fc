"""Single sign-on by OpenID Connect: opens accounts that are there, and makes none.

Authorization code with PKCE, state and nonce; the ID token's signature, issuer and audience are
checked, and that the user info speaks of the same subject. An account is found by the provider's
verified e-mail address once, and from then on by the subject.
"""

import hashlib
import logging
from collections.abc import Iterable
from typing import Any

import jwt
import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import (
    DefaultSocialAccountAdapter,
    _build_apps_from_settings,
    get_adapter,
)
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string

from accounts.models import User
from accounts.permissions import Role
from accounts.services import change_role

logger = logging.getLogger(__name__)
ID = "oidc"
# Public keys alone: a secret that both know signs nothing here.
SIGNED_BY = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]


def name() -> str:
    """What the provider is called on the sign-in page; empty where none is configured."""
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return str(apps[0]["name"]) if apps else ""


def begin(request: HttpRequest, wanted: str | None) -> HttpResponseBase:
    """Send the browser to the provider. Raises Http404 where none is configured."""
    if not name():
        raise Http404
    nonce = get_random_string(32)
    try:
        provider = Exchange(request, ID).get_provider()
        response: HttpResponseBase = provider.redirect(
            request, AuthProcess.LOGIN, next_url=wanted, auth_params={"nonce": nonce}, nonce=nonce
        )
    except (requests.RequestException, KeyError, ValueError) as error:
        return refused(request, type(error).__name__)
    return response


def complete(request: HttpRequest) -> HttpResponseBase:
    """Take the provider's answer. Raises Http404 where none is configured."""
    if not name():
        raise Http404
    try:
        response: HttpResponseBase = Callback.adapter_view(Exchange(request, ID))(request)
    except (KeyError, ValueError) as error:  # an answer of another shape than the standard's
        return refused(request, type(error).__name__)
    return response


def refused(request: HttpRequest, why: str) -> HttpResponse:
    """One page for every refusal; the log, and nobody else, is told the reason."""
    logger.warning("Single sign-on was refused: %s", why)
    return render(request, "accounts/single_sign_on_refused.html", status=403)


class Exchange(OpenIDConnectOAuth2Adapter):
    """The exchange with the provider."""

    nonce = ""

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("single_sign_on_callback"))

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        claims = self._claims(app, kwargs["response"].get("id_token") or "")
        if not self.nonce or not constant_time_compare(str(claims.get("nonce", "")), self.nonce):
            raise OAuth2Error("the nonce is another")
        told = self._fetch_user_info(token.token)
        if told.get("sub") != claims["sub"]:
            raise OAuth2Error("the user info is another subject's")
        both = {**claims, **told, "iss": claims["iss"]}
        login: SocialLogin = self.get_provider().sociallogin_from_response(request, both)
        return login

    def _claims(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """Of the ID token, once its signature, issuer, audience and time are right."""
        try:
            key = self._key(jwt.get_unverified_header(id_token).get("kid"))
            claims: dict[str, Any] = jwt.decode(
                id_token, key=key, algorithms=SIGNED_BY, audience=app.client_id,
                issuer=self.openid_config["issuer"], leeway=60,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )  # fmt: skip
        except jwt.PyJWTError as error:
            raise OAuth2Error(f"ID token: {type(error).__name__}") from error
        return claims

    def _key(self, name: str | None) -> Any:
        """The provider's public key of that name; its only one, where the token names none."""
        with get_adapter().get_requests_session() as session:
            response = session.get(self.openid_config["jwks_uri"])
        response.raise_for_status()
        keys = [key for key in jwt.PyJWKSet.from_dict(response.json()).keys
                if name is None or key.key_id == name]  # fmt: skip
        if len(keys) != 1:
            raise OAuth2Error("the key of the ID token is not known")
        return keys[0].key


class Callback(OAuth2CallbackView):
    """Gives the exchange the nonce that went out with this state."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce") or ""
        return state, response


class Provider(OpenIDConnectProvider):
    """Keeps of a subject only a digest, and of its claims those that make a role."""

    oauth2_adapter_class = Exchange

    def extract_uid(self, data: dict[str, Any]) -> str:
        return hashlib.sha256(f"{data['iss']}\n{data['sub']}".encode()).hexdigest()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        values = data.get(settings.OIDC_ROLE_CLAIM, []) if settings.OIDC_ROLE_CLAIM else []
        return {"roles": values if isinstance(values, list) else [values]}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """Verified is what the provider says is, in so many words."""
        return list(
            super().extract_email_addresses(
                {**data, "email_verified": data.get("email_verified") is True}
            )
        )


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Who gets in, and as what."""

    def list_apps(
        self, request: HttpRequest, provider: Any = None, client_id: Any = None
    ) -> list[SocialApp]:
        """The one of the environment; none of the database."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def on_authentication_error(self, request: HttpRequest, provider: Any, **more: Any) -> None:
        error = more.get("exception") or more.get("error")
        raise ImmediateHttpResponse(refused(request, type(error).__name__))

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Raises ImmediateHttpResponse for whom no account opens."""
        try:
            with transaction.atomic():
                self._admit(request, sociallogin)
        except Refused as reason:
            raise ImmediateHttpResponse(refused(request, str(reason))) from None

    def _admit(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        is_known = sociallogin.is_existing
        user = sociallogin.user if is_known else person_of(sociallogin.email_addresses)
        if user is None or not user.is_active or user.is_demonstration:
            raise Refused("no account")
        if not is_known and SocialAccount.objects.filter(user=user).exists():
            raise Refused("the account belongs to another subject")
        follow_claims(user, sociallogin.account.extra_data.get("roles", []))
        if not is_known:
            sociallogin.connect(request, user)


class Refused(Exception):
    """No account opens by this sign-on; the text is for the log."""


def person_of(addresses: Iterable[Any]) -> User | None:
    """The account of a verified address."""
    verified = [one.email for one in addresses if one.verified]
    found = (User.objects.filter(email__iexact=email).first() for email in verified)
    return next((user for user in found if user), None)


def follow_claims(user: User, values: list[Any]) -> None:
    """Give the role that the claims say, where that is configured; the change is audited.

    Representatives are made by invitations and by nothing else. Raises Refused for somebody of the
    office whom no claim gives a role.
    """
    if not settings.OIDC_ROLE_CLAIM or user.role == Role.REPRESENTATIVE:
        return
    role = next((role for value, role in settings.OIDC_ROLES.items() if value in values), None)
    if role is None:
        raise Refused("no claim gives a role")
    if role != user.role:
        change_role(user, Role(role), by=None)
