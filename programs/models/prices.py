"""The numbers of the price. The rule that reads them: `bookings.domain.quote`. Gate: the admin."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.tracked import tracked
from programs.models.catalogue import Program
from rooms.models import Property, RoomType


@tracked
class PaymentPlan(models.Model):
    """How a stay is paid: a deposit, up to half, the rest at check-in; or everything at once."""

    class Kind(models.TextChoices):
        DEPOSIT = "deposit", "Deposit, half, balance"
        FULL = "full", "Everything at booking"

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    deposit_amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    middle_percent = models.PositiveSmallIntegerField(default=50)
    middle_due_days = models.PositiveSmallIntegerField(default=7, help_text="days after approval")
    middle_days_before_arrival = models.PositiveSmallIntegerField(default=3)

    def __str__(self) -> str:
        return self.name


@tracked
class RoomTypeTerms(models.Model):
    """Payment plan and caregiver prices of a room type."""

    room_type = models.OneToOneField(RoomType, on_delete=models.PROTECT, related_name="terms")
    plan = models.ForeignKey(PaymentPlan, on_delete=models.PROTECT)
    caregiver_sharing = models.DecimalField(max_digits=12, decimal_places=2, default=0, help_text="per night")
    caregiver_own_room = models.DecimalField(max_digits=12, decimal_places=2, default=0, help_text="per night")

    class Meta:
        verbose_name_plural = "room type terms"

    def __str__(self) -> str:
        return f"{self.room_type}: {self.plan}"


@tracked
class RateBand(models.Model):
    """A price rule: where it applies, when, for how many nights, and what a night costs, tax inclusive."""

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="rate_bands")
    program = models.ForeignKey(Program, null=True, blank=True, on_delete=models.PROTECT)
    room_type = models.ForeignKey(RoomType, null=True, blank=True, on_delete=models.PROTECT)
    label = models.CharField(max_length=80)
    nights_min = models.PositiveSmallIntegerField(default=1)
    nights_max = models.PositiveSmallIntegerField(null=True, blank=True)
    season_from = models.DateField(null=True, blank=True)
    season_to = models.DateField(null=True, blank=True, help_text="last night of the season")
    weekdays = models.JSONField(default=list, blank=True, help_text="0 Monday to 6 Sunday; empty means all")
    single = models.DecimalField(max_digits=12, decimal_places=2)
    double = models.DecimalField(max_digits=12, decimal_places=2)
    extra_adult = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    priority = models.SmallIntegerField(default=0)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["room_type", "nights_min", "-priority"]
        constraints = [
            models.CheckConstraint(condition=Q(single__gte=0) & Q(double__gte=0), name="band_price_not_negative"),
            models.CheckConstraint(
                condition=Q(nights_max__isnull=True) | Q(nights_max__gte=F("nights_min")), name="band_nights_in_order"
            ),
            models.CheckConstraint(
                condition=Q(season_from__isnull=True) | Q(season_to__isnull=True) | Q(season_to__gte=F("season_from")),
                name="band_season_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.label


@tracked
class ChildRate(models.Model):
    """What a child of an age costs a night."""

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="child_rates")
    age_from = models.PositiveSmallIntegerField()
    age_to = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["age_from"]
        constraints = [
            models.CheckConstraint(condition=Q(age_to__gte=F("age_from")), name="child_ages_in_order"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="child_rate_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.age_from}-{self.age_to}"
