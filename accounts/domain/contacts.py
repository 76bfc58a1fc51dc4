"""Another e-mail address or telephone number: asked for with proof, confirmed at the new place, undone from the old.

Whoever changes the address of an account owns it. So the person proves who she is, the new place proves itself with a
code, and the old place is told at once, with a link that takes everything back for 24 hours and needs no sign-in.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.urls import reverse

from accounts.domain import codes, limits, notices, otp, passwords, phones, strangers
from accounts.domain.proofs import Proof, demand
from accounts.models import Challenge, ContactChange, User
from core.actors import Actor
from core.errors import Conflict, Invalid

UNDONE_FOR = timedelta(hours=24)
Kind = ContactChange.Kind


def ask_to_change(
    user: User,
    *,
    email: str | None = None,
    phone: str | None = None,
    by: Actor,
    at: datetime,
    proof: Proof | None = None,
    address: str = "",
) -> Challenge:
    """Send a code to a new `email` or `phone`, and the undo link to the old e-mail address. Nothing changes yet.

    The own address that is not proven yet needs no `proof` and no undo: only a code. For an address or number of
    somebody else's account everything looks the same, and no code is sent. Raises NotAllowed("proof_needed"),
    Invalid("bad_email" | "bad_phone" | "country_not_served" | "which_contact" | "same_contact"), TooMany,
    Unavailable("sms_budget").
    """
    if (email is None) == (phone is None):
        raise Invalid("which_contact", "Name either an e-mail address or a telephone number.")
    kind: str = Kind.EMAIL if email is not None else Kind.PHONE
    new = otp.email_address(email) if email is not None else phones.reachable(phone or "")
    own = new == (user.email if kind == Kind.EMAIL else user.phone_e164)
    proven = user.email_verified_at if kind == Kind.EMAIL else user.phone_verified_at
    if own and proven:
        raise Invalid("same_contact", "This is what we have already.")
    if not own:
        demand(user, proof, at=at)
    if address:  # many accounts of one caller are one caller
        limits.count(limits.CODE_ADDRESS, address, at=at)
    limits.count(limits.CODE_ACCOUNT, str(user.pk), at=at)
    limits.count(limits.CODE_TARGET, new, at=at)
    if kind == Kind.PHONE:
        otp.spend_message(at=at)
    with transaction.atomic():
        challenge = codes.ask(_purpose(kind), channel=_channel(kind), target=new, user=user, at=at)
        if not own:
            _write_down(user, kind, new, challenge, by, at)
        if not _taken(kind, new, user):
            codes.send(challenge, user)
    return challenge


def confirm(user: User, kind: str, challenge: uuid.UUID, code: str, *, at: datetime) -> User:
    """The code has come to the new place: from now on that is the person's. `kind`: email or phone.

    Raises Invalid("bad_code"), also for a change that was undone; Conflict("contact_taken").
    """
    answered = codes.answer(challenge, code, purpose=_purpose(kind), at=at, of=user)
    with transaction.atomic():
        user = _locked(user.pk)
        change = ContactChange.objects.filter(challenge=answered).first()
        if change is None and answered.target != user.email:
            raise codes.bad_code()
        if change is not None:
            waiting = ContactChange.objects.filter(pk=change.pk, confirmed_at__isnull=True, undone_at__isnull=True)
            if waiting.update(confirmed_at=at, undo_until=at + UNDONE_FOR) != 1:
                raise codes.bad_code()
        _set(user, kind, answered.target, at)
        notices.happened(f"{kind}_confirmed", user=user, at=at)
    return user


def undo(key: str, *, at: datetime) -> User:
    """The link in the letter to the old address: the old contact is back, and whoever is signed in is out.

    The change was made by somebody who knew the password or had the mail: the password ends too, and a link for a new
    one goes to the old address. With it fall later changes, those of the other kind that may still be undone, and the
    second factors, Google accounts and push tokens that came since: each would be a way back in, and letters about them
    may have gone to the new address. Codes that are on their way open nothing. Raises Invalid("bad_link"),
    Conflict("contact_taken").
    """
    mine = ContactChange.objects.filter(undo_digest=_digest(key), undone_at__isnull=True, undo_until__gt=at)
    with transaction.atomic():
        owner = mine.values_list("user_id", flat=True).first()
        user = _locked(owner) if owner is not None else None
        change = mine.first()  # read under the lock: a confirmation may have come in between
        if change is None or user is None or mine.update(undone_at=at) != 1:
            raise Invalid("bad_link", "This link has been used, or is too old.")
        falling = Q(pk__gt=change.pk) | (~Q(kind=change.kind) & Q(undo_until__gt=at))
        fallen = list(ContactChange.objects.filter(falling, user=user, undone_at__isnull=True).order_by("pk"))
        ContactChange.objects.filter(pk__in=[one.pk for one in fallen]).update(undone_at=at)
        _back_to_old(user, [change, *fallen])
        strangers.shut_out(user, since=min(one.asked_at for one in (change, *fallen)))
        codes.forget_of(user, at=at)
        user.set_unusable_password()
        user.session_epoch = F("session_epoch") + 1
        user.save(update_fields=["password", "session_epoch"])
        user.refresh_from_db()
        notices.happened("contact_undone", user=user, at=at, alarm=True, kind=change.kind)
        passwords.send_link(user)
    return user


def _back_to_old(user: User, fallen: list[ContactChange]) -> None:
    """Of each kind that was changed, what stood before the first of its changes. The oldest first in `fallen`."""
    for kind in Kind.values:
        mine = [one for one in fallen if one.kind == kind and one.confirmed_at is not None]
        if not mine:
            continue
        first = min(mine, key=lambda one: one.pk)
        try:
            _set(user, kind, first.old, first.old_verified_at)
        except Conflict:
            if kind == Kind.EMAIL:
                raise
            strangers.forget_number(user)  # somebody else has proven it by now: that must not bar the way back


def undoable(key: str, *, at: datetime) -> ContactChange | None:
    """The change that this link would take back, or None when it is used or too old. Nothing is written."""
    alive = ContactChange.objects.filter(undone_at__isnull=True, undo_until__gt=at)
    return alive.filter(undo_digest=_digest(key)).first()


def _write_down(user: User, kind: str, new: str, challenge: Challenge, by: Actor, at: datetime) -> None:
    key = secrets.token_urlsafe(32)
    email = kind == Kind.EMAIL
    change = ContactChange.objects.create(
        user=user,
        kind=kind,
        old=user.email if email else user.phone_e164,
        old_verified_at=user.email_verified_at if email else user.phone_verified_at,
        new=new,
        challenge=challenge,
        asked_at=at,
        undo_digest=_digest(key),
        undo_until=at + UNDONE_FOR,
    )
    notices.happened(f"{kind}_change_asked", user=user, at=at, asked_by=by.kind)
    link = settings.SITE_URL + reverse("accounts:undo-contact", args=[key])
    notices.tell(user, f"{kind}_changing", at=at, once=str(change.public_id), link=link)


def _locked(pk: int) -> User:
    """One change of a person's contacts at a time."""
    return User.objects.select_for_update().get(pk=pk)


def _set(user: User, kind: str, value: str, proven: datetime | None) -> None:
    """Raises Conflict("contact_taken") when the address or number belongs to another account by now."""
    email = kind == Kind.EMAIL
    if email:
        user.email, user.email_verified_at = value, proven
    else:
        user.phone_e164, user.phone_verified_at, user.phone = value, proven, value
    fields = ["email", "email_verified_at"] if email else ["phone_e164", "phone_verified_at", "phone"]
    try:
        with transaction.atomic():
            user.save(update_fields=fields)
    except IntegrityError:
        raise Conflict("contact_taken", "This cannot be used. Please choose another one.") from None


def _taken(kind: str, new: str, user: User) -> bool:
    others = User.objects.exclude(pk=user.pk)
    if kind == Kind.EMAIL:
        return others.filter(email=new).exists()
    return others.filter(phone_e164=new, phone_verified_at__isnull=False).exists()


def _purpose(kind: str) -> str:
    return Challenge.Purpose.EMAIL if kind == Kind.EMAIL else Challenge.Purpose.PHONE


def _channel(kind: str) -> str:
    return "email" if kind == Kind.EMAIL else "sms"


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
