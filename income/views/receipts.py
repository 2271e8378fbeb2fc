"""Writing money down: receipts, core and online gifts, returns and transfers."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.forms import GiftForm, OnlineGiftsForm, ReceiptForm, ReturnForm, TransferForm
from income.forms.online import online_donors
from income.models import Contribution, Ledger, ParkedReceipt
from income.recent import OpenAgreement, donor_typed, open_agreements, recent_donors
from income.views.entry import _bound, _enter, entry_books, form_token
from income.vocabulary import ContributionState, ParkedState

# What the address of a form may fill in, so that nothing typed is lost when the donor changes.
FILLED_BY_ADDRESS = ("received_on", "reference", "document")


def _uuid(typed: str) -> uuid.UUID:
    try:
        return uuid.UUID(typed)
    except ValueError as error:
        raise Http404 from error


def _payment_form(request: HttpRequest, form_class: Any, initial: dict[str, Any]) -> Any:
    """The form of a payment, which compares itself with what waits for review."""
    form = _bound(request, form_class, initial)
    form.token = f"form:{form_token(request)}"
    return form


@requires(Permission.ENTER_INCOME)
def receipt_new(request: HttpRequest) -> HttpResponse:
    """Enter a payment under an agreement; `?donor=`, `?contribution=`, `?parked=` fill it in."""
    books = entry_books()
    typed = request.GET.get("donor", "")
    donor, unknown = donor_typed(typed)
    chosen = _asked_agreement(request, books)
    if chosen and not typed:
        donor = chosen.donor
    offered = open_agreements(donor, books) if donor else []
    form = _payment_form(request, ReceiptForm, _receipt_initial(request, books, chosen, offered))
    _prepare(form, offered)
    form.page = {
        "donor": donor, "typed_donor": typed, "unknown_donor": unknown, "offered": offered,
        "recent": recent_donors(signed_in(request), books), "parked": _parked(request, books),
    }  # fmt: skip
    return _enter(request, form, "income/receipt_new.html")


def _prepare(form: Any, offered: list[OpenAgreement]) -> None:
    """Offer the donor's agreements; another one brings its instalments; the amount comes first."""
    form.fields["contribution"].widget.attrs |= {
        "hx-get": reverse("receipt_new"), "hx-trigger": "change", "hx-target": "#receipt",
        "hx-select": "#receipt", "hx-swap": "outerHTML", "hx-push-url": "true",
        "hx-include": "#act-form, #donor-form",
        "hx-params": ",".join(("contribution", "donor", "parked", *FILLED_BY_ADDRESS)),
    }  # fmt: skip
    if offered:
        rows = Contribution.objects.filter(pk__in=[one.contribution.pk for one in offered])
        form.offer_agreements(rows)
        form.fields["amount"].widget.attrs["autofocus"] = not form.is_bound


def _asked_agreement(request: HttpRequest, books: Ledger) -> Contribution | None:
    """The agreement that the address names."""
    if not (wanted := request.GET.get("contribution")):
        return None
    rows = Contribution.objects.select_related("donor")
    return get_object_or_404(rows, uuid=_uuid(wanted), ledger=books)


def _receipt_initial(
    request: HttpRequest, books: Ledger, chosen: Contribution | None, offered: list[OpenAgreement]
) -> dict[str, Any]:
    """The oldest open instalment, what it still owes, today; or the unidentified money."""
    initial: dict[str, Any] = {"currency": "USD", "received_on": timezone.localdate()}
    if chosen and chosen.state != ContributionState.SIGNED:
        return {**initial, "contribution": chosen.uuid, "currency": chosen.currency_id}
    first = next((o for o in offered if not chosen or o.contribution == chosen), None)
    if first:
        initial |= {"contribution": str(first.contribution.uuid),
                    "currency": first.contribution.currency_id}  # fmt: skip
        if first.oldest:
            initial |= {"instalment": str(first.oldest.instalment.uuid),
                        "amount": f"{first.oldest.outstanding.normalize():,f}"}  # fmt: skip
    asked = {name: request.GET[name] for name in FILLED_BY_ADDRESS if request.GET.get(name)}
    return initial | asked | _parked_initial(request, books)


def _parked(request: HttpRequest, books: Ledger) -> ParkedReceipt | None:
    """The unidentified money that the address names, while it waits."""
    if not (wanted := request.GET.get("parked")):
        return None
    waiting = ParkedReceipt.objects.filter(ledger=books, state=ParkedState.PARKED)
    return get_object_or_404(waiting, uuid=_uuid(wanted))


def _parked_initial(request: HttpRequest, books: Ledger) -> dict[str, Any]:
    """What is known of unidentified money; `instalment` is open: its amount decides."""
    parked = _parked(request, books)
    if parked is None:
        return {}
    return {
        "parked": str(parked.uuid), "currency": parked.currency_id, "instalment": "",
        "amount": f"{parked.amount.normalize():,f}", "received_on": parked.received_on,
        "reference": parked.bank_reference,
    }  # fmt: skip


@requires(Permission.ENTER_INCOME)
def gift_new(request: HttpRequest) -> HttpResponse:
    """Enter a core contribution that came without an agreement; `?parked=` fills it in."""
    books = entry_books()
    initial = {"donor": request.GET.get("donor", ""), "currency": "USD", "fund": "FNE",
               "title": _("Core contribution"), **_parked_initial(request, books)}  # fmt: skip
    form = _payment_form(request, GiftForm, initial)
    form.page = {"parked": _parked(request, books)}
    return _enter(request, form, "income/gift_new.html")


@requires(Permission.ENTER_INCOME)
def online_gifts_new(request: HttpRequest) -> HttpResponse:
    """Enter a month's online gifts as one batch."""
    donors = online_donors()
    initial = {"donor": donors[0].name if len(donors) == 1 else "", "currency": "USD",
               "fund": "FNE"}  # fmt: skip
    form = _payment_form(request, OnlineGiftsForm, initial)
    return _enter(request, form, "income/online_gifts_new.html")


@requires(Permission.ENTER_INCOME)
def return_new(request: HttpRequest) -> HttpResponse:
    """Enter money that goes back to the donor; `?contribution=` preselects the agreement."""
    form = _bound(request, ReturnForm, _moved_initial(request))
    return _enter(request, form, "income/return_new.html")


@requires(Permission.ENTER_INCOME)
def transfer_new(request: HttpRequest) -> HttpResponse:
    """Enter money that moves to another agreement; `?contribution=` preselects the first."""
    form = _bound(request, TransferForm, _moved_initial(request))
    return _enter(request, form, "income/transfer_new.html")


def _moved_initial(request: HttpRequest) -> dict[str, Any]:
    chosen = _asked_agreement(request, entry_books())
    today = {"moved_on": timezone.localdate(), "reason": "refund"}
    if chosen is None:
        return {"currency": "USD", **today}
    return {"contribution": str(chosen.uuid), "currency": chosen.currency_id, **today}
