"""Looking into the books: entries, postings, contributions, months, rates."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.entry_filter import EntryFilter
from income.models import Contribution, Entry, ExchangeRate, Ledger, Month, Posting
from income.periods import YearMonth
from income.selectors import instalment_states, open_months, working_books
from income.services import close_month
from income.sheets import entries_csv
from income.views.entry import entry_books
from income.vocabulary import ContributionState
from interface.errors import PortalError
from interface.paging import page_of

ROWS = 100
LIST_RELATED = ("donor", "fund", "region", "currency", "posting", "contribution", "ledger")


def chosen_books(request: HttpRequest) -> Ledger:
    """The books named by `?books=`, else those the portal works in."""
    if code := request.GET.get("books"):
        return get_object_or_404(Ledger, code=code)
    return entry_books()


@requires(Permission.VIEW_ENTRIES, Permission.VIEW_OWN_DONORS)
def entry_list(request: HttpRequest) -> HttpResponse:
    """The entries behind a figure: what they are, and that they add up to it."""
    books, today = chosen_books(request), timezone.localdate()
    asked = EntryFilter.parse(request.GET)
    entries = asked.apply(Entry.objects.in_books(books).for_user(signed_in(request), today))
    rows = entries.select_related(*LIST_RELATED).order_by("-value_date", "-pk")
    context = {
        "books": books, "demonstration_books": books.is_demonstration, "asked": asked,
        "page": page_of(rows, request.GET.get("page"), ROWS), "totals": asked.totals(entries),
        "hide_postings": not signed_in(request).may(Permission.VIEW_ENTRIES),
    }  # fmt: skip
    return render(request, "income/entry_list.html", context)


@requires(Permission.VIEW_ENTRIES, Permission.VIEW_OWN_DONORS)
def entry_csv(request: HttpRequest) -> HttpResponse:
    """The same entries as a file, amounts to the last decimal."""
    books, today = chosen_books(request), timezone.localdate()
    asked = EntryFilter.parse(request.GET)
    entries = asked.apply(Entry.objects.in_books(books).for_user(signed_in(request), today))
    rows = entries.select_related(*LIST_RELATED).order_by("value_date", "pk")
    response = HttpResponse(entries_csv(rows, books), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="entries-{books.code}.csv"'
    return response


@requires(Permission.VIEW_ENTRIES)
def posting(request: HttpRequest, books: str, sequence: int) -> HttpResponse:
    """One posting: who, when, its entries, its place in the chain."""
    postings = Posting.objects.select_related(
        "ledger", "prepared_by", "approved_by", "reverses", "reversed_by"
    )
    found = get_object_or_404(postings, ledger__code=books, sequence=sequence)
    context = {
        "posting": found,
        "booked": YearMonth.from_key(found.booked_month),
        "entries": found.entries.select_related(*LIST_RELATED).order_by("line")[:1000],
        "demonstration_books": found.ledger.is_demonstration,
        "may_reverse": signed_in(request).may(Permission.ENTER_INCOME)
        and found.ledger == working_books(),
    }
    return render(request, "income/posting.html", context)


@requires(Permission.VIEW_DONORS)
def contribution_list(request: HttpRequest) -> HttpResponse:
    """The contributions in the books, newest first; `?state=` and `?donor=` narrow."""
    books, today = chosen_books(request), timezone.localdate()
    rows = Contribution.objects.in_books(books).for_user(signed_in(request), today)
    if request.GET.get("state") in ContributionState.values:
        rows = rows.filter(state=request.GET["state"])
    if donor := request.GET.get("donor"):
        rows = rows.filter(donor__code=donor)
    rows = rows.select_related("donor", "fund").order_by("-pk")
    context = {"books": books, "demonstration_books": books.is_demonstration,
               "states": ContributionState.choices, "state": request.GET.get("state", ""),
               "page": page_of(rows, request.GET.get("page"), 50)}  # fmt: skip
    return render(request, "income/contribution_list.html", context)


@requires(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)
def contribution(request: HttpRequest, uuid: str) -> HttpResponse:
    """One contribution: what was promised, what fell due, what arrived."""
    user, today = signed_in(request), timezone.localdate()
    mine = Contribution.objects.for_user(user, today).select_related("donor", "fund", "ledger")
    found = get_object_or_404(mine, uuid=uuid)
    context = {
        "contribution": found,
        "demonstration_books": found.ledger.is_demonstration,
        "instalments": instalment_states(found),
        "entries": found.entries.select_related(*LIST_RELATED).order_by("value_date", "pk"),
        "may_enter": user.may(Permission.ENTER_INCOME) and found.ledger == working_books(),
        "is_signed": found.state == ContributionState.SIGNED,
        "may_see_postings": user.may(Permission.VIEW_ENTRIES),
    }
    return render(request, "income/contribution.html", context)


@requires(Permission.VIEW_BOARD)
def month_list(request: HttpRequest) -> HttpResponse:
    """Which months of the books are closed; a reviewer closes the next one."""
    books = chosen_books(request)
    closed = Month.objects.filter(ledger=books).select_related("closed_by").order_by("-month")
    rows = [{"month": YearMonth.from_key(m.month), "closing": m} for m in closed]
    context = {
        "books": books, "demonstration_books": books.is_demonstration, "closed": rows,
        "open": open_months(books, timezone.localdate()),
        "may_close": signed_in(request).may(Permission.CLOSE_MONTHS),
    }  # fmt: skip
    return render(request, "income/month_list.html", context)


@require_POST
@requires(Permission.CLOSE_MONTHS)
def month_close(request: HttpRequest, books: str, month: str) -> HttpResponse:
    """Close a month for good."""
    ledger = get_object_or_404(Ledger, code=books)
    try:
        wanted = YearMonth.parse(month)
        close_month(ledger, wanted, by=signed_in(request), at=timezone.now())
    except PortalError as error:
        messages.error(request, str(error))
    except ValueError:
        messages.error(request, _("“%(month)s” is not a month.") % {"month": month})
    else:
        messages.success(request, _("%(month)s is closed.") % {"month": wanted})
    return redirect("month_list")


@requires(Permission.VIEW_BOARD)
def rate_list(request: HttpRequest) -> HttpResponse:
    """Exchange rates with their type, newest first; `?currency=` narrows."""
    rates = ExchangeRate.objects.filter(effective_on__lte=timezone.localdate())
    currency = request.GET.get("currency", "EUR").upper()[:3]
    rows = rates.filter(currency=currency).order_by("-effective_on", "rate_type")
    currencies = ExchangeRate.objects.order_by("currency").values_list("currency", flat=True)
    context = {"page": page_of(rows, request.GET.get("page"), ROWS), "currency": currency,
               "currencies": currencies.distinct()}  # fmt: skip
    return render(request, "income/rate_list.html", context)
