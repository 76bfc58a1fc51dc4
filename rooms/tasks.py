"""Background work of rooms."""

from celery import shared_task
from django.utils import timezone

from core.nights import local_date
from rooms.domain.inventory import extend_horizon as extend
from rooms.models import Property


@shared_task
def extend_horizon() -> None:
    """Daily, and harmless more often: 400 nights ahead have their rows."""
    for property in Property.objects.all():
        extend(property, today=local_date(timezone.now(), property.time_zone))
