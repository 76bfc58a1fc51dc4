"""Stay bookings: quote, hold, lifecycle."""

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"
    verbose_name = "Bookings"

    def ready(self) -> None:
        from bookings import receivers, tasks  # noqa: F401
        from bookings.domain import lookup  # noqa: F401 - what answers a knock registers there
        from bookings.models import StayBooking
        from core.reach import Reaches

        Reaches.subject("booking", StayBooking.objects.all, key="reference", path="property")
