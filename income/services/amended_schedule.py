"""From the schedule as it stands to the amended one: what changes, as entries of differences."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from income.balances import InstalmentState, instalment_states
from income.errors import AmountWrong
from income.ledger import convert
from income.models import Condition, Contribution, Entry, Instalment
from income.rates import rate_in_force
from income.rules import check_amount, check_due_day
from income.services.differences import (
    Change,
    not_agreed,
    on_day,
    put,
    standing,
    taken_off,
)
from income.services.entries import entries_of
from income.vocabulary import AmendmentKind, ConditionState, Kind, Reason
from interface import formatting
from interface.errors import PortalError

ZERO = Decimal(0)


@dataclass(frozen=True)
class Rescheduled:
    """A row of the amended schedule: an instalment by its number, or (None) one more.

    `amount` is the whole instalment in the agreement's currency; 0 takes it away.
    """

    number: int | None
    due_on: datetime.date
    amount: Decimal


@dataclass(frozen=True)
class Step:
    """What changes of one instalment: by how much it goes down, and its day."""

    state: InstalmentState
    decrease: Decimal
    due_on: datetime.date

    @property
    def kind(self) -> Kind:
        return Kind.CONDITIONAL if self.state.is_conditional else Kind.DUE

    @property
    def is_moved(self) -> bool:
        """Whether something of it is left that falls due on another day."""
        return self.due_on != self.state.instalment.due_on and self.left > 0

    @property
    def left(self) -> Decimal:
        """What is neither received nor taken off."""
        return _standing(self.state) - self.state.credited - self.decrease


@dataclass(frozen=True)
class Addition:
    """A new instalment: for an increase, under the conditions of the one it adds to."""

    due_on: datetime.date
    amount: Decimal
    beside: Instalment | None = None


@dataclass(frozen=True)
class Plan:
    """All that an amendment changes. `change` is the change of the amount agreed."""

    steps: list[Step] = field(default_factory=list)
    additions: list[Addition] = field(default_factory=list)

    @property
    def change(self) -> Decimal:
        added = sum((a.amount for a in self.additions), ZERO)
        return added - sum((step.decrease for step in self.steps), ZERO)

    @property
    def kind(self) -> AmendmentKind:
        if self.change == 0:
            return AmendmentKind.RESCHEDULE
        return AmendmentKind.INCREASE if self.change > 0 else AmendmentKind.DECREASE


def _standing(state: InstalmentState) -> Decimal:
    return state.due + state.conditional


def open_instalments(contribution: Contribution) -> list[InstalmentState]:
    """Those an amendment can change: something of them has not been received."""
    return [s for s in instalment_states(contribution) if _standing(s) > s.credited]


def plan_of(contribution: Contribution, rows: Sequence[Rescheduled], today: datetime.date) -> Plan:
    """What the rows change; an error where they cannot be, or change nothing."""
    states = {s.instalment.number: s for s in open_instalments(contribution)}
    plan = Plan()
    for row in rows:
        _check_row(contribution, row, today)
        if row.number is None:
            plan.additions.append(Addition(row.due_on, row.amount))
            continue
        if row.number not in states:
            raise PortalError(
                _("Instalment %(number)s was received or taken away in the meantime.")
                % {"number": row.number},
                field=f"amount_{row.number}",
            )
        _plan_row(plan, states[row.number], row)
    if not (plan.steps or plan.additions):
        raise PortalError(_("Nothing changes: change a day or an amount."), field=None)
    return plan


def _check_row(contribution: Contribution, row: Rescheduled, today: datetime.date) -> None:
    name = f"_{row.number}" if row.number else "_new_1"
    check_due_day(row.due_on, today, field=f"due_on{name}")
    if row.number is None or row.amount:
        check_amount(row.amount, contribution.currency, field=f"amount{name}")


def _plan_row(plan: Plan, state: InstalmentState, row: Rescheduled) -> None:
    if row.amount < state.credited:
        raise AmountWrong(
            _("%(credited)s of instalment %(number)s were received: give that or more.")
            % {
                "credited": formatting.format_amount(
                    state.credited, state.instalment.contribution.currency_id
                ),
                "number": row.number,
            },
            field=f"amount_{row.number}",
        )
    difference = row.amount - _standing(state)
    if difference > 0:
        plan.additions.append(Addition(row.due_on, difference, beside=state.instalment))
    if difference < 0 or row.due_on != state.instalment.due_on:
        plan.steps.append(Step(state, max(-difference, ZERO), row.due_on))


def with_new_instalments(contribution: Contribution, plan: Plan) -> list[Instalment]:
    """The rows of what the plan adds, with the conditions they stand under."""
    last = max(contribution.instalments.values_list("number", flat=True), default=0)
    added = []
    for number, addition in enumerate(plan.additions, start=last + 1):
        row = Instalment.objects.create(
            contribution=contribution, number=number, due_on=addition.due_on,
            amount=addition.amount,
        )  # fmt: skip
        if addition.beside:
            held = addition.beside.conditions.filter(state=ConditionState.OPEN)
            Condition.objects.bulk_create(
                Condition(contribution=contribution, instalment=row, text=one.text) for one in held
            )
        added.append(row)
    return added


def entries_of_plan(
    contribution: Contribution, plan: Plan, added: Sequence[Instalment], agreed_on: datetime.date
) -> list[Entry]:
    """Differences only, reductions first."""
    entries: list[Entry] = []
    for step in plan.steps:
        entries += _entries_of_step(contribution, step, agreed_on)
    held = set(
        contribution.conditions.filter(state=ConditionState.OPEN).values_list(
            "instalment", flat=True
        )
    )
    for row in added:
        is_conditional = None in held or row.pk in held
        entries += _added_entries(contribution, row, agreed_on, is_conditional=is_conditional)
    return entries


def _entries_of_step(
    contribution: Contribution, step: Step, agreed_on: datetime.date
) -> list[Entry]:
    instalment, groups = step.state.instalment, standing(
        contribution, step.kind, step.state.instalment
    )  # fmt: skip
    is_due = step.kind == Kind.DUE
    entries: list[Entry] = []
    if step.is_moved:
        left = step.left + step.decrease
        same = on_day(step.kind, None if is_due else agreed_on)
        off = taken_off(groups, left, reason=Reason.RESCHEDULE, change=same)
        entries += off + put(off, reason=Reason.RESCHEDULE, change=_moved(step, agreed_on))
    if step.decrease:
        change = _moved(step, agreed_on) if step.is_moved else on_day(
            step.kind, None if is_due else agreed_on
        )  # fmt: skip
        less = taken_off(groups, step.decrease, reason=Reason.AMENDMENT, change=change)
        entries += less
        if is_due:
            entries += not_agreed(contribution, instalment, less, agreed_on)
    return entries


def _moved(step: Step, agreed_on: datetime.date) -> Change:
    """To the new due day; and to its year, where the money is for the year it falls due in."""
    old = step.state.instalment.due_on

    def change(entry: Entry) -> None:
        entry.value_date = step.due_on if step.kind == Kind.DUE else agreed_on
        if entry.year_for == old.year:
            entry.year_for = step.due_on.year

    return change


def _added_entries(
    contribution: Contribution, row: Instalment, agreed_on: datetime.date, *, is_conditional: bool
) -> list[Entry]:
    """One more instalment, at the rate of the day on which it was agreed."""
    rate = rate_in_force(contribution.currency_id, agreed_on, ledger=contribution.ledger)
    allocations = list(contribution.allocations.all())
    agreed = (Kind.CONDITIONAL, agreed_on, row.due_on.year)
    if not is_conditional:
        starts_on = contribution.starts_on or agreed_on
        agreed = (Kind.AGREEMENT, agreed_on, max(agreed_on, starts_on).year)
    wanted = [agreed] if is_conditional else [agreed, (Kind.DUE, row.due_on, row.due_on.year)]
    return [
        convert(entry, rate, support_rate=contribution.programme_support_rate)
        for kind, day, year in wanted
        for entry in entries_of(
            contribution, allocations, kind=kind, amount=row.amount, value_date=day,
            year_for=year, instalment=row, reason=Reason.AMENDMENT,
        )
    ]  # fmt: skip
