"""Finding donors and adding one."""

import uuid
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from accounts.saved_views import views_of
from donors.forms import DonorForm, DonorSearch
from donors.models import Donor
from donors.services import DonorKnown, add_donor
from interface.errors import PortalError
from interface.paging import page_of
from interface.tables import Cell, Column, Row, Table

ROWS = 50


@requires(Permission.VIEW_DONORS)
def donor_list(request: HttpRequest) -> HttpResponse:
    """Donors by any of their names, type and region; HTMX asks for the table alone."""
    user = signed_in(request)
    search = DonorSearch(request.GET, user=user)
    donors = Donor.objects.for_user(user, timezone.localdate()).standing()
    rows = search.found(donors).select_related("contributor_type", "area__region", "focal_point")
    page = page_of(rows, request.GET.get("page"), ROWS)
    context = {
        "search": search,
        "page": page,
        "table": _donor_table(page.items, search, request.GET),
        "may_edit": user.may(Permission.EDIT_DONORS),
        "saved_views": views_of(user, "donor_list", request.GET),
    }
    is_fragment = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    template = "donors/_donor_table.html" if is_fragment else "donors/donor_list.html"
    return render(request, template, context)


def _donor_table(donors: tuple[Donor, ...], search: DonorSearch, query: QueryDict) -> Table:
    labels = {
        "name": _("Donor"),
        "code": _("Code"),
        "type": _("Contributor type"),
        "region": _("Region"),
        "focal": _("Focal point"),
    }
    return Table(
        identifier="donors",
        caption=_("Donors"),
        columns=tuple(_column(name, label, search, query) for name, label in labels.items()),
        rows=tuple(_donor_row(donor) for donor in donors),
        empty=_("No donor fits. Try part of the name, in any language, or another filter."),
    )


def _column(name: str, label: str, search: DonorSearch, query: QueryDict) -> Column:
    column, is_descending = search.sort
    changed = query.copy()
    changed.pop("page", None)
    changed["sort"] = f"-{name}" if column == name and not is_descending else name
    if column != name:
        return Column(label, sort_href=f"?{changed.urlencode()}")
    return Column(
        label,
        sort_href=f"?{changed.urlencode()}",
        sorted="descending" if is_descending else "ascending",
    )


def _donor_row(donor: Donor) -> Row:
    region = donor.area.region if donor.area else None
    return Row(
        (
            Cell(donor.name, href=reverse("donor", args=[donor.code])),
            Cell(donor.code),
            Cell(str(donor.contributor_type)),
            Cell(str(region) if region else "–", is_missing=region is None),
            Cell(str(donor.focal_point or "–"), is_missing=donor.focal_point is None),
        )
    )


@requires(Permission.EDIT_DONORS)
@require_http_methods(["GET", "HEAD", "POST"])
def donor_new(request: HttpRequest) -> HttpResponse:
    """Add a donor; leads back to the form the officer came from, with the donor filled in."""
    initial = {"next": request.GET.get("next", ""), "token": uuid.uuid4().hex}
    form = DonorForm(request.POST if request.method == "POST" else None, initial=initial)
    known: DonorKnown | None = None
    if form.is_bound and form.is_valid():
        try:
            donor = _add(request, form)
        except PortalError as error:
            known = error if isinstance(error, DonorKnown) else None
            form.add_error(error.field, error.sentence)
        else:
            messages.success(request, _("%(name)s was added.") % {"name": donor.name})
            return redirect(_after_adding(form.cleaned_data["next"], donor))
    parents = Donor.objects.standing().in_order()
    context = {"form": form, "known": known, "parents": parents}
    return render(request, "donors/donor_new.html", context)


def _add(request: HttpRequest, form: DonorForm) -> Donor:
    data = form.cleaned_data
    return add_donor(
        names=form.names(), contributor_type=data["contributor_type"], area=data["area"],
        parent=data["parent"], token=data["token"], is_another=data["is_another"],
        by=signed_in(request),
    )  # fmt: skip


def _after_adding(wanted: str, donor: Donor) -> str:
    """The safe local path asked for, with the donor's code in it; else the donor's page."""
    if not (wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)):
        return reverse("donor", args=[donor.code])
    parts = urlsplit(wanted)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "donor"]
    query.append(("donor", donor.code))
    return urlunsplit(("", "", parts.path, urlencode(query), ""))
