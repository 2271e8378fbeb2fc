"""Campaigns: the list, one campaign with what came of it, and whom it asks. For staff only."""

import uuid as uuids
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import requires, signed_in
from accounts.models import User
from accounts.permissions import Permission
from donors.models import Donor
from donors.ordering import by_name
from income.approaches import (
    Summary,
    member_group,
    not_asked_yet,
    outcomes,
    summary,
    total,
)
from income.campaign_sheets import campaign_csv
from income.forms.campaigns import ONE, AskForm, CampaignForm
from income.forms.fields import add_error
from income.models import Approach, Campaign, Ledger
from income.services.campaigns import ask, change_campaign, open_campaign
from income.views.entry import entry_books
from income.vocabulary import Answer
from interface.conflicts import EditConflict, differences
from interface.errors import PortalError
from interface.formatting import NOT_APPLICABLE, format_amount, format_number, joined
from interface.paging import page_of
from interface.tables import KeyFigure

ROWS = 50
NAMED = 12  # donors that a preview names before it counts the rest
WRITERS = (Permission.EDIT_DONORS, Permission.ENTER_INCOME)


def may_write(user: User) -> bool:
    """Whether the person may open campaigns, ask donors and note answers."""
    return any(user.may(permission) for permission in WRITERS)


def campaigns_of(books: Ledger) -> QuerySet[Campaign]:
    """Those of the demonstration or those of real books; the two never meet on a page."""
    return Campaign.objects.filter(is_demonstration=books.is_demonstration)


def show_conflict(form: forms.Form, saved: dict[str, Any], error: EditConflict) -> Any:
    """Keep what was typed in the form, with the version that is saved now; both versions."""
    form.add_error(None, error.sentence)
    typed: Any = form.data
    form.data = typed.copy()
    form.data["version"] = saved["version"]  # type: ignore[index]  # it is a copy
    return differences(form, saved)


@requires(Permission.VIEW_BANK_DATA)
@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    """The campaigns, newest first, with how many donors they asked and how many answered."""
    books = entry_books()
    answered = ~Q(approaches__answer=Answer.NONE) & Q(approaches__isnull=False)
    rows = campaigns_of(books).annotate(
        donors=Count("approaches"), answered=Count("approaches", filter=answered)
    )
    context = {
        "page": page_of(rows, request.GET.get("page"), ROWS), "books": books,
        "demonstration_books": books.is_demonstration, "may_write": may_write(signed_in(request)),
    }  # fmt: skip
    return render(request, "income/campaign_list.html", context)


def _form_page(
    request: HttpRequest, form: CampaignForm, campaign: Campaign | None, conflict: Any = ()
) -> HttpResponse:
    context = {
        "form": form, "campaign": campaign, "conflict": conflict,
        "demonstration_books": entry_books().is_demonstration,
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "income/campaign_form.html", context, status=status)


@requires(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Open a campaign in the books the portal works in; the same form opens one only."""
    initial = {"token": uuids.uuid4(), "starts_on": timezone.localdate()}
    form = CampaignForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            campaign = open_campaign(
                form.facts(), token=form.cleaned_data["token"] or uuids.uuid4(),
                is_demonstration=entry_books().is_demonstration, by=signed_in(request),
            )  # fmt: skip
        except PortalError as error:
            add_error(form, error)
        else:
            return redirect("campaign", campaign.uuid)
    return _form_page(request, form, None)


@requires(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_edit(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Change a campaign; whoever saves second sees both versions."""
    found, conflict = get_object_or_404(campaigns_of(entry_books()), uuid=uuid), ()
    data = request.POST if request.method == "POST" else None
    form = CampaignForm(data, initial=CampaignForm.saved(found))
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            change_campaign(found, form.facts(), version=version, by=signed_in(request))
        except EditConflict as error:
            conflict = show_conflict(form, CampaignForm.saved(found), error)
        except PortalError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The campaign was saved."))
            return redirect("campaign", found.uuid)
    return _form_page(request, form, found, conflict)


@requires(Permission.VIEW_BANK_DATA)
@require_safe
def campaign(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Who was asked, what was answered and what came of it; `?answer=` narrows."""
    books, today = entry_books(), timezone.localdate()
    found = get_object_or_404(campaigns_of(books), uuid=uuid)
    answer = request.GET.get("answer", "")
    page = page_of(_approaches(found, answer), request.GET.get("page"), ROWS)
    came, told = outcomes(found, books, today), summary(found.approaches.all())
    context = {
        "campaign": found, "books": books, "demonstration_books": found.is_demonstration,
        "page": page, "rows": [(one, came.get(one.pk)) for one in page.items],
        "total": total(came.values()), "summary": told,
        "key_figures_shown": _key_figures(told),
        "answers": Answer.choices, "answer": answer, "today": today,
        "may_write": may_write(signed_in(request)),
    }  # fmt: skip
    return render(request, "income/campaign.html", context)


def _key_figures(told: Summary) -> list[KeyFigure]:
    """What was asked for, per currency, and how many donors gave each answer."""
    asked = joined([format_amount(amount, code) for code, amount, _donors in told.asked_for], ";")
    answers = [
        KeyFigure(label, format_number(count), href=f"?answer={value}" if count else "")
        for value, label, count in told.answers
    ]
    return [KeyFigure(_("Asked for"), asked or NOT_APPLICABLE), *answers]


def _approaches(found: Campaign, answer: str = "") -> QuerySet[Approach]:
    rows = found.approaches.select_related("donor", "currency", "letter__document")
    if answer in Answer.values:
        rows = rows.filter(answer=answer)
    return rows.order_by(by_name("donor__"), "pk")


@requires(Permission.VIEW_BANK_DATA)
@require_safe
def campaign_file(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """The whole campaign as a CSV file, amounts to the last decimal."""
    books = entry_books()
    found = get_object_or_404(campaigns_of(books), uuid=uuid)
    came = outcomes(found, books, timezone.localdate())
    file = campaign_csv(found, _approaches(found), came)
    response = HttpResponse(file, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="campaign-{found.starts_on}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@requires(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_ask(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Add one donor, or a group after a look at how many donors that is."""
    books = entry_books()
    found = get_object_or_404(campaigns_of(books), uuid=uuid)
    initial = {"who": ONE, "years": 5, "currency": "USD", "donor": request.GET.get("donor", "")}
    form = AskForm(request.POST if request.method == "POST" else None, initial=initial)
    preview = _preview(form, found, books) if form.is_bound and form.is_valid() else None
    is_decided = preview and (preview["is_one"] or preview["is_confirmed"])
    if preview and is_decided and (answer := _add(request, form, found, preview["new"])):
        return answer
    context = {
        "form": form, "campaign": found, "preview": preview,
        "donors": Donor.objects.standing().in_order(), "named": NAMED,
        "demonstration_books": found.is_demonstration,
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "income/campaign_ask.html", context, status=status)


def _preview(form: AskForm, found: Campaign, books: Ledger) -> dict[str, Any]:
    """The donors that would be added; confirmed only for the number that was shown."""
    data = form.cleaned_data
    is_one = data["who"] == ONE
    group = (
        Donor.objects.filter(pk=data["donor"].pk)
        if is_one
        else member_group(data["who"], books, years=data["years"] or 1, today=timezone.localdate())
    )
    new = list(not_asked_yet(found, group))
    return {
        "is_one": is_one, "new": new, "first": new[:NAMED], "more": max(len(new) - NAMED, 0),
        "known": group.count() - len(new),
        "is_confirmed": form.data.get("count") == str(len(new)) and bool(new),
    }  # fmt: skip


def _add(
    request: HttpRequest, form: AskForm, found: Campaign, donors: list[Donor]
) -> HttpResponse | None:
    """Ask the donors and go back to the campaign; None when the form is to be shown again."""
    try:
        added = ask(found, donors, by=signed_in(request), **form.money)
    except PortalError as error:
        add_error(form, error)
        return None
    count = len(added)
    text = ngettext("%(count)d donor was added.", "%(count)d donors were added.", count)
    messages.success(request, text % {"count": count})
    return redirect("campaign", found.uuid)
