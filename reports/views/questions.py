"""Questions about figures: asked by a donor's representative, answered by an officer."""

import uuid as uuids

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires, signed_in
from accounts.models import User
from accounts.permissions import Permission
from donors.models import Donor
from income.models import Ledger
from interface.errors import PortalError
from interface.paging import page_of
from reports.models import FigureQuestion
from reports.questions.about import About, NotOurs, opened
from reports.questions.asking import answer, ask
from reports.questions.forms import AnswerForm, QuestionForm
from reports.questions.seen import questions_for
from reports.views.donor import own_donors

ROWS = 50
RELATED = ("donor", "ledger", "asked_by", "answered_by")


@requires(Permission.VIEW_OWN_DONORS)
@require_http_methods(["GET", "HEAD", "POST"])
def question_new(request: HttpRequest, code: str) -> HttpResponse:
    """Say that the figure that the address carries looks wrong."""
    user = signed_in(request)
    donor, books, about = _figure(request, user, code)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            ask(about, form.cleaned_data["text"], donor=donor, ledger=books, by=user)
        except PortalError as error:
            form.add_error("text", error.sentence)
        else:
            messages.success(request, _("Your question is sent. The answer comes by e-mail."))
            return redirect(f"{reverse('donor', args=[code])}?books={books.code}#questions")
    context = {"form": form, "about": about, "donor": donor, "books": books,
               "demonstration_books": books.is_demonstration}  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "reports/question_new.html", context, status=status)


def _figure(request: HttpRequest, user: User, code: str) -> tuple[Donor, Ledger, About]:
    """Whose figure, of which books; 404 for another's, and for what the portal did not make."""
    donor = get_object_or_404(own_donors(user), code=code)
    try:
        about = opened(request.GET.get("about", ""))
    except NotOurs:
        raise Http404 from None
    if about.donor != donor.code:
        raise Http404
    return donor, get_object_or_404(Ledger, code=about.books), about


@requires(Permission.EDIT_DONORS)
@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, the oldest first; then what was answered."""
    seen = questions_for(signed_in(request), timezone.localdate()).select_related(*RELATED)
    answered = seen.filter(answered_at__isnull=False).order_by("-answered_at", "-pk")
    context = {
        "waiting": seen.filter(answered_at=None).order_by("asked_at", "pk"),
        "page": page_of(answered, request.GET.get("page"), ROWS),
        "demonstration_books": signed_in(request).is_demonstration,
    }
    return render(request, "reports/question_list.html", context)


@requires(Permission.VIEW_OWN_DONORS, Permission.EDIT_DONORS)
@require_safe
def question(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """One question with its answer, or for an officer the form to answer it."""
    return _page(request, _asked(request, uuid), AnswerForm())


@requires(Permission.EDIT_DONORS)
@require_POST
def question_answer(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Answer the question; who asked is told."""
    found, form = _asked(request, uuid), AnswerForm(request.POST)
    if form.is_valid():
        try:
            answer(found, form.cleaned_data["answer"], by=signed_in(request), at=timezone.now())
        except PortalError as error:
            messages.error(request, error.sentence)
        else:
            messages.success(request, _("Your answer is sent."))
        return redirect("question", found.uuid)
    return _page(request, found, form, status=422)


def _asked(request: HttpRequest, uuid: uuids.UUID) -> FigureQuestion:
    seen = questions_for(signed_in(request), timezone.localdate()).select_related(*RELATED)
    return get_object_or_404(seen, uuid=uuid)


def _page(
    request: HttpRequest, found: FigureQuestion, form: AnswerForm, status: int = 200
) -> HttpResponse:
    may_answer = signed_in(request).may(Permission.EDIT_DONORS)
    context = {
        "question": found, "form": form, "is_staff": may_answer,
        "may_answer": may_answer and not found.answered_at,
        "demonstration_books": found.ledger.is_demonstration,
        "page_address": reverse("question", args=[found.uuid]) if form.is_bound else "",
    }  # fmt: skip
    return render(request, "reports/question.html", context, status=status)
