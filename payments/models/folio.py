"""The bill. Gate: `payments.domain.folio`. Lines only grow; a total is a sum."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.tracked import tracked


@tracked
class Folio(models.Model):
    """One bill. Whose it is, only its owner knows: `subject` is a text for people."""

    subject = models.CharField(max_length=60, unique=True, help_text="kind:reference")
    payer_name = models.CharField(max_length=160, blank=True)
    payer_email = models.EmailField(blank=True)
    payer_phone = models.CharField(max_length=20, blank=True)
    owner_id = models.BigIntegerField(null=True, blank=True, db_index=True, help_text="account of the payer")
    currency = models.CharField(max_length=3, default="INR")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.subject


@tracked
class FolioLine(models.Model):
    """One line; `amount` is what it adds to the balance (charges plus, discounts and payments minus)."""

    class Kind(models.TextChoices):
        CHARGE = "charge", "Charge"
        DISCOUNT = "discount", "Discount"
        ADJUSTMENT = "adjustment", "Adjustment"
        PAYMENT = "payment", "Payment"
        REFUND = "refund", "Refund"

    folio = models.ForeignKey(Folio, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    code = models.CharField(max_length=60)
    description = models.CharField(max_length=200)
    quantity = models.IntegerField(default=1)
    unit_amount = models.DecimalField(max_digits=12, decimal_places=2)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    taxable = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    gst_rate = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    cgst = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    sgst = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    round_off = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    why = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=80, unique=True, help_text="one line per cause, whoever posts twice")
    posted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.description} {self.amount}"


@tracked
class Instalment(models.Model):
    """A milestone: by `due_at` the guest has paid `paid_total` altogether."""

    class Milestone(models.TextChoices):
        DEPOSIT = "deposit", "Deposit"
        HALF = "half", "Half of the stay"
        BALANCE = "balance", "Balance"
        FULL = "full", "Full amount"

    folio = models.ForeignKey(Folio, on_delete=models.PROTECT, related_name="instalments")
    milestone = models.CharField(max_length=8, choices=Milestone.choices)
    paid_total = models.DecimalField(max_digits=12, decimal_places=2, help_text="sum to be paid by then")
    due_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True, help_text="payable from here on")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["folio", "position"]
        constraints = [
            models.UniqueConstraint(fields=["folio", "milestone"], name="instalment_once"),
            models.CheckConstraint(condition=Q(paid_total__gt=0), name="instalment_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.folio} {self.milestone}"
