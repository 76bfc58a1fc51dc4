"""The gateways of this installation, built from settings."""

from email.utils import parseaddr

from django.conf import settings

from core.errors import Missing
from payments.gateways.base import Gateway
from payments.gateways.payu.adapter import PayU


def available() -> tuple[str, ...]:
    """Codes of the gateways that have credentials, best first."""
    return ("payu",) if settings.PAYU_MERCHANT_KEY and _salts() else ()


def gateway(code: str) -> Gateway:
    """The adapter with this code. Raises Missing("unknown_gateway") when it is not set up here."""
    if code not in available():
        raise Missing("unknown_gateway", "This way of paying is not offered.")
    return PayU(
        key=settings.PAYU_MERCHANT_KEY,
        salts=_salts(),
        payment_url=settings.PAYU_PAYMENT_URL,
        command_url=settings.PAYU_COMMAND_URL,
        notify_url=f"{settings.SITE_URL}/api/v1/payments/webhook",
        fallback_email=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        split_hashed=settings.PAYU_SPLIT_INFO_HASHED,
        connect_seconds=settings.PAYU_CONNECT_SECONDS,
        read_seconds=settings.PAYU_READ_SECONDS,
    )


def _salts() -> tuple[str, ...]:
    """The salt that signs first: version 2 when it is set. The others are only read on callbacks."""
    salts = (settings.PAYU_SALT_256, settings.PAYU_MERCHANT_SALT, *settings.PAYU_PREVIOUS_SALTS)
    return tuple(dict.fromkeys(salt for salt in salts if salt))
