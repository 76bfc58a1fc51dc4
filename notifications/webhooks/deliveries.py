"""Telling: signed, at least once, tried again for 72 hours. A receiver knows a repeated event by its id."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from audit.record import changed
from core import outside, work
from core.actors import SYSTEM, Actor
from core.crashpoints import crashpoint
from core.errors import Conflict
from core.references import random_code
from core.work import GiveUp, Later, WorkState
from notifications.webhooks import events, signing, subscriptions
from notifications.webhooks.catalogue import DATA_KEYS, PING
from notifications.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEvent, WebhookSubscription

KIND = events.KIND
WAITS = (5, 30, 120, 600, 1800, 3600, 7200, 4 * 3600)  # seconds; the last one again until the 72 hours are over
LOOK_AGAIN = 3600  # seconds; a paused receiver rings us itself when it is resumed
KEPT = 2048  # bytes of an answer
State = WebhookSubscription.State


def keep(delivery: WebhookDelivery) -> None:
    """Send one delivery. Done on 2xx; 410 switches the receiver off; all else is tried again later."""
    receiver = WebhookSubscription.objects.get(pk=delivery.subscription_id)
    event = WebhookEvent.objects.get(pk=delivery.event_id)
    if event.type != PING:
        _ready(receiver)
    tried = _send(delivery, receiver, event)
    crashpoint("webhook.after_send")
    _write(delivery, tried)
    now = timezone.now()
    if tried.taken:
        subscriptions.answered(receiver, at=now)
    elif event.type == PING:
        return  # whoever tests sees how it went; it is no promise to anybody
    elif tried.status == 410:
        subscriptions.gone(receiver, by=SYSTEM, at=now)
        raise GiveUp("410 Gone")
    else:
        subscriptions.failed(receiver, at=now)
        _again(delivery, tried, now)


def ping(subscription: WebhookSubscription, *, by: Actor, at: datetime) -> WebhookDelivery:
    """Send a test event now, whatever the receiver's state, and return how it went. Never tried again."""
    with transaction.atomic():
        event = events.write(
            PING,
            [],
            key=f"ping:{random_code(20)}",
            subject=f"ping:{random_code(20)}",
            data={name: None for name in DATA_KEYS if name != "sequence"},
            at=at,
        )
        row = WebhookDelivery.objects.create(
            key=f"{event.public_id}:{subscription.pk}",
            event=event,
            subscription=subscription,
            due_at=at,
            created_at=at,
            give_up_at=at,
        )
        changed(subscriptions.subject_of(subscription), "webhook tested", by=by, at=at)
    work.work_one(KIND, row.pk)
    row.refresh_from_db()
    return row


def replay(delivery: WebhookDelivery, *, by: Actor, at: datetime) -> None:
    """Tell the same event once more, same id, same words, with 72 hours anew.

    Raises Conflict("under_way") while it waits or is being sent (a second click), Conflict("wrong_state") when the
    receiver is off.
    """
    if WebhookSubscription.objects.get(pk=delivery.subscription_id).state == State.OFF:
        raise Conflict("wrong_state", "This webhook is off. Resume it first.")
    with transaction.atomic():
        ended = WebhookDelivery.objects.filter(pk=delivery.pk, work_state__in=(WorkState.DONE, WorkState.DEAD))
        again = ended.update(
            work_state=WorkState.PENDING,
            failures=0,
            lease_until=None,
            due_at=at,
            give_up_at=at + events.PATIENCE,
            done_at=None,
            last_error="",
            replays=F("replays") + 1,
        )
        if not again:
            raise Conflict("under_way", "This delivery is waiting or under way already.")
        event = delivery.event
        changed(event.subject, "webhook sent again", by=by, at=at, event_id=event.public_id, event_type=event.type)
        work.ring(KIND, delivery.pk)


def buried(delivery: WebhookDelivery) -> None:
    """Nobody took it for 72 hours: a person is asked, once for each receiver and day."""
    receiver, now = delivery.subscription, timezone.now()
    if receiver.state != State.OFF:
        title = f"Webhook “{receiver.name}”: news was not taken for 72 hours. Send it again when it answers."
        subscriptions._ask(receiver, title, key=f"dead:{now:%Y-%m-%d}", at=now)


def _ready(receiver: WebhookSubscription) -> None:
    if receiver.state == State.OFF:
        raise GiveUp("the webhook is off")
    if receiver.state == State.PAUSED:
        raise Later(LOOK_AGAIN, "paused")
    left = (receiver.rests_until - timezone.now()).total_seconds() if receiver.rests_until else 0
    if left > 0:
        raise Later(left, "the receiver fails again and again and is left in peace for a while")


def _send(delivery: WebhookDelivery, receiver: WebhookSubscription, event: WebhookEvent) -> WebhookAttempt:
    """One try outside any transaction. No redirects: who moves tells us so."""
    now, began = timezone.now(), time.monotonic()
    content = events.body(event, personal=receiver.personal)
    headers = {
        "Content-Type": "application/json",
        "Webhook-Id": event.public_id,
        signing.HEADER: signing.header(subscriptions.secrets_of(receiver, at=now), content, at=int(now.timestamp())),
    }
    tried = WebhookAttempt(delivery=delivery, at=now)
    crashpoint("webhook.before_send")
    try:
        answer = outside.call("POST", receiver.url, body=content, headers=headers)
    except (outside.Refused, outside.NoAnswer) as error:
        tried.error = str(error)[:200]
    else:
        tried.status = answer.status
        tried.answer = answer.body[:KEPT].decode("utf-8", "replace").replace("\x00", "\ufffd")
        delivery.retry_after = answer.headers.get("retry-after", "")  # type: ignore[attr-defined]
    tried.milliseconds = int((time.monotonic() - began) * 1000)
    return tried


def _write(delivery: WebhookDelivery, tried: WebhookAttempt) -> None:
    tried.save(force_insert=True)
    WebhookDelivery.objects.filter(pk=delivery.pk).update(status=tried.status, milliseconds=tried.milliseconds)


def _again(delivery: WebhookDelivery, tried: WebhookAttempt, now: datetime) -> None:
    """Put it off by the schedule (or as long as the receiver asks, up to an hour), or give up after 72 hours."""
    why = tried.error or f"HTTP {tried.status}"
    wait = WAITS[min(delivery.failures, len(WAITS) - 1)]
    asked = getattr(delivery, "retry_after", "")
    if tried.status in (429, 503) and asked.isascii() and asked.isdecimal():
        wait = max(wait, min(int(asked[:6]), 3600))
    if now + timedelta(seconds=wait) > delivery.give_up_at:
        raise GiveUp(f"not taken for 72 hours: {why}")
    WebhookDelivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts).update(failures=delivery.failures + 1)
    raise Later(wait, why)


work.Registry.add(KIND, WebhookDelivery, keep, buried)
