"""The Celery application; `celery -A config worker|beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("pema")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

from config import trails, watchdog  # noqa: E402, F401  - their signals belong to the worker
