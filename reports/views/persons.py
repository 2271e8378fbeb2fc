"""Data protection: whose personal data is held, what of it, and the way to have it erased."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from accounts.services import record
from interface.paging import page_of
from reports.protection.erasing import ErasingRefused, erase, refusal
from reports.protection.exporting import archive_of
from reports.protection.holdings import holdings, kept
from reports.protection.persons import (
    PersonKind,
    person_called,
    person_of,
    persons,
    same_address,
)

PERSONS_A_PAGE = 50


class PersonSearch(forms.Form):
    """Who is looked for, among whom."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Held as"), choices=PersonKind.choices, required=False
    )
    q = forms.CharField(label=gettext_lazy("Name or e-mail address"), required=False)


class EraseForm(forms.Form):
    """The second step: a person says that it is meant."""

    is_meant = forms.BooleanField(
        label=gettext_lazy("Erase this person for good. It cannot be undone."),
        error_messages={"required": gettext_lazy("Tick the box if you mean it.")},
    )


@requires(Permission.PROTECT_DATA)
@require_safe
def person_list(request: HttpRequest) -> HttpResponse:
    """Everybody whose data is held, by kind, found by name or address."""
    asked = {"kind": PersonKind.CONTACT.value, **request.GET.dict()}
    search = PersonSearch(asked)
    kind = PersonKind(search.cleaned_data["kind"]) if search.is_valid() else PersonKind.CONTACT
    page = page_of(persons(kind, asked.get("q", "")), request.GET.get("page"), PERSONS_A_PAGE)
    shown = [person_of(row) for row in page.items]
    context = {"search": search, "page": page, "shown": shown, "kind": kind}
    return render(request, "reports/person_list.html", context)


@requires(Permission.PROTECT_DATA)
@require_safe
def person(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """What is held of one person, where, and what of it stays."""
    found = person_called(kind, key)
    context = {
        "person": found, "held": holdings(found), "kept": kept(found),
        "others": same_address(found), "refusal": refusal(found, signed_in(request)),
    }  # fmt: skip
    return render(request, "reports/person.html", context)


@requires(Permission.PROTECT_DATA)
@require_safe
def person_file(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """A person's data as an archive; that it was taken is recorded, not what is in it."""
    found = person_called(kind, key)
    content = archive_of(found, made_at=timezone.now())
    record("export_person", found.row, by=signed_in(request), after={"kind": kind})
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{kind}-{key}.zip"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@requires(Permission.PROTECT_DATA)
@require_http_methods(["GET", "HEAD", "POST"])
def person_erase(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """What would go and what would stay; then, once it is meant, it goes."""
    found, by = person_called(kind, key), signed_in(request)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            erase(found, by=by, now=timezone.now())
        except ErasingRefused as error:
            form.add_error(None, error.sentence)
        else:
            messages.success(request, _("The person is erased."))
            return redirect("person", kind, key)
    context = {"person": found, "form": form, "held": holdings(found), "kept": kept(found)}
    status = 422 if request.method == "POST" else 200
    return render(request, "reports/person_erase.html", context, status=status)
