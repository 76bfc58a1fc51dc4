"""The signed link below an offer: whoever holds it can stop the offers of one person, and nothing else."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core import signing

from accounts.domain.privacy import consents
from accounts.domain.privacy.consents import Origin
from accounts.models import ConsentRecord, User
from core.actors import Actor
from core.errors import Missing

SALT = "pema.unsubscribe"  # a stop must work as long as anybody keeps the mail: no end


def link(user: User) -> str:
    """Absolute address; GET shows a button, POST stops."""
    return f"{settings.SITE_URL}/unsubscribe/{_signer().sign(user.public_id.hex)}"


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT)


def reader(signed: str) -> User:
    """Whose link this is. Raises Missing("bad_link")."""
    try:
        found = User.objects.filter(public_id=_signer().unsign(signed)).first()
    except signing.BadSignature:
        found = None
    if found is None:
        raise Missing("bad_link", "This link is not complete.")
    return found


def stop(user: User, *, ip: str | None, user_agent: str, at: datetime) -> None:
    """No more offers; stopping twice is stopping."""
    origin = Origin(ConsentRecord.Door.WEB, ip, user_agent)
    consents.decide(user, {"offers": False}, origin=origin, by=Actor("guest", name="Link in an offer"), at=at)
