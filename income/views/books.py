"""Looking into the books: entries, postings, contributions, months, rates."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires, signed_in
from accounts.models import User
from accounts.permissions import Permission
from income.balances import instalment_states
from income.entry_filter import EntryFilter
from income.models import Contribution, Entry, ExchangeRate, Ledger, Month, Posting
from income.periods import YearMonth
from income.querysets import EntryQuerySet, kinds_open_to
from income.selectors import open_months, working_books
from income.services import close_month
from income.sheets import entries_csv
from income.views.entry import entry_books
from income.vocabulary import ContributionState
from interface.errors import PortalError
from interface.paging import page_of

ROWS = 100
POSTING_RELATED = ("ledger", "prepared_by", "approved_by", "reverses", "reversed_by")
LIST_RELATED = ("donor", "fund", "region", "currency", "posting", "contribution", "ledger")


def chosen_books(request: HttpRequest) -> Ledger:
    """The books named by `?books=`, else those the portal works in."""
    if code := request.GET.get("books"):
        return get_object_or_404(Ledger, code=code)
    return entry_books()


def sees_bank_data(user: User) -> bool:
    """Staff see it of every entry; representatives of their own donors', the only ones they see."""
    return user.may(Permission.VIEW_BANK_DATA) or user.may(Permission.VIEW_OWN_DONORS)


def _asked(request: HttpRequest, books: Ledger) -> tuple[EntryFilter, EntryQuerySet]:
    """What the address asks for, and the entries; PermissionDenied for a kind that is not open."""
    asked, user = EntryFilter.parse(request.GET), signed_in(request)
    if not kinds_open_to(user).issuperset(asked.kinds):
        raise PermissionDenied
    return asked, asked.apply(Entry.objects.in_books(books).for_user(user, timezone.localdate()))


@requires(Permission.VIEW_ENTRIES, Permission.VIEW_OWN_DONORS)
def entry_list(request: HttpRequest) -> HttpResponse:
    """The entries behind a figure: what they are, and that they add up to it."""
    books = chosen_books(request)
    asked, entries = _asked(request, books)
    rows = entries.select_related(*LIST_RELATED).order_by("-value_date", "-pk")
    context = {
        "books": books, "demonstration_books": books.is_demonstration, "asked": asked,
        "page": page_of(rows, request.GET.get("page"), ROWS), "totals": asked.totals(entries),
        "hide_postings": not signed_in(request).may(Permission.VIEW_ENTRIES),
    }  # fmt: skip
    status = 400 if asked.misunderstood else 200
    return render(request, "income/entry_list.html", context, status=status)


@requires(Permission.VIEW_ENTRIES, Permission.VIEW_OWN_DONORS)
def entry_csv(request: HttpRequest) -> HttpResponseBase:
    """The same entries as a file, amounts to the last decimal; no file of a wrong address."""
    books = chosen_books(request)
    asked, entries = _asked(request, books)
    if asked.misunderstood:
        return entry_list(request)
    rows = entries.select_related(*LIST_RELATED).order_by("value_date", "pk")
    file = entries_csv(rows, books, with_bank_data=sees_bank_data(signed_in(request)))
    response = HttpResponse(file, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="entries-{books.code}.csv"'
    return response


@requires(Permission.VIEW_ENTRIES)
def posting(request: HttpRequest, books: str, sequence: int) -> HttpResponse:
    """One posting: its entries, its place in the chain, and for staff who acted."""
    user, postings = signed_in(request), Posting.objects.select_related(*POSTING_RELATED)
    found = get_object_or_404(postings, ledger__code=books, sequence=sequence)
    entries = found.entries.for_user(user, timezone.localdate()).select_related(*LIST_RELATED)
    if not entries.exists():
        raise Http404
    context = {
        "posting": found, "booked": YearMonth.from_key(found.booked_month),
        "entries": entries.order_by("line")[:1000], "sees_bank_data": sees_bank_data(user),
        "demonstration_books": found.ledger.is_demonstration,
        "may_reverse": user.may(Permission.ENTER_INCOME) and found.ledger == working_books(),
    }  # fmt: skip
    return render(request, "income/posting.html", context)


@requires(Permission.VIEW_DONORS)
def contribution_list(request: HttpRequest) -> HttpResponse:
    """The contributions in the books, newest first; `?state=` and `?donor=` narrow."""
    books, today = chosen_books(request), timezone.localdate()
    rows = Contribution.objects.in_books(books).for_user(signed_in(request), today)
    if request.GET.get("state") in ContributionState.values:
        rows = rows.filter(state=request.GET["state"])
    if donor := request.GET.get("donor"):
        rows = rows.filter(Q(donor__code=donor) | Q(donor__merged_into__code=donor))
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
        "may_close": signed_in(request).may(Permission.CLOSE_MONTHS) and books == entry_books(),
        "shows_persons": sees_bank_data(signed_in(request)),
    }  # fmt: skip
    return render(request, "income/month_list.html", context)


@requires(Permission.CLOSE_MONTHS)
@require_POST
def month_close(request: HttpRequest, books: str, month: str) -> HttpResponse:
    """Close a month for good."""
    ledger = entry_books()
    if ledger.code != books:
        messages.error(request, _("These books are closed to entries here."))
        return redirect("month_list")
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
