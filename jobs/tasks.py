"""What Celery's workers call. The row is the queue: a task that comes twice does no harm."""

from celery import shared_task

from jobs import sending, services


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


@shared_task(name="jobs.send_mail", ignore_result=True)
def send_mail() -> int:
    """Hand over every e-mail of the outbox that is due."""
    return sending.send_due()
