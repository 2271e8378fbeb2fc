"""A donor's whole file, for staff and for those who speak for it."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import requires, signed_in
from accounts.audit.recording import concerns
from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from donors.models import Donor, DonorName, NameKind
from donors.querysets import DonorQuerySet
from income.models import DonorTotal, Ledger
from income.views.books import chosen_books
from interface.errors import PortalError
from interface.paging import page_of
from reports.figures.giving import Giving, giving
from reports.figures.statement import Statement, statement
from reports.services import last_language
from reports.tables import donor as tables
from reports.tables.contributions import balance_table
from reports.views.donor_own import access_told, both_see, own_side
from reports.views.donor_staff import staff_file
from reports.views.donor_sums import donor_sums, memos
from reports.visibility import AsDonor, Viewer, blocks_for, withheld

FIRST_YEAR = 1978  # of the agency's forerunner: no books begin earlier
CONTRIBUTIONS = 25
RELATED = ("contributor_type", "area__region", "parent", "merged_into", "focal_point")


@requires(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)
def donor(request: HttpRequest, code: str) -> HttpResponse:
    """What the donor gave, promised and still owes, in the chosen books; `?year=` opens a year."""
    user = signed_in(request)
    found = get_object_or_404(own_donors(user), code=code)
    concerns(request, found.pk)
    return donor_page(request, found, user)


@requires(Permission.VIEW_AS_DONOR)
@require_GET
def donor_as_donor(request: HttpRequest, code: str) -> HttpResponse:
    """The page as the donor's representatives see it: to look at only, and every look is kept."""
    user = signed_in(request)
    found = get_object_or_404(own_donors(user), code=code)
    answer = donor_page(request, found, AsDonor())
    after = {"donor": found.code, "books": chosen_books(request).code}
    record("view_as_donor", found, by=user, after=after)
    return answer


def donor_page(request: HttpRequest, found: Donor, viewer: User | AsDonor) -> HttpResponse:
    """The donor's page as the viewer may see it."""
    books, today = chosen_books(request), timezone.localdate()
    try:
        relation = giving(books, found, today)
        year = _chosen_year(request, relation)
        told = statement(books, found, year, today)
    except PortalError as error:
        return refused(request, found, error)
    context = {
        "donor": found, "books": books, "demonstration_books": books.is_demonstration,
        **_seen(found, viewer), **_facts(found, viewer, books), **_relation(relation, request),
        **_year(told, request), **donor_sums(books, found, today), **both_see(books, found, year),
    }  # fmt: skip
    if isinstance(viewer, User) and context["is_staff"]:
        context |= staff_file(request, found, viewer, books, today) | memos(books, found, year)
        context["key_figures_shown"] += context["staff_figures"]
    else:
        context |= own_side(context, viewer, books, today)
    return render(request, "reports/donor.html", context)


@requires(Permission.VIEW_OWN_DONORS)
def my_donor(request: HttpRequest) -> HttpResponse:
    """A representative's first page: the donor's own, or a choice where there are several."""
    user = signed_in(request)
    donors = list(own_donors(user).in_order())
    if len(donors) == 1:
        return redirect("donor", donors[0].code)
    ends = dict(user.representations.values_list("donor", "ends_on"))
    shown = [(one, access_told(ends[one.pk])) for one in donors]
    return render(request, "reports/my_donor.html", {"donors": shown})


def refused(request: HttpRequest, donor: Donor, error: PortalError) -> HttpResponse:
    """The sentence that says why the donor's figures cannot be had just now."""
    context = {"error": error, "donor": donor}
    return render(request, "reports/donor_refused.html", context, status=503)


def own_donors(user: User) -> DonorQuerySet:
    """The donors the person may see today."""
    return Donor.objects.for_user(user, timezone.localdate()).select_related(*RELATED)


def sensible_year(year: int) -> int:
    """The year when books can speak of it; otherwise there is no such page."""
    if not FIRST_YEAR <= year <= timezone.localdate().year:
        raise Http404
    return year


def _chosen_year(request: HttpRequest, relation: Giving) -> int:
    asked = request.GET.get("year", "")
    if not asked:
        return relation.given_year
    if not (asked.isascii() and asked.isdecimal() and len(asked) == 4):
        raise Http404
    return sensible_year(int(asked))


def _seen(found: Donor, viewer: Viewer) -> dict[str, Any]:
    """Which blocks the page holds, and whether it is only looked at in a representative's place."""
    as_donor = isinstance(viewer, AsDonor)
    return {
        "blocks": blocks_for(viewer), "as_donor": as_donor,
        "withheld": withheld() if as_donor else (),
        "may_view_as": viewer.may(Permission.VIEW_AS_DONOR) and not found.merged_into_id,
    }  # fmt: skip


def _facts(found: Donor, user: Viewer, books: Ledger) -> dict[str, Any]:
    names = list(found.search_names.exclude(kind=NameKind.OFFICIAL).order_by("pk"))
    is_staff = user.may(Permission.VIEW_DONORS)
    held = DonorTotal.objects.filter(donor__in=Donor.objects.with_merged(found)).values("ledger")
    return {
        "identifiers": _identifiers(names, is_staff=is_staff),
        "other_names": [one.name for one in names if one.kind != NameKind.IDENTIFIER],
        "official_names": [pair for pair in found.names.items() if pair[1]],
        "is_staff": is_staff,
        "may_enter": user.may(Permission.ENTER_INCOME),
        "other_books": Ledger.objects.filter(pk__in=held).exclude(pk=books.pk).order_by("code"),
    }


def _identifiers(names: Iterable[DonorName], *, is_staff: bool) -> list[str]:
    """The portal's own codes; for staff also those of other systems, with whose they are."""
    rows = [one for one in names if one.kind == NameKind.IDENTIFIER]
    others = [f"{one.get_scheme_display()}: {one.name}" for one in rows if one.scheme]
    own = [one.name for one in rows if not one.scheme]
    return [*own, *others] if is_staff else own


def _relation(relation: Giving, request: HttpRequest) -> dict[str, Any]:
    page = page_of(relation.balances, request.GET.get("page"), CONTRIBUTIONS)
    return {
        "relation": relation,
        "key_figures_shown": tables.key_figures(relation),
        "given_tables": [tables.given_table(given) for given in relation.tables],
        "page": page,
        "balance_table": balance_table(page.items) if relation.balances else None,
    }


def _year(told: Statement, request: HttpRequest) -> dict[str, Any]:
    shown = [one for one in told.pictures if any(year.given.amount_usd for year in one.years)]
    return {
        "told": told,
        "year_table": tables.year_table(told),
        "receipt_table": tables.receipt_table(told) if told.lists_receipts else None,
        "pictures": [
            (tables.ten_year_chart(told, picture), tables.ten_year_table(picture))
            for picture in shown
        ],
        "statement_url": reverse("statement_pdf", args=[told.donor.code, told.year]),
        "report_language": last_language(signed_in(request)),
        "report_languages": dict(settings.LANGUAGES),
    }
