"""Background work of bookings."""

from celery import shared_task
from django.utils import timezone

from bookings.domain import clocks, demand, money, outward, placing
from core import work


def sweep_money() -> int:
    """Captured money whose booking has not moved."""
    return money.sweep(at=timezone.now())


def expire_holds() -> int:
    """Holds whose clock has run out."""
    return placing.expire_due(at=timezone.now())


def tell_lost_news() -> int:
    """Failed payments and ended refunds that no webhook was told of."""
    return outward.sweep(at=timezone.now())


work.Registry.add_sweep("news without a webhook", tell_lost_news)
work.Registry.add_sweep("money without a reaction", sweep_money)
work.Registry.add_sweep("lapsed holds", expire_holds)


@shared_task
def run_clocks() -> None:
    """Every five minutes: reminders, overdue payments, no-shows."""
    clocks.run(at=timezone.now())


@shared_task
def count_demand() -> None:
    """Every hour: what was booked in the last 30 days, for the rails."""
    demand.recount(at=timezone.now())
