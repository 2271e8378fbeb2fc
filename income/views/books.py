"""Looking into the books: entries, postings, rates."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.access import requires, signed_in
from accounts.models import User
from accounts.permissions import Permission
from accounts.saved_views import views_of
from donors.naming import may_ask_for
from income.entry_filter import EntryFilter
from income.erp.references import ENTERED
from income.imports.origins import import_of_posting, rows_of
from income.ledger.chain import chain_of
from income.models import Entry, ErpReference, Ledger, Posting
from income.periods import YearMonth
from income.querysets import EntryQuerySet, kinds_open_to
from income.selectors import working_books
from income.services.replacing import why_not_correct
from income.sheets import entries_stream, entries_workbook, in_pieces
from income.views.entry import entry_books
from income.vocabulary import Act, Kind
from interface.keyset import Order
from interface.paging import page_along, page_of

ROWS = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_OF_A_POSTING = 200
NEWEST_FIRST = Order.of(Entry, "-value_date", "-pk")
THANKED_FOR = (Act.RECORD_RECEIPT, Act.RECORD_GIFT)  # what one donor paid, and is thanked for
POSTING_RELATED = (
    "ledger", "prepared_by", "approved_by", "reverses", "reversed_by", "replaces", "replaced_by",
    "draft",
)  # fmt: skip
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
    user = signed_in(request)
    asked = EntryFilter.parse(request.GET).read_by(user)
    is_open = kinds_open_to(user)
    if not is_open.issuperset(asked.kinds if not asked.asks_of_promises else Kind.values):
        raise PermissionDenied
    entries = Entry.objects.in_books(books).for_user(user, timezone.localdate())
    if not may_ask_for(asked.donor, user):
        return asked, entries.none()
    return asked, asked.apply(entries)


@requires(Permission.VIEW_ENTRIES, Permission.VIEW_OWN_DONORS)
def entry_list(request: HttpRequest) -> HttpResponse:
    """The entries behind a figure: what they are, and that they add up to it."""
    books = chosen_books(request)
    asked, entries = _asked(request, books)
    user = signed_in(request)
    rows, place = entries.select_related(*LIST_RELATED), request.GET.get("page")
    context = {
        "books": books, "demonstration_books": books.is_demonstration, "asked": asked,
        "page": page_along(NEWEST_FIRST, rows, "value_date", place, ROWS),
        "totals": asked.totals(entries),
        "hide_postings": not user.may(Permission.VIEW_ENTRIES),
        "saved_views": views_of(user, "entry_list", request.GET),
    }  # fmt: skip
    status = 400 if asked.misunderstood else 200
    return render(request, "income/entry_list.html", context, status=status)


@requires(Permission.VIEW_ENTRIES, Permission.VIEW_OWN_DONORS)
def entry_csv(request: HttpRequest) -> HttpResponseBase:
    """The same entries as a file, amounts to the last decimal; no file of a wrong address."""
    return _file(request, "csv", "text/csv; charset=utf-8", entries_stream)


@requires(Permission.VIEW_ENTRIES, Permission.VIEW_OWN_DONORS)
def entry_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The same as a workbook, which is sent while it is made."""
    make = partial(entries_workbook, made_at=timezone.now())
    return _file(request, "xlsx", XLSX, make)


def _file(
    request: HttpRequest, form: str, kind: str, make: Callable[..., Iterator[bytes]]
) -> HttpResponseBase:
    books = chosen_books(request)
    asked, entries = _asked(request, books)
    if asked.misunderstood:
        return entry_list(request)
    see_bank = sees_bank_data(signed_in(request))
    file = make(in_pieces(entries), books, with_bank_data=see_bank)
    response = StreamingHttpResponse(file, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="entries-{books.code}.{form}"'
    return response


def may_thank(user: User, posting: Posting) -> bool:
    """Whether the person may write a letter of thanks for it; a receipt of nobody has no reader."""
    if not user.may(Permission.ENTER_INCOME) or posting.act not in THANKED_FOR:
        return False
    return posting.entries.receipts().filter(donor__isnull=False).exists()


@requires(Permission.VIEW_ENTRIES)
def posting(request: HttpRequest, books: str, sequence: int) -> HttpResponse:
    """One posting: its entries, its place in the chain, and for staff who acted."""
    user, postings = signed_in(request), Posting.objects.select_related(*POSTING_RELATED)
    found = get_object_or_404(postings, ledger__code=books, sequence=sequence)
    entries = found.entries.for_user(user, timezone.localdate()).select_related(*LIST_RELATED)
    asked = request.GET.get("page") or _page_with(request.GET.get("line", ""))
    page = page_of(entries.order_by("line"), asked, ROWS_OF_A_POSTING)
    if not page.items:
        raise Http404
    context = {
        "posting": found, "booked": YearMonth.from_key(found.booked_month),
        "page": page, "sees_bank_data": sees_bank_data(user),
        "demonstration_books": found.ledger.is_demonstration, "may_thank": may_thank(user, found),
        "may_reverse": user.may(Permission.ENTER_INCOME) and found.ledger == working_books(),
        "chain": chain_of([found]), "why_not_correct": why_not_correct(found),
        "references": _references(found, page.items), "schemes": ENTERED,
        **_import_of(found, page.items, user),
    }  # fmt: skip
    return render(request, "income/posting.html", context)


def _page_with(line: str) -> int:
    """The page of a posting on which its line stands."""
    return (int(line[:9]) - 1) // ROWS_OF_A_POSTING + 1 if line.isdecimal() else 1


def _references(posting: Posting, entries: Sequence[Entry]) -> QuerySet[ErpReference]:
    """Identifiers of the posting, and of the receipts that the page shows."""
    shown = (entries[0].line, entries[-1].line)
    return posting.erp_references.filter(Q(receipt_line=None) | Q(receipt_line__range=shown))


def _import_of(posting: Posting, entries: Sequence[Entry], user: User) -> dict[str, Any]:
    """The import behind a posting, and each entry with its row of the file, for who sees files."""
    found = import_of_posting(posting) if user.may(Permission.VIEW_BANK_DATA) else None
    rows = rows_of(entries) if found and not posting.reverses_id else {}
    for entry in entries:
        entry.row_of_file = rows.get(entry.line)  # type: ignore[attr-defined]  # for the page
    return {"import": found}
