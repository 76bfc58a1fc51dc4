"""An event is a row of the transaction in which it happens, with one promised delivery for each receiver that wants it.

Where nobody listens nothing is written: no personal data is kept for nobody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from core import work
from core.references import random_code
from notifications.webhooks.catalogue import DATA_KEYS, without_personal
from notifications.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEvent, WebhookSubscription
from notifications.webhooks.models import WebhookSubscription as Subscription

KIND = "webhook"
PATIENCE = timedelta(hours=72)


def listeners(event_type: str) -> list[WebhookSubscription]:
    """The receivers that are promised an event of this type: those that are on, and paused ones for later."""
    return [one for one in Subscription.objects.exclude(state=Subscription.State.OFF) if one.wants(event_type)]


def announce(event_type: str, *, key: str, subject: str, data: dict[str, Any], at: datetime) -> WebhookEvent | None:
    """Write the event and its deliveries, in the transaction of the change; None where nobody listens.

    `key` makes it unique, whoever tells twice. `data` has the keys of `DATA_KEYS` but for `sequence`, which is given
    here: 1, 2, 3 ... within `subject`, without gaps, so that a receiver can sort what arrives out of order.
    """
    assert connection.in_atomic_block, "an event is written with the change that it tells of"
    wanted_by = listeners(event_type)
    if not wanted_by:
        return None
    _one_at_a_time(subject)
    known = WebhookEvent.objects.filter(key=key).first()
    return known or write(event_type, wanted_by, key=key, subject=subject, data=data, at=at)


def write(
    event_type: str,
    receivers: list[WebhookSubscription],
    *,
    key: str,
    subject: str,
    data: dict[str, Any],
    at: datetime,
) -> WebhookEvent:
    """One event and a delivery for each of `receivers`; the caller holds the subject."""
    assert {"sequence", *data} == set(DATA_KEYS), "every event has the same keys"
    last = WebhookEvent.objects.filter(subject=subject).aggregate(last=Max("sequence"))["last"] or 0
    event = WebhookEvent.objects.create(
        public_id=f"evt_{random_code(26)}",
        key=key,
        type=event_type,
        subject=subject,
        sequence=last + 1,
        data={**data, "sequence": last + 1},
        created_at=at,
    )
    for one in receivers:
        promised = WebhookDelivery.objects.create(
            key=f"{event.public_id}:{one.pk}",
            event=event,
            subscription=one,
            due_at=at,
            created_at=at,
            give_up_at=at + PATIENCE,
        )
        work.ring(KIND, promised.pk)
    return event


def complete(event: WebhookEvent | None, data: dict[str, Any]) -> None:
    """Later figures of the same transaction (the bill of a stay that ends); nobody has seen the event before commit."""
    if event is not None:
        event.data = {**data, "sequence": event.sequence}
        event.save(update_fields=["data"])


def body(event: WebhookEvent, *, personal: bool) -> bytes:
    """What is sent: the same bytes at every try."""
    data = event.data if personal else without_personal(event.data)
    told = {
        "id": event.public_id,
        "type": event.type,
        "created": f"{event.created_at:%Y-%m-%dT%H:%M:%SZ}",
        "data": {name: data[name] for name in DATA_KEYS},
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def forget_before(before: datetime, *, at_once: int = 1000) -> int:
    """The log is no archive of guests: events older than `before` that wait for nobody go, with their deliveries.

    The days are the retention table's. `at_once` events at a time; returns how many went.
    """
    waiting = WebhookDelivery.objects.filter(work_state=work.WorkState.PENDING).values("event")
    old = WebhookEvent.objects.filter(created_at__lt=before).exclude(pk__in=waiting).order_by("created_at")
    done = 0
    while found := list(old.values_list("pk", flat=True)[:at_once]):
        with transaction.atomic():
            WebhookDelivery.objects.filter(event__in=found).delete()
            WebhookEvent.objects.filter(pk__in=found).delete()
        done += len(found)
    return done


def make_nameless(subjects: Collection[str]) -> int:
    """The log of these subjects loses name, contacts and account, and what receivers answered; ids and amounts stay."""
    rows = WebhookEvent.objects.filter(subject__in=subjects).exclude(data__user=None)
    for event in rows:
        event.data = {**event.data, "user": None}
        event.save(update_fields=["data"])
    WebhookAttempt.objects.filter(delivery__event__subject__in=subjects).exclude(answer="").update(answer="")
    return len(rows)


def _one_at_a_time(subject: str) -> None:
    """Numbers within a subject are given one after the other; held until the transaction ends, the last lock taken."""
    number = int.from_bytes(hashlib.sha256(f"webhooks:{subject}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
