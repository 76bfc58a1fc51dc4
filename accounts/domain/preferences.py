"""Over which channels a person may be reminded.

Messages about a stay and its money always come by mail. Reminders come by mail too, and over what is chosen here.
Offers depend on the consent `offers` alone, and come by mail.
"""

from __future__ import annotations

from typing import Any

from accounts.models import User
from core.errors import Invalid

REMINDERS = "reminders"
CHOICES = {REMINDERS: ("sms", "whatsapp", "push")}
BY_PHONE = ("sms", "whatsapp")


def of(user: User) -> dict[str, dict[str, bool]]:
    """All choices, those that were never made as False."""
    kept = user.communication_preferences if isinstance(user.communication_preferences, dict) else {}
    said = {purpose: kept.get(purpose) or {} for purpose in CHOICES}
    return {
        purpose: {name: bool(said[purpose].get(name)) for name in channels} for purpose, channels in CHOICES.items()
    }


def chosen(user: User, purpose: str = REMINDERS) -> list[str]:
    """The channels that the person has chosen for a purpose."""
    return [name for name, wanted in of(user)[purpose].items() if wanted]


def merged(user: User, wishes: dict[str, Any], *, phone: str, attr: str = "phone") -> dict[str, dict[str, bool]]:
    """What is chosen after `wishes`. Raises Invalid("unknown_channel"), and "no_phone" for SMS without a number, on
    the field `attr`."""
    found = of(user)
    for purpose, channels in wishes.items():
        for name, wanted in channels.items():
            if name not in CHOICES.get(purpose, ()):
                raise Invalid("unknown_channel", "There is no such choice.", attr="communication_preferences")
            found[purpose][name] = bool(wanted)
    if not phone and any(found[REMINDERS][name] for name in BY_PHONE):
        message = "For messages to your telephone we need its number."
        raise Invalid("no_phone", message, attr=attr)
    return found
