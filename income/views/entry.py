"""Writing acts down: contributions, what finance reports, reversals."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from donors.models import Donor
from income.acts import act_typed, title_typed
from income.conversion import as_typed, conversion_of_typed
from income.forms import ContributionForm, FinanceForm, ReversalForm
from income.forms.origin import initial_of
from income.models import Contribution, Draft, Ledger, Posting
from income.selectors import working_books
from income.services import save_draft, submit_draft
from income.vocabulary import Act


def entry_books() -> Ledger:
    """The books that new entries go to; 404 in an installation without books."""
    books = working_books()
    if books is None:
        raise Http404(_("There are no books yet."))
    return books


def typed_fields(form: Any, data: Any) -> dict[str, str]:
    """What was typed, as a draft keeps it: the form's own fields, nothing else."""
    filled = {name: field for name, field in form.fields.items() if data.get(name)}
    return {name: _typed(field, data, name) for name, field in filled.items()}


def _typed(field: Any, data: Any, name: str) -> str:
    """One text, also of several boxes."""
    if getattr(field.widget, "allow_multiple_selected", False) and hasattr(data, "getlist"):
        return ",".join(data.getlist(name))
    return str(data[name])


def _context(form: Any, ledger: Ledger, token: str) -> dict[str, Any]:
    typed = as_typed(form.data) if form.is_bound else {k: str(v) for k, v in form.initial.items()}
    return {
        "form": form,
        "books": ledger,
        "demonstration_books": ledger.is_demonstration,
        "token": token,
        "conversion": conversion_of_typed(typed, ledger),
        "donors": Donor.objects.standing().in_order(),
    }


def _enter(request: HttpRequest, form: Any, template: str) -> HttpResponse:
    """Show a form; when it is sent and valid, submit it as a draft, once per token."""
    token = form_token(request)
    if request.method == "POST" and "save" in request.POST:
        return _kept_for_later(request, form, token)
    if request.method == "POST" and "check" not in request.POST and form.is_valid():
        draft = submit_draft(
            form.ledger, act=form.act_of_draft(), payload=typed_fields(form, form.data),
            title=form.title_of_draft(), token=f"form:{token}", by=signed_in(request),
        )  # fmt: skip
        _say_submitted(request, draft, form)
        return redirect("draft", draft.uuid)
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, template, _context(form, form.ledger, token), status=status)


def _kept_for_later(request: HttpRequest, form: Any, token: str) -> HttpResponse:
    """Keep what was typed, complete or not, as the person's own draft."""
    draft = save_draft(
        form.ledger, act=act_typed(form), payload=typed_fields(form, form.data),
        title=title_typed(form), token=f"form:{token}", by=signed_in(request),
    )  # fmt: skip
    messages.success(request, _("Kept for later. Nobody else sees it until you submit it."))
    return redirect("draft", draft.uuid)


def form_token(request: HttpRequest) -> str:
    """The form's own token when it is one of ours, else a new one. Each posts once."""
    try:
        return uuid.UUID(request.POST.get("token", "")).hex
    except ValueError:
        return uuid.uuid4().hex


def _say_submitted(request: HttpRequest, draft: Draft, form: Any) -> None:
    if draft.payload != typed_fields(form, form.data) or draft.posting_id or draft.version > 1:
        messages.info(request, _("This form was sent before. Here is what came of it."))
    else:
        messages.success(request, _("Submitted. Another person now reviews it."))


def _bound(request: HttpRequest, form_class: Any, initial: dict[str, Any]) -> Any:
    return form_class(
        request.POST if request.method == "POST" else None,
        initial=initial,
        ledger=entry_books(),
        today=timezone.localdate(),
    )


@requires(Permission.ENTER_INCOME)
def contribution_new(request: HttpRequest) -> HttpResponse:
    """Enter a pledge or a signed agreement; `?from=` makes one of a prospect or pledge."""
    if request.GET.get("act") == "record_prospect":
        return redirect(f"{reverse('prospect_new')}?{request.GET.urlencode()}")
    initial = {"donor": request.GET.get("donor", ""), "currency": "USD", "act": "sign_agreement",
               "approach": request.GET.get("approach", "")}  # fmt: skip
    if wanted := request.GET.get("from"):
        rows = Contribution.objects.for_user(signed_in(request), timezone.localdate())
        initial |= initial_of(get_object_or_404(rows, uuid=_uuid(wanted), ledger=entry_books()))
    if request.GET.get("act") == Act.RECORD_PLEDGE:
        initial["act"] = Act.RECORD_PLEDGE.value
    return _enter(
        request, _bound(request, ContributionForm, initial), "income/contribution_new.html"
    )


def _uuid(typed: str) -> uuid.UUID:
    try:
        return uuid.UUID(typed)
    except ValueError as error:
        raise Http404 from error


@requires(Permission.REVIEW_INCOME)
def finance_new(request: HttpRequest) -> HttpResponse:
    """Enter an allotment or programme support income; finance's own people do."""
    form = _bound(request, FinanceForm, {"act": "record_allotment"})
    return _enter(request, form, "income/finance_new.html")


@requires(Permission.ENTER_INCOME)
def reversal_new(request: HttpRequest, books: str, sequence: int) -> HttpResponse:
    """Ask for a posting to be reversed."""
    posting = get_object_or_404(Posting, ledger__code=books, sequence=sequence)
    if posting.ledger != entry_books():
        messages.error(request, _("These books are closed to entries here."))
        return redirect("posting", books, sequence)
    form = _bound(request, ReversalForm, {"sequence": sequence})
    return _enter(request, form, "income/reversal_new.html")


@requires(Permission.ENTER_INCOME)
def conversion(request: HttpRequest) -> HttpResponse:
    """The fragment with US dollars, rate and expected programme support of what is typed."""
    found = conversion_of_typed(as_typed(request.GET), entry_books())
    return render(request, "income/_conversion.html", {"conversion": found})
