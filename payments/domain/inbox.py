"""Callbacks: checked, stored once, answered fast, worked off from the row. A callback is only a claim."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core import work
from core.work import GiveUp
from payments.domain import capture
from payments.gateways import registry
from payments.gateways.base import Callback, Hint
from payments.models import GatewayEvent, Payment, Refund

KIND = "gateway_event"


def receive(gateway_code: str, fields: Mapping[str, object], *, source: str, at: datetime) -> GatewayEvent | None:
    """Check a notice and store it once. The signature is checked before any table is touched.

    `source` is return or webhook. Gives the stored event (also for a repetition), or None for an unsigned hint that
    names nothing of ours. Raises ForgedCallback; nothing is stored then.
    """
    adapter = registry.gateway(gateway_code)
    hint = adapter.read_hint(fields)
    if hint is not None:
        name = _name_of_ours(hint)
        key = f"hint:{hint.kind}:{name}"
        return _store(gateway_code, key, hint.txnid, _hint_payload(hint), source, at) if name else None
    callback = adapter.read_callback(fields)
    return _store(gateway_code, callback.event_key, callback.txnid, _payload(callback), source, at)


def keep(event: GatewayEvent) -> None:
    """Work one event off: find the attempt by txnid, let the gateway confirm it."""
    if event.payload.get("hint") == "refund":
        _wake_refund(event)
        return
    payment = Payment.objects.filter(gateway=event.gateway, txnid=event.txnid).first()
    if payment is None:
        if event.payload.get("hint"):
            return
        raise GiveUp("no such attempt")
    capture.confirm(payment)


def _store(gateway_code: str, key: str, txnid: str, payload: dict[str, Any], source: str, at: datetime) -> GatewayEvent:
    event, made = GatewayEvent.objects.get_or_create(
        key=f"{gateway_code}:{key}"[:120],
        defaults={
            "gateway": gateway_code,
            "source": source,
            "txnid": txnid[:40],
            "payload": payload,
            "due_at": at,
            "created_at": at,
        },
    )
    if made:
        work.ring(KIND, event.pk)
    return event


def _payload(callback: Callback) -> dict[str, Any]:
    return {"claimed": callback.claimed, "gateway_id": callback.gateway_id, "masked": callback.masked}


def _hint_payload(hint: Hint) -> dict[str, Any]:
    return {"hint": hint.kind, "token": hint.token, "request_id": hint.request_id, "masked": hint.masked}


def _name_of_ours(hint: Hint) -> str:
    """The token or txnid in the hint that is ours; nobody fills the table by changing other words of the notice."""
    if hint.token and Refund.objects.filter(token=hint.token).exists():
        return hint.token
    if hint.txnid and Payment.objects.filter(txnid=hint.txnid).exists():
        return hint.txnid
    return ""


def _wake_refund(event: GatewayEvent) -> None:
    """A refund hint proves nothing: it only makes us ask sooner."""
    refund = Refund.objects.filter(token=event.payload.get("token") or "-", work_state="pending").first()
    if refund is not None:
        Refund.objects.filter(pk=refund.pk, lease_until__isnull=True).update(due_at=event.created_at)
        work.ring("refund", refund.pk)


work.Registry.add(KIND, GatewayEvent, keep)
