"""The simulator's own books. Nothing here points at our tables, so they can be compared with ours."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.work import WorkRow


def new_mihpayid() -> str:
    """Eighteen digits, like PayU's."""
    return f"403993{secrets.randbelow(10**12):012d}"


def new_request_id() -> str:
    """Nine digits, like PayU's."""
    return f"13{secrets.randbelow(10**8):08d}"


def new_page_key() -> str:
    """The secret in the address of a hosted page."""
    return secrets.token_urlsafe(24)


class Transaction(models.Model):
    """One payment page. Gates: `intake.accept` opens it, `outcomes.choose` and `clock.advance` move it on."""

    class State(models.TextChoices):
        STARTED = "started", "Page shown"
        PENDING = "pending", "Pending"
        CAPTURED = "captured", "Captured"
        FAILED = "failed", "Failed"

    page_key = models.CharField(max_length=40, unique=True, default=new_page_key, editable=False)
    mihpayid = models.CharField(max_length=20, unique=True, default=new_mihpayid, editable=False)
    txnid = models.CharField(max_length=25, db_index=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    amount_text = models.CharField(max_length=20, help_text="as posted: the hash covers the very text")
    productinfo = models.CharField(max_length=100)
    firstname = models.CharField(max_length=60)
    email = models.CharField(max_length=50)
    phone = models.CharField(max_length=50)
    udf1 = models.CharField(max_length=255, blank=True)
    udf2 = models.CharField(max_length=255, blank=True)
    udf3 = models.CharField(max_length=255, blank=True)
    udf4 = models.CharField(max_length=255, blank=True)
    udf5 = models.CharField(max_length=255, blank=True)
    surl = models.CharField(max_length=500)
    furl = models.CharField(max_length=500)

    state = models.CharField(max_length=8, choices=State.choices, default=State.STARTED)
    unmapped = models.CharField(max_length=20, default="initiated")
    outcome = models.CharField(max_length=20, blank=True, help_text="what the visitor chose")
    mode = models.CharField(max_length=4, blank=True)
    surcharge = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    bank_ref_num = models.CharField(max_length=30, blank=True)
    error_code = models.CharField(max_length=8, blank=True)
    error_message = models.CharField(max_length=120, blank=True)
    resolve_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["txnid"], condition=Q(state="captured"), name="payusim_txnid_succeeds_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payusim_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.mihpayid} {self.txnid}"

    @property
    def status(self) -> str:
        """PayU's coarse word."""
        return {"captured": "success", "failed": "failure"}.get(self.state, "pending")


class Refund(models.Model):
    """Money on its way back. Gates: `refunds.ask` and `clock.advance`."""

    class Status(models.TextChoices):
        QUEUED = "QUEUED"
        IN_PROGRESS = "IN PROGRESS"
        SUCCESS = "SUCCESS"
        FAILURE = "FAILURE"

    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="refunds")
    request_id = models.CharField(max_length=20, unique=True, default=new_request_id, editable=False)
    token = models.CharField(max_length=23, unique=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.QUEUED)
    will_fail = models.BooleanField(default=False)
    remarks = models.CharField(max_length=1024, blank=True)
    bank_ref_num = models.CharField(max_length=30, blank=True)
    bank_arn = models.CharField(max_length=30, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    step_at = models.DateTimeField(help_text="when the next step is due")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payusim_refund_positive")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.amount}"


class Delivery(WorkRow):
    """One server-to-server notice to the merchant, with what the merchant answered."""

    event = models.CharField(max_length=10, help_text="payment or refund")
    txnid = models.CharField(max_length=25)
    content_type = models.CharField(max_length=60)
    body = models.TextField()
    answer_status = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "deliveries"
        indexes = [WorkRow.due_index("payusim_delivery_due"), WorkRow.dead_index("payusim_delivery_dead")]

    def __str__(self) -> str:
        return self.key


class Fault(models.Model):
    """A scripted misfortune: the next `remaining` times `target` happens, `kind` goes wrong. Gate: `faults`."""

    target = models.CharField(max_length=40, help_text="a command, or delivery, payment, refund")
    kind = models.CharField(max_length=20)
    remaining = models.PositiveIntegerField(default=1)
    params = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.target}: {self.kind} x {self.remaining}"
