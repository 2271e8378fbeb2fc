"""What people enter for a pack: results, joint programmes, progress, measures."""

import uuid as uuids

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from interface.errors import PortalError
from interface.paging import page_of
from reports.dialogue.forms import ItemForm
from reports.dialogue.items import decide_item, enter_item
from reports.models import DialogueItem
from targets.models import ProposalState

ROWS = 50
PEOPLE = (Permission.ENTER_TARGETS, Permission.APPROVE_TARGETS)


@requires(*PEOPLE)
@require_safe
def dialogue_item_list(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, and everything else, newest first."""
    user = signed_in(request)
    items = DialogueItem.objects.select_related("programme", "entered_by", "decided_by")
    decided = items.exclude(state=ProposalState.WAITING).order_by("-decided_at", "-pk")
    context = {
        "waiting": items.filter(state=ProposalState.WAITING).order_by("entered_at", "pk"),
        "page": page_of(decided, request.GET.get("page"), ROWS),
        "may_decide": user.may(Permission.APPROVE_TARGETS),
        "may_enter": user.may(Permission.ENTER_TARGETS), "user_pk": user.pk,
        "demonstration_books": user.is_demonstration,
    }  # fmt: skip
    return render(request, "reports/dialogue_item_list.html", context)


@requires(Permission.ENTER_TARGETS)
@require_http_methods(["GET", "HEAD", "POST"])
def dialogue_item_new(request: HttpRequest) -> HttpResponse:
    """Enter an item; `?again=` fills in one that was returned."""
    user = signed_in(request)
    sent = request.POST if request.method == "POST" else None
    form = ItemForm(sent, initial=_again(request), today=timezone.localdate())
    if form.is_bound and form.is_valid():
        try:
            enter_item(**form.cleaned_data, by=user)
        except PortalError as error:
            form.add_error(error.field, error.sentence)
        else:
            messages.success(request, _("Entered. Another person decides on it."))
            return redirect("dialogue_item_list")
    context = {"form": form, "demonstration_books": user.is_demonstration}
    status = 422 if form.errors else 200
    return render(request, "reports/dialogue_item_new.html", context, status=status)


def _again(request: HttpRequest) -> dict[str, object]:
    """The fields of the item that is entered again."""
    try:
        asked = uuids.UUID(request.GET.get("again", ""))
    except ValueError:
        return {"year": request.GET.get("year") or timezone.localdate().year}
    names = ("kind", "year", "title", "text", "programme", "evidence", "evidence_url")
    return DialogueItem.objects.filter(uuid=asked).values(*names).first() or {}


@requires(Permission.APPROVE_TARGETS)
@require_POST
def dialogue_item_decide(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Approve or return what another person entered."""
    item = get_object_or_404(DialogueItem, uuid=uuid)
    if "approve" not in request.POST and "return" not in request.POST:
        return redirect("dialogue_item_list")
    because = request.POST.get("because", "")[:500]
    try:
        decide_item(item, approve="approve" in request.POST, because=because, by=signed_in(request))
    except PortalError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("Your decision is kept."))
    return redirect("dialogue_item_list")
