"""Messages promised and delivered; calendar files."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Messages"

    def ready(self) -> None:
        from notifications import checks, receivers, tasks  # noqa: F401
