"""The scorecard in the API: every indicator as the page shows it, exact."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import holds, person
from accounts.permissions import Permission
from interface.api import asked
from reports.figures.one_state import BooksMoving
from reports.figures.provenance import Basis
from reports.figures.question import QuestionWrong, parse
from reports.figures.scorecard.card import scorecard
from reports.plain import plain


class ScorecardQuestion(serializers.Serializer[Any]):
    """The question, in the words of the page's address."""

    books = serializers.CharField(required=False, help_text="Code of the books.")
    basis = serializers.ChoiceField([Basis.RECEIVED.value, Basis.AUDITED.value], required=False)
    as_at = serializers.CharField(required=False, help_text="Month, such as 2021-12.")
    known = serializers.CharField(
        required=False, help_text="Day or sequence: the books as they were known then."
    )


class Scorecard(APIView):
    """Every indicator of the strategy's actions as at a month.

    Each with target, due year, last value and its day, trend, status, values by year and what it
    is made of; a value that is not known says why. Amounts and percentages are decimals written
    as strings. Measurements are those that were approved.
    """

    permission_classes = [holds(Permission.VIEW_BOARD)]

    @extend_schema(
        parameters=[ScorecardQuestion],
        responses=OpenApiResponse(OpenApiTypes.OBJECT, "The indicators, one by one."),
    )
    def get(self, request: Request) -> Response:
        query = {name: str(value) for name, value in asked(request, ScorecardQuestion).items()}
        today = timezone.localdate()
        try:
            question = parse(
                query, default_books=settings.PORTAL_BOOKS, today=today,
                knows_unnamed=person(request).may(Permission.VIEW_BANK_DATA),
            )  # fmt: skip
            return Response(plain(scorecard(question, today)))
        except QuestionWrong as error:
            raise ParseError(error.sentence) from error
        except BooksMoving as error:
            return Response({"detail": error.sentence}, status=503, headers={"Retry-After": "1"})
