"""Admin site, Today board, reports. No tables."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class BackofficeConfig(AppConfig):
    name = "backoffice"
    verbose_name = "Back office"

    def ready(self) -> None:
        from backoffice import privacy_news, receivers  # noqa: F401
        from backoffice.roles import keep_roles

        post_migrate.connect(keep_roles, sender=self, dispatch_uid="backoffice.roles")
