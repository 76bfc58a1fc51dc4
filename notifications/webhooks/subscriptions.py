"""Receivers: who is told, where, of what. A secret is returned once, by the verb that makes it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from audit.record import changed
from core import outside
from core.actors import Actor
from core.crypto import seal, unseal
from core.errors import Conflict, Invalid
from core.work import WorkState
from notifications.domain.desk import ask_staff
from notifications.models import StaffTask
from notifications.webhooks import signing
from notifications.webhooks.catalogue import Catalogue
from notifications.webhooks.models import WebhookDelivery, WebhookSubscription

OVERLAP = timedelta(hours=24)  # in which the old secret signs as well
RESTS_AFTER = 3  # failures in a row
LONGEST_REST = 600  # seconds
WORRY_AFTER = 10  # failures in a row, then a person is asked to look
State = WebhookSubscription.State


def add(
    name: str, *, url: str, events: list[str], personal: bool, by: Actor, at: datetime
) -> tuple[WebhookSubscription, str]:
    """A new receiver and its secret, which is never shown again.

    Raises Invalid("bad_url" | "bad_events"), Conflict("name_taken").
    """
    _check(url, events)
    row = WebhookSubscription(name=name, url=url, events=events, personal=personal, created_at=at, created_by=by.name)
    secret = signing.new_secret()
    row.secret = seal(secret, row=_row(row))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            changed(subject_of(row), "webhook added", by=by, at=at, url=url, events=events, personal=personal)
    except IntegrityError:
        raise Conflict("name_taken", "There is a webhook of this name already.", attr="name") from None
    return row, secret


def change(
    subscription: WebhookSubscription,
    *,
    name: str,
    url: str,
    events: list[str],
    personal: bool,
    by: Actor,
    at: datetime,
) -> None:
    """Another address, other events. Raises Invalid("bad_url" | "bad_events"), Conflict("name_taken")."""
    _check(url, events)
    try:
        with transaction.atomic():
            row = _locked(subscription)
            row.name, row.url, row.events, row.personal = name, url, events, personal
            row.save(update_fields=["name", "url", "events", "personal"])
            changed(subject_of(row), "webhook changed", by=by, at=at, url=url, events=events, personal=personal)
    except IntegrityError:
        raise Conflict("name_taken", "There is a webhook of this name already.", attr="name") from None


def rotate(subscription: WebhookSubscription, *, by: Actor, at: datetime) -> str:
    """A new secret, returned once; for a day the old one signs too, so that a receiver can change over in peace."""
    with transaction.atomic():
        row = _locked(subscription)
        secret = signing.new_secret()
        row.previous_secret, row.previous_until = row.secret, at + OVERLAP
        row.secret = seal(secret, row=_row(row))
        row.save(update_fields=["secret", "previous_secret", "previous_until"])
        changed(subject_of(row), "webhook secret replaced", by=by, at=at)
    return secret


def secrets_of(subscription: WebhookSubscription, *, at: datetime) -> list[str]:
    """The secrets that sign now, the newest first."""
    found = [unseal(subscription.secret, row=_row(subscription))]
    if subscription.previous_secret and subscription.previous_until and at < subscription.previous_until:
        found.append(unseal(subscription.previous_secret, row=_row(subscription)))
    return found


def pause(subscription: WebhookSubscription, *, by: Actor, at: datetime) -> None:
    """Nothing is sent until `resume`; what happens meanwhile is kept. Raises Conflict("wrong_state")."""
    _move(subscription, (State.ACTIVE,), State.PAUSED, "webhook paused", by=by, at=at)


def switch_off(subscription: WebhookSubscription, *, note: str, by: Actor, at: datetime) -> None:
    """Nothing is promised or sent any more. Raises Conflict("wrong_state")."""
    _move(subscription, (State.ACTIVE, State.PAUSED), State.OFF, "webhook switched off", note=note, by=by, at=at)


def resume(subscription: WebhookSubscription, *, by: Actor, at: datetime) -> None:
    """Tell it again, at once what has waited, with 72 hours anew. Raises Conflict("wrong_state")."""
    from notifications.webhooks.events import PATIENCE

    with transaction.atomic():
        _move(subscription, (State.PAUSED, State.OFF), State.ACTIVE, "webhook resumed", by=by, at=at)
        fresh: dict[str, Any] = {"failed_in_a_row": 0, "failing_since": None, "rests_until": None}
        WebhookSubscription.objects.filter(pk=subscription.pk).update(**fresh)
        waiting = WebhookDelivery.objects.filter(subscription=subscription, work_state=WorkState.PENDING)
        waiting.update(due_at=at, give_up_at=at + PATIENCE)


def answered(subscription: WebhookSubscription, *, at: datetime) -> None:
    """A good answer: whatever was wrong is over."""
    WebhookSubscription.objects.filter(pk=subscription.pk).update(
        answered_at=at, failed_in_a_row=0, failing_since=None, rests_until=None
    )


def failed(subscription: WebhookSubscription, *, at: datetime) -> None:
    """One failure more. A receiver that fails again and again is left in peace for a while, so that it does not keep
    the workers from other promises; and a person is told, once for each time of trouble."""
    with transaction.atomic():
        mine = WebhookSubscription.objects.filter(pk=subscription.pk)
        mine.update(failed_in_a_row=F("failed_in_a_row") + 1)
        mine.filter(failing_since=None).update(failing_since=at)
        row = mine.get()
        beyond = row.failed_in_a_row - RESTS_AFTER
        if beyond >= 0:
            mine.update(rests_until=at + timedelta(seconds=min(10 * 2 ** min(beyond, 6), LONGEST_REST)))
        if row.failed_in_a_row >= WORRY_AFTER and row.failing_since:
            since = row.failing_since
            _ask(row, f"Webhook “{row.name}” does not take what we send", key=f"failing:{since.isoformat()}", at=at)


def gone(subscription: WebhookSubscription, *, by: Actor, at: datetime) -> None:
    """The receiver said 410: it wants nothing more. Switched off, with a note and a task; a second 410 adds nothing."""
    with transaction.atomic():
        if _locked(subscription).state == State.OFF:
            return
        switch_off(subscription, note=f"The receiver answered 410 Gone on {at:%d %b %Y %H:%M} UTC.", by=by, at=at)
        _ask(subscription, f"Webhook “{subscription.name}” is off: its receiver is gone", key=f"gone:{at}", at=at)


def subject_of(subscription: WebhookSubscription) -> str:
    """The key of this receiver in the history."""
    return f"webhook:{subscription.pk}"


def _ask(subscription: WebhookSubscription, title: str, *, key: str, at: datetime) -> None:
    subject = subject_of(subscription)
    ask_staff(StaffTask.Desk.MANAGEMENT, title, key=f"{subject}:{key}", subject=subject, at=at)


def _move(
    subscription: WebhookSubscription,
    origins: tuple[str, ...],
    to: str,
    event: str,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
) -> None:
    with transaction.atomic():
        row = _locked(subscription)
        if row.state not in origins:
            raise Conflict("wrong_state", f"This webhook is {row.get_state_display().lower()} already.")
        origin, row.state, row.note = row.state, to, note
        row.save(update_fields=["state", "note"])
        changed(subject_of(row), event, by=by, at=at, from_state=origin, to_state=to, reason=note)
    subscription.state, subscription.note = to, note


def _locked(subscription: WebhookSubscription) -> WebhookSubscription:
    return WebhookSubscription.objects.select_for_update().get(pk=subscription.pk)


def _row(subscription: WebhookSubscription) -> str:
    return f"notifications.webhooksubscription.secret:{subscription.public_id}"


def _check(url: str, events: list[str]) -> None:
    try:
        outside.look_at(url)
    except outside.Refused as refused:
        raise Invalid("bad_url", str(refused), attr="url") from None
    if not events or not all(isinstance(one, str) and Catalogue.knows(one) for one in events):
        raise Invalid("bad_events", "Choose at least one event, and only events that there are.", attr="events")
