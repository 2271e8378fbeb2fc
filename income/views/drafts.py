"""The queue of drafts: look, approve, return, take back, throw away."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires, signed_in
from accounts.models import User
from accounts.permissions import Permission
from accounts.saved_views import views_of
from income.acts import FORMS, POSTED_BY_JOB, form_of, post_draft
from income.conversion import conversion_of_typed
from income.draft_queue import DraftFilter
from income.errors import DraftChanged
from income.imports.jobs import approve_later
from income.models import Draft
from income.presentation import typed_rows
from income.rehearsal import rehearse
from income.services import approve_draft, discard_draft, return_draft, withdraw_draft
from income.services.drafts import payload_of_version
from income.views.draft_edit import version_typed
from income.views.imports_report import import_of_draft
from income.vocabulary import Act, DraftState
from interface.conflicts import Difference, differences
from interface.errors import PortalError
from interface.paging import page_of

RELATED = ("ledger", "written_by", "reviewed_by", "posting", "corrects", "corrects__ledger")


def _draft(request: HttpRequest, uuid: str) -> Draft:
    drafts = Draft.objects.for_user(signed_in(request)).select_related(*RELATED)
    return get_object_or_404(drafts, uuid=uuid)


@requires(Permission.ENTER_INCOME, Permission.REVIEW_INCOME)
def draft_list(request: HttpRequest) -> HttpResponse:
    """The queue; `?state=`, `?act=`, `?q=` and `?age=` narrow it."""
    asked, user = DraftFilter.parse(request.GET), signed_in(request)
    drafts = Draft.objects.for_user(user).select_related("written_by", "ledger")
    found = asked.apply(drafts, timezone.now())
    page = page_of(found, request.GET.get("page"), 50)
    context = {
        "page": page, "asked": asked,
        "demonstration_books": any(one.ledger.is_demonstration for one in page.items),
        "states": DraftState.choices, "acts": [one for one in Act.choices if one[0] in FORMS],
        "saved_views": views_of(user, "draft_list", request.GET),
    }  # fmt: skip
    return render(request, "income/draft_list.html", context)


@requires(Permission.ENTER_INCOME, Permission.REVIEW_INCOME)
@require_safe
def draft(request: HttpRequest, uuid: str) -> HttpResponse:
    """One draft with what was typed, what it will post, and who may decide."""
    found, user, today = _draft(request, uuid), signed_in(request), timezone.localdate()
    form = form_of(found, today)
    context = {
        "draft": found,
        "rows": typed_rows(form),
        "conversion": conversion_of_typed(found.payload, found.ledger),
        "rehearsal": rehearse(found, today) if found.state == DraftState.SUBMITTED else None,
        "conflict": _changed_since(request, found, form),
        "demonstration_books": found.ledger.is_demonstration,
        **_may(found, user), **import_of_draft(found, user),
    }  # fmt: skip
    return render(request, "income/draft.html", context)


def _may(found: Draft, user: User) -> dict[str, Any]:
    """What this person may do with the draft as it stands."""
    is_own, state = found.written_by_id == user.pk, found.state
    return {
        "is_own": is_own,
        "may_review": state == DraftState.SUBMITTED
        and not is_own
        and user.may(Permission.REVIEW_INCOME),
        "may_correct": is_own and state != DraftState.POSTED and found.act not in POSTED_BY_JOB,
        "may_withdraw": is_own and state == DraftState.SUBMITTED,
        "may_discard": is_own and state in (DraftState.OPEN, DraftState.RETURNED),
        "may_undo": state == DraftState.POSTED
        and found.act not in (Act.REVERSE, *POSTED_BY_JOB)
        and user.may(Permission.ENTER_INCOME),
    }


def _changed_since(request: HttpRequest, found: Draft, form: Any) -> tuple[Difference, ...]:
    """What differs from the version that the reader looked at before, field by field."""
    seen = request.GET.get("seen", "")
    if not (seen.isascii() and seen.isdigit() and len(seen) < 9):
        return ()
    before = payload_of_version(found, int(seen))
    if before is None or before == found.payload:
        return ()
    return tuple(
        Difference(one.label, saved=one.typed, typed=one.saved) for one in differences(form, before)
    )


def _look_again(found: Draft, version: int, error: PortalError) -> HttpResponse:
    """Back to the draft; where it changed, with both versions beside each other."""
    address = reverse("draft", args=[found.uuid])
    return redirect(f"{address}?seen={version}" if isinstance(error, DraftChanged) else address)


@requires(Permission.REVIEW_INCOME)
@require_POST
def draft_approve(request: HttpRequest, uuid: str) -> HttpResponse:
    """Post somebody else's draft; what takes longer is posted by a job."""
    found, now, version = _draft(request, uuid), timezone.now(), version_typed(request)
    try:
        if found.act in POSTED_BY_JOB:
            approve_later(found, version=version, by=signed_in(request))
            return redirect("import", found.payload["import"])
        posting = approve_draft(
            found, version=version, by=signed_in(request), at=now,
            post_it=lambda locked, actors: post_draft(locked, actors, timezone.localdate(now)),
        )  # fmt: skip
    except PortalError as error:
        messages.error(request, str(error))
        return _look_again(found, version, error)
    messages.success(request, _("Posted as number %(n)s.") % {"n": posting.sequence})
    return redirect("posting", posting.ledger.code, posting.sequence)


@requires(Permission.REVIEW_INCOME)
@require_POST
def draft_return(request: HttpRequest, uuid: str) -> HttpResponse:
    """Send somebody else's draft back with a reason."""
    found, version = _draft(request, uuid), version_typed(request)
    try:
        return_draft(
            found, because=request.POST.get("because", ""), version=version,
            by=signed_in(request), at=timezone.now(),
        )  # fmt: skip
    except PortalError as error:
        messages.error(request, str(error))
        return _look_again(found, version, error)
    messages.success(request, _("Returned to %(name)s.") % {"name": found.written_by.name})
    return redirect("draft", uuid)


@requires(Permission.ENTER_INCOME)
@require_POST
def draft_withdraw(request: HttpRequest, uuid: str) -> HttpResponse:
    """Take one's own draft back from review."""
    found = get_object_or_404(Draft, uuid=uuid, written_by=signed_in(request))
    try:
        withdraw_draft(found, version=version_typed(request), by=signed_in(request))
    except PortalError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Taken back. Nobody reviews it until you submit it again."))
    return redirect("draft", uuid)


@requires(Permission.ENTER_INCOME)
@require_POST
def draft_discard(request: HttpRequest, uuid: str) -> HttpResponse:
    """Throw one's own draft away."""
    found = get_object_or_404(Draft, uuid=uuid, written_by=signed_in(request))
    try:
        discard_draft(found, version=version_typed(request), by=signed_in(request))
    except PortalError as error:
        messages.error(request, str(error))
        return redirect("draft", uuid)
    messages.success(request, _("The draft is gone. The audit trail keeps what it said."))
    return redirect("draft_list")
