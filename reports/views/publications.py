"""Publications: the list, one of them with its checks and its bridge, and its stored files."""

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
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
from interface.paging import page_of
from jobs.models import Job
from jobs.registry import kind_called
from reports.models import Publication, PublicationFile, PublicationKind, PublicationState
from reports.publications import listing, preparing, publishing, tables, words
from reports.publications.asking import Asked, PublicationWrong
from reports.publications.casting import Casting
from reports.publications.stored import of_plain

ROWS = 50


@requires(Permission.VIEW_BOARD)
@require_safe
def publication_list(request: HttpRequest) -> HttpResponse:
    """Every publication, newest first; for staff also those prepared, and what could be."""
    books, user = chosen_books(request), signed_in(request)
    rows = listing.publications_for(user).filter(ledger=books)
    may_prepare = user.may(Permission.PREPARE_UPDATES)
    context = {
        "books": books, "demonstration_books": books.is_demonstration,
        "all_books": Ledger.objects.order_by("code"),
        "page": page_of(
            rows.exclude(state=PublicationState.DISCARDED), request.GET.get("page"), ROWS
        ),
        "may_prepare": may_prepare,
        "preparable": listing.preparable(books) if may_prepare else [],
        "job": _work(books, user) if may_prepare else None,
        "work": kind_called(preparing.KIND).title,
    }  # fmt: skip
    return render(request, "reports/publication_list.html", context)


def _work(books: Ledger, user: User) -> Job | None:
    """The person's last work on files of the books, until what it made is decided."""
    mine = Job.objects.filter(kind=preparing.KIND, asked_by=user, payload__books=books.code)
    last = mine.order_by("-created_at").first()
    if last and (made := last.result.get("publication")):
        waits = Publication.objects.filter(uuid=made, state=PublicationState.PREPARED)
        return last if waits.exists() else None
    return last


@requires(Permission.VIEW_BOARD)
@require_safe
def publication(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """One publication: its files, what was compared with the books, and the bridge."""
    user = signed_in(request)
    found = get_object_or_404(listing.publications_for(user), uuid=uuid)
    waits = found.state == PublicationState.PREPARED
    context = {
        "publication": found, "demonstration_books": found.ledger.is_demonstration,
        "is_iati": found.kind == PublicationKind.IATI, "files": found.files.all(),
        "may_publish": waits and found.is_cast and publishing.may_publish(found, user),
        "may_discard": waits and user.may(Permission.PREPARE_UPDATES), "waits": waits,
        **_casting_context(request, found, of_plain(found.casting), listing.sees_prepared(user)),
    }  # fmt: skip
    return render(request, "reports/publication.html", context)


def _casting_context(
    request: HttpRequest, found: Publication, casting: Casting, knows: bool
) -> dict[str, Any]:
    """What differs, what was compared, and the bridge of the year that is asked for."""
    years = sorted({row.year for row in casting.bridge}, reverse=True)
    asked = request.GET.get("year", "")
    year = int(asked) if asked in map(str, years) else found.as_at.year
    month = min(found.as_at, YearMonth(year, 12))
    every = page_of(casting.checks, request.GET.get("page"), ROWS) if knows else None
    return {
        "headline": words.headline(casting), "casting": casting, "years": years, "year": year,
        "summary_table": tables.summary_table(casting), "page": every,
        "failing_table": tables.checks_table(casting.failing, _("What differs"), "failing"),
        "problem_table": tables.problem_table(casting.problems, casting.problem_count),
        "bridge_table": tables.bridge_table(casting.bridge, year, month, knows=knows),
        "cover_table": tables.cover_table(casting.table, found.as_at),
        "currency_table": tables.currency_table(casting.currencies),
        "left_out_table": tables.left_out_table(casting) if knows else None,
        "every_table": every and tables.checks_table(every.items, _("One by one"), "every"),
    }  # fmt: skip


@requires(Permission.VIEW_BOARD)
@require_safe
def publication_file(request: HttpRequest, uuid: uuids.UUID, name: str) -> HttpResponseBase:
    """One file of a publication, byte for byte as it was stored."""
    found = get_object_or_404(listing.publications_for(signed_in(request)), uuid=uuid)
    file = get_object_or_404(PublicationFile, publication=found, name=name)
    try:
        source = file.file.storage.open(str(file.file.name), "rb")
    except OSError as error:
        raise Http404 from error
    marked = found.ledger.is_demonstration and not name.startswith("DEMONSTRATION")
    called = f"{'DEMONSTRATION-' if marked else ''}{found.ledger.code}-{found.as_at.slug}-{name}"
    response = FileResponse(source, as_attachment=True, filename=called)
    response["Content-Type"] = file.content_type
    response["Cache-Control"] = "private, no-store"
    return response


@requires(Permission.PREPARE_UPDATES)
@require_POST
def publication_prepare(request: HttpRequest) -> HttpResponse:
    """Have files made, in the background."""
    books = get_object_or_404(Ledger, code=request.POST.get("books") or entry_books().code)
    try:
        asked = _asked(books, request.POST.get("what", ""))
        preparing.ask_publication(asked, by=signed_in(request))
    except PortalError as error:
        messages.error(request, error.sentence)
    return redirect(_list_of(books))


def _asked(books: Ledger, text: str) -> Asked:
    """From `2021-12|ceb`. Raises PublicationWrong."""
    slug, _bar, kind = text.partition("|")
    try:
        return Asked(books, kind, YearMonth.parse(slug))
    except ValueError:
        raise PublicationWrong(_("Choose what is to be prepared.")) from None


def _list_of(books: Ledger) -> str:
    return f"{reverse('publication_list')}?{urlencode({'books': books.code})}"


@requires(Permission.PUBLISH_UPDATES)
@require_POST
def publication_publish(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Publish what another person had prepared."""
    user = signed_in(request)
    found = get_object_or_404(listing.publications_for(user), uuid=uuid)
    try:
        publishing.publish(found, by=user, at=timezone.now())
    except PortalError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("The files are published."))
    return redirect("publication", found.uuid)


@requires(Permission.PREPARE_UPDATES)
@require_POST
def publication_discard(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Take prepared files out of the way."""
    user = signed_in(request)
    found = get_object_or_404(listing.publications_for(user), uuid=uuid)
    try:
        publishing.discard(found, by=user)
    except PortalError as error:
        messages.error(request, error.sentence)
        return redirect("publication", found.uuid)
    messages.success(request, _("The prepared files are discarded."))
    return redirect(_list_of(found.ledger))
