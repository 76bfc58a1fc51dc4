"""Background work of this app."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts.domain import codes, counters, idempotency, knocks, limits, tokens
from accounts.domain.privacy import card_scan, erasure, retention


@shared_task(ignore_result=True)
def forget_expired_tokens() -> None:
    """Every hour: tokens, codes, stored answers and counters that nobody needs any more."""
    at = timezone.now()
    for drawer in (tokens, codes, counters, knocks, idempotency, limits):
        forget = drawer.forget_expired if drawer is tokens else drawer.forget_old
        forget(at=at)


@shared_task(ignore_result=True)
def forget_expired_sessions() -> None:
    """Every hour: a session of the web holds a guest's details while she books; nothing of it outlives its day."""
    SessionStore.clear_expired()


@shared_task(ignore_result=True)
def keep_privacy_promises() -> None:
    """Every night: let go what need not be kept any more, by the retention table and by the holds' days."""
    at = timezone.now()
    erasure.release_due(at=at)
    retention.apply(at=at)
    card_scan.report(at=at)
