"""The rows that describe a promise: written or changed, and audited, while it is posted."""

import datetime
from decimal import Decimal
from typing import Any

from accounts.services import record
from income.finding import keep_starts
from income.models import (
    Allocation,
    Condition,
    Contribution,
    ErpReference,
    Instalment,
    Ledger,
    ReportClause,
)
from income.services.actors import Actors
from income.services.promises import WHOLE, PromisedContribution, check_origin
from income.vocabulary import Act, ContributionState

# What an agreement takes over from the promise as it stands, by the same name.
SAME = (
    "donor", "channel", "fund", "title", "currency", "amount", "starts_on", "ends_on",
    "instrument", "earmarking", "programme", "region", "area", "reference", "is_domestic",
    "valuation_method", "valuation_document",
)  # fmt: skip


def written(
    ledger: Ledger, promise: PromisedContribution, act: Act, actors: Actors
) -> Contribution:
    """The contribution with its rows, written and audited. Called while posting.

    A prospect or pledge becomes the agreement itself: the same row, with the same number.
    """
    signed = act != Act.RECORD_PLEDGE
    contribution, before = _row(ledger, promise, act)
    for name in SAME:
        setattr(contribution, name, getattr(promise, name))
    contribution.state = ContributionState.SIGNED if signed else ContributionState.PLEDGED
    contribution.mode = promise.given_as
    contribution.programme_support_rate = promise.support_rate
    contribution.programme_support_reason = promise.support_reason
    contribution.approach = promise.approach or contribution.approach
    if signed:
        contribution.signed_on = promise.promised_on
    else:
        contribution.pledged_on = promise.promised_on
    if contribution.pk:
        contribution.version += 1
    contribution.save()
    _write_parts(contribution, promise)
    if signed:
        _write_schedule(contribution, promise)
    _audit(contribution, promise, act, actors, before)
    return contribution


def _row(
    ledger: Ledger, promise: PromisedContribution, act: Act
) -> tuple[Contribution, dict[str, Any]]:
    """A new row, or that of the prospect or pledge, locked, with what stood in it."""
    if promise.contribution is None:
        return Contribution(ledger=ledger), {}
    row = Contribution.objects.select_for_update(of=("self",)).get(pk=promise.contribution.pk)
    check_origin(row, act)  # again: somebody may have been faster, now the row is locked
    return row, told(row)


def _write_parts(contribution: Contribution, promise: PromisedContribution) -> None:
    if promise.contribution:
        contribution.allocations.all().delete()
    Allocation.objects.bulk_create(
        Allocation(
            contribution=contribution, number=number, amount=part.amount,
            programme=part.programme, region=part.region, area=part.area,
        )
        for number, part in enumerate(promise.parts, start=1)
    )  # fmt: skip
    ErpReference.objects.bulk_create(
        [
            ErpReference(
                ledger=contribution.ledger, contribution=contribution, scheme=scheme, value=value
            )
            for scheme, value in promise.erp
        ],
        ignore_conflicts=True,
    )
    keep_starts([contribution])


def _write_schedule(contribution: Contribution, promise: PromisedContribution) -> None:
    """Instalments with their conditions, and what reports are owed."""
    first = (contribution.instalments.count() if promise.contribution else 0) + 1
    schedule = promise.schedule or [(promise.promised_on, promise.amount)]
    rows = Instalment.objects.bulk_create(
        Instalment(contribution=contribution, number=number, due_on=due_on, amount=amount)
        for number, (due_on, amount) in enumerate(schedule, start=first)
    )
    Condition.objects.bulk_create(
        Condition(
            contribution=contribution, text=text,
            instalment=None if number == WHOLE else rows[number - 1],
        )
        for number, text in promise.conditions
    )  # fmt: skip
    ReportClause.objects.bulk_create(
        ReportClause(contribution=contribution, kind=kind, frequency=frequency, days_after=days)
        for kind, frequency, days in promise.clauses
    )


def _audit(
    contribution: Contribution, promise: PromisedContribution, act: Act, actors: Actors,
    before: dict[str, Any],
) -> None:  # fmt: skip
    if before:
        after = told(contribution)
        changed = [name for name in after if after[name] != before[name]]
        record(
            act, contribution, by=actors.prepared_by,
            before={**before, "changed": changed}, after=after,
        )  # fmt: skip
        return
    after = {"amount": promise.amount, "currency": promise.currency.code}
    record(act, contribution, by=actors.prepared_by, after=after)


TOLD = (
    "state", "donor_id", "channel_id", "fund_id", "title", "mode", "currency_id", "amount",
    "probability", "expected_on", "pledged_on", "signed_on", "starts_on", "ends_on",
    "instrument_id", "earmarking_id", "programme_id", "region_id", "area_id",
    "programme_support_rate", "programme_support_reason", "is_domestic", "valuation_method",
    "valuation_document_id",
    "reference", "ended_on", "ended_because",
)  # fmt: skip


def told(contribution: Contribution) -> dict[str, Any]:
    """The row as the audit trail keeps it: texts, numbers and nothing else.

    What a reversal puts back is read from here (income/services/undoing.py).
    """
    return {name: _plain(getattr(contribution, name)) for name in TOLD}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):  # 7000000.0000 of the database and 7000000 are one amount
        return f"{value.normalize():f}"
    return value if isinstance(value, str | int | bool | type(None)) else str(value)
