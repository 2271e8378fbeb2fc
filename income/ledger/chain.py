"""Corrections as a chain: what was reversed, by what, and what stands instead."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from income.models import Contribution, Posting

RELATED = ("ledger", "reverses", "reversed_by", "replaces", "replaced_by")
LONGEST = 50  # links; nobody corrects a posting more often


def chain_of(postings: Iterable[Posting]) -> list[Posting]:
    """Every posting tied to these by reversal or replacement, oldest first; [] without a tie."""
    return _chain({posting.pk for posting in postings})


def chain_of_contribution(contribution: Contribution) -> list[Posting]:
    """The corrections among a contribution's postings, from either end."""
    tied = (
        Q(reverses__isnull=False)
        | Q(replaces__isnull=False)
        | Q(reversed_by__isnull=False)
        | Q(replaced_by__isnull=False)
    )
    seeds = Posting.objects.filter(tied, entries__contribution=contribution)
    return _chain(set(seeds.values_list("pk", flat=True)))


def _chain(known: set[UUID]) -> list[Posting]:
    """One query per link of the longest chain."""
    for _link in range(LONGEST):
        ties = Q(reverses__in=known) | Q(replaces__in=known)
        ties |= Q(reversed_by__in=known) | Q(replaced_by__in=known)
        new = set(Posting.objects.filter(ties).values_list("pk", flat=True)) - known
        if not new:
            break
        known |= new
    if len(known) < 2:
        return []
    return list(Posting.objects.filter(pk__in=known).select_related(*RELATED).order_by("sequence"))
