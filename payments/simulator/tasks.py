"""The simulator's heartbeat; beat calls it every 5 s."""

from celery import shared_task
from django.utils import timezone

from core import work
from payments.simulator import clock


@shared_task(ignore_result=True)
def tick() -> None:
    """Move what is due, and send the notices that wait."""
    clock.advance(at=timezone.now())
    work.drain("payusim.delivery")
