"""What a person is told about her own account, and what the security log keeps. Written with what happened."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language

from accounts.models import User
from accounts.signals import notice_promised, security_noticed

log = logging.getLogger("pema.security")


def tell(user: User, notice: str, *, at: datetime, to: str = "", once: str = "", **words: Any) -> None:
    """Promise a letter to the person, at her address or at `to` (the old one), in the transaction of what happened.

    `notice` chooses the words in `templates/notifications/account_notice`; `once` tells two of one kind apart;
    `link` leads to the page of one's security unless it is given.
    """
    words.setdefault("link", settings.SITE_URL + reverse("accounts:security"))
    notice_promised.send(
        sender=User,
        user_id=user.pk,
        notice=notice,
        to=to or user.email,
        name=user.get_full_name(),
        language=get_language() or "en",
        context=words,
        once=once or at.isoformat(),
        at=at,
    )


def happened(event: str, *, user: User | None = None, at: datetime, alarm: bool = False, **data: Any) -> None:
    """One row of the security log and one line; with `alarm` somebody of the house should look. No personal data."""
    with transaction.atomic():
        security_noticed.send(
            sender=User, user_id=user.pk if user else None, event=event, at=at, alarm=alarm, data=data
        )
    (log.warning if alarm else log.info)("%s user=%s %s", event, user.pk if user else "-", data)
