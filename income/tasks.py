"""What Celery's clock calls of this floor."""

from celery import shared_task
from django.utils import timezone

from income.rates.fetching import load_feed


@shared_task(name="income.fetch_rates", ignore_result=True)
def fetch_rates() -> bool:
    """Fetch the feed of exchange rates; says whether it came."""
    return load_feed(timezone.localdate()).has_succeeded
