"""Background work of this app."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts.domain import codes, counters, knocks, limits
from accounts.domain.privacy import card_scan, erasure, retention


@shared_task(ignore_result=True)
def forget_old_codes() -> None:
    """Every hour: codes, knocks and counters that open nothing any more. What has a rule of retention goes by that."""
    at = timezone.now()
    for drawer in (codes, counters, knocks, limits):
        drawer.forget_old(at=at)


@shared_task(ignore_result=True)
def forget_expired_sessions() -> None:
    """Every hour: a session of the web holds a guest's details while she books; nothing of it outlives its day."""
    SessionStore.clear_expired()


@shared_task(ignore_result=True)
def release_holds() -> None:
    """Every night: what was kept after an erasure goes when its day has come."""
    erasure.release_due(at=timezone.now())


@shared_task(ignore_result=True)
def apply_retention() -> None:
    """Every night: let go what need not be kept any more, by the retention table."""
    retention.apply(at=timezone.now())


@shared_task(ignore_result=True)
def look_for_cards() -> None:
    """Every night: no card number stands in free text."""
    card_scan.report(at=timezone.now())
