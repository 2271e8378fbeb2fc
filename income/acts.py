"""Which form belongs to which act, and how a draft becomes a posting."""

import datetime
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from income.errors import PostingWrong
from income.forms import (
    AmendmentForm,
    CancellationForm,
    ConditionForm,
    ContributionForm,
    FinanceForm,
    GiftForm,
    OnlineGiftsForm,
    ReceiptForm,
    ReturnForm,
    ReversalForm,
    TransferForm,
    WriteOffForm,
)
from income.forms.fields import AmountField
from income.imports.form import ImportForm, UndoImportForm
from income.models import Draft, Posting
from income.services.actors import Actors
from income.services.replacing import replace_posting
from income.vocabulary import Act


class ActForm(Protocol):
    """What every form of an act can do."""

    errors: Any
    fields: Any

    def is_valid(self) -> bool: ...
    def title_of_draft(self) -> str: ...
    def act_of_draft(self) -> Act: ...
    def post(self, *, token: str, actors: Actors) -> Posting: ...


FORMS: dict[str, Any] = {
    Act.SIGN_AGREEMENT: ContributionForm,
    Act.RECORD_PLEDGE: ContributionForm,
    Act.AMEND_AGREEMENT: AmendmentForm,
    Act.SETTLE_CONDITION: ConditionForm,
    Act.CANCEL_CONTRIBUTION: CancellationForm,
    Act.WRITE_OFF: WriteOffForm,
    Act.RECORD_RECEIPT: ReceiptForm,
    Act.RECORD_GIFT: GiftForm,
    Act.RECORD_ONLINE_GIFTS: OnlineGiftsForm,
    Act.RETURN_MONEY: ReturnForm,
    Act.TRANSFER_MONEY: TransferForm,
    Act.RECORD_ALLOTMENT: FinanceForm,
    Act.RECORD_SUPPORT: FinanceForm,
    Act.REVERSE: ReversalForm,
    Act.IMPORT_ROWS: ImportForm,
    Act.UNDO_IMPORT: UndoImportForm,
}
# Approved in a request, posted by a job (income/imports/jobs.py).
POSTED_BY_JOB = frozenset({Act.IMPORT_ROWS, Act.UNDO_IMPORT})


def form_of(draft: Draft, today: datetime.date) -> Any:
    """The draft's own form, bound to what was typed."""
    return FORMS[draft.act](draft.payload, ledger=draft.ledger, today=today)


def post_draft(draft: Draft, actors: Actors, today: datetime.date) -> Posting:
    """Check the draft again as if it were typed now, and post it. Raises PostingWrong.

    A correction reverses the posting it corrects and stands instead of it, both or neither.
    """
    if draft.corrects is None:
        return _post_form(draft, actors, today)
    return replace_posting(
        draft.corrects, because=draft.because, token=draft.token, today=today, actors=actors,
        post_it=lambda new: _post_form(draft, new, today),
    )  # fmt: skip


def _post_form(draft: Draft, actors: Actors, today: datetime.date) -> Posting:
    form: ActForm = form_of(draft, today)
    if not form.is_valid():
        sentences = [str(text) for texts in form.errors.values() for text in texts]
        raise PostingWrong(
            _("This draft can no longer be posted as it is.") + " " + " ".join(sentences)
        )
    return form.post(token=draft.token, actors=actors)


def act_typed(form: Any) -> Act:
    """The act that a half-filled form is about: the one chosen in it, else its form's first."""
    typed = form.data.get("act")
    if FORMS.get(typed) is type(form):
        return Act(typed)
    return next(Act(act) for act, form_class in FORMS.items() if form_class is type(form))


def title_typed(form: Any) -> str:
    """One line for lists, from whatever was filled in so far."""
    if form.is_valid():
        return str(form.title_of_draft())
    donor, currency, title = (form.data.get(name, "") for name in ("donor", "currency", "title"))
    amount = _grouped(form.data.get("amount", ""))
    money = f"{amount} {currency}".strip() if amount else ""
    return " · ".join(filter(None, [str(act_typed(form).label), donor, money, title]))


def _grouped(typed: str) -> str:
    """An amount as the titles of valid forms write it; as it was typed where it is none."""
    try:
        amount = AmountField(required=False).clean(typed)
    except ValidationError:
        return typed
    return "" if amount is None else f"{amount:,}"
