"""Money out. Gate: `payments.domain.refunds`."""

import uuid

from django.db import models
from django.db.models import Q

from core.tracked import tracked
from core.work import WorkRow
from payments.models.folio import Folio
from payments.models.payment import Payment

OPEN = models.Index(fields=["state"], name="refund_under_way", condition=~Q(state__in=["done", "failed"]))

NEWEST = models.Index(fields=["-created_at", "-id"], name="refund_newest")


@tracked(exclude=("token",))
class Refund(WorkRow):
    """A promise to give money back out of one payment; the token is stored before the gateway is called."""

    class State(models.TextChoices):
        PROMISED = "promised", "Promised"
        SENT = "sent", "Sent to the gateway"
        WITH_BANK = "with_bank", "With the bank"
        DONE = "done", "Paid back"
        FAILED = "failed", "Needs a person"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    folio = models.ForeignKey(Folio, on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    reason = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROMISED)
    token = models.CharField(max_length=23, unique=True)
    token_spent = models.BooleanField(default=False, help_text="the bank said no; a new try needs a new one")
    request_id = models.CharField(max_length=40, blank=True)
    bank_reference = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    with_bank_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="refund_positive")]
        indexes = [WorkRow.due_index("refund_due"), WorkRow.dead_index("refund_dead"), OPEN, NEWEST]

    def __str__(self) -> str:
        return f"{self.amount} of {self.payment}"
