"""Who signs in from a device that the account does not know is told about it: by a letter to the account's address.

A device is known by its own words (`Chrome, Windows`), as far as sign-ins are remembered: browsers as long as their
session lives, apps some weeks longer. So somebody who comes back after a long time is told as well. There is no letter
in the first hour of an account: its owner is only just there.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession

from accounts.domain import notices, sessions
from accounts.models import RefreshToken, User

NEWBORN = timedelta(hours=1)
KEPT = 200  # characters of an agent that a session remembers


def note(user: User, agent: str, *, at: datetime, session_key: str = "") -> bool:
    """Tell the person when `agent` is new to her account; `session_key`: the browser's session that has just begun.

    Call it before an app gets its tokens. At most one letter a day for one kind of device. Returns whether she is told.
    """
    if at - user.date_joined < NEWBORN:
        return False
    device = sessions.words(agent[:KEPT])
    if device in _known(user, session_key):
        return False
    notices.happened("new_device", user=user, at=at)
    notices.tell(user, "new_device", at=at, once=f"{device}:{at:%Y-%m-%d}", device=device)
    return True


def _known(user: User, but: str) -> set[str]:
    browsers = UserSession.objects.filter(user_id=user.pk).exclude(session_key=but).values_list("user_agent", flat=True)
    apps = RefreshToken.objects.filter(user=user).order_by().values_list("device", flat=True).distinct()
    return {sessions.words(agent) for agent in (*browsers, *apps)}
