"""What Celery's workers call. The Job row is the queue: a task that comes twice does no harm."""

from celery import shared_task

from jobs import services


@shared_task(name="jobs.run_due", ignore_result=True)
def run_due() -> int:
    """Run every job that waits."""
    return services.run_due()


@shared_task(name="jobs.run_one", ignore_result=True)
def run_one(uuid: str) -> bool:
    """Run one job, if it is still waiting; says whether it was."""
    job = services.claim(uuid)
    if job is None:
        return False
    services.run(job)
    return True
