"""The Celery application: it wakes workers, the Job row is the queue."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "habitat_portal.settings")
app = Celery("habitat_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["jobs", "income"])
