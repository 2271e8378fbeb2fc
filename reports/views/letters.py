"""Letters to donors: looked at and worded, then made and filed. For staff only."""

import uuid as uuids
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from donors.models import DocumentKind, Donor, DonorDocument
from income.models import Approach, Instalment, Posting
from income.views.campaigns import WRITERS, campaigns_of
from income.views.entry import entry_books
from interface.errors import PortalError
from interface.formatting import is_right_to_left
from interface.tables import Cell, Column, Row, Table
from jobs.registry import kind_called
from reports.letters.campaign_job import KIND, ask_for_letters, jobs_of, letters_of, zipped
from reports.letters.document import addressee, table_of
from reports.letters.facts import Facts, core_call, reminder, thanks
from reports.letters.filing import file_letter, filed_before, set_letter
from reports.letters.forms import CampaignLettersForm, LetterForm
from reports.letters.texts import wording
from reports.letters.wording import Wording
from reports.pdf.statement import TableData

LANGUAGES = dict(settings.LANGUAGES)


@requires(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def letter_core(request: HttpRequest, code: str) -> HttpResponse:
    """A call for core contributions; `?approach=` names the question it asks."""
    today, books = timezone.localdate(), entry_books()
    mine = Donor.objects.for_user(signed_in(request), today).standing()
    donor = get_object_or_404(mine, code=code)
    approach = _approach_asked(request, donor)
    return _letter(
        request, donor, lambda: core_call(books, donor, today, approach=approach), approach
    )


@requires(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def letter_thanks(request: HttpRequest, books: str, sequence: int) -> HttpResponse:
    """Acknowledgement of one receipt, named by its posting."""
    found = get_object_or_404(Posting, ledger__code=books, sequence=sequence)
    entry = found.entries.filter(donor__isnull=False).select_related("donor").first()
    if entry is None or entry.donor is None:
        raise Http404
    return _letter(request, entry.donor, lambda: thanks(found, timezone.localdate()))


@requires(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def letter_reminder(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Reminder of an instalment that is due or overdue."""
    related = Instalment.objects.select_related("contribution__donor", "contribution__ledger")
    found = get_object_or_404(related, uuid=uuid)
    return _letter(request, found.contribution.donor, lambda: reminder(found, timezone.localdate()))


def _approach_asked(request: HttpRequest, donor: Donor) -> Approach | None:
    """The approach that `?approach=` names, of this donor and in these books."""
    asked = request.GET.get("approach", "")
    if not asked:
        return None
    try:
        uuid = uuids.UUID(asked)
    except ValueError as error:
        raise Http404 from error
    rows = Approach.objects.filter(campaign__in=campaigns_of(entry_books()))
    family = Donor.objects.with_merged(donor)
    return get_object_or_404(rows.select_related("campaign"), uuid=uuid, donor__in=family)


def _letter(
    request: HttpRequest, donor: Donor, facts_of: Callable[[], Facts],
    approach: Approach | None = None,
) -> HttpResponse:  # fmt: skip
    """The letter's page; when it is sent and in order, the letter is made and filed."""
    language = _language(request, donor)
    if request.method == "POST" and (earlier := _made_before(request)):
        return redirect("letter", earlier.uuid)
    try:
        with translation.override(language):
            facts = facts_of()
            own = wording(facts)
    except PortalError as error:
        messages.error(request, error.sentence)
        return redirect("donor", donor.code)
    form = _form(request, own, language)
    if form.is_bound and form.is_valid() and (made := _make(request, form, facts, approach)):
        return made
    return _page(request, form, facts, approach)


def _form(request: HttpRequest, own: Wording, language: str) -> LetterForm:
    initial = {"subject": own.subject, "body": own.body, "language": language,
               "token": uuids.uuid4()}  # fmt: skip
    data = request.POST if request.method == "POST" else None
    return LetterForm(data, initial=initial, values=own.values)


def _made_before(request: HttpRequest) -> DonorDocument | None:
    try:
        return filed_before(uuids.UUID(request.POST.get("token", "")))
    except ValueError:
        return None


def _language(request: HttpRequest, donor: Donor) -> str:
    """The language asked for, else the donor's own, else English."""
    asked = request.POST.get("language") or request.GET.get("language") or donor.language
    return asked if asked in LANGUAGES else "en"


def _make(
    request: HttpRequest, form: LetterForm, facts: Facts, approach: Approach | None
) -> HttpResponse | None:
    """Make and file the letter; None when the form is to be shown again."""
    data = form.cleaned_data
    try:
        letter = set_letter(
            facts, language=data["language"], token=data["token"], subject=data["subject"],
            body=data["body"],
        )  # fmt: skip
    except PortalError as error:
        form.add_error(None, error.sentence)
        return None
    kept = file_letter(letter, token=data["token"], by=signed_in(request), approach=approach)
    messages.success(request, _("The letter was made and filed with the donor."))
    return redirect("letter", kept.uuid)


def _page(
    request: HttpRequest, form: LetterForm, facts: Facts, approach: Approach | None
) -> HttpResponse:
    language = _language(request, facts.donor)
    with translation.override(language):
        figures, lines = table_of(facts), addressee(facts.donor)
        values = dict(form.values)
    context = {
        "form": form, "facts": facts, "donor": facts.donor, "approach": approach,
        "addressee": lines, "values": list(values.items()), "letter_language": language,
        "languages": settings.LANGUAGES, "table": _shown(figures) if figures else None,
        "direction": "rtl" if is_right_to_left(language) else "ltr",
        "demonstration_books": facts.source.is_demonstration, "books": facts.source.ledger,
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "reports/letter_new.html", context, status=status)


def _shown(data: TableData) -> Table:
    """The table of the document as one of the page."""
    rows = [(row, False) for row in data.rows]
    rows += [(data.total_row, True)] if data.total_row is not None else []
    return Table(
        identifier="figures",
        caption=data.title,
        columns=tuple(Column(one, at in data.figures) for at, one in enumerate(data.headers)),
        rows=tuple(Row(tuple(map(Cell, cells)), is_total) for cells, is_total in rows),
        footnotes=(data.note,) if data.note else (),
    )


@requires(Permission.VIEW_BANK_DATA)
@require_safe
def letter(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """A letter that was made: what it is, where it is filed, and the file."""
    found = _kept(uuid)
    engagement = found.engagements.order_by("pk").first()
    approach = engagement.approach_set.select_related("campaign").first() if engagement else None
    context = {"letter": found, "engagement": engagement, "approach": approach,
               "demonstration_books": entry_books().is_demonstration}  # fmt: skip
    return render(request, "reports/letter.html", context)


def _kept(uuid: uuids.UUID) -> DonorDocument:
    rows = DonorDocument.objects.filter(kind=DocumentKind.LETTER).select_related("donor")
    return get_object_or_404(rows, uuid=uuid)


@requires(Permission.VIEW_BANK_DATA)
@require_safe
def letter_file(request: HttpRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """The PDF of a letter, byte for byte as it was filed."""
    found = _kept(uuid)
    name = found.file.name
    if not name or not found.file.storage.exists(name):
        raise Http404(_("The file of this letter is not in the store."))
    return _file_response(found.file.open("rb"), found.file_name, found.media_type)


def _file_response(content: Any, name: str, media_type: str) -> FileResponse:
    response = FileResponse(content, as_attachment=True, filename=name, content_type=media_type)
    response["Cache-Control"] = "private, no-store"
    return response


@requires(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def letter_campaign(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Make the letters of a campaign; shows how far that is, and leads to the ZIP file."""
    books, user = entry_books(), signed_in(request)
    found = get_object_or_404(campaigns_of(books), uuid=uuid)
    form = CampaignLettersForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        ask_for_letters(found, books, today=timezone.localdate(), by=user, **form.cleaned_data)
        return redirect("letter_campaign", found.uuid)
    context = {
        "campaign": found, "form": form, "job": jobs_of(found, user).first(),
        "work": kind_called(KIND).title, "letters": letters_of(found).count(),
        "donors": found.approaches.count(), "demonstration_books": found.is_demonstration,
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "reports/letter_campaign.html", context, status=status)


@requires(Permission.VIEW_BANK_DATA)
@require_safe
def letter_zip(request: HttpRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """The current letters of a campaign in one file."""
    found = get_object_or_404(campaigns_of(entry_books()), uuid=uuid)
    documents = list(letters_of(found).select_related("donor"))
    if not documents:
        messages.info(request, _("No letter of this campaign is made yet."))
        return redirect("campaign", found.uuid)
    mark = "DEMONSTRATION-" if found.is_demonstration else ""
    name = f"{mark}letters-{found.starts_on.isoformat()}.zip"
    return _file_response(zipped(documents), name, "application/zip")
