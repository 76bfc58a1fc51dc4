"""The profile: what a person tells about herself, once, so that nobody asks again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.domain import people, preferences
from accounts.domain.privacy import consents
from accounts.domain.privacy.consents import Origin
from accounts.models import User
from core.actors import Actor
from core.phones import e164, shown

LONGEST_PHONE = 20


def change(user: User, *, origin: Origin, by: Actor, at: datetime, **wishes: Any) -> User:
    """Change parts of the profile. `marketing_consent` is written as a consent, `communication_preferences` merged.

    Raises Invalid("unknown_field" | "no_name" | "bad_phone" | "no_phone" | "unknown_channel"): nothing is changed then.
    """
    offers = wishes.pop("marketing_consent", None)
    if "phone" in wishes:
        wishes["phone"] = written(wishes["phone"])
    phone = wishes.get("phone", user.phone)
    given = wishes.pop("communication_preferences", {})
    asked = "phone" if "phone" in wishes else "communication_preferences"
    if given or "phone" in wishes:
        wishes["communication_preferences"] = preferences.merged(user, given, phone=phone, attr=asked)
    with transaction.atomic():
        people.update_profile(user, **wishes)
        if offers is not None:
            consents.decide(user, {"offers": bool(offers)}, origin=origin, by=by, at=at)
    return user


def written(phone: str) -> str:
    """A number as it is kept: `+91 98765 43210`. Empty stays empty. Raises Invalid("bad_phone")."""
    if not phone.strip():
        return ""
    number = e164(phone)
    pretty = shown(number)
    return pretty if len(pretty) <= LONGEST_PHONE else number
