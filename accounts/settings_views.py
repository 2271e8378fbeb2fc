"""What a person chooses for themselves: language, reminders, whether updates are announced."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in
from accounts.models import Digest, User
from accounts.permissions import Permission
from accounts.services import record


class SettingsForm(forms.Form):
    """Language of the pages and of e-mail; reminders for those for whom anything can wait.

    Announcements of the monthly update for those who may see the Board's pages.
    """

    language = forms.ChoiceField(label=gettext_lazy("Language"))
    digest = forms.ChoiceField(
        label=gettext_lazy("Reminders by e-mail"), choices=Digest.choices, required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("What waits for you. When nothing does, no e-mail is sent."),
    )  # fmt: skip
    is_told_of_updates = forms.BooleanField(
        label=gettext_lazy("Tell me by e-mail of each monthly update"), required=False,
        help_text=gettext_lazy("One e-mail when an update of the month's income is published."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, user: User) -> None:
        now = {
            "language": user.language or translation.get_language(), "digest": user.digest,
            "is_told_of_updates": user.is_told_of_updates,
        }  # fmt: skip
        super().__init__(data, initial=now)
        names = translation.get_language_info
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            (code, names(code)["name_local"]) for code, _name in settings.LANGUAGES
        ]
        if not user.may(Permission.ENTER_INCOME):
            del self.fields["digest"]
        if not user.may(Permission.VIEW_BOARD):
            del self.fields["is_told_of_updates"]


CHOSEN = ("language", "digest", "is_told_of_updates")


@transaction.atomic
def change_settings(user: User, **chosen: str | bool) -> User:
    """Change one's own language and what one gets by e-mail: those of CHOSEN that are given."""
    before = {name: getattr(user, name) for name in chosen}
    for name, value in chosen.items():
        setattr(user, name, value)
    user.save(update_fields=chosen)
    record("change_settings", user, by=user, before=before, after=chosen)
    return user


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_settings(request: HttpRequest) -> HttpResponse:
    """One's own language, reminders and announcements."""
    user = signed_in(request)
    form = SettingsForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        # What the person's role has no field for stays as it is.
        change_settings(user, **{name: typed.get(name, getattr(user, name)) for name in CHOSEN})
        return _saved(request, typed["language"])
    context = {"form": form, "may_send": user.may(Permission.MANAGE_ACCOUNTS)}
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/my_settings.html", context, status=status)


def _saved(request: HttpRequest, language: str) -> HttpResponse:
    """Back to the page, from now on in the language."""
    with translation.override(language):
        messages.success(request, _("Your settings are saved."))
    response = redirect("my_settings")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH, domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE, httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )  # fmt: skip
    return response
