"""Access tokens (30 minutes, signed) and refresh tokens (7 days, one live link per family).

A refresh token is an opaque random text of which only the digest is kept. It is exchanged by compare-and-set: of twenty
parallel uses one wins, the others are told to use the newer token; a use after the grace time is theft and ends the
family, and she is told. The session epoch of a person kills all her tokens at once.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import jwt
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError

from accounts.domain import notices
from accounts.models import RefreshToken, User
from core.errors import Conflict, DomainError

if TYPE_CHECKING:
    from rest_framework_simplejwt.tokens import Token

ISSUER = "pema"
AUDIENCE = "pema-api"
GRACE = timedelta(seconds=10)
LEEWAY = 30  # seconds that two clocks may differ


@dataclass(frozen=True, slots=True)
class Pair:
    """What a device keeps; `access_expires_at` and `refresh_expires_at` are instants."""

    user: User
    access: str
    access_expires_at: datetime
    refresh: str
    refresh_expires_at: datetime


class NotSignedIn(DomainError):
    """The token is no good (any more): 401."""

    status = 401


def issue(user: User, *, at: datetime, device: str = "") -> Pair:
    """A new pair in a new family: one sign-in on one device."""
    return _pair(user, uuid.uuid4(), device, at)


def rotate(raw: str, *, at: datetime) -> Pair:
    """Exchange a refresh token for a new pair.

    Raises Conflict("token_rotated") for the losers of a race (within 10 seconds), NotSignedIn("token_reused") for a
    later use, which revokes the whole family, NotSignedIn("token_invalid") for anything else.
    """
    found = RefreshToken.objects.filter(digest=digest(raw)).only("pk", "family").first()
    if found is None:
        raise _invalid()
    with transaction.atomic():
        _lock_family(found.family)
        row = RefreshToken.objects.select_related("user").get(pk=found.pk)
        answer = _exchange(row, at)
    if isinstance(answer, DomainError):
        raise answer  # after commit: a revoked family stays revoked
    return answer


def end_family(family: uuid.UUID, *, at: datetime) -> None:
    """Sign one device out: its refresh token and its access tokens are of no use from now on."""
    with transaction.atomic():
        _lock_family(family)
        _revoke_family(family, at)


def family_of(raw: str) -> uuid.UUID | None:
    """The family of a refresh token, or None when it is unknown."""
    found = RefreshToken.objects.filter(digest=digest(raw)).only("family").first()
    return found.family if found else None


def holder(access: str) -> tuple[User, uuid.UUID]:
    """The person behind a valid access token and the family it belongs to, in one query.

    Raises NotSignedIn("token_invalid").
    """
    try:
        backend = _backend(key_id_of(access))
        claims: dict[str, Any] = backend.decode(cast("Token", access), verify=True)
    except (TokenBackendError, jwt.InvalidTokenError, KeyError, ValueError, TypeError, UnicodeError):
        raise _invalid() from None
    if claims.get("type") != "access" or "exp" not in claims:
        raise _invalid()
    try:
        person, family = uuid.UUID(str(claims.get("sub"))), uuid.UUID(str(claims.get("sid")))
    except ValueError:
        raise _invalid() from None
    alive = RefreshToken.objects.filter(family=family, used_at__isnull=True, revoked_at__isnull=True)
    user = User.objects.filter(Exists(alive.filter(user=OuterRef("pk"))), public_id=person, is_active=True).first()
    if user is None or claims.get("epoch") != user.session_epoch:
        raise _invalid()
    return user, family


def digest(raw: str) -> str:
    return hashlib.sha256(raw.encode(errors="surrogatepass")).hexdigest()


def _exchange(row: RefreshToken, at: datetime) -> Pair | DomainError:
    """Runs under the family's lock."""
    user = row.user
    if row.revoked_at is not None or row.expires_at <= at or not user.is_active or row.epoch != user.session_epoch:
        return _invalid()
    mine = RefreshToken.objects.filter(pk=row.pk, used_at__isnull=True, revoked_at__isnull=True)
    if mine.update(used_at=at) == 1:
        return _pair(user, row.family, row.device, at)
    if row.used_at is not None and at - row.used_at <= GRACE:
        return Conflict("token_rotated", "This token has just been exchanged. Use the newer one.")
    _revoke_family(row.family, at)
    notices.happened("token_reused", user=user, at=at, alarm=True, family=str(row.family))
    notices.tell(user, "token_reused", at=at, once=str(row.family), device=row.device[:80])
    return NotSignedIn("token_reused", "This token was used before. Please sign in again.")


def _pair(user: User, family: uuid.UUID, device: str, at: datetime) -> Pair:
    raw = secrets.token_urlsafe(32)
    ends = at + timedelta(days=settings.REFRESH_TOKEN_DAYS)
    RefreshToken.objects.create(
        user=user,
        family=family,
        digest=digest(raw),
        epoch=user.session_epoch,
        issued_at=at,
        expires_at=ends,
        device=device[:200],
    )
    access_ends = at + timedelta(minutes=settings.ACCESS_TOKEN_MINUTES)
    return Pair(user, _access(user, family, at, access_ends), access_ends, raw, ends)


def _access(user: User, family: uuid.UUID, at: datetime, ends: datetime) -> str:
    claims = {
        "type": "access",
        "sub": str(user.public_id),
        "sid": str(family),
        "epoch": user.session_epoch,
        "iat": int(at.timestamp()),
        "exp": int(ends.timestamp()),
        "jti": uuid.uuid4().hex,
    }
    return _backend(next(iter(signing_keys()))).encode(claims)


def signing_keys() -> Mapping[str, str]:
    """Key id -> key; the first one signs, all of them open. The id is a digest: it tells nothing of the key."""
    keys = [settings.JWT_SIGNING_KEY, *settings.JWT_PREVIOUS_KEYS]
    return {hashlib.sha256(f"jwt:{key}".encode()).hexdigest()[:12]: key for key in keys}


def key_id_of(access: str) -> str:
    """The `kid` that a token names, believed only as a name in our own table. Raises jwt.InvalidTokenError."""
    return str(jwt.get_unverified_header(access).get("kid", ""))


class KeyedBackend(TokenBackend):
    """simplejwt's, which also writes down which key signed."""

    key_id = ""

    def encode(self, payload: dict[str, Any]) -> str:
        named = {**payload, "aud": self.audience, "iss": self.issuer}
        return jwt.encode(named, self.signing_key or "", algorithm=self.algorithm, headers={"kid": self.key_id})


def _backend(key_id: str) -> KeyedBackend:
    """HS256 with the key of that name, our issuer and audience. Raises KeyError for a name that is none of ours."""
    made = KeyedBackend("HS256", signing_keys()[key_id], audience=AUDIENCE, issuer=ISSUER, leeway=LEEWAY)
    made.key_id = key_id
    return made


def _revoke_family(family: uuid.UUID, at: datetime) -> None:
    RefreshToken.objects.filter(family=family, revoked_at__isnull=True).update(revoked_at=at)


def _lock_family(family: uuid.UUID) -> None:
    """One at a time per family, also for rows that do not exist yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(family.bytes[:8], signed=True)])


def _invalid() -> NotSignedIn:
    return NotSignedIn("token_invalid", "This token is not valid any more. Please sign in again.")
