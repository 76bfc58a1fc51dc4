"""What gateways tell us, and what does not add up. Gates: `payments.domain.inbox`, `payments.domain.exceptions`."""

from django.db import models
from django.utils import timezone

from core.tracked import tracked
from core.work import WorkRow, WorkState
from payments.models.payment import Payment


class GatewayEvent(WorkRow):
    """One callback, stored once (card data masked) before anything is believed."""

    gateway = models.CharField(max_length=16)
    source = models.CharField(max_length=10, help_text="return or webhook")
    txnid = models.CharField(max_length=40, blank=True, db_index=True)
    payload = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [
            WorkRow.due_index("gateway_event_due"),
            WorkRow.dead_index("gateway_event_dead"),
            models.Index(  # the retention table: old ones with words
                fields=["created_at"],
                name="gateway_event_with_words",
                condition=models.Q(work_state=WorkState.DONE) & ~models.Q(payload={}),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.txnid}"


@tracked
class MoneyException(models.Model):
    """Money that does not add up and waits for finance."""

    class Kind(models.TextChoices):
        MISMATCH = "mismatch", "Amount or reference does not match"
        NOT_VERIFIED = "not_verified", "The gateway does not confirm it"
        RETURNED = "returned", "Returned by the gateway itself"
        REFUND_FAILED = "refund_failed", "Refund failed"
        SILENT = "silent", "No answer for too long"

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    payment = models.ForeignKey(Payment, null=True, blank=True, on_delete=models.PROTECT)
    detail = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["closed_at", "-opened_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}"
