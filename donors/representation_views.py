"""The administrator's list of who speaks for which donor, and until when somebody does."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from donors.models import Representation
from donors.representation import (
    MAY_END,
    AccessForm,
    RepresentationForm,
    bind,
    set_end,
    standing_of,
    unbind,
)
from interface.errors import PortalError
from interface.paging import page_of


@requires(Permission.MANAGE_ACCOUNTS)
def representation_list(request: HttpRequest) -> HttpResponse:
    """Who represents whom, with a form to add one."""
    today = timezone.localdate()
    form = RepresentationForm(request.POST or None, initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        bind(**form.cleaned_data, by=signed_in(request))
        messages.success(request, _("The representative sees the donor's file from that day on."))
        return redirect("representation_list")
    rows = Representation.objects.select_related("user", "donor").order_by("user__name", "pk")
    page = page_of(rows, request.GET.get("page"), 100)
    shown = [(bound, standing_of(bound, today)) for bound in page.items]
    context = {"form": form, "page": page, "shown": shown}
    status = 422 if request.method == "POST" else 200
    return render(request, "donors/representation_list.html", context, status=status)


@requires(Permission.MANAGE_ACCOUNTS)
@require_POST
def representation_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a representation at once."""
    bound = get_object_or_404(Representation.objects.select_related("user", "donor"), pk=pk)
    unbind(bound, by=signed_in(request))
    messages.success(request, _("The representation has ended."))
    return redirect("representation_list")


@requires(*MAY_END)
@require_http_methods(["GET", "HEAD", "POST"])
def representation_until(request: HttpRequest, pk: int) -> HttpResponse:
    """Until when a person sees a donor's file: ending it today or on a day, and extending it."""
    bound = get_object_or_404(Representation.objects.select_related("user", "donor"), pk=pk)
    today, by, back = timezone.localdate(), signed_in(request), _back(request, bound)
    form = AccessForm(request.POST or None, initial={"ends_on": bound.ends_on})
    if request.method == "POST" and form.is_valid():
        try:
            set_end(bound, **form.cleaned_data, today=today, by=by)
        except PortalError as error:
            form.add_error(error.field, error.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    context = {"bound": bound, "form": form, "standing": standing_of(bound, today), "back": back}
    status = 422 if request.method == "POST" else 200
    return render(request, "donors/representation_until.html", context, status=status)


def _back(request: HttpRequest, bound: Representation) -> str:
    """Where the person came from: the people on the donor's page, or the administrator's list."""
    if signed_in(request).may(Permission.INVITE_REPRESENTATIVES):
        return reverse("donor", args=[bound.donor.code]) + "#people"
    return reverse("representation_list")
