"""Background work of this app."""

from celery import shared_task
from django.utils import timezone

from accounts.domain import idempotency, limits, tokens


@shared_task(ignore_result=True)
def forget_expired_tokens() -> None:
    """Every hour: tokens, stored answers and counters that nobody needs any more."""
    at = timezone.now()
    tokens.forget_expired(at=at)
    idempotency.forget_old(at=at)
    limits.forget_old(at=at)
