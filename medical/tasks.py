"""Background work of medical."""

from celery import shared_task
from django.utils import timezone

from core import work
from medical.domain import clocks, forms


def sweep_forms() -> int:
    """Forms that a lost signal left unopened or open."""
    return forms.sweep(at=timezone.now())


work.Registry.add_sweep("guest forms", sweep_forms)


@shared_task
def run_clocks() -> None:
    """Every five minutes: decisions that are nearly late."""
    clocks.run(at=timezone.now())
