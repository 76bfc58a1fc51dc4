"""Background work of notifications: messages are kept by `core.tasks`; here they register."""

from celery import shared_task
from django.utils import timezone

from notifications.domain import messages, offers  # noqa: F401
from notifications.webhooks import deliveries, events  # noqa: F401


@shared_task
def forget_old_webhooks() -> None:
    """Once an hour: the log of webhooks is no archive of guests."""
    events.forget_old(at=timezone.now())
