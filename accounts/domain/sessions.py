"""Where a person is signed in: the app's devices and her browsers, in one list, each of which she can end."""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Min, Subquery
from django.utils.translation import gettext as _

from accounts.domain import notices, tokens
from accounts.models import RefreshToken, User
from core.errors import Missing

SYSTEMS = (
    ("iPhone", r"iPhone|iOS"),
    ("iPad", r"iPad"),
    ("Android", r"Android|okhttp"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh|Mac OS X|Darwin"),
    ("Linux", r"Linux|X11"),
)
PROGRAMS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Safari/"),
    ("Pema", r"Pema"),
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One device. `kind`: app or web; `started_at` and `seen_at` are instants; `current`: the one that asks."""

    id: uuid.UUID
    kind: str
    device: str
    started_at: datetime
    seen_at: datetime
    current: bool


def of(user: User, *, current: uuid.UUID | None = None, at: datetime) -> list[SignedIn]:
    """Everything that still opens the account, the latest first. `current` is the family that asks."""
    mine = RefreshToken.objects.filter(user=user)
    alive = mine.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at, epoch=user.session_epoch)
    began = dict(
        mine.filter(family__in=Subquery(alive.values("family"))).values_list("family").annotate(Min("issued_at"))
    )
    apps = [
        SignedIn(one.family, "app", words(one.device), began[one.family], one.issued_at, one.family == current)
        for one in alive
    ]
    browsers = [
        SignedIn(web_id(one.session_key), "web", words(one.user_agent), one.created_at, one.last_seen_at, False)
        for one in _browsers(user, at)
    ]
    return sorted([*apps, *browsers], key=lambda one: (one.seen_at, str(one.id)), reverse=True)


def end(user: User, session_id: uuid.UUID, *, at: datetime) -> None:
    """Sign one device out. Raises Missing("no_such_session") for one that is over or somebody else's."""
    if RefreshToken.objects.filter(
        user=user, family=session_id, used_at__isnull=True, revoked_at__isnull=True
    ).exists():
        tokens.end_family(session_id, at=at)
    else:
        found = next((one for one in _browsers(user, at) if web_id(one.session_key) == session_id), None)
        if found is None:
            raise Missing("no_such_session", "There is no such session.")
        with transaction.atomic():
            Session.objects.filter(session_key=found.session_key).delete()
            found.delete()
    notices.happened("session_ended", user=user, at=at)


def words(agent: str) -> str:
    """A browser's or an app's own words in ours: `Chrome, Windows`."""
    program = next((name for name, pattern in PROGRAMS if re.search(pattern, agent)), "")
    system = next((name for name, pattern in SYSTEMS if re.search(pattern, agent)), "")
    return ", ".join(part for part in (program, system) if part) or _own_name(agent)


def _own_name(agent: str) -> str:
    """What a program that we do not know calls itself, when that is short and plain: `curl 7.88.1`."""
    found = re.match(r"([A-Za-z][A-Za-z0-9 ._-]{1,29})(?:/([0-9][0-9.]{0,11}))?(?=[ ;(]|\Z)", agent)
    if found is None or found[1].startswith("Mozilla"):  # what every browser says
        return _("Unknown device")
    return " ".join(part for part in found.groups() if part)


def web_id(session_key: str) -> uuid.UUID:
    """What a browser's session is called outside: its key stays inside."""
    return uuid.UUID(bytes=hashlib.sha256(f"session:{session_key}".encode()).digest()[:16])


def _browsers(user: User, at: datetime) -> list[UserSession]:
    """Sessions of before a changed password or "everywhere" are over, though their rows may still be there."""
    alive = Session.objects.filter(expire_date__gt=at)
    rows = {one.session_key: one for one in UserSession.objects.filter(user_id=user.pk)}
    return [
        rows[session.session_key]
        for session in alive.filter(session_key__in=rows)
        if session.get_decoded().get("epoch") == user.session_epoch
    ]
