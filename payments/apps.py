"""Folio, payments, refunds, gateways. Has never heard of a booking."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = "Payments"

    def ready(self) -> None:
        from payments import tasks  # noqa: F401
        from payments.gateways import checks  # noqa: F401
