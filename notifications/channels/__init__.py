"""The carriers of messages, as the settings name them. Without keys a carrier is off; in the sandbox, a mailbox."""

from __future__ import annotations

from django.conf import settings

from notifications.channels.base import Channel


def carrier(name: str) -> Channel | None:
    """The carrier of a channel (email, sms, whatsapp, push); None when it is off."""
    from notifications.channels.email import Email
    from notifications.channels.mailbox import Mailbox
    from notifications.channels.push import Fcm
    from notifications.channels.sms import Msg91
    from notifications.channels.whatsapp import CloudApi

    if name == "email":
        return Email()
    if name == "sms" and settings.MSG91_AUTH_KEY:
        return Msg91(settings.MSG91_URL, settings.MSG91_AUTH_KEY, settings.MSG91_TEMPLATES)
    if name == "whatsapp" and settings.WHATSAPP_TOKEN:
        return CloudApi(settings.WHATSAPP_URL, settings.WHATSAPP_SENDER_ID, settings.WHATSAPP_TOKEN)
    if name == "push" and settings.FCM_SERVICE_ACCOUNT:
        return Fcm(settings.FCM_URL, settings.FCM_SERVICE_ACCOUNT)
    return Mailbox(name) if settings.SANDBOX else None


def is_on(name: str) -> bool:
    """Whether messages of this channel can go anywhere."""
    return carrier(name) is not None
