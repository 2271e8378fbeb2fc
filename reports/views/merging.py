"""Merging two rows of one donor: both side by side, and the sums before and after."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from donors.merge_form import MergeForm
from donors.merging import merge_donors
from donors.models import Donor
from income.views.books import chosen_books
from interface.errors import PortalError
from reports.figures.merging import compared
from reports.tables.relation import compared_table


@requires(Permission.EDIT_DONORS)
def donor_merge(request: HttpRequest, code: str) -> HttpResponse:
    """`?kept=` shows the two side by side; the reason merges them. It can be undone."""
    donors = Donor.objects.for_user(signed_in(request), timezone.localdate())
    gone, books = get_object_or_404(donors, code=code), chosen_books(request)
    is_sent = request.method == "POST"
    asked = request.POST if is_sent else request.GET if "kept" in request.GET else None
    form = MergeForm(asked, gone=gone, today=timezone.localdate())
    kept = form.chosen
    if is_sent and kept and form.is_valid() and _merged(request, gone, form):
        return redirect("donor", kept.code)
    if not is_sent and "because" in form.errors:
        del form.errors["because"]  # it is not asked for yet
    pair = compared(books, gone, kept) if kept else None
    context = {
        "donor": gone, "kept": kept, "form": form, "books": books, "pair": pair,
        "demonstration_books": books.is_demonstration,
        "table": compared_table(pair) if pair else None,
        "others": Donor.objects.standing().exclude(pk=gone.pk).in_order(),
    }  # fmt: skip
    return render(request, "reports/donor_merge.html", context, status=422 if is_sent else 200)


def _merged(request: HttpRequest, gone: Donor, form: MergeForm) -> bool:
    typed = form.cleaned_data
    try:
        merge_donors(
            gone, typed["kept"], because=typed["because"], by=signed_in(request),
            today=timezone.localdate(),
        )  # fmt: skip
    except PortalError as error:
        form.add_error(error.field if error.field in form.fields else None, error.sentence)
        return False
    said = _("%(gone)s is %(kept)s from now on. No entry was moved.")
    messages.success(request, said % {"gone": gone.name, "kept": typed["kept"].name})
    return True
