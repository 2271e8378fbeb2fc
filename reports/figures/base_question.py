"""What may be asked of the three bases: everything stands in the address."""

import datetime
from collections.abc import Mapping
from uuid import UUID

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from donors.models import Donor
from income.models import Contribution, Ledger, MonthlyTotal
from income.periods import YearMonth
from income.vocabulary import Kind
from reports.figures.bases import COLUMNS, BasesQuestion
from reports.figures.question import QuestionWrong
from reports.figures.scope import Scope, fund_names

FIRST_YEAR = 1978


def parse_bases(
    query: Mapping[str, str], ledger: Ledger, today: datetime.date, *, sees_everything: bool
) -> BasesQuestion:
    """From `year`, `as_at`, `fund` and, for staff, `donor` or `contribution`. Raises QuestionWrong.

    The Board asks for whole years only: two months side by side would give an agreement away.
    """
    year = _year(query.get("year", ""), ledger, today)
    as_at = _as_at(query.get("as_at", "") if sees_everything else "", year, today)
    scope = Scope(ledger)
    if sees_everything:
        scope = _narrowed(query, ledger)
    return BasesQuestion(scope, year, as_at, _fund(query.get("fund", "")), sees_everything)


def years_held(ledger: Ledger, today: datetime.date) -> tuple[int, ...]:
    """The years with money on any of the bases, newest first, none in the future; one query."""
    months = MonthlyTotal.objects.filter(ledger=ledger, kind__in=COLUMNS)
    held = {key // 100 for key in months.order_by().values_list("month", flat=True).distinct()}
    return tuple(sorted((year for year in held if year <= today.year), reverse=True))


def address_of(question: BasesQuestion, **changes: str | int) -> str:
    """The question as the part of an address after `?`, with some parts changed."""
    scope = question.scope
    parts: dict[str, str | int] = {
        "books": scope.ledger.code, "year": question.year, "fund": question.fund,
        "donor": scope.donor.code if scope.donor else "",
        "contribution": str(scope.contribution.uuid) if scope.contribution else "",
    }  # fmt: skip
    if question.sees_everything and question.as_at.month != 12:
        parts["as_at"] = question.as_at.slug
    return urlencode({name: value for name, value in (parts | changes).items() if value})


def _year(text: str, ledger: Ledger, today: datetime.date) -> int:
    if not text:
        received = MonthlyTotal.objects.filter(
            ledger=ledger, kind=Kind.RECEIPT, month__lte=YearMonth.of(today).key
        )
        last = received.order_by("-month").values_list("month", flat=True).first()
        return last // 100 if last else today.year
    is_year = text.isascii() and text.isdecimal() and len(text) == 4
    if not is_year or not FIRST_YEAR <= int(text) <= today.year:
        raise QuestionWrong(
            _("“%(text)s” is no year of these books. Ask for a year that has begun.")
            % {"text": text[:20]},
            field="year",
        )
    return int(text)


def _as_at(text: str, year: int, today: datetime.date) -> YearMonth:
    latest = min(YearMonth(year, 12), YearMonth.of(today))
    try:
        asked = YearMonth.parse(text) if text else latest
    except ValueError:
        asked = None
    if asked is None or asked.year != year or asked > latest:
        raise QuestionWrong(
            _("“%(text)s” is no month of %(year)s that has begun.")
            % {"text": text[:20], "year": year},
            field="as_at",
        )
    return asked


def _fund(code: str) -> str:
    if code and code not in fund_names():
        raise QuestionWrong(
            _("There is no fund “%(code)s” that donors give to.") % {"code": code[:40]},
            field="fund",
        )
    return code


def _narrowed(query: Mapping[str, str], ledger: Ledger) -> Scope:
    if uuid := query.get("contribution", ""):
        found = Contribution.objects.filter(ledger=ledger, uuid=_uuid(uuid)).first()
        if found is None:
            raise QuestionWrong(_("There is no such contribution in these books."))
        return Scope(ledger, contribution=found)
    if code := query.get("donor", ""):
        donor = Donor.objects.filter(code=code).first()
        if donor is None:
            raise QuestionWrong(_("There is no donor “%(code)s”.") % {"code": code[:40]})
        return Scope(ledger, donor=donor)
    return Scope(ledger)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise QuestionWrong(_("There is no such contribution in these books.")) from None
