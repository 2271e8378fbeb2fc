"""Invitations: the officers' list and form, and the pages of the person who was invited."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import enter, requires, signed_in
from accounts.models import User
from accounts.permissions import Permission
from donors.invitation_forms import AcceptForm, InvitationForm
from donors.invitation_mail import hash_of, mail_of
from donors.invitation_states import state_of
from donors.invitations import (
    InvitationDead,
    accept_known,
    invite,
    invite_again,
    open_invitation,
    withdraw,
)
from donors.models import Donor, Invitation
from interface.errors import PortalError
from interface.formatting import current_language
from interface.paging import page_of

PAGE = 50
A_YEAR = datetime.timedelta(days=365)
OPENED = "invitation"  # in the session: the hash of the token of the link that was opened


@requires(Permission.INVITE_REPRESENTATIVES)
@require_safe
def invitation_list(request: HttpRequest) -> HttpResponse:
    """Who was invited for which donors, and what came of it, newest first."""
    now = timezone.now()
    rows = Invitation.objects.select_related("invited_by").prefetch_related("donors")
    page = page_of(rows.order_by("-invited_at", "-pk"), request.GET.get("page"), PAGE)
    mail = mail_of(page.items)
    shown = [(one, state_of(one, now), mail.get(one.pk)) for one in page.items]
    return render(request, "donors/invitation_list.html", {"page": page, "shown": shown})


@requires(Permission.INVITE_REPRESENTATIVES)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_new(request: HttpRequest) -> HttpResponse:
    """Invite a person; `?donor=` names the donor whose page one comes from."""
    form = InvitationForm(request.POST or None, initial=_proposed(request))
    if request.method == "POST" and form.is_valid():
        by = signed_in(request)
        try:
            made = invite(**form.cleaned_data, by=by, now=timezone.now())
        except PortalError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
        else:
            return _queued(request, made)
    donors = Donor.objects.standing().in_order()
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "donors": donors}
    return render(request, "donors/invitation_new.html", context, status=status)


def _proposed(request: HttpRequest) -> dict[str, Any]:
    donor = Donor.objects.standing().filter(code=request.GET.get("donor", "")).first()
    return {
        "donors": donor.code if donor else "", "language": current_language(),
        "access_ends_on": timezone.localdate() + A_YEAR,
    }  # fmt: skip


def _queued(request: HttpRequest, made: Invitation) -> HttpResponse:
    """Say that the letter is on its way; the list says what becomes of it."""
    sentence = _(
        "The e-mail to %(email)s is on its way; the list below says when it is sent. Its link "
        "works once, for 14 days."
    )
    messages.success(request, sentence % {"email": made.email})
    return redirect("invitation_list")


@requires(Permission.INVITE_REPRESENTATIVES)
@require_POST
def invitation_again(request: HttpRequest, uuid: str) -> HttpResponse:
    """Send a new link; the old one opens nothing any more."""
    found, by = get_object_or_404(Invitation, uuid=uuid), signed_in(request)
    try:
        made = invite_again(found, by=by, now=timezone.now())
    except PortalError as error:
        messages.error(request, error.sentence)
        return redirect("invitation_list")
    return _queued(request, made)


@requires(Permission.INVITE_REPRESENTATIVES)
@require_POST
def invitation_withdraw(request: HttpRequest, uuid: str) -> HttpResponse:
    """Take an invitation back."""
    found = get_object_or_404(Invitation, uuid=uuid)
    try:
        withdraw(found, by=signed_in(request), now=timezone.now())
    except PortalError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("The invitation is withdrawn; its link opens nothing."))
    return redirect("invitation_list")


@require_safe
@never_cache
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a letter. Whatever the token, it leads to the same page without the token.

    So the token stands in the address of no page that could name it to another, nor in that of
    a refusal that would be logged. Opening uses nothing up: mail filters open links too.
    """
    found = open_invitation(hash_of(token), timezone.now())
    response = redirect("invitation_answer")
    response["Referrer-Policy"] = "no-referrer"
    if found is None:
        request.session.pop(OPENED, None)
        return response
    request.session[OPENED] = found.token_hash
    if found.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, found.language, samesite="Lax", secure=settings.SECURE
        )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation_answer(request: HttpRequest) -> HttpResponse:
    """For whom and for which donors, once a link that works was opened; and accepting it."""
    found = open_invitation(request.session.get(OPENED, ""), timezone.now())
    if found is None:
        return _dead(request)
    account = User.objects.filter(email__iexact=found.email).first()
    typed = request.POST if request.method == "POST" else None
    form = AcceptForm(typed, has_account=bool(account), initial={"name": found.name})
    if form.is_valid():
        try:
            return _accepted(request, found, form)
        except InvitationDead:
            return _dead(request)
        except PortalError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, **_about(request, found, account)}
    return render(request, "donors/invitation_accept.html", context, status=status)


def _about(request: HttpRequest, found: Invitation, account: User | None) -> dict[str, Any]:
    """What the page tells, and what the person has to do first, if anything."""
    person = request.user if request.user.is_authenticated else None
    is_another = person is not None and person.email.casefold() != found.email.casefold()
    return {
        "invitation": found, "donors": [donor.name for donor in found.donors.in_order()],
        "is_another": is_another, "has_to_sign_in": bool(account) and person is None,
        "is_new": account is None,
    }  # fmt: skip


def _accepted(request: HttpRequest, found: Invitation, form: AcceptForm) -> HttpResponse:
    """Accept, and sign in who has just got an account."""
    person = request.user if request.user.is_authenticated else None
    typed = {name: form.cleaned_data.get(name, "") for name in ("name", "password")}
    user = accept_known(found.token_hash, **typed, now=timezone.now(), by=person)
    request.session.pop(OPENED, None)
    messages.success(request, _("Welcome. You see the file from today."))
    return redirect("home") if person else enter(request, user)


def _dead(request: HttpRequest) -> HttpResponse:
    """One answer to every link that opens nothing, whatever the reason."""
    return render(request, "donors/invitation_dead.html", status=404)
