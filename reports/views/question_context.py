"""The question of the Board's dashboard: from an address, and as the choices of its form."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from accounts.access import signed_in
from accounts.permissions import Permission
from donors.models import ContributorType, Region
from income.models import Programme
from reports.figures.provenance import Basis
from reports.figures.question import Question, QuestionWrong, parse

YEARS = (1, 2, 3, 4)


def question_of(request: HttpRequest) -> Question:
    """What the address asks, for who asks it. Raises QuestionWrong.

    A reader who changes the basis in the form keeps the month where the other basis has it, and
    gets that basis's own where it has not; `was` says from which basis the form was sent.
    """
    asked = request.GET.copy()
    was = asked.pop("was", [""])[-1]
    try:
        return _parsed(request, _plain(asked))
    except QuestionWrong as error:
        if error.field != "as_at" or was in ("", asked.get("basis", "")):
            raise
        year = asked.pop("as_at", [""])[-1][:4]
        wanted = _parsed(request, _plain(asked))
        months = [month for month in wanted.choices if str(month.year) == year]
        return replace(wanted, as_at=months[0]) if months else wanted


def _plain(asked: QueryDict) -> dict[str, str]:
    """The last value of each name, as an address gives them."""
    return {name: values[-1] for name, values in asked.lists() if values}


def _parsed(request: HttpRequest, asked: dict[str, str]) -> Question:
    return parse(
        asked, default_books=settings.PORTAL_BOOKS, today=timezone.localdate(),
        knows_unnamed=signed_in(request).may(Permission.VIEW_BANK_DATA),
    )  # fmt: skip


def choices(question: Question) -> dict[str, Any]:
    """What the form offers besides months, target sets and units."""
    narrowed = any([question.region, question.programme, question.group, question.known])
    return {
        "bases": [(basis.value, basis.label) for basis in Basis],
        "regions": [(one.code, str(one)) for one in Region.objects.all()],
        "programmes": [(one.code, str(one)) for one in Programme.objects.all()],
        "groups": [(one.code, str(one)) for one in ContributorType.objects.all()],
        "years_offered": YEARS,
        "is_narrowed": narrowed or question.years != 1,
    }
