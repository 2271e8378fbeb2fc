"""Figures of the books in the API: the objects that pages render, as they are.

Amounts are US dollars unless a currency stands beside; decimals are written as strings. Each figure
carries its basis, its as-at month and the sequence and hash of the books it was made from.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import holds
from accounts.permissions import Permission
from income.api_asking import with_books
from interface.api import Figures
from reports.api_asking import (
    BasesQuestion,
    DashboardQuestion,
    HistoryQuestion,
    ScorecardQuestion,
    question_of,
    sees_everything,
    told,
)
from reports.figures.base_question import parse_bases
from reports.figures.bases import bases
from reports.figures.dashboard import dashboard
from reports.figures.history import history
from reports.figures.scorecard.card import scorecard

READERS = [holds(Permission.VIEW_BOARD)]


def object_of(description: str) -> Any:
    """Describes the answer of a view as an object of figures."""
    answer = OpenApiResponse(OpenApiTypes.OBJECT, description)
    return extend_schema_view(get=extend_schema(responses=answer))


@object_of("The figures, block by block.")
class Dashboard(Figures):
    """Income against targets as at a month, with everything the Board's dashboard shows.

    Amounts are US dollars, decimals written as strings. Each figure carries its basis, its
    as-at month, the sequence and hash of the books, and whether it is provisional.
    """

    filters = DashboardQuestion
    permission_classes = READERS

    def answer(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Of one state of the books."""
        wanted, today = self.wanted(), timezone.localdate()
        return told(lambda: dashboard(question_of(request, wanted), today=today))


@object_of("The indicators, one by one.")
class Scorecard(Figures):
    """Every indicator of the strategy's actions as at a month.

    Each with target, due year, last value and its day, trend, status, values by year and what it
    is made of; a value that is not known says why. Amounts and percentages are decimals written
    as strings. Measurements are those that were approved.
    """

    filters = ScorecardQuestion
    permission_classes = READERS

    def answer(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Of one state of the books."""
        wanted, today = self.wanted(), timezone.localdate()
        return told(lambda: scorecard(question_of(request, wanted), today))


@object_of("The years, and the largest donors of one of them.")
class History(Figures):
    """Income by fund over all years of the books, and how much of it has a named donor."""

    filters = HistoryQuestion
    permission_classes = READERS

    def answer(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Of the books as they stand."""
        wanted = self.wanted()
        return told(lambda: history(question_of(request, wanted)))


@object_of("The three bases and the lines between them.")
class Bases(Figures):
    """One year agreed, due and received, with the lines of the bridge between the three.

    To the Board, sums that would give away a single donor are withheld.
    """

    filters = BasesQuestion
    permission_classes = READERS

    def answer(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Of one state of the books. PermissionDenied for one donor's promises."""
        wanted, is_open = with_books(self.wanted()), sees_everything(request)
        if not is_open and (wanted.get("donor") or wanted.get("contribution")):
            raise PermissionDenied
        books, today = wanted.pop("books"), timezone.localdate()
        return told(lambda: bases(parse_bases(wanted, books, today, sees_everything=is_open)))
