"""Background work of payments: promises register here; the sweep asks about attempts whose callback never came."""

from django.utils import timezone

from core import work
from payments.domain import capture, inbox, refunds  # noqa: F401  - they register their kinds of promises
from payments.models import Payment


def poll_payments() -> int:
    """Ask about attempts that are due; 200 at a time."""
    at = timezone.now()
    due = (
        Payment.objects.filter(next_poll_at__lte=at)
        .exclude(state=Payment.State.CAPTURED)
        .order_by("next_poll_at")[:200]
    )
    for payment in due:
        capture.poll(payment, at=at)
    return len(due)


work.Registry.add_sweep("payments to ask about", poll_payments)
