"""The questions to figures in the API, in the words of the pages' addresses."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import person
from accounts.permissions import Permission
from income.api_asking import BOOKS, KNOWN, BooksField
from interface.problems import Problem
from reports.figures.levels import Level
from reports.figures.one_state import BooksMoving
from reports.figures.provenance import Basis
from reports.figures.question import LINES, UNITS, Question, QuestionWrong, parse
from reports.figures.restatement import SinceWrong
from reports.plain import plain

AS_AT = "Month, such as 2021-12."


class KnownQuestion(serializers.Serializer[Any]):
    """The state of the books that is asked for; `known` is the pages' own word for it."""

    known_as_at = serializers.CharField(required=False, help_text=KNOWN)
    known = serializers.CharField(required=False, help_text="The same as `known_as_at`.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        moments = [attrs.pop(name) for name in ("known_as_at", "known") if name in attrs]
        if len(set(moments)) > 1:
            raise serializers.ValidationError(
                {"known": [_("It says otherwise than known_as_at. Give one of the two.")]}
            )
        return {**attrs, **({"known": moments[0]} if moments else {})}


class DashboardQuestion(KnownQuestion):
    """The question, in the words of the page's address."""

    books = serializers.CharField(required=False, help_text=BOOKS)
    basis = serializers.ChoiceField([basis.value for basis in Basis], required=False)
    as_at = serializers.CharField(required=False, help_text=AS_AT)
    targets = serializers.CharField(required=False, help_text="Code of a target set.")
    units = serializers.ChoiceField(
        UNITS, required=False, help_text="Of the sentences; amounts are always exact."
    )
    fund = serializers.ChoiceField(LINES, required=False, help_text="Of the cumulative line.")
    region = serializers.CharField(required=False, help_text="Code of a region, or none.")
    programme = serializers.CharField(required=False, help_text="Code of a programme, or none.")
    group = serializers.CharField(required=False, help_text="Code of a contributor type.")
    years = serializers.IntegerField(
        required=False, min_value=1, max_value=4, help_text="Earlier years beside."
    )
    level = serializers.ChoiceField(
        [level.value for level in Level], required=False, help_text="Of the donors' rankings."
    )


class ScorecardQuestion(KnownQuestion):
    """The question, in the words of the page's address."""

    books = serializers.CharField(required=False, help_text=BOOKS)
    basis = serializers.ChoiceField([Basis.RECEIVED.value, Basis.AUDITED.value], required=False)
    as_at = serializers.CharField(required=False, help_text=AS_AT)


class HistoryQuestion(serializers.Serializer[Any]):
    """The question; `as_at` is a month of the year that donors are ranked in."""

    books = serializers.CharField(required=False, help_text=BOOKS)
    basis = serializers.ChoiceField([basis.value for basis in Basis], required=False)
    as_at = serializers.CharField(required=False, help_text=AS_AT)
    level = serializers.ChoiceField([level.value for level in Level], required=False)


class BasesQuestion(serializers.Serializer[Any]):
    """The question; `as_at`, `donor` and `contribution` are for staff."""

    books = BooksField()
    year = serializers.CharField(required=False, help_text="Such as 2021.")
    as_at = serializers.CharField(required=False, help_text=AS_AT)
    fund = serializers.CharField(required=False, help_text="Code of a fund.")
    donor = serializers.CharField(required=False, help_text="Code of a donor.")
    contribution = serializers.CharField(required=False, help_text="UUID of a contribution.")


class DonorQuestion(KnownQuestion):
    """The question about one donor."""

    books = BooksField()


class DonorBooks(serializers.Serializer[Any]):
    """The question about one donor, in the books as they stand."""

    books = BooksField()


def question_of(request: Request, wanted: Mapping[str, Any]) -> Question:
    """The question that pages would ask. Raises QuestionWrong."""
    return parse(
        {name: str(value) for name, value in wanted.items()},
        default_books=settings.PORTAL_BOOKS, today=timezone.localdate(),
        knows_unnamed=sees_everything(request),
    )  # fmt: skip


def sees_everything(request: Request) -> bool:
    """Staff see promises one by one; the Board sees sums that give away no single donor."""
    return person(request).may(Permission.VIEW_BANK_DATA)


def told(make: Callable[[], Any]) -> Response:
    """The object as plain values. Raises ParseError; Problem 503 while the books are moving."""
    try:
        return Response(plain(make()))
    except (QuestionWrong, SinceWrong) as error:
        raise ParseError(error.sentence) from error
    except BooksMoving as error:
        problem = Problem(503, error.sentence)
        problem.wait = 1  # type: ignore[attr-defined]
        raise problem from error


def sensible_year(year: int, first: int) -> int:
    """The year when books can speak of it. Raises Http404."""
    if not first <= year <= timezone.localdate().year:
        raise Http404
    return year
