"""The Board's dashboard in the API: the figures of the page, as they are."""

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
from reports.figures.dashboard import BooksMoving, dashboard
from reports.figures.levels import Level
from reports.figures.provenance import Basis
from reports.figures.question import LINES, UNITS, QuestionWrong, parse
from reports.plain import plain


class DashboardQuestion(serializers.Serializer[Any]):
    """The question, in the words of the page's address."""

    books = serializers.CharField(required=False, help_text="Code of the books.")
    basis = serializers.ChoiceField([basis.value for basis in Basis], required=False)
    as_at = serializers.CharField(required=False, help_text="Month, such as 2021-12.")
    targets = serializers.CharField(required=False, help_text="Code of a target set.")
    units = serializers.ChoiceField(
        UNITS, required=False, help_text="Of the sentences; amounts are always exact."
    )
    fund = serializers.ChoiceField(LINES, required=False, help_text="Of the cumulative line.")
    known = serializers.CharField(
        required=False, help_text="As known at the end of a day (2022-04-15) or at a sequence."
    )
    region = serializers.CharField(required=False, help_text="Code of a region, or none.")
    programme = serializers.CharField(required=False, help_text="Code of a programme, or none.")
    group = serializers.CharField(required=False, help_text="Code of a contributor type.")
    years = serializers.IntegerField(
        required=False, min_value=1, max_value=4, help_text="Earlier years beside."
    )
    level = serializers.ChoiceField(
        [level.value for level in Level], required=False, help_text="Of the donors' rankings."
    )


class Dashboard(APIView):
    """Income against targets as at a month, with everything the Board's dashboard shows.

    Amounts are US dollars, decimals written as strings. Each figure carries its basis, its
    as-at month, the sequence and hash of the books, and whether it is provisional.
    """

    permission_classes = [holds(Permission.VIEW_BOARD)]

    @extend_schema(
        parameters=[DashboardQuestion],
        responses=OpenApiResponse(OpenApiTypes.OBJECT, "The figures, block by block."),
    )
    def get(self, request: Request) -> Response:
        query = {name: str(value) for name, value in asked(request, DashboardQuestion).items()}
        try:
            question = parse(
                query, default_books=settings.PORTAL_BOOKS, today=timezone.localdate(),
                knows_unnamed=person(request).may(Permission.VIEW_BANK_DATA),
            )  # fmt: skip
            return Response(plain(dashboard(question, today=timezone.localdate())))
        except QuestionWrong as error:
            raise ParseError(error.sentence) from error
        except BooksMoving as error:
            return Response({"detail": error.sentence}, status=503, headers={"Retry-After": "1"})
