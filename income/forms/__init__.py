"""The forms that income is entered with. Approving a draft binds the same form again."""

from income.forms.amendment import AmendmentForm
from income.forms.cancellation import CancellationForm
from income.forms.condition import ConditionForm
from income.forms.contribution import ContributionForm
from income.forms.finance import FinanceForm
from income.forms.gift import GiftForm
from income.forms.online import OnlineGiftsForm
from income.forms.receipt import ReceiptForm
from income.forms.returns import ReturnForm
from income.forms.reversal import ReversalForm
from income.forms.transfer import TransferForm
from income.forms.write_off import WriteOffForm

__all__ = [
    "AmendmentForm",
    "CancellationForm",
    "ConditionForm",
    "ContributionForm",
    "FinanceForm",
    "GiftForm",
    "OnlineGiftsForm",
    "ReceiptForm",
    "ReturnForm",
    "ReversalForm",
    "TransferForm",
    "WriteOffForm",
]
