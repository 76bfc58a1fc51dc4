"""Installed only where SANDBOX_GATEWAY is true; refuses to start in production."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class PayuSimulatorConfig(AppConfig):
    name = "payments.simulator"
    label = "payusim"
    verbose_name = "PayU simulator"

    def ready(self) -> None:
        if settings.PEMA_ENV == "production":
            raise ImproperlyConfigured(
                "pema.E010: the PayU simulator must not run in production. Unset SANDBOX_GATEWAY."
            )
        from core.work import Registry
        from payments.simulator import checks, deliveries, models  # noqa: F401

        Registry.add("payusim.delivery", models.Delivery, deliveries.keep)
