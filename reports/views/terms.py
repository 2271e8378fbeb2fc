"""The terms of the portal, each with its meaning, and the first steps of whoever looks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import Role
from interface.formatting import current_language
from interface.sorting import in_order
from interface.terms import Term, terms

# The groups of fixtures/terms.csv, in the order in which they are shown.
GROUPS: dict[str, Promise] = {
    "promises": _("What is promised"),
    "receipts": _("What arrives"),
    "funds": _("Funds and what money is for"),
    "figures": _("How figures are told"),
    "targets": _("Targets and indicators"),
    "reports": _("Reports"),
    "books": _("The books"),
}
# What each role does first: a sentence, and the name of the page where it is done.
FIRST_STEPS: dict[str, tuple[tuple[Promise, str], ...]] = {
    Role.OFFICER: (
        (_("Begin with what waits for you."), "home"),
        (_("Enter a receipt: donor, instalment, amount and day."), "receipt_new"),
        (_("See a donor's whole file."), "donor_list"),
    ),
    Role.REVIEWER: (
        (_("Open what waits for review, see what it would post, post it or return it."), "home"),
        (_("Close a month with its checklist."), "month_list"),
    ),
    Role.BOARD: (
        (_("See income against targets, and follow a figure to its entries."), "dashboard"),
        (_("See what was agreed, what is due and what was received."), "bases"),
        (_("Read the monthly updates as they were published."), "update_list"),
    ),
    Role.REPRESENTATIVE: (
        (_("See what is due, what was received, and take a statement home."), "my_donor"),
    ),
    Role.ADMINISTRATOR: (
        (_("Open an account and give it a role."), "account_new"),
        (_("Read who did what."), "audit_list"),
    ),
}
FOR_EVERYBODY = ((_("Ask whether a report is genuine."), "verify"),)


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Every term in the reader's language and in English. Open to everybody."""
    user = request.user
    role = user.role if isinstance(user, User) else ""
    context = {
        "groups": [(code, title, _of(code)) for code, title in GROUPS.items()],
        "steps": FIRST_STEPS.get(role, ()) + FOR_EVERYBODY,
        "is_english": current_language() == "en",
    }
    return render(request, "reports/terms.html", context)


def _of(group: str) -> list[Term]:
    return in_order((one for one in terms().values() if one.group == group), lambda one: one.name)
