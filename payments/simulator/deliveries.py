"""Server-to-server notices: rows first, sent by a worker, tried again until the merchant says 2xx."""

import json
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

import httpx
from django.conf import settings

from core import work
from payments.simulator import faults, records
from payments.simulator.models import Delivery, Refund, Transaction

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
PATIENCE = httpx.Timeout(15, connect=5)  # seconds
OWN_HOSTS = ("127.0.0.1", "localhost", "::1")


class NotTaken(Exception):
    """The merchant did not answer 2xx."""


def promise_payment(payment: Transaction, *, copies: int, at: datetime) -> None:
    """Tell the merchant `copies` times how the payment ended."""
    form = records.webhook_form(payment)
    if copies and faults.take("delivery", "tamper"):
        form["amount"] = "1.00"
    _promise("payment", f"{payment.mihpayid}:{payment.status}", payment.txnid, FORM, urlencode(form), copies, at)


def promise_refund(refund: Refund, *, at: datetime) -> None:
    """Tell the merchant how the refund ended: JSON, unsigned, as PayU does it."""
    body = json.dumps(records.refund_notice(refund))
    _promise("refund", f"{refund.request_id}:{refund.status}", refund.transaction.txnid, JSON, body, 1, at)


def _promise(event: str, key: str, txnid: str, content_type: str, body: str, copies: int, at: datetime) -> None:
    if copies and faults.take("delivery", "lose"):
        return
    more = faults.take("delivery", "duplicate") if copies else None
    late = faults.take("delivery", "delay") if copies else None
    copies = max(copies, int(more.params.get("copies", 3))) if more else copies
    due = at + timedelta(seconds=late.params.get("seconds", 60) if late else 0)
    for number in range(1, copies + 1):
        facts = {"event": event, "txnid": txnid, "content_type": content_type, "body": body, "due_at": due}
        row, new = Delivery.objects.get_or_create(key=f"{key}:{number}", defaults=facts)
        if new:
            work.ring("payusim.delivery", row.pk)


def keep(row: Delivery) -> None:
    """Post one notice to the merchant. Raises NotTaken, so that it is tried again."""
    url = settings.PAYU_SIM_WEBHOOK_URL
    through_proxy = urlsplit(url).hostname not in OWN_HOSTS
    with httpx.Client(timeout=PATIENCE, trust_env=through_proxy) as http:
        answer = http.post(url, content=row.body.encode(), headers={"Content-Type": row.content_type})
    Delivery.objects.filter(pk=row.pk).update(answer_status=answer.status_code)
    if not answer.is_success:
        raise NotTaken(f"HTTP {answer.status_code}")
