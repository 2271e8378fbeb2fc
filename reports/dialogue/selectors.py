"""What a pack may tell: approved, and never a demonstration's beside what is real."""

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from reports.models import DialogueItem, ExpenditureLoad
from targets.models import ProposalState


def loads_in_force(
    *, is_demonstration: bool, years: Collection[int] | None = None
) -> dict[int, ExpenditureLoad]:
    """By year, the load approved last (what the installation brought along: loaded last).

    Of the demonstration are the loads that its accounts entered, and no others.
    """
    loads = ExpenditureLoad.objects.filter(_entered(is_demonstration), state=ProposalState.APPROVED)
    if years is not None:
        loads = loads.filter(year__in=list(years))
    # A later row replaces an earlier one of its year.
    ordered = loads.order_by(Coalesce("decided_at", "entered_at"), "pk")
    return {load.year: load for load in ordered}


def items_told(*, is_demonstration: bool, year: int) -> QuerySet[DialogueItem]:
    """The approved items of a year, in the order of their titles."""
    told = DialogueItem.objects.filter(
        _entered(is_demonstration), state=ProposalState.APPROVED, year=year
    )
    return told.select_related("programme__domain").order_by("kind", "title", "pk")


def _entered(is_demonstration: bool) -> Q:
    """By accounts of the demonstration, or by all others; what nobody entered is real."""
    by_demonstration = Q(entered_by__is_demonstration=True)
    return by_demonstration if is_demonstration else ~by_demonstration
