"""Takes out of a database what demonstration accounts entered as targets."""

from django.db.models import Q

from targets.models import (
    AnnualTarget,
    Document,
    MonthlyTarget,
    TargetSet,
    TargetSetProposal,
)
from targets.proposing import new_document_code


def remove_demonstration_targets() -> dict[str, int]:
    """Delete the proposals of demonstration accounts, the sets made of them, and their documents.

    The caller holds a transaction and has lifted the database's protection of approved targets
    (accounts.append_only.lifted). What somebody else entered and a demonstration account decided
    stays. The number of rows removed, by what they are.
    """
    proposals = list(TargetSetProposal.objects.filter(entered_by__is_demonstration=True))
    sets = [one.target_set_id for one in proposals if one.target_set_id]
    written = [code for one in proposals if (code := new_document_code(one))]
    TargetSetProposal.objects.filter(pk__in=[one.pk for one in proposals]).delete()
    MonthlyTarget.objects.filter(target__target_set__in=sets).delete()
    AnnualTarget.objects.filter(target_set__in=sets).delete()
    TargetSet.objects.filter(pk__in=sets).delete()
    unused = Q(target_sets=None, figures=None)
    Document.objects.filter(unused, pk__in=written).delete()
    return {"target sets entered": len(sets), "target sets proposed": len(proposals) - len(sets)}
