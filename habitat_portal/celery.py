"""The Celery application: it wakes workers, the Job row is the queue."""

import os
from typing import Any

from celery import Celery
from celery.signals import celeryd_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "habitat_portal.settings")
app = Celery("habitat_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["jobs", "income"])


@celeryd_init.connect
def tell_watchers(**_more: Any) -> None:
    """Errors and times of the worker, where the environment names somebody to tell."""
    from habitat_portal import telemetry  # it needs the models, which this file is loaded before

    telemetry.start()
