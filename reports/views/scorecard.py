"""The scorecard: every indicator, one indicator, and the file of them all."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import requires, signed_in
from accounts.models import User
from accounts.permissions import Permission
from interface.errors import PortalError
from reports.figures.question import NoBooks
from reports.figures.scorecard.card import Scorecard, Standing
from reports.figures.scorecard.card import scorecard as ask
from reports.sheets.scorecard import scorecard_csv
from reports.tables import scorecard as tables_scorecard
from reports.views.kept import kept, tagged
from reports.views.question_context import question_of
from targets.models import Measurement, ProposalState


@requires(Permission.VIEW_BOARD)
@kept
def indicator_list(request: HttpRequest) -> HttpResponse:
    """Every indicator of the strategy's actions A–L, as at a month of the books."""
    try:
        card = _card(request)
    except PortalError as error:
        return _refused(request, error)
    context = {
        **_frame(request, card),
        "headline": tables_scorecard.headline(card),
        "actions": tables_scorecard.actions(card),
    }
    return render(request, "reports/indicators.html", context)


@requires(Permission.VIEW_BOARD)
def indicator_csv(request: HttpRequest) -> HttpResponse:
    """The scorecard as a file."""
    try:
        card = _card(request)
    except PortalError as error:
        return _refused(request, error)
    source = card.provenance
    mark = "DEMONSTRATION-" if source.is_demonstration else ""
    name = f"{mark}indicators-{source.books}-{source.as_at.slug}.csv"
    content = scorecard_csv(card, tables_scorecard.headline(card))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@requires(Permission.VIEW_BOARD)
@tagged
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: its values by year, what they are made of, and what was measured."""
    try:
        card = _card(request)
    except PortalError as error:
        return _refused(request, error)
    standing = card.of(code)
    if standing is None:
        raise Http404(_("There is no such indicator."))
    return render(request, "reports/indicator.html", _one(request, card, standing))


def _card(request: HttpRequest) -> Scorecard:
    return ask(question_of(request), timezone.localdate())


def _one(request: HttpRequest, card: Scorecard, standing: Standing) -> dict[str, Any]:
    units, user = card.question.units, signed_in(request)
    is_measured = standing.takes_measurements
    parts = tables_scorecard.part_tables
    return {
        **_frame(request, card),
        "line": tables_scorecard.line(card, standing),
        "one": standing,
        "quality": tables_scorecard.value_text(standing.quality, standing.unit, units),
        "year_table": tables_scorecard.year_table(standing, units),
        "part_tables": parts(standing.now.parts, "part"),
        "beside_tables": parts(standing.beside, "beside"),
        "measurements": _measurements(card, standing, user) if is_measured else (),
        "may_measure": is_measured and user.may(Permission.ENTER_TARGETS),
        "may_name": user.may(Permission.ENTER_TARGETS),
    }


def _measurements(card: Scorecard, standing: Standing, user: User) -> list[dict[str, Any]]:
    """Every one for staff, with who entered and decided it; what was approved for the Board."""
    rows = Measurement.objects.filter(indicator=standing.code)
    if not user.may(Permission.VIEW_BANK_DATA):
        rows = rows.filter(state=ProposalState.APPROVED)
        if not card.provenance.is_demonstration:
            rows = rows.exclude(entered_by__is_demonstration=True)
    return [
        {
            "row": row,
            "value": row.get_milestone_display() if row.value is None
            else tables_scorecard.amount_text(row.value, standing.unit, "exact"),
            "may_decide": row.state == ProposalState.WAITING and row.entered_by_id != user.pk
            and user.may(Permission.APPROVE_TARGETS),
            "is_own": row.state == ProposalState.WAITING and row.entered_by_id == user.pk,
        }
        for row in rows.select_related("entered_by", "decided_by")
    ]  # fmt: skip


def _frame(request: HttpRequest, card: Scorecard) -> dict[str, Any]:
    return {
        "card": card,
        "question": card.question,
        "months": card.question.choices,
        "units": card.question.units,
        "demonstration_books": card.provenance.is_demonstration,
        "sees_persons": signed_in(request).may(Permission.VIEW_BANK_DATA),
    }


def _refused(request: HttpRequest, error: PortalError) -> HttpResponse:
    """The sentence that says what is wrong; an installation without books is not an error."""
    status = 200 if isinstance(error, NoBooks) else 400
    return render(request, "reports/refused.html", {"error": error}, status=status)
