"""A try at paying: a new txnid for each; the amount comes from the folio, never from the client."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from audit.record import changed
from core.actors import Actor
from core.errors import Conflict, Invalid
from core.references import random_code
from payments.domain import folio as folios
from payments.gateways import registry
from payments.gateways.base import AttemptFacts, Checkout
from payments.models import Folio, Payment

FIRST_POLL = timedelta(minutes=2)


def start(folio: Folio, *, milestone: str, gateway_code: str, product: str, by: Actor, at: datetime) -> Payment:
    """A new attempt at a milestone.

    Raises Invalid("unknown_gateway"), Conflict("unknown_milestone" | "not_open_yet" | "already_paid" |
    "payment_pending": the bank is still busy with an earlier try).
    """
    if gateway_code not in registry.available():
        raise Invalid("unknown_gateway", "This way of paying is not available.", attr="gateway")
    with transaction.atomic():
        folios.lock(folio)
        mine = Payment.objects.filter(folio=folio, milestone=milestone)
        if mine.filter(Q(state=Payment.State.PENDING) | Q(state=Payment.State.CAPTURED, applied_at=None)).exists():
            raise Conflict(
                "payment_pending",
                "Your bank is still working on your last payment. We will tell you as soon as it is done.",
            )
        amount = folios.payable(folio, milestone, paid=folios.counted(folio))
        payment = Payment.objects.create(
            folio=folio,
            gateway=gateway_code,
            txnid=f"PW{at:%y%m%d}{random_code(12)}",
            milestone=milestone,
            amount=amount,
            currency=folio.currency,
            created_at=at,
            next_poll_at=at + FIRST_POLL,
        )
        changed(folio.subject, "payment started", by=by, at=at, payment=str(payment.public_id), amount=str(amount))
    return payment


def checkout(payment: Payment, *, product: str) -> Checkout:
    """How the guest's browser reaches the gateway for this attempt. No network, nothing written.

    Raises Conflict("payment_over") when the attempt has ended.
    """
    if payment.state != Payment.State.INITIATED:
        raise Conflict("payment_over", "This payment has ended. Please start a new one.")
    folio = payment.folio
    return registry.gateway(payment.gateway).checkout(
        AttemptFacts(
            txnid=payment.txnid,
            amount=payment.amount,
            product=product,
            first_name=folio.payer_name,
            email=folio.payer_email,
            phone=folio.payer_phone,
            return_url=f"{settings.SITE_URL}/payments/{payment.gateway}/return",
            udf=(folio.subject.partition(":")[2], payment.milestone),
        )
    )


def held_back(payment: Payment) -> Decimal:
    """What this captured payment still holds, in rupees."""
    return payment.amount - payment.refund_reserved
