"""What the ledger has of the same: the sums that an activity file has to carry."""

from django.db.models import Count, Sum

from income.vocabulary import Kind
from reports.iati.sums import KINDS, TYPES, IatiSum
from reports.open.state import Published


def ledger_sums(published: Published) -> tuple[IatiSum, ...]:
    """The public entries of the three kinds, sorted as `reading.read_back` sorts."""
    rows = published.entries(KINDS).order_by().values_list("kind", "fund", "currency")
    summed = rows.annotate(count=Count("pk"), total=Sum("amount"))
    return tuple(
        sorted(
            IatiSum(TYPES[Kind(kind)], fund, currency, count, total)
            for kind, fund, currency, count, total in summed
        )
    )
