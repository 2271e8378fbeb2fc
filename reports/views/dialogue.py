"""The funding-dialogue pack: on screen, as a PDF and as a workbook, from one object."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from interface.errors import PortalError
from interface.formatting import current_language
from reports.dialogue.document import dialogue_pdf as pdf_of
from reports.dialogue.sections import sections_of
from reports.dialogue.workbook import dialogue_workbook
from reports.figures.dialogue import Dialogue
from reports.figures.dialogue import dialogue as ask
from reports.figures.question import NoBooks, parse

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(Permission.VIEW_BOARD)
@require_safe
def dialogue(request: HttpRequest) -> HttpResponse:
    """The pack on screen."""
    try:
        told = _told(request)
    except PortalError as error:
        return _refused(request, error)
    may_enter = signed_in(request).may(Permission.ENTER_TARGETS)
    return render(request, "reports/dialogue.html", {**_context(told), "may_enter": may_enter})


@requires(Permission.VIEW_BOARD)
@require_safe
def dialogue_pdf(request: HttpRequest) -> HttpResponse:
    """The same as a PDF, in the reader's language."""
    try:
        told = _told(request)
        return _file(pdf_of(told), told, "pdf", "application/pdf")
    except PortalError as error:
        return _refused(request, error)


@requires(Permission.VIEW_BOARD)
@require_safe
def dialogue_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook, with exact figures."""
    try:
        told = _told(request)
    except PortalError as error:
        return _refused(request, error)
    return _file(dialogue_workbook(told), told, "xlsx", WORKBOOK)


def _told(request: HttpRequest) -> Dialogue:
    today = timezone.localdate()
    return ask(parse(request.GET, default_books=settings.PORTAL_BOOKS, today=today), today)


def _context(told: Dialogue) -> dict[str, Any]:
    question = told.question
    return {
        "told": told, "question": question, "sections": sections_of(told),
        "months": question.choices, "demonstration_books": told.is_demonstration,
    }  # fmt: skip


def _file(content: bytes, told: Dialogue, ending: str, media_type: str) -> HttpResponse:
    source = told.provenance
    mark = "DEMONSTRATION-" if told.is_demonstration else ""
    named = f"{mark}funding-dialogue-{source.books}-{source.as_at.slug}-{current_language()}"
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{named}.{ending}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _refused(request: HttpRequest, error: PortalError) -> HttpResponse:
    """The sentence that says what is wrong; an installation without books is not an error."""
    status = 200 if isinstance(error, NoBooks) else 400
    return render(request, "reports/refused.html", {"error": error}, status=status)
