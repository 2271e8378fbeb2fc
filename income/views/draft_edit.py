"""Writing on one's own draft, and correcting a posting with the form it was made from."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from donors.models import Donor
from income.acts import FORMS, POSTED_BY_JOB, act_typed, title_typed
from income.conversion import as_typed, conversion_of_typed
from income.errors import DraftChanged
from income.forms import FinanceForm
from income.models import Draft, Ledger, Posting
from income.periods import YearMonth
from income.rehearsal import taken_back
from income.selectors import is_closed
from income.services import save_draft, submit_draft
from income.services.actors import SYSTEM
from income.services.drafts import correct_draft
from income.services.replacing import undo_for_correction, why_not_correct
from income.views.entry import entry_books, form_token, typed_fields
from income.vocabulary import DraftState
from interface.conflicts import differences
from interface.errors import PortalError

FORM_TEMPLATES = {
    "ContributionForm": "income/contribution_new.html",
    "AmendmentForm": "income/amendment_new.html",
    "ConditionForm": "income/condition_settle.html",
    "CancellationForm": "income/cancellation_new.html",
    "WriteOffForm": "income/write_off_new.html",
    "ReceiptForm": "income/receipt_new.html",
    "GiftForm": "income/gift_new.html",
    "OnlineGiftsForm": "income/online_gifts_new.html",
    "ReturnForm": "income/return_new.html",
    "TransferForm": "income/transfer_new.html",
    "FinanceForm": "income/finance_new.html",
    "ReversalForm": "income/reversal_new.html",
}


@requires(Permission.ENTER_INCOME)
def draft_edit(request: HttpRequest, uuid: str) -> HttpResponse:
    """Go on with one's own draft: keep it for later, or submit it."""
    drafts = Draft.objects.select_related("ledger", "corrects", "posting")
    found = get_object_or_404(drafts, uuid=uuid, written_by=signed_in(request))
    if found.act in POSTED_BY_JOB:
        return redirect("import", found.payload["import"])
    form = FORMS[found.act](
        request.POST or None, initial=found.payload, ledger=found.ledger,
        today=timezone.localdate(),
    )  # fmt: skip
    form.token = found.token  # compared with what waits for review besides this draft
    extra: dict[str, Any] = {"draft": found, "token": found.token}
    if request.method == "POST" and "check" not in request.POST and _is_ready(request, form, found):
        try:
            return _rewritten(request, found, form)
        except PortalError as error:
            extra |= _both_versions(found, form, error)
    return _show(request, form, found.ledger, found.corrects, extra, because=found.because)


def _rewritten(request: HttpRequest, found: Draft, form: Any) -> HttpResponse:
    for_later = "save" in request.POST
    correct_draft(
        found, act=act_typed(form), payload=typed_fields(form, form.data), title=title_typed(form),
        version=version_typed(request), by=signed_in(request), for_later=for_later,
        because=request.POST.get("correcting_because", ""),
    )  # fmt: skip
    messages.success(request, _("Kept for later.") if for_later else _("Submitted again."))
    return redirect("draft", found.uuid)


def _both_versions(found: Draft, form: Any, error: PortalError) -> dict[str, Any]:
    """What the page shows when the draft changed meanwhile: both, and nothing typed is lost."""
    now = Draft.objects.select_related("ledger", "corrects").get(pk=found.pk)
    said = [error.sentence]
    if now.state == DraftState.RETURNED:
        said.append(_("It was returned: %(because)s") % {"because": now.returned_because})
    if now.state == DraftState.POSTED:
        said.append(_("It is posted. Correct the posting instead."))
    changed = isinstance(error, DraftChanged)
    conflict = differences(form, now.payload) if changed else ()
    return {"draft": now, "refused": " ".join(said), "conflict": conflict}


@requires(Permission.ENTER_INCOME)
def correction_new(request: HttpRequest, books: str, sequence: int) -> HttpResponse:
    """Correct a posting: the form it was made from, filled in as it was, and a reason."""
    postings = Posting.objects.select_related("ledger", "draft", "replaced_by", "reversed_by")
    wrong = get_object_or_404(postings, ledger__code=books, sequence=sequence)
    if why := why_not_correct(wrong) or _other_books(wrong):
        messages.error(request, why)
        return redirect("posting", books, sequence)
    form = _form_of_correction(request, wrong)
    token, typed = form_token(request), request.POST.get("correcting_because", "")
    form.token = f"form:{token}"
    extra = {"token": token, "because_missing": request.method == "POST" and not typed.strip()}
    is_sent = request.method == "POST" and "check" not in request.POST and typed.strip()
    if is_sent and _is_ready(request, form, None, wrong):
        return _corrected(request, form, wrong, token)
    return _show(request, form, wrong.ledger, wrong, extra, because=typed)


def _other_books(wrong: Posting) -> str:
    return "" if wrong.ledger == entry_books() else _("These books are closed to entries here.")


def _form_of_correction(request: HttpRequest, wrong: Posting) -> Any:
    """Filled in as it was typed; as an adjustment where its own month is closed by now."""
    form_class = FORMS[wrong.draft.act]
    if form_class is FinanceForm and not signed_in(request).may(Permission.REVIEW_INCOME):
        raise PermissionDenied
    typed = dict(wrong.draft.payload)
    if is_closed(wrong.ledger, YearMonth.from_key(wrong.booked_month)):
        typed["adjusts"] = "on"
    return form_class(
        _with_the_reason(request.POST) if request.method == "POST" else None, initial=typed,
        ledger=wrong.ledger,
        today=timezone.localdate(),
    )  # fmt: skip


def _with_the_reason(typed: QueryDict) -> QueryDict:
    """Why the posting is wrong is also why what stands instead comes late."""
    data = typed.copy()
    if data.get("adjusts") and not data.get("adjusts_because"):
        data["adjusts_because"] = data.get("correcting_because", "")[:300]
    return data


def _corrected(request: HttpRequest, form: Any, wrong: Posting, token: str) -> HttpResponse:
    for_later = "save" in request.POST
    act = save_draft if for_later else submit_draft
    draft = act(
        form.ledger, act=act_typed(form), payload=typed_fields(form, form.data),
        title=title_typed(form), token=f"form:{token}", by=signed_in(request), corrects=wrong,
        because=request.POST["correcting_because"],
    )  # fmt: skip
    messages.success(
        request,
        _("Kept for later. Nobody else sees it until you submit it.")
        if for_later
        else _("Submitted. Another person now reviews the correction."),
    )
    return redirect("draft", draft.uuid)


def _is_ready(
    request: HttpRequest, form: Any, draft: Draft | None, wrong: Posting | None = None
) -> bool:
    """Whether it can be kept, or is valid; a correction is checked as if the wrong were undone."""
    if "save" in request.POST:
        return True
    return is_valid_instead(form, wrong or (draft.corrects if draft else None))


def is_valid_instead(form: Any, wrong: Posting | None) -> bool:
    """Whether a form is valid; of a correction, once the posting that it corrects is undone."""
    if wrong is None:
        return bool(form.is_valid())
    try:
        with taken_back():
            undo_for_correction(
                wrong, because="-", token="rehearsal", today=timezone.localdate(), actors=SYSTEM
            )
            return bool(form.is_valid())
    except PortalError as error:
        form.is_valid()
        form.add_error(None, error.sentence)
        return False


def _conversion(typed: dict[str, str], ledger: Ledger, wrong: Posting | None) -> Any:
    """What is typed in US dollars; for a correction as if the wrong posting were undone."""
    if wrong is not None:
        try:
            with taken_back():
                undo_for_correction(
                    wrong, because="-", token="rehearsal", today=timezone.localdate(), actors=SYSTEM
                )
                return conversion_of_typed(typed, ledger)
        except PortalError:
            pass  # the form itself says why it cannot be undone
    return conversion_of_typed(typed, ledger)


def _show(
    request: HttpRequest, form: Any, ledger: Ledger, wrong: Posting | None,
    extra: dict[str, Any], *, because: str,
) -> HttpResponse:  # fmt: skip
    typed = as_typed(form.data) if form.is_bound else {k: str(v) for k, v in form.initial.items()}
    context = {
        "form": form, "books": ledger, "demonstration_books": ledger.is_demonstration,
        "conversion": _conversion(typed, ledger, wrong), "corrects": wrong,
        "correcting_because": request.POST.get("correcting_because", because),
        "donors": Donor.objects.standing().in_order(), **extra,
    }  # fmt: skip
    is_wrong = form.errors or extra.get("refused") or extra.get("because_missing")
    status = 422 if request.method == "POST" and is_wrong else 200
    return render(request, FORM_TEMPLATES[type(form).__name__], context, status=status)


def version_typed(request: HttpRequest) -> int:
    """The version of the draft that the page was made from; 0 where the form does not say."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
