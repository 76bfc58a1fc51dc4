"""Offers: by mail, to who agreed, and with one click to stop (RFC 2369, RFC 8058)."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.domain import limits, unsubscribing
from accounts.domain.limits import Limit
from accounts.domain.privacy import consents
from accounts.models import User
from audit.record import changed
from core.actors import Actor
from core.errors import Conflict
from notifications.domain import messages
from notifications.models import Message

TEMPLATE = "offer"
TO_ONE = Limit("offers-to", 3, timedelta(days=1))


def promise(user: User, *, name: str, title: str, text: str, link: str, at: datetime) -> Message | None:
    """Promise an offer called `name`, once a person. None for somebody who has not agreed to offers.

    Raises Conflict("already_sent").
    """
    if not may_get(user):
        return None
    if Message.objects.filter(key=f"offer:{name}:{user.pk}").exists():
        raise Conflict("already_sent", "This offer has been sent to this person already.")
    stop = unsubscribing.link(user)
    return messages.promise(
        TEMPLATE,
        key=f"offer:{name}:{user.pk}",
        subject_of=f"offer:{name}"[:60],
        recipient=user.email,
        recipient_name=user.get_full_name(),
        context={
            "guest_name": user.get_full_name(),
            "title": title,
            "text": text,
            "link": link,
            "unsubscribe": stop,
            "user_id": user.pk,
        },
        at=at,
    )


def send_by_hand(person: User, *, title: str, text: str, page: str, by: Actor, at: datetime) -> Message:
    """One offer to one guest, written by staff; `page` is a path of our site, or empty.

    Raises Conflict("no_consent" | "already_sent"), TooMany beyond three a day to one person.
    """
    limits.count(TO_ONE, str(person.pk), at=at)
    said = hashlib.sha256("\n".join([title, text, page]).encode()).hexdigest()[:16]
    link = settings.SITE_URL + page if page else ""
    with transaction.atomic():
        made = promise(person, name=f"{at:%Y%m%d}-{said}", title=title, text=text, link=link, at=at)
        if made is None:
            raise Conflict("no_consent", _("This person has not agreed to offers, so nothing was sent."))
        changed(f"user:{person.pk}", "offer sent", by=by, at=at)
    return made


def may_get(user: User) -> bool:
    """Asked when an offer is promised, and again when it goes: a no holds at once."""
    return user.is_active and consents.allows(user, "offers")


def may_go(message: Message) -> bool:
    """While its reader still agrees."""
    user = User.objects.filter(pk=message.context.get("user_id")).first()
    return user is not None and may_get(user)


messages.MAY_GO[TEMPLATE] = may_go
