"""Itemised consent: given by one click, withdrawn by one click, proven by the row that each click leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.domain.privacy import news
from accounts.domain.privacy.purposes import BY_CODE, PURPOSES, Purpose
from accounts.models import ConsentRecord, User
from core.actors import Actor
from core.errors import Invalid


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a click came from: door (ConsentRecord.Door), address, browser."""

    door: str
    ip: str | None = None
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A purpose and where the person stands with it."""

    purpose: Purpose
    granted: bool
    record: ConsentRecord | None

    @property
    def outdated(self) -> bool:
        """A yes to words that have changed since."""
        return self.granted and self.record is not None and self.record.text_version != self.purpose.version


def allows(user: User, purpose: str) -> bool:
    """May the person's data be used for `purpose` now? Ask at the moment of use: a no holds at once."""
    _known(purpose)
    newest = ConsentRecord.objects.filter(user=user, purpose=purpose).order_by("-id").first()
    return newest is not None and newest.granted


def choices(user: User) -> list[Choice]:
    """All purposes in their order, in one query."""
    newest: dict[str, ConsentRecord] = {}
    for record in ConsentRecord.objects.filter(user=user).order_by("purpose", "-id").distinct("purpose"):
        newest[record.purpose] = record
    return [Choice(one, bool((row := newest.get(one.code)) and row.granted), row) for one in PURPOSES]


def history(user: User) -> list[ConsentRecord]:
    """Every yes and no, the newest first: the proof."""
    return list(ConsentRecord.objects.filter(user=user).order_by("-id")[:100])


def decide(user: User, wishes: Mapping[str, bool], *, origin: Origin, by: Actor, at: datetime) -> list[ConsentRecord]:
    """Write down what the person allows and what not; a purpose that stays as it was leaves no row.

    Raises Invalid("unknown_purpose"): nothing is written then.
    """
    for code in wishes:
        _known(code)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        standing = {choice.purpose.code: choice for choice in choices(locked)}
        moved = [
            _write(locked, BY_CODE[code], granted, origin, at)
            for code, granted in wishes.items()
            if granted != standing[code].granted or standing[code].outdated
        ]
        for record in moved:
            event = "consent given" if record.granted else "consent withdrawn"
            news.tell(event, locked, by=by, at=at, purpose=record.purpose, version=record.text_version)
        _mirror(locked, moved)
    user.marketing_consent = locked.marketing_consent
    return moved


def end_all(user: User, *, by: Actor, at: datetime) -> None:
    """With the account every optional use ends; the rows stay as proof, without address and browser."""
    granted = {choice.purpose.code: False for choice in choices(user) if choice.granted}
    decide(user, granted, origin=Origin(ConsentRecord.Door.ERASURE), by=by, at=at)
    ConsentRecord.objects.filter(user=user).update(ip=None, user_agent="")


def _known(code: str) -> Purpose:
    if code not in BY_CODE:
        raise Invalid("unknown_purpose", "We do not know this purpose.", attr="consents")
    return BY_CODE[code]


def _write(user: User, purpose: Purpose, granted: bool, origin: Origin, at: datetime) -> ConsentRecord:
    return ConsentRecord.objects.create(
        user=user,
        purpose=purpose.code,
        granted=granted,
        text=str(purpose.text),
        text_version=purpose.version,
        at=at,
        ip=origin.ip,
        user_agent=origin.user_agent[:300],
        door=origin.door,
    )


def _mirror(user: User, moved: list[ConsentRecord]) -> None:
    """`marketing_consent` shows the newest record of "offers"; this is its only writer."""
    for record in moved:
        if record.purpose == "offers" and user.marketing_consent != record.granted:
            user.marketing_consent = record.granted
            User.objects.filter(pk=user.pk).update(marketing_consent=record.granted)
