"""The form that cancels what was not received of a contribution."""

from django.utils.translation import gettext as _

from income.forms.change import ChangeForm
from income.models import Posting
from income.services.actors import Actors
from income.services.endings import cancel_contribution, check_cancellation
from income.vocabulary import Act, ContributionState


class CancellationForm(ChangeForm):
    """The whole where nothing came, else the rest: what was received stays."""

    states = (ContributionState.SIGNED, ContributionState.PLEDGED)

    def check(self) -> None:
        check_cancellation(
            self.cleaned_data["contribution"], self.ground(), self.ledger, self.today
        )

    def title_of_draft(self) -> str:
        return self.titled(_("cancellation of what was not received"))

    def act_of_draft(self) -> Act:
        return Act.CANCEL_CONTRIBUTION

    def post(self, *, token: str, actors: Actors) -> Posting:
        """Post the reductions."""
        return cancel_contribution(
            self.ledger, self.cleaned_data["contribution"], self.ground(), token=token,
            today=self.today, actors=actors,
        )  # fmt: skip
