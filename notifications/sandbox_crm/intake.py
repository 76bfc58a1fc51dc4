"""Taking a call as a careful receiver does: prove it, know it by its id, answer."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import connection, transaction

from notifications.sandbox_crm.models import Desk, Received
from notifications.webhooks import signing

KEPT = 200  # calls
ANSWERS = {200: "Take it", 500: "Fail", 410: "Be gone"}


def desk() -> Desk:
    """The one row; made when first asked for."""
    return Desk.objects.first() or Desk(pk=1)


def trust(secret: str) -> None:
    """Believe what is signed with `secret` from now on; the one before stays good, for the time of changing over."""
    row = desk()
    row.secrets = [secret, *(known for known in row.secrets if known != secret)][:2]
    row.save()


def answer_with(status: int) -> None:
    """How the next calls are answered."""
    row = desk()
    row.answers = status if status in ANSWERS else 200
    row.save()


def take(body: bytes, signature: str, *, at: datetime) -> Received:
    """Write one call down. `answered` is 400 when it proves nothing, else what the desk was told to answer."""
    row = desk()
    call = Received(at=at, problem=signing.genuine(row.secrets, body, signature, now=int(at.timestamp())), answered=400)
    if not call.problem:
        _believe(call, body, row.answers)
    with transaction.atomic():
        if call.event_id:
            with connection.cursor() as cursor:  # two calls at once: one of them is the second
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"crm:{call.event_id}"])
            known = Received.objects.filter(event_id=call.event_id, answered__lt=300)
            call.again = known.exists()
        call.save()
    Received.objects.filter(pk__lte=call.pk - KEPT).delete()
    return call


def _believe(call: Received, body: bytes, status: int) -> None:
    try:
        told = json.loads(body)
        call.event_id, call.type, call.body = str(told["id"])[:60], str(told["type"])[:60], told
        call.answered = status
    except (ValueError, TypeError, KeyError):
        call.problem = "not an event"
