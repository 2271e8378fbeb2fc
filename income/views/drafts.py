"""The queue of drafts: look, approve, return, correct."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from donors.models import Donor
from income.acts import FORMS, form_of, post_draft
from income.conversion import conversion_of_typed
from income.models import Draft
from income.presentation import typed_rows
from income.services import approve_draft, return_draft
from income.services.drafts import correct_draft
from income.views.entry import typed_fields
from income.vocabulary import DraftState
from interface.errors import PortalError
from interface.paging import page_of

FORM_TEMPLATES = {
    "ContributionForm": "income/contribution_new.html",
    "ReceiptForm": "income/receipt_new.html",
    "GiftForm": "income/gift_new.html",
    "FinanceForm": "income/finance_new.html",
    "ReversalForm": "income/reversal_new.html",
}


def _draft(request: HttpRequest, uuid: str) -> Draft:
    drafts = Draft.objects.for_user(signed_in(request)).select_related(
        "ledger", "written_by", "reviewed_by", "posting"
    )
    return get_object_or_404(drafts, uuid=uuid)


@requires(Permission.ENTER_INCOME, Permission.REVIEW_INCOME)
def draft_list(request: HttpRequest) -> HttpResponse:
    """What waits for review, and what became of it, newest first; `?state=` narrows."""
    drafts = Draft.objects.for_user(signed_in(request)).select_related("written_by", "ledger")
    state = request.GET.get("state", "")
    if state in DraftState.values:
        drafts = drafts.filter(state=state)
    page = page_of(drafts.order_by("-written_at", "-pk"), request.GET.get("page"), 50)
    context = {"page": page, "state": state, "states": DraftState.choices}
    return render(request, "income/draft_list.html", context)


@requires(Permission.ENTER_INCOME, Permission.REVIEW_INCOME)
def draft(request: HttpRequest, uuid: str) -> HttpResponse:
    """One draft with what was typed, what it will post, and who may decide."""
    found, user = _draft(request, uuid), signed_in(request)
    waiting = found.state == DraftState.SUBMITTED
    context = {
        "draft": found,
        "rows": typed_rows(form_of(found, timezone.localdate())),
        "conversion": conversion_of_typed(found.payload, found.ledger),
        "demonstration_books": found.ledger.is_demonstration,
        "is_own": found.written_by_id == user.pk,
        "may_review": waiting and user.may(Permission.REVIEW_INCOME)
        and found.written_by_id != user.pk,
        "may_correct": found.written_by_id == user.pk and found.state != DraftState.POSTED,
    }  # fmt: skip
    return render(request, "income/draft.html", context)


@requires(Permission.REVIEW_INCOME)
@require_POST
def draft_approve(request: HttpRequest, uuid: str) -> HttpResponse:
    """Post somebody else's draft."""
    found, now = _draft(request, uuid), timezone.now()
    try:
        posting = approve_draft(
            found, version=_version(request), by=signed_in(request), at=now,
            post_it=lambda locked, actors: post_draft(locked, actors, timezone.localdate(now)),
        )  # fmt: skip
    except PortalError as error:
        messages.error(request, str(error))
        return redirect("draft", uuid)
    messages.success(request, _("Posted as number %(n)s.") % {"n": posting.sequence})
    return redirect("posting", posting.ledger.code, posting.sequence)


@requires(Permission.REVIEW_INCOME)
@require_POST
def draft_return(request: HttpRequest, uuid: str) -> HttpResponse:
    """Send somebody else's draft back with a reason."""
    found = _draft(request, uuid)
    try:
        return_draft(
            found, because=request.POST.get("because", ""), version=_version(request),
            by=signed_in(request), at=timezone.now(),
        )  # fmt: skip
    except PortalError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Returned to %(name)s.") % {"name": found.written_by.name})
    return redirect("draft", uuid)


@requires(Permission.ENTER_INCOME)
def draft_edit(request: HttpRequest, uuid: str) -> HttpResponse:
    """Correct one's own draft and submit it again."""
    found = get_object_or_404(Draft, uuid=uuid, written_by=signed_in(request))
    form = FORMS[found.act](
        request.POST or None, initial=found.payload, ledger=found.ledger,
        today=timezone.localdate(),
    )  # fmt: skip
    if request.method == "POST" and "check" not in request.POST and form.is_valid():
        return _corrected(request, found, form)
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, FORM_TEMPLATES[type(form).__name__], _edit_context(found, form),
                  status=status)  # fmt: skip


def _corrected(request: HttpRequest, found: Draft, form: Any) -> HttpResponse:
    try:
        correct_draft(
            found, act=form.act_of_draft(), payload=typed_fields(form, form.data),
            title=form.title_of_draft(),
            version=_version(request), by=signed_in(request),
        )  # fmt: skip
    except PortalError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Submitted again."))
    return redirect("draft", found.uuid)


def _edit_context(found: Draft, form: Any) -> dict[str, Any]:
    typed = form.data.dict() if form.is_bound else found.payload
    return {
        "form": form, "books": found.ledger, "draft": found, "token": found.token,
        "demonstration_books": found.ledger.is_demonstration,
        "conversion": conversion_of_typed(typed, found.ledger),
        "donors": Donor.objects.standing().order_by("code"),
    }  # fmt: skip


def _version(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
