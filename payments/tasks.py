"""Background work of payments: promises register here; the sweep asks about attempts whose callback never came."""

from datetime import timedelta

from django.utils import timezone

from core import work
from payments.domain import capture, inbox, refunds  # noqa: F401  - they register their kinds of promises
from payments.models import Payment

AT_ONCE = 50
SICK = 3  # unclear answers in a row: the gateway is ill, and other work must not wait for it


def poll_payments() -> int:
    """Ask about attempts that are due, each taken by one sweep only; a sick gateway ends the round."""
    at = timezone.now()
    due = Payment.objects.filter(next_poll_at__lte=at).exclude(state=Payment.State.CAPTURED).order_by("next_poll_at")
    asked = unclear = 0
    for payment in due[:AT_ONCE]:
        mine = Payment.objects.filter(pk=payment.pk, next_poll_at=payment.next_poll_at)
        if not mine.update(next_poll_at=at + timedelta(minutes=5)):
            continue
        unclear = 0 if capture.poll(payment, at=at) else unclear + 1
        asked += 1
        if unclear == SICK:
            break
    return asked


work.Registry.add_sweep("payments to ask about", poll_payments)
