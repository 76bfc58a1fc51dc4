"""Dated, versioned rules. A booking keeps the version it was sold under. Gate: the admin."""

from django.db import models

from core.tracked import tracked
from programs.models.catalogue import Program
from rooms.models import Property, RoomType


@tracked
class CancellationPolicy(models.Model):
    """What comes back, by whole days between the property-local date of cancelling and the arrival."""

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="policies")
    program = models.ForeignKey(Program, null=True, blank=True, on_delete=models.PROTECT)
    room_type = models.ForeignKey(RoomType, null=True, blank=True, on_delete=models.PROTECT)
    name = models.CharField(max_length=80)
    version = models.PositiveIntegerField(default=1)
    tiers = models.JSONField(help_text='[{"min_days": 8, "percent": 100}, …] from far to near; the last has min_days 0')
    valid_from = models.DateField()

    class Meta:
        ordering = ["-valid_from", "-version"]
        verbose_name_plural = "cancellation policies"

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


@tracked
class TaxRule(models.Model):
    """GST on accommodation per unit and day, from a date on: low up to the threshold, high above it."""

    code = models.SlugField(default="accommodation")
    sac = models.CharField(max_length=8, default="996311")
    valid_from = models.DateField()
    threshold = models.DecimalField(max_digits=12, decimal_places=2, help_text="value of one unit and day, before tax")
    rate_low = models.DecimalField(max_digits=5, decimal_places=2)
    rate_high = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["-valid_from"]
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="tax_rule_once")]

    def __str__(self) -> str:
        return f"{self.code} from {self.valid_from}"
