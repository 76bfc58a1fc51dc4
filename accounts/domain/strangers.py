"""What somebody else has hung onto an account: a number, a push token, a key. It goes when the owner is back."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from accounts.models import ContactChange, Device, User


def shut_out(user: User, *, since: datetime | None = None) -> None:
    """Second factors, Google accounts and push tokens that came `since` then, or ever, open and hear nothing more."""
    keys, others = Authenticator.objects.filter(user_id=user.pk), SocialAccount.objects.filter(user_id=user.pk)
    devices = Device.objects.filter(user=user)
    if since is not None:
        keys, others = keys.filter(created_at__gte=since), others.filter(date_joined__gte=since)
        devices = devices.filter(created_at__gte=since)
    for rows in (keys, others, devices):
        rows.delete()


def forget_number(user: User) -> None:
    """Take the number away that was proven before the owner came; the caller holds the row."""
    if not user.phone_e164 and not user.phone:
        return
    user.phone_e164, user.phone_verified_at, user.phone = "", None, ""
    user.save(update_fields=["phone_e164", "phone_verified_at", "phone"])


def kept_free(email: str, *, at: datetime) -> bool:
    """An address that was changed away from, as long as its owner can take that back: nobody else may have it."""
    moved = ContactChange.objects.filter(kind=ContactChange.Kind.EMAIL, old=email, confirmed_at__isnull=False)
    return moved.filter(undone_at__isnull=True, undo_until__gt=at).exists()
