"""The form for an amendment: the schedule as it stands, changed where it changes."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from income.balances import InstalmentState
from income.forms.change import ChangeForm
from income.forms.fields import AmountField, DayField
from income.models import Ledger, Posting
from income.services.actors import Actors
from income.services.amended_schedule import Rescheduled, open_instalments
from income.services.amendments import AmendedAgreement, amend_agreement, check_amendment
from income.vocabulary import Act
from interface.conflicts import Difference, EditConflict, differences

NEW_ROWS = 4


class AmendmentForm(ChangeForm):
    """More, less or another schedule; each open instalment as it shall be, and new ones."""

    ends_on = DayField(label=gettext_lazy("New end of the agreement"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    shows_versions = False  # a page where the writer can decide between two versions says True
    conflict: tuple[Difference, ...] = ()

    def __init__(self, *args: Any, ledger: Ledger, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, ledger=ledger, today=today, **kwargs)
        self.states_now: list[InstalmentState] = (
            open_instalments(self.agreement) if self.agreement else []
        )
        for state in self.states_now:
            self._add_row(str(state.instalment.number), required=True, state=state)
        for row in range(1, NEW_ROWS + 1):
            self._add_row(f"new_{row}", required=False, state=None)
        if self.agreement and not self.is_bound:
            self.initial.setdefault("seen", self.agreement.version)

    def _add_row(self, name: str, *, required: bool, state: InstalmentState | None) -> None:
        what = _("Instalment %(row)s") % {"row": name} if state else _("New instalment")
        self.fields[f"due_on_{name}"] = DayField(
            label=_("%(what)s: due on") % {"what": what}, required=required,
            initial=state.instalment.due_on if state else None,
        )  # fmt: skip
        self.fields[f"amount_{name}"] = AmountField(
            label=_("%(what)s: amount") % {"what": what}, required=required,
            initial=f"{(state.due + state.conditional).normalize():f}" if state else None,
        )  # fmt: skip

    @property
    def rows_now(self) -> list[tuple[InstalmentState, forms.BoundField, forms.BoundField]]:
        """The open instalments with their fields, for the template."""
        numbers = [(state, state.instalment.number) for state in self.states_now]
        return [(s, self[f"due_on_{n}"], self[f"amount_{n}"]) for s, n in numbers]

    @property
    def new_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of instalments that are added."""
        rows = range(1, NEW_ROWS + 1)
        return [(self[f"due_on_new_{row}"], self[f"amount_new_{row}"]) for row in rows]

    def check(self) -> None:
        if not self._rows_are_whole():
            return
        now = self.cleaned_data["contribution"].version
        if self.shows_versions and self.cleaned_data["seen"] not in (None, now):
            self._both_versions()
            return
        check_amendment(
            self.cleaned_data["contribution"], self.amendment(), self.ledger, self.today
        )

    def _both_versions(self) -> None:
        """Somebody changed the agreement since: what stands now, beside what was typed."""
        agreement = self.cleaned_data["contribution"]
        now = {name: self.get_initial_for_field(f, name) for name, f in self.fields.items()}
        wanted = [name for name in now if name.startswith(("due_on_", "amount_"))]
        now["ends_on"] = agreement.ends_on
        found = differences(self, now)
        labels = {str(self[name].label) for name in (*wanted, "ends_on")}
        self.conflict = tuple(one for one in found if one.label in labels)
        self.add_error(None, EditConflict().sentence)
        typed: Any = self.data
        self.data = typed.copy()
        self.data["seen"] = str(agreement.version)  # type: ignore[index]

    def _rows_are_whole(self) -> bool:
        for row in range(1, NEW_ROWS + 1):
            due_on, amount = self._row(f"new_{row}")
            if (due_on is None) != (amount is None):
                name = f"amount_new_{row}" if due_on else f"due_on_new_{row}"
                self.add_error(name, _("An instalment has a day and an amount."))
        return not self.errors

    def _row(self, name: str) -> tuple[Any, Any]:
        return self.cleaned_data[f"due_on_{name}"], self.cleaned_data[f"amount_{name}"]

    def amendment(self) -> AmendedAgreement:
        """What the service needs, from fields that are valid each for itself."""
        numbers = [state.instalment.number for state in self.states_now]
        rows = [Rescheduled(number, *self._row(str(number))) for number in numbers]
        for row in range(1, NEW_ROWS + 1):
            due_on, amount = self._row(f"new_{row}")
            if due_on:
                rows.append(Rescheduled(None, due_on, amount))
        rows += self._changed_meanwhile()
        data = self.cleaned_data
        return AmendedAgreement(self.ground(), rows, ends_on=data["ends_on"], seen=data["seen"])

    def _changed_meanwhile(self) -> list[Rescheduled]:
        """What was to change of an instalment that is not open any more; the rules refuse it.

        Such a row has no field when a draft is checked again, and must not be left out in silence.
        """
        is_open = {state.instalment.number for state in self.states_now}
        found = []
        for row in self.cleaned_data["contribution"].instalments.exclude(number__in=is_open):
            typed = [self.data.get(f"{name}_{row.number}") for name in ("due_on", "amount")]
            if not all(typed):
                continue
            due_on, amount = DayField().clean(typed[0]), AmountField().clean(typed[1])
            if (due_on, amount) != (row.due_on, row.amount):
                found.append(Rescheduled(row.number, due_on, amount or row.amount))
        return found

    def title_of_draft(self) -> str:
        return self.titled(_("amendment"))

    def act_of_draft(self) -> Act:
        return Act.AMEND_AGREEMENT

    def post(self, *, token: str, actors: Actors) -> Posting:
        """Post the differences."""
        return amend_agreement(
            self.ledger, self.cleaned_data["contribution"], self.amendment(), token=token,
            today=self.today, actors=actors,
        )  # fmt: skip
