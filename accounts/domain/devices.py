"""Push tokens: one row a token, and it follows whoever is signed in on the device."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime

from django.db import connection, transaction

from accounts.models import Device, User
from core.errors import Missing

MOST = 10  # of one person; the one that was silent longest makes room


def register(user: User, token: str, *, platform: str, at: datetime, name: str = "") -> tuple[Device, bool]:
    """The device of this token, and whether it is new. A token of another account is taken over under a new id."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    with transaction.atomic():
        _one_at_a_time(digest)
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        known = Device.objects.filter(digest=digest, user=user).first()
        if known is not None:
            known.platform, known.name, known.seen_at = platform, name or known.name, at
            known.save(update_fields=["platform", "name", "seen_at"])
            return known, False
        Device.objects.filter(digest=digest).delete()
        made = Device.objects.create(
            user=user, token=token, digest=digest, platform=platform, name=name, created_at=at, seen_at=at
        )
        silent = Device.objects.filter(user=user).order_by("-seen_at", "-id").values_list("pk", flat=True)[MOST:]
        Device.objects.filter(pk__in=list(silent)).delete()
    return made, True


def _one_at_a_time(digest: str) -> None:
    """Two accounts with the same token wait for each other; the later one has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(digest[:15], 16)])


def remove(user: User, public_id: uuid.UUID) -> None:
    """Forget a device of one's own. Raises Missing("unknown_device")."""
    if not Device.objects.filter(user=user, public_id=public_id).delete()[0]:
        raise Missing("unknown_device", "There is no such device.")


def token_of(public_id: str) -> str:
    """The push token of a device; empty when it is not registered any more."""
    return Device.objects.filter(public_id=public_id).values_list("token", flat=True).first() or ""


def drop(public_id: str, *, at: datetime) -> None:
    """The push service says that the app is gone; a device that has registered since then stays."""
    Device.objects.filter(public_id=public_id, seen_at__lte=at).delete()
