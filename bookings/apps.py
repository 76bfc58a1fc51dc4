"""Stay bookings: quote, hold, lifecycle."""

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"
    verbose_name = "Bookings"

    def ready(self) -> None:
        from bookings import receivers, tasks  # noqa: F401
