"""The monthly updates: the archive, one of them beside today's figures, and its stored files."""

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires, signed_in
from accounts.models import User
from accounts.permissions import Permission
from income.models import Ledger
from income.periods import YearMonth
from income.views.books import chosen_books
from income.views.entry import entry_books
from interface.errors import PortalError
from interface.formatting import current_language
from interface.paging import page_of
from jobs.models import Job
from jobs.registry import kind_called
from reports.figures.provenance import Basis
from reports.models import MonthlyUpdate, UpdateFile, UpdateState, UpdateStatus
from reports.tables import bases as tables_bases
from reports.updates import document, listing, preparing, publishing, tables
from reports.updates.asking import UpdateWrong
from reports.updates.comparing import told
from reports.updates.since_last import since_last, update_before
from reports.updates.stored import figures_of, headline_of, pdf_name

ROWS = 50
CHANGES = 50
MOST_NAMES = 200


@requires(Permission.VIEW_BOARD)
@require_safe
def update_list(request: HttpRequest) -> HttpResponse:
    """Every update, newest first; for staff also those prepared, and what is still to prepare."""
    books, user = chosen_books(request), signed_in(request)
    rows = listing.updates_for(user).filter(ledger=books).exclude(state=UpdateState.DISCARDED)
    may_prepare = user.may(Permission.PREPARE_UPDATES)
    context = {
        "books": books, "demonstration_books": books.is_demonstration,
        "all_books": Ledger.objects.order_by("code"),
        "page": page_of(rows, request.GET.get("page"), ROWS),
        "sees_prepared": listing.sees_prepared(user), "may_prepare": may_prepare,
        "missing": listing.missing_updates(books) if may_prepare else [],
        "job": _work(books, user) if may_prepare else None,
        "work": kind_called(preparing.KIND).title,
    }  # fmt: skip
    return render(request, "reports/update_list.html", context)


def _work(books: Ledger, user: User) -> Job | None:
    """The person's last work on an update of the books, until what it made is decided."""
    mine = Job.objects.filter(kind=preparing.KIND, asked_by=user, payload__books=books.code)
    last = mine.order_by("-created_at").first()
    if last and (made := last.result.get("update")):
        waits = MonthlyUpdate.objects.filter(uuid=made, state=UpdateState.PREPARED)
        return last if waits.exists() else None
    return last


@requires(Permission.VIEW_BOARD)
@require_safe
def update(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """One update: what it told, its files, what became of it, what changed before, the thanks."""
    user = signed_in(request)
    found = get_object_or_404(listing.updates_for(user), uuid=uuid)
    context = {
        "update": found, "demonstration_books": found.ledger.is_demonstration,
        "basis": Basis.RECEIVED.label,
        "files": found.files.defer("content"), "document": pdf_name(current_language()),
        "sees_prepared": listing.sees_prepared(user),
        "may_publish": _waits(found) and publishing.may_publish(found, user),
        "may_discard": _waits(found) and user.may(Permission.PREPARE_UPDATES),
        **_told_context(request, found),
    }  # fmt: skip
    return render(request, "reports/update.html", context)


def _waits(update: MonthlyUpdate) -> bool:
    return update.state == UpdateState.PREPARED


def _told_context(request: HttpRequest, update: MonthlyUpdate) -> dict[str, Any]:
    """The figures then and now; where the books cannot be asked, the sentence that says why."""
    since = since_last(update.ledger, update.as_at, update.sequence, update_before(update))
    context: dict[str, Any] = {
        "headline": headline_of(figures_of(update), update.as_at), "since": since,
        "since_note": document.since_note(since),
        "since_table": tables.since_page_table(since),
        "thanks": document.thanks(since, most=MOST_NAMES),
    }  # fmt: skip
    try:
        found = told(update)
    except PortalError as error:
        return {**context, "error": error}
    page = page_of(found.restatement.changes, request.GET.get("page"), CHANGES)
    return {
        **context, "told": found, "told_table": tables.told_table(found), "page": page,
        "restated_table": tables_bases.restated_table(found.restatement),
        "change_table": tables_bases.change_table(found.restatement, page.items),
    }  # fmt: skip


@requires(Permission.VIEW_BOARD)
@require_safe
def update_file(request: HttpRequest, uuid: uuids.UUID, name: str) -> HttpResponse:
    """One file of an update, byte for byte as it was stored."""
    found = get_object_or_404(listing.updates_for(signed_in(request)), uuid=uuid)
    file = get_object_or_404(UpdateFile, update=found, name=name)
    mark = "DEMONSTRATION-" if found.ledger.is_demonstration else ""
    called = f"{mark}{found.ledger.code}-{found.as_at.slug}-{found.status}-{file.name}"
    response = HttpResponse(bytes(file.content), content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{called}"'
    response["Cache-Control"] = "private, no-store"
    return response


@requires(Permission.PREPARE_UPDATES)
@require_POST
def update_prepare(request: HttpRequest) -> HttpResponse:
    """Have the update of a closed month made, in the background."""
    books = get_object_or_404(Ledger, code=request.POST.get("books") or entry_books().code)
    try:
        month, status = _asked(request.POST.get("what", ""))
        preparing.ask_update(ledger=books, month=month, status=status, by=signed_in(request))
    except PortalError as error:
        messages.error(request, error.sentence)
    return redirect(f"{reverse('update_list')}?books={books.code}")


def _list_of(books: Ledger) -> str:
    return f"{reverse('update_list')}?{urlencode({'books': books.code})}"


def _asked(text: str) -> tuple[YearMonth, str]:
    """Month and status from `2021-03|final`. Raises UpdateWrong."""
    slug, _bar, status = text.partition("|")
    try:
        return YearMonth.parse(slug), status or UpdateStatus.PROVISIONAL
    except ValueError:
        raise UpdateWrong(_("Choose the month whose update is to be prepared.")) from None


@requires(Permission.PUBLISH_UPDATES)
@require_POST
def update_publish(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Publish what another person had prepared."""
    user = signed_in(request)
    found = get_object_or_404(listing.updates_for(user), uuid=uuid)
    try:
        publishing.publish_update(found, by=user, at=timezone.now())
    except PortalError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("The update is published. Those who asked for it are told."))
    return redirect("update", found.uuid)


@requires(Permission.PREPARE_UPDATES)
@require_POST
def update_discard(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Take a prepared update out of the way."""
    user = signed_in(request)
    found = get_object_or_404(listing.updates_for(user), uuid=uuid)
    try:
        publishing.discard_update(found, by=user)
    except PortalError as error:
        messages.error(request, error.sentence)
        return redirect("update", found.uuid)
    messages.success(request, _("The prepared update is discarded."))
    return redirect(f"{reverse('update_list')}?books={found.ledger.code}")
