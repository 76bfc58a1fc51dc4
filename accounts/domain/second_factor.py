"""The second factor: a code of an authenticator app or a recovery code, each good once.

The keys themselves are kept by allauth.mfa (`Authenticator`, sealed by `accounts.adapters.MFAAdapter`). Here stands
what every door needs: who has a second factor, who must have one, and whether a typed code holds.
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import connection, transaction

from accounts.domain import limits, notices, people
from accounts.domain.limits import Limit
from accounts.models import User
from core.actors import SYSTEM

TRIES = Limit("second-factor", 10, timedelta(hours=1))
STEP = 30  # seconds of one code, RFC 6238
DIGITS = 6
TOLERANCE = 1  # a clock may be one step off, either way
REAL = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are none

SPEND = """
UPDATE mfa_authenticator
SET data = jsonb_set(data, '{last_step}', to_jsonb(%(step)s::bigint)), last_used_at = %(at)s
WHERE id = %(id)s AND COALESCE((data->>'last_step')::bigint, 0) < %(step)s
"""


def required(user: User) -> bool:
    """Must this person have a second factor? All staff must, unless the demo's switch is on."""
    return bool(settings.STAFF_MFA_REQUIRED and user.is_staff)


def enrolled(user: User) -> bool:
    """Has this person an authenticator app or a passkey?"""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=REAL).exists())


def verified(user: User, code: str, *, at: datetime) -> bool:
    """Does the typed code of the app, or the recovery code, hold? It is used up by this.

    Raises TooMany after 10 wrong ones within an hour; each try is counted before it is judged.
    """
    return check(user, code, at=at) is not None


def check(user: User, code: str, *, at: datetime) -> Authenticator | None:
    """As `verified`, with the authenticator that the code belongs to."""
    limits.count(TRIES, str(user.pk), at=at)
    typed = "".join(code.split())
    for key in Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.WEBAUTHN):
        if _totp(key, typed, at) if key.type == Authenticator.Type.TOTP else _recovered(user, key, typed, at):
            limits.forget(TRIES, str(user.pk))
            return key
    return None


def reset(user: User, *, at: datetime) -> int:
    """Take every key away and end all sessions; the person is told. Returns how many keys went. For operators."""
    with transaction.atomic():
        count: int = Authenticator.objects.filter(user_id=user.pk).delete()[0]
        people.end_sessions(user, at=at, by=SYSTEM)
        notices.happened("second_factor_reset", user=user, at=at, alarm=True)
        notices.tell(user, "second_factor_removed", at=at)
    return count


def _recovered(user: User, key: Authenticator, typed: str, at: datetime) -> bool:
    """A recovery code is used up, and the person is told how many are left, in one transaction."""
    with transaction.atomic():
        codes = key.wrap()
        if not codes.validate_code(typed):
            return False
        notices.happened("recovery_code_used", user=user, at=at)
        notices.tell(user, "recovery_code_used", at=at, left=len(codes.get_unused_codes()))
    return True


def spend(key: Authenticator, step: int, *, at: datetime) -> bool:
    """Use up this step and all before it. Of any number of parallel uses of one code, one gets True."""
    with connection.cursor() as cursor:
        cursor.execute(SPEND, {"id": key.pk, "step": step, "at": at})
        return bool(cursor.rowcount)


def step_of(at: datetime) -> int:
    """The number of the code that an app shows at this instant."""
    return int(at.timestamp()) // STEP


def shown_at(step: int, secret: str) -> str:
    """The six digits that an app with this secret (base32) shows at the step: RFC 4226, 5.3; RFC 6238, SHA-1."""
    key = base64.b32decode(secret, casefold=True)
    digest = hmac.digest(key, step.to_bytes(8), "sha1")
    offset = digest[-1] & 0x0F
    value = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return f"{value % 10**DIGITS:0{DIGITS}}"


def _totp(key: Authenticator, typed: str, at: datetime) -> bool:
    secret, now = decrypt(key.data["secret"]), step_of(at)
    for step in range(now - TOLERANCE, now + TOLERANCE + 1):
        if hmac.compare_digest(shown_at(step, secret).encode(), typed.encode()):
            return spend(key, step, at=at)
    return False
