"""The administrator's page of outgoing mail."""

import uuid as uuids
from collections.abc import Callable

from django.contrib import messages
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires, signed_in
from accounts.models import User
from accounts.outgoing_mail import send_mail_again, settle_mail
from accounts.permissions import Permission
from interface.errors import PortalError
from interface.paging import page_of
from jobs.letters import title_of
from jobs.models import MailState, OutgoingMail

PAGE = 50
# What somebody has to decide about comes first, then what is still on its way.
ORDER = (MailState.UNKNOWN, MailState.FAILED, MailState.SENDING, MailState.WAITING)


@requires(Permission.MANAGE_ACCOUNTS)
@require_safe
def outgoing_mail(request: HttpRequest) -> HttpResponse:
    """Every e-mail of the outbox, or those in one state; what waits for a decision first."""
    state = request.GET.get("state", "")
    rows = OutgoingMail.objects.select_related("recipient")
    rows = rows.filter(state=state) if state in MailState.values else rows
    turn = [When(state=one, then=Value(number)) for number, one in enumerate(ORDER)]
    rows = rows.annotate(turn=Case(*turn, default=Value(len(ORDER)), output_field=IntegerField()))
    page = page_of(rows.order_by("turn", "-created_at", "-pk"), request.GET.get("page"), PAGE)
    context = {
        "page": page, "shown": [(one, title_of(one.kind)) for one in page.items],
        "states": MailState.choices, "state": state,
        "waiting": OutgoingMail.objects.for_a_person().count(),
    }  # fmt: skip
    return render(request, "accounts/outgoing_mail.html", context)


@requires(Permission.MANAGE_ACCOUNTS)
@require_POST
def outgoing_mail_settle(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Somebody has dealt with it."""
    return _decided(request, uuid, settle_mail, _("The e-mail is noted as dealt with."))


@requires(Permission.MANAGE_ACCOUNTS)
@require_POST
def outgoing_mail_again(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Send it again anyway."""
    return _decided(request, uuid, send_mail_again, _("The e-mail is sent again."))


def _decided(
    request: HttpRequest, uuid: uuids.UUID, act: Callable[..., None], sentence: str
) -> HttpResponse:
    by: User = signed_in(request)
    try:
        act(get_object_or_404(OutgoingMail, uuid=uuid), by=by)
    except PortalError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, sentence)
    return redirect("outgoing_mail")
