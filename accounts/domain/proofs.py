"""Proof that the person herself is there: a password or a code, not older than ten minutes.

A stolen token or an unlocked telephone opens a profile, but moves no address with which the account could be taken.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.db import transaction

from accounts.domain import codes, limits
from accounts.models import Challenge, User
from core.errors import Conflict, NotAllowed

FRESH = timedelta(minutes=10)
SALT = "accounts.proofs"


@dataclass(frozen=True, slots=True)
class Proof:
    """`user_id` was asked, and answered `at` this instant. A web door that has asked by itself makes one."""

    user_id: int
    at: datetime


def by_password(user: User, password: str, *, at: datetime) -> Proof:
    """Raises NotAllowed("not_proven") for a wrong password, TooMany after ten tries within an hour."""
    limits.count(limits.PROOF, str(user.pk), at=at)
    if not user.check_password(password):
        raise NotAllowed("not_proven", "This is not your password.")
    limits.forget(limits.PROOF, str(user.pk))
    return Proof(user.pk, at)


def ask_code(user: User, *, channel: str, at: datetime) -> Challenge:
    """A code to the person's own proven address or number. Raises Conflict("nothing_proven"), TooMany."""
    target = (user.email if user.email_verified_at else "") if channel == "email" else ""
    if channel == "sms" and user.phone_verified_at:
        target = user.phone_e164
    if not target:
        raise Conflict("nothing_proven", "This address or number has not been confirmed yet.")
    limits.count(limits.CODE_ACCOUNT, str(user.pk), at=at)
    with transaction.atomic():
        challenge = codes.ask(Challenge.Purpose.CONFIRM, channel=channel, target=target, user=user, at=at)
        codes.send(challenge, user)
    return challenge


def by_code(user: User, challenge: uuid.UUID, code: str, *, at: datetime) -> Proof:
    """Raises Invalid("bad_code")."""
    codes.answer(challenge, code, purpose=Challenge.Purpose.CONFIRM, at=at, of=user)
    return Proof(user.pk, at)


def ticket(user: User, proof: Proof) -> str:
    """The proof as a text that a device shows within ten minutes; it ends with the person's sessions."""
    return signing.dumps([proof.user_id, user.session_epoch, proof.at.timestamp()], salt=SALT)


def opened(user: User, ticket: str) -> Proof:
    """The proof behind a ticket of this person. Raises NotAllowed("proof_needed")."""
    try:
        user_id, epoch, seconds = signing.loads(ticket, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise proof_needed() from None
    if (user_id, epoch) != (user.pk, user.session_epoch):
        raise proof_needed()
    return Proof(user_id, datetime.fromtimestamp(seconds, UTC))


def demand(user: User, proof: Proof | None, *, at: datetime) -> None:
    """Raises NotAllowed("proof_needed") without a proof of this person from the last ten minutes."""
    if proof is None or proof.user_id != user.pk or not timedelta(0) <= at - proof.at <= FRESH:
        raise proof_needed()


def proof_needed() -> NotAllowed:
    return NotAllowed("proof_needed", "Please confirm first that it is you, with your password or a code.")
