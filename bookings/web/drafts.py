"""The details of a guest between "your details" and "check and pay": in the session, never in the address."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from bookings.domain.request import StayRequest
from bookings.models import StayBooking
from bookings.states import State

KEY = "drafts"
MOST = 5


def keep(request: HttpRequest, details: dict[str, str], draft: str = "") -> str:
    """Remember the details under `draft`, or under a new name; returns the name."""
    held = _held(request)
    name = draft if draft in held else secrets.token_urlsafe(12)
    held.pop(name, None)
    held[name] = details
    request.session[KEY] = dict(list(held.items())[-MOST:])
    return name


def details(request: HttpRequest, draft: str) -> dict[str, str] | None:
    """What the guest wrote, or None where this session knows nothing of it."""
    return _held(request).get(draft)


def latest(request: HttpRequest) -> dict[str, str]:
    """The newest details of this session, so that a second booking asks nothing again."""
    held = _held(request)
    return list(held.values())[-1] if held else {}


def placing_key(draft: str, wish: StayRequest, *, at: datetime) -> str:
    """One booking for these details and this wish, however often the button is pressed.

    Once that booking has ended (lapsed, cancelled) the next press gets a new key.
    """
    text = json.dumps(wish.as_json(), sort_keys=True)
    stem = f"web:{re.sub(r'[^A-Za-z0-9_-]', '', draft)[:24]}:{hashlib.sha256(text.encode()).hexdigest()[:24]}"
    tried = StayBooking.objects.filter(placing_key__startswith=f"{stem}:")
    ended = sum(_over(one, at) for one in tried)
    return f"{stem}:{ended}"


def placed(key: str) -> StayBooking | None:
    """The live booking that this key has made already."""
    return StayBooking.objects.filter(placing_key=key).first()


def _over(booking: StayBooking, at: datetime) -> bool:
    """Ended, or a hold whose time has run out although nobody has swept it up yet."""
    lapsed = booking.state == State.HELD and (booking.hold_expires_at is None or booking.hold_expires_at <= at)
    return lapsed or not booking.holds_stock


def _held(request: HttpRequest) -> dict[str, Any]:
    return dict(request.session.get(KEY, {}))
