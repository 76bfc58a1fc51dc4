"""Background work of payments."""

from celery import shared_task
from django.utils import timezone

from payments.domain import capture, inbox, refunds  # noqa: F401  - they register their kinds of promises
from payments.models import Payment


@shared_task
def poll_payments() -> None:
    """Ask about attempts whose callback never came."""
    at = timezone.now()
    due = Payment.objects.filter(next_poll_at__lte=at, state__in=capture.OPEN).order_by("next_poll_at")
    for payment in due[:200]:
        capture.poll(payment, at=at)
