"""The forms that income is entered with. Approving a draft binds the same form again."""

from income.forms.contribution import ContributionForm
from income.forms.finance import FinanceForm
from income.forms.gift import GiftForm
from income.forms.receipt import ReceiptForm
from income.forms.reversal import ReversalForm

__all__ = ["ContributionForm", "FinanceForm", "GiftForm", "ReceiptForm", "ReversalForm"]
