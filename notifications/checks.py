"""Carriers with half a key do not start; carriers without one are off, and the start says so."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, register

ACCOUNT = ("project_id", "client_email", "private_key", "token_uri")
OFF = {
    "sms": ("pema.I020", "MSG91_AUTH_KEY", "No SMS is sent: one-time codes go by e-mail only."),
    "whatsapp": ("pema.I021", "WHATSAPP_TOKEN", "No WhatsApp message is sent."),
    "push": ("pema.I022", "FCM_SERVICE_ACCOUNT", "No push message is sent to the app."),
}


@register()
def carriers_are_whole(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """pema.E020-E022: half a key. pema.I020-W022: no key in production, so the channel is off."""
    found: list[CheckMessage] = []
    if settings.MSG91_AUTH_KEY and "sign_in_code" not in settings.MSG91_TEMPLATES:
        found.append(Error("MSG91_TEMPLATES must name a registered text for sign_in_code.", id="pema.E020"))
    if settings.WHATSAPP_TOKEN and not settings.WHATSAPP_SENDER_ID:
        found.append(Error("WHATSAPP_SENDER_ID is missing.", id="pema.E021"))
    account = settings.FCM_SERVICE_ACCOUNT
    missing = [name for name in ACCOUNT if not account.get(name)] if account else []
    if missing:
        found.append(Error(f"FCM_SERVICE_ACCOUNT lacks {', '.join(missing)}.", id="pema.E022"))
    if settings.PRODUCTION:
        for ident, key, words in OFF.values():
            if not getattr(settings, key):
                found.append(Info(f"{key} is not set. {words}", id=ident))
    return found
