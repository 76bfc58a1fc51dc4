"""What happened at the desk is told upwards, inside the transaction: history, letters and tasks live in apps above."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.domain.privacy.who import subject_of
from accounts.models import User
from accounts.signals import privacy_news
from core.actors import Actor


def tell(
    event: str,
    user: User | None,
    *,
    by: Actor,
    at: datetime,
    subject: str = "",
    letter: str = "",
    to: str = "",
    name: str = "",
    context: dict[str, Any] | None = None,
    **data: Any,
) -> None:
    """Send the news. `letter`: a folder of templates/notifications; `data` is for the history, nothing personal."""
    privacy_news.send(
        sender=None,
        event=event,
        user_id=user.pk if user else None,
        subject=subject or (subject_of(user) if user else "privacy"),
        at=at,
        by=by,
        data=data,
        letter=letter,
        to=to or (user.email if user else ""),
        name=name or (user.get_full_name() if user else ""),
        context=context or {},
    )
