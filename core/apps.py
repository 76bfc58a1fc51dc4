"""Plain values and plumbing. Abstract models only."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        from core import checks, trail  # noqa: F401

        autodiscover_modules("privacy")  # each app says what it knows of people, the lowest app first
        connection_created.connect(trail.install, dispatch_uid="core.trail")
