"""Everything the page of one contribution shows to one reader, read once."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.permissions import Permission
from donors.models import DonorDocument
from income.agreement_sums import Bases, bases, gross_and_net
from income.balances import InstalmentState, instalment_states
from income.contribution_history import history
from income.erp.references import ENTERED
from income.ledger.chain import chain_of_contribution
from income.models import Contribution
from income.obligations import reports_owed
from income.selectors import working_books
from income.services.endings import rests
from income.services.returns import OPEN_TO_RETURNS
from income.vocabulary import ContributionState
from interface import formatting

LIST_RELATED = ("donor", "fund", "region", "currency", "posting", "contribution", "ledger")
PAGE_RELATED = (
    "donor", "channel", "fund", "ledger", "currency", "programme", "region", "area", "instrument",
    "earmarking", "valuation_document", "approach__campaign",
)  # fmt: skip


@dataclass(frozen=True)
class InstalmentLine:
    """An instalment as the page shows it: its state in a word, and whether to look at it."""

    state: InstalmentState
    label: str
    badge: str


def page_of_contribution(
    contribution: Contribution, user: User, today: datetime.date
) -> dict[str, Any]:
    """The context of the page. What is for staff only is read for staff only."""
    states = instalment_states(contribution)
    entries = list(
        contribution.entries.select_related(*LIST_RELATED).order_by(
            "value_date", "posting__sequence", "line"
        )
    )
    staff = user.may(Permission.VIEW_BANK_DATA)
    sums = bases(contribution, entries, states, today)
    return {
        "contribution": contribution,
        "demonstration_books": contribution.ledger.is_demonstration,
        "sentence": sentence(contribution, sums, states, today),
        "bases": sums,
        "net": gross_and_net(contribution, entries),
        "instalments": states,
        "lines": [_line(state, today) for state in states],
        "conditions": contribution.conditions.select_related("instalment", "document"),
        "amendments": contribution.amendments.select_related("posting", "document"),
        "allocations": contribution.allocations.select_related("programme", "region", "area"),
        "documents": _documents(contribution),
        "entries": entries,
        "may_see_postings": user.may(Permission.VIEW_ENTRIES),
        "is_staff": staff,
        "support_percent": (contribution.programme_support_rate or 0) * 100,
        **_acts(contribution, user, states),
        **(_for_staff(contribution, today) if staff else {}),
        **(reports_owed(contribution, today) if staff and contribution.signed_on else {}),
    }


def _for_staff(contribution: Contribution, today: datetime.date) -> dict[str, Any]:
    return {
        "chain": chain_of_contribution(contribution),
        "references": contribution.erp_references.all(),
        "schemes": ENTERED,
        "sees_bank_data": True,
        "history": history(contribution),
        **reports_owed(contribution, today),
    }


def _documents(contribution: Contribution) -> list[DonorDocument]:
    own = list(contribution.documents.all())
    if contribution.valuation_document:
        own.append(contribution.valuation_document)
    return own


def _acts(
    contribution: Contribution, user: User, states: Sequence[InstalmentState]
) -> dict[str, Any]:
    """Which acts the page leads to, by the state of the contribution."""
    state = contribution.state
    may = user.may(Permission.ENTER_INCOME) and contribution.ledger == working_books()
    is_signed = may and state == ContributionState.SIGNED
    return {
        "may_enter": may,
        "is_signed": is_signed,
        "may_return": may and state in OPEN_TO_RETURNS,
        "is_prospect": may and state == ContributionState.PROSPECT,
        "is_pledged": may and state == ContributionState.PLEDGED,
        "may_write_off": is_signed and any(s.outstanding for s in states),
        "may_close": is_signed and bool(states) and not any(r for _s, r in rests(contribution)),
    }


def _line(state: InstalmentState, today: datetime.date) -> InstalmentLine:
    if state.is_conditional:
        return InstalmentLine(state, _("Conditional"), "badge-provisional")
    if state.is_overdue(today):
        days = (today - state.instalment.due_on).days
        label = ngettext("Overdue for %(days)s day", "Overdue for %(days)s days", days)
        return InstalmentLine(state, label % {"days": days}, "badge-wrong")
    if state.outstanding:
        return InstalmentLine(state, _("Falls due later"), "badge-waiting")
    if state.written_off and not state.credited:
        return InstalmentLine(state, _("Written off"), "")
    return InstalmentLine(state, _("Settled"), "badge-done")


def sentence(
    contribution: Contribution, sums: Bases, states: Iterable[InstalmentState],
    today: datetime.date,
) -> str:  # fmt: skip
    """What a reader wants to know first: what was promised, what came, what is open."""
    code = contribution.currency_id
    words: dict[str, Any] = {
        "donor": contribution.donor.name,
        "currency": code,
        "amount": formatting.format_amount(contribution.amount, code),
        "received": formatting.format_amount(sums.received.amount, code),
        "open": formatting.format_amount(sums.outstanding.amount, code),
    }
    if contribution.state == ContributionState.PROSPECT:
        words |= {"percent": contribution.probability, "day": _day(contribution.expected_on)}
        return (
            _("%(donor)s may give %(amount)s, expected about %(day)s: %(percent)s%% likely.")
            % words
        )
    if contribution.state == ContributionState.PLEDGED:
        words["day"] = _day(contribution.pledged_on)
        return _("%(donor)s pledged %(amount)s on %(day)s. Nothing is binding or due yet.") % words
    if contribution.state == ContributionState.CANCELLED:
        words["day"] = _day(contribution.ended_on)
        return _("%(amount)s of %(donor)s came to nothing: cancelled on %(day)s.") % words
    return " ".join(filter(None, (_open(words, sums, states, today), _conditional(sums, code))))


def _open(
    words: dict[str, Any], sums: Bases, states: Iterable[InstalmentState], today: datetime.date
) -> str:
    """What arrived, and what is outstanding or overdue."""
    outstanding = sums.outstanding.amount
    overdue = sum((s.outstanding for s in states if s.is_overdue(today)), Decimal(0))
    if not outstanding:
        return (
            _("Of %(amount)s that %(donor)s agreed, %(received)s arrived; nothing is outstanding.")
            % words
        )
    if not overdue:
        return (
            _(
                "Of %(amount)s that %(donor)s agreed, %(received)s arrived; %(open)s is "
                "outstanding, none of it overdue."
            )
            % words
        )
    if overdue == outstanding:
        return (
            _("Of %(amount)s that %(donor)s agreed, %(received)s arrived; %(open)s is overdue.")
            % words
        )
    words["overdue"] = formatting.format_amount(overdue, words["currency"])
    return (
        _(
            "Of %(amount)s that %(donor)s agreed, %(received)s arrived; %(open)s is outstanding, "
            "%(overdue)s of it overdue."
        )
        % words
    )


def _conditional(sums: Bases, code: str) -> str:
    if not sums.conditional.amount:
        return ""
    return _("%(amount)s is conditional.") % {
        "amount": formatting.format_amount(sums.conditional.amount, code)
    }


def _day(day: datetime.date | None) -> str:
    return formatting.format_date(day)
