"""Money in. Gate: `payments.domain.attempts` and `payments.domain.capture`."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.tracked import tracked
from payments.models.folio import Folio


@tracked(quiet=("next_poll_at", "polls"))
class Payment(models.Model):
    """One try at a gateway. `txnid` is ours and new for each try; a captured one never moves back."""

    class State(models.TextChoices):
        INITIATED = "initiated", "Started"
        PENDING = "pending", "Waiting for the bank"
        CAPTURED = "captured", "Paid"
        FAILED = "failed", "Failed"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    folio = models.ForeignKey(Folio, on_delete=models.PROTECT, related_name="payments")
    gateway = models.CharField(max_length=16)
    txnid = models.CharField(max_length=25)
    milestone = models.CharField(max_length=8)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3, default="INR")
    state = models.CharField(max_length=10, choices=State.choices, default=State.INITIATED)
    gateway_id = models.CharField(max_length=40, blank=True, help_text="mihpayid")
    mode = models.CharField(max_length=20, blank=True)
    bank_reference = models.CharField(max_length=60, blank=True)
    failure = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    captured_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True, help_text="when the owner of the folio reacted")
    refund_reserved = models.DecimalField(
        max_digits=12, decimal_places=2, default=0, help_text="promised back out of this payment"
    )
    next_poll_at = models.DateTimeField(null=True, blank=True)
    polls = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive"),
            models.CheckConstraint(
                condition=Q(refund_reserved__gte=0) & Q(refund_reserved__lte=F("amount")),
                name="payment_never_refunded_beyond",
            ),
            models.UniqueConstraint(fields=["gateway", "txnid"], name="payment_txnid_once"),
            models.UniqueConstraint(
                fields=["gateway", "gateway_id"], condition=~Q(gateway_id=""), name="payment_gateway_id_once"
            ),
        ]
        indexes = [
            models.Index(fields=["next_poll_at"], name="payment_poll", condition=Q(next_poll_at__isnull=False)),
            models.Index(
                fields=["captured_at"], name="payment_unapplied", condition=Q(state="captured", applied_at__isnull=True)
            ),
            models.Index(fields=["captured_at"], name="payment_received", condition=Q(state="captured")),
            models.Index(fields=["created_at"], name="payment_with_bank", condition=Q(state="pending")),
            models.Index(fields=["-created_at", "-id"], name="payment_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.txnid} {self.amount}"
