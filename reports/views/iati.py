"""The identifier that a project has in the agency's own IATI file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.models import Contribution
from income.selectors import working_books
from reports.iati.identifiers import IdentifierRefused, set_iati_identifier


@requires(Permission.ENTER_INCOME)
@require_POST
def contribution_iati(request: HttpRequest, uuid: str) -> HttpResponse:
    """Give a contribution of the working books its identifier, or take it away."""
    contribution = get_object_or_404(Contribution, uuid=uuid, ledger=working_books())
    identifier = request.POST.get("iati_identifier", "")
    try:
        set_iati_identifier(contribution, identifier, by=signed_in(request))
        messages.success(request, _("Saved."))
    except IdentifierRefused as error:
        messages.error(request, error.sentence)
    return redirect("contribution", uuid)
