"""Installed only where SANDBOX_GATEWAY is true; refuses to start in production."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class SandboxCrmConfig(AppConfig):
    name = "notifications.sandbox_crm"
    label = "sandboxcrm"
    verbose_name = "Sandbox CRM"

    def ready(self) -> None:
        if settings.PEMA_ENV == "production":
            raise ImproperlyConfigured("pema.E010: the sandbox CRM must not run in production. Unset SANDBOX_GATEWAY.")
