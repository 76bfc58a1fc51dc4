"""A configuration that must not start does not start."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from core.crypto import field_keys


@register()
def keys_are_there(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """pema.E001: medical answers cannot be sealed. pema.E002: a key of the sandbox, or a short one, in production.

    pema.E005: an old signing key that is none, or is still in use. pema.E006: a hole in the wall around our own house.
    """
    found: list[CheckMessage] = []
    try:
        keys = field_keys()
    except (ImproperlyConfigured, ValueError) as error:
        return [Error(f"FIELD_KEYS: {error}", id="pema.E001")]
    if not settings.PRODUCTION:
        return found
    if "sandbox" in keys:
        found.append(Error("FIELD_KEYS holds the sandbox's key.", id="pema.E002"))
    for name in ("SECRET_KEY", "JWT_SIGNING_KEY"):
        value = getattr(settings, name)
        if value.startswith("sandbox-only") or len(value) < 32:
            found.append(Error(f"{name} must be a secret of at least 32 characters.", id="pema.E002"))
    if settings.SECRET_KEY == settings.JWT_SIGNING_KEY:
        found.append(Error("SECRET_KEY and JWT_SIGNING_KEY must differ.", id="pema.E002"))
    for old in settings.JWT_PREVIOUS_KEYS:
        if old.startswith("sandbox-only") or len(old) < 32 or old in (settings.SECRET_KEY, settings.JWT_SIGNING_KEY):
            words = "JWT_PREVIOUS_KEYS: each is a signing key of before, at least 32 characters, and not one in use."
            found.append(Error(words, id="pema.E005"))
    if settings.OUTSIDE_ALLOWED:
        words = "OUTSIDE_ALLOWED lets typed-in addresses reach our own house: empty it in production."
        found.append(Error(words, id="pema.E006"))
    return found


@register()
def the_address_is_real(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """pema.E003: links in mails would lead nowhere, or over plain HTTP."""
    if settings.PRODUCTION and not settings.SITE_URL.startswith("https://"):
        return [Error("SITE_URL must begin with https:// in production.", id="pema.E003")]
    return []
