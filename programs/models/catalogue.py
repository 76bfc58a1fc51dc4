"""Programs and extras. Gate: the admin (catalogue data)."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models

from core.plain_text import said
from core.tracked import tracked
from rooms.models import Property


@tracked
class ProgramType(models.Model):
    """medical, wellness, lite."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name


@tracked
class Program(models.Model):
    """What the guest comes for."""

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="programs")
    type = models.ForeignKey(ProgramType, on_delete=models.PROTECT, related_name="programs")
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    tagline = models.CharField(max_length=200, blank=True)
    summary = models.TextField(blank=True)
    sections = models.JSONField(default=list, blank=True, help_text="[{title, body}] in plain text")
    day = models.JSONField(default=list, blank=True, help_text="[{time, what}] a day of the program")
    included = models.JSONField(default=list, blank=True, help_text="what the price includes")
    suits = models.JSONField(default=list, blank=True)
    contraindications = models.JSONField(default=list, blank=True, help_text="who should not come, in plain words")
    min_nights = models.PositiveSmallIntegerField(default=3)
    max_nights = models.PositiveSmallIntegerField(default=28)
    min_age = models.PositiveSmallIntegerField(default=18)
    max_age = models.PositiveSmallIntegerField(null=True, blank=True)
    needs_medical_review = models.BooleanField(default=True)
    specialty = models.CharField(max_length=60, blank=True, help_text="which doctors review it first")
    position = models.PositiveSmallIntegerField(default=0)
    featured = models.BooleanField(default=False)
    published = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "slug"]
        indexes = [GinIndex(OpClass(said("name", "tagline", "summary"), name="gin_trgm_ops"), name="program_said")]

    def __str__(self) -> str:
        return self.name


@tracked
class Extra(models.Model):
    """Something added to a stay."""

    class Basis(models.TextChoices):
        STAY = "stay", "per stay"
        NIGHT = "night", "per night"
        PERSON = "person", "per person"
        PERSON_NIGHT = "person_night", "per person and night"

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="extras")
    code = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    basis = models.CharField(max_length=14, choices=Basis.choices, default=Basis.STAY)
    amount = models.DecimalField(max_digits=12, decimal_places=2, help_text="rupees, tax inclusive")
    gst_rate = models.DecimalField(max_digits=5, decimal_places=2, default=18)
    max_quantity = models.PositiveSmallIntegerField(default=10)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="extra_amount_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name
