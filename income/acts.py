"""Which form belongs to which act, and how a draft becomes a posting."""

import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from income.errors import PostingWrong
from income.forms import ContributionForm, FinanceForm, GiftForm, ReceiptForm, ReversalForm
from income.models import Draft, Posting
from income.services.actors import Actors
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
    Act.RECORD_RECEIPT: ReceiptForm,
    Act.RECORD_GIFT: GiftForm,
    Act.RECORD_ALLOTMENT: FinanceForm,
    Act.RECORD_SUPPORT: FinanceForm,
    Act.REVERSE: ReversalForm,
}


def form_of(draft: Draft, today: datetime.date) -> Any:
    """The draft's own form, bound to what was typed."""
    return FORMS[draft.act](draft.payload, ledger=draft.ledger, today=today)


def post_draft(draft: Draft, actors: Actors, today: datetime.date) -> Posting:
    """Check the draft again as if it were typed now, and post it. Raises PostingWrong."""
    form: ActForm = form_of(draft, today)
    if not form.is_valid():
        sentences = [str(text) for texts in form.errors.values() for text in texts]
        raise PostingWrong(
            _("This draft can no longer be posted as it is.") + " " + " ".join(sentences)
        )
    return form.post(token=draft.token, actors=actors)
