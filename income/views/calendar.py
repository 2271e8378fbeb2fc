"""The calendar: a month of what falls due, and the same as a file for other calendars."""

import datetime
from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.calendar import KINDS, Event, Span, events
from income.forms.obligations import days_of
from income.icalendar import calendar_file
from income.models import Ledger
from income.periods import YearMonth
from income.views.obligations import chosen_books
from interface.weeks import weekday_names, weeks_of

LAST_MONTH = YearMonth(2999, 12)  # none follows it, so it is not shown


@dataclass(frozen=True)
class Day:
    """One cell of the month's grid."""

    on: datetime.date
    events: tuple[Event, ...]
    is_in_month: bool
    is_today: bool


def asked_month(request: HttpRequest, today: datetime.date) -> YearMonth:
    """The month named by `?month=2021-12`, else the present one."""
    try:
        month = YearMonth.parse(request.GET.get("month", ""))
    except ValueError:
        return YearMonth.of(today)
    return month if month < LAST_MONTH else YearMonth.of(today)


def asked_kinds(request: HttpRequest) -> list[str]:
    """The kinds named by `?kind=`, those that exist."""
    return [kind for kind in request.GET.getlist("kind") if kind in KINDS]


@requires(Permission.VIEW_DONORS)
def calendar(request: HttpRequest) -> HttpResponse:
    """A month: what falls on which day, as a grid or, on a narrow page, as a list."""
    today, books = timezone.localdate(), chosen_books(request)
    month, kinds = asked_month(request, today), asked_kinds(request)
    found = _found(request, books, (month.first_day, month.last_day), kinds)
    context = {
        "books": books, "demonstration_books": bool(books and books.is_demonstration),
        "month": month, "kinds": [(kind, label, kind in kinds) for kind, label in KINDS.items()],
        "previous": _before(month), "next": month.next, "events": found,
        "weekdays": weekday_names(), "weeks": grid(found, month, today),
        "is_this_month": month == YearMonth.of(today), "query": _kinds_query(request),
    }  # fmt: skip
    return render(request, "income/calendar.html", context)


def _before(month: YearMonth) -> YearMonth | None:
    """The month before; None where the calendar begins."""
    try:
        return YearMonth.of(month.first_day - datetime.timedelta(days=1))
    except ValueError:
        return None


def _kinds_query(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("month", None)
    return asked.urlencode()


def _found(
    request: HttpRequest, books: Ledger | None, days: tuple[datetime.date, datetime.date],
    kinds: list[str],
) -> list[Event]:  # fmt: skip
    if books is None:
        return []
    return events(Span(books, signed_in(request), timezone.localdate(), *days), kinds)


def grid(found: list[Event], month: YearMonth, today: datetime.date) -> list[list[Day]]:
    """The month in weeks as the reader counts them, each day with what falls on it."""
    on: dict[datetime.date, list[Event]] = {}
    for event in found:
        on.setdefault(max(event.on, month.first_day), []).append(event)
    return [
        [Day(day, tuple(on.get(day, ())), YearMonth.of(day) == month, day == today) for day in week]
        for week in weeks_of(month.first_day, month.last_day)
    ]


@requires(Permission.VIEW_DONORS)
def calendar_ics(request: HttpRequest) -> HttpResponse:
    """A month (`?month=`) or a year (`?year=`) for other calendars; else the present year."""
    today, books = timezone.localdate(), chosen_books(request)
    days, name = _asked_time(request, today)
    found = _found(request, books, days, asked_kinds(request))
    host = request.get_host()
    file = calendar_file(
        found, name=_("Habitat Portal, %(time)s") % {"time": name}, host=host,
        address=f"{request.scheme}://{host}", at=timezone.now(),
    )  # fmt: skip
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="calendar-{name}.ics"'
    response["Cache-Control"] = "private, no-store"
    return response


def _asked_time(
    request: HttpRequest, today: datetime.date
) -> tuple[tuple[datetime.date, datetime.date], str]:
    if "month" in request.GET:
        month = asked_month(request, today)
        return (month.first_day, month.last_day), month.slug
    try:
        year = YearMonth(int(request.GET.get("year", today.year)), 1).year
    except ValueError as error:
        raise BadRequest from error
    return days_of(year), str(year)
