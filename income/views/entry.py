"""Writing acts down: contributions, receipts, core gifts, reversals."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from donors.models import Donor
from income.conversion import conversion_of_typed
from income.forms import ContributionForm, FinanceForm, GiftForm, ReceiptForm, ReversalForm
from income.models import Contribution, Draft, Ledger, Posting
from income.selectors import working_books
from income.services import submit_draft


def entry_books() -> Ledger:
    """The books that new entries go to; 404 in an installation without books."""
    books = working_books()
    if books is None:
        raise Http404(_("There are no books yet."))
    return books


def typed_fields(form: Any, data: Any) -> dict[str, str]:
    """What was typed, as a draft keeps it: the form's own fields, nothing else."""
    return {name: data[name] for name in form.fields if data.get(name)}


def _context(form: Any, ledger: Ledger, token: str) -> dict[str, Any]:
    typed = form.data if form.is_bound else {k: str(v) for k, v in form.initial.items()}
    return {
        "form": form,
        "books": ledger,
        "demonstration_books": ledger.is_demonstration,
        "token": token,
        "conversion": conversion_of_typed(typed, ledger),
        "donors": Donor.objects.standing().order_by("code"),
    }


def _enter(request: HttpRequest, form: Any, template: str) -> HttpResponse:
    """Show a form; when it is sent and valid, submit it as a draft, once per token."""
    token = _form_token(request)
    if request.method == "POST" and "check" not in request.POST and form.is_valid():
        draft = submit_draft(
            form.ledger, act=form.act_of_draft(), payload=typed_fields(form, form.data),
            title=form.title_of_draft(), token=f"form:{token}", by=signed_in(request),
        )  # fmt: skip
        _say_submitted(request, draft, form)
        return redirect("draft", draft.uuid)
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, template, _context(form, form.ledger, token), status=status)


def _form_token(request: HttpRequest) -> str:
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
    """Enter a pledge or a signed agreement."""
    initial = {"donor": request.GET.get("donor", ""), "currency": "USD", "act": "sign_agreement"}
    return _enter(
        request, _bound(request, ContributionForm, initial), "income/contribution_new.html"
    )


@requires(Permission.ENTER_INCOME)
def gift_new(request: HttpRequest) -> HttpResponse:
    """Enter a core contribution that came without an agreement."""
    initial = {"donor": request.GET.get("donor", ""), "currency": "USD", "fund": "FNE",
               "title": _("Core contribution")}  # fmt: skip
    return _enter(request, _bound(request, GiftForm, initial), "income/gift_new.html")


def _uuid(typed: str) -> uuid.UUID:
    try:
        return uuid.UUID(typed)
    except ValueError as error:
        raise Http404 from error


@requires(Permission.ENTER_INCOME)
def receipt_new(request: HttpRequest) -> HttpResponse:
    """Enter a payment under an agreement; `?contribution=` preselects it."""
    chosen = None
    if wanted := request.GET.get("contribution"):
        chosen = get_object_or_404(Contribution, uuid=_uuid(wanted), ledger=entry_books())
    initial = {"currency": chosen.currency_id, "contribution": chosen.uuid} if chosen else {}
    form = _bound(request, ReceiptForm, {"currency": "USD", **initial})
    if chosen:
        form.offer_instalments_of(chosen)
    return _enter(request, form, "income/receipt_new.html")


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
    found = conversion_of_typed(request.GET.dict(), entry_books())
    return render(request, "income/_conversion.html", {"conversion": found})
