"""Start-up checks: a test account never sells in production, and a demo never takes real money."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

LIVE_HOSTS = ("secure.payu.in", "info.payu.in")
TEST_HOST = "test.payu.in"
WELL_KNOWN = ("PemaSandboxKey", "sandbox-salt-of-thirty-two-chars")


@register(Tags.security)
def payu_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """pema.E011 no credentials, E012 a test address, E013 well-known credentials, E014 live PayU from a sandbox."""
    addresses = (settings.PAYU_PAYMENT_URL, settings.PAYU_COMMAND_URL)
    if settings.PEMA_ENV == "production":
        return _production(addresses)
    if any(urlsplit(address).hostname in LIVE_HOSTS for address in addresses):
        hint = "Unset PAYU_PAYMENT_URL and PAYU_COMMAND_URL, or use PayU's test addresses."
        return [Error("Only production may speak with the live PayU.", hint=hint, id="pema.E014")]
    return []


def _production(addresses: tuple[str, ...]) -> list[CheckMessage]:
    salts = [salt for salt in (settings.PAYU_SALT_256, settings.PAYU_MERCHANT_SALT) if salt]
    found: list[CheckMessage] = []
    if not settings.PAYU_MERCHANT_KEY or not salts:
        hint = "Set PAYU_MERCHANT_KEY and PAYU_SALT_256 or PAYU_MERCHANT_SALT."
        found.append(Error("PayU has no credentials.", hint=hint, id="pema.E011"))
    if not all(_is_live(address) for address in addresses):
        hint = "PAYU_PAYMENT_URL and PAYU_COMMAND_URL are https and PayU's live addresses."
        found.append(Error("PayU is spoken to at a test address or without TLS.", hint=hint, id="pema.E012"))
    if any(secret in WELL_KNOWN for secret in (settings.PAYU_MERCHANT_KEY, *salts)):
        found.append(Error("The PayU credentials are the well-known ones of the sandbox.", id="pema.E013"))
    return found


def _is_live(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" and parts.hostname != TEST_HOST and "/sandbox/" not in parts.path
