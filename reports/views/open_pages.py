"""Public pages around the figures: scorecard, archive of updates, methods, downloads."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from interface.formatting import current_language
from interface.terms import terms
from reports.models import MonthlyUpdate, UpdateFile
from reports.open.archive import may_have_files, public_files, public_updates
from reports.open.asking import scorecard_of
from reports.open.downloads import downloads as downloads_of
from reports.open.places import Address
from reports.open.policy import PAGES
from reports.open.responses import Opened, open_page
from reports.open.state import Published
from reports.tables import scorecard as tables_scorecard
from reports.updates.stored import pdf_name
from reports.views.open_frame import frame

# What the methods explain: a heading, and codes of fixtures/terms.csv.
METHODS = (
    (_("What is counted"), ("received-and-allotted", "receipt", "allotment", "agreement", "due",
                            "audited-revenue", "basis")),
    (_("Funds"), ("regular-budget", "foundation-non-earmarked", "foundation-earmarked",
                  "technical-cooperation", "other-revenue", "core", "in-kind")),
    (_("Money in other currencies"), ("exchange-rate", "un-operational-rate", "not-converted")),
    (_("Programme support"), ("programme-support",)),
    (_("What can still change"), ("as-at", "as-known", "provisional", "restatement", "closed-month",
                                  "sequence", "hash", "monthly-update")),
    (_("Targets and indicators"), ("target", "target-set", "indicator", "scorecard")),
)  # fmt: skip


@open_page("scorecard")
def scorecard(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Every indicator of the strategy, as at the published month."""
    card = scorecard_of(opened.published)
    context = {
        **frame(request, opened, Address("open_scorecard")),
        "card": card,
        "provenance": card.provenance,
        "headline": tables_scorecard.headline(card),
        "actions": tables_scorecard.actions(card),
    }
    return render(request, "reports/open_scorecard.html", context)


@open_page("updates")
def updates(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Every published update, newest first, with the files that the Board has."""
    has_files = may_have_files(opened)
    rows = [
        (one, Published(one).published_on, public_files(one) if has_files else ())
        for one in public_updates(opened)
    ]
    context = {
        **frame(request, opened, Address("open_updates")),
        "headline": _("What the Board was told, month by month, as it was published."),
        "rows": rows, "has_files": has_files, "document": pdf_name(current_language()),
    }  # fmt: skip
    return render(request, "reports/open_updates.html", context)


@open_page("updates")
def update_file(
    request: HttpRequest, opened: Opened, month: str, status: str, name: str
) -> HttpResponse:
    """One file of a published update, byte for byte as it was stored."""
    found = next((o for o in public_updates(opened) if (o.as_at.slug, o.status) == (month, status)),
                 None)  # fmt: skip
    if found is None or not may_have_files(opened):
        raise Http404
    file = get_object_or_404(UpdateFile, update=found, name=name)
    if file.pk not in {one.pk for one in public_files(found)}:
        raise Http404
    return _handed_out(found, file)


def _handed_out(update: MonthlyUpdate, file: UpdateFile) -> HttpResponse:
    mark = "DEMONSTRATION-" if update.ledger.is_demonstration else ""
    called = f"{mark}{update.ledger.code}-{update.as_at.slug}-{update.status}-{file.name}"
    response = HttpResponse(bytes(file.content), content_type=file.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{called}"'
    return response


@open_page(PAGES)
def methods(request: HttpRequest, opened: Opened) -> HttpResponse:
    """What the figures count, how they are made, and what can still change."""
    known = terms()
    context = {
        **frame(request, opened, Address("open_methods")),
        "headline": _("What is counted, how it is told in United States dollars, and what can "
                      "still change."),
        "groups": [(title, [known[code] for code in codes]) for title, codes in METHODS],
    }  # fmt: skip
    return render(request, "reports/open_methods.html", context)


@open_page("data", "iati", "ceb")
def downloads(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Every file that is open, with its size and what its columns mean."""
    context = {
        **frame(request, opened, Address("open_downloads")),
        **downloads_of(opened, request.build_absolute_uri),
    }
    return render(request, "reports/open_downloads.html", context)
