"""The property, its room types and its rooms. Gate: the admin; for housekeeping `rooms.domain.housekeeping`."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models

from core.plain_text import said
from core.tracked import tracked


@tracked
class Property(models.Model):
    """One retreat. Its numbers are the house rules of domain.md §3."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    legal_name = models.CharField(max_length=160, blank=True)
    address = models.TextField(blank=True)
    state_code = models.CharField(max_length=2, blank=True, help_text="GST state code")
    gstin = models.CharField(max_length=15, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    time_zone = models.CharField(max_length=40, default="Asia/Kolkata")
    currency = models.CharField(max_length=3, default="INR")
    check_in_time = models.TimeField(default="14:00")
    check_out_time = models.TimeField(default="11:00")
    min_nights = models.PositiveSmallIntegerField(default=3)
    horizon_days = models.PositiveSmallIntegerField(default=365, help_text="latest arrival, days from today")
    hold_minutes = models.PositiveSmallIntegerField(default=20)
    hold_extension_minutes = models.PositiveSmallIntegerField(default=10)
    max_live_holds = models.PositiveSmallIntegerField(default=3, help_text="per guest")
    max_address_rooms = models.PositiveSmallIntegerField(
        default=6, help_text="rooms held unpaid from one address on the network, which guests may share; 0: no limit"
    )
    form_due_hours = models.PositiveSmallIntegerField(default=24)
    decision_due_hours = models.PositiveSmallIntegerField(default=24)
    overdue_auto_cancel = models.BooleanField(default=True, help_text="cancel 2 days after a missed payment")

    class Meta:
        verbose_name_plural = "properties"
        permissions = [("see_every_property", "Can see every property without being assigned to it")]

    def __str__(self) -> str:
        return self.name


@tracked
class RoomType(models.Model):
    """What is sold."""

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="room_types")
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    category = models.CharField(max_length=40, help_text="room, suite or villa")
    position = models.PositiveSmallIntegerField(default=0)
    tagline = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    size_sqm = models.PositiveSmallIntegerField(null=True, blank=True)
    view = models.CharField(max_length=80, blank=True)
    bed = models.CharField(max_length=80, blank=True)
    amenities = models.JSONField(default=list, blank=True)
    photos = models.JSONField(default=list, blank=True, help_text="[{src, alt}] of static pictures")
    max_adults = models.PositiveSmallIntegerField(default=2)
    max_children = models.PositiveSmallIntegerField(default=2)
    max_people = models.PositiveSmallIntegerField(default=4)
    ids_codes = models.JSONField(default=list, blank=True, help_text="codes of the property system")
    published = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "slug"]
        indexes = [
            GinIndex(OpClass(said("name", "tagline", "description"), name="gin_trgm_ops"), name="room_type_said")
        ]

    def __str__(self) -> str:
        return self.name


@tracked
class Room(models.Model):
    """The physical thing with a number."""

    class Condition(models.TextChoices):
        DIRTY = "dirty", "Dirty"
        CLEAN = "clean", "Clean"
        INSPECTED = "inspected", "Inspected"
        OUT_OF_ORDER = "out_of_order", "Out of order"

    room_type = models.ForeignKey(RoomType, on_delete=models.PROTECT, related_name="rooms")
    number = models.CharField(max_length=10)
    floor = models.SmallIntegerField(default=0)
    bed = models.CharField(max_length=40, blank=True)
    ids_code = models.CharField(max_length=10, blank=True)
    condition = models.CharField(max_length=12, choices=Condition.choices, default=Condition.CLEAN)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["room_type", "number"], name="room_number_once")]

    def __str__(self) -> str:
        return self.number

    @property
    def ready(self) -> bool:
        """Clean enough for an arrival."""
        return self.condition in (self.Condition.CLEAN, self.Condition.INSPECTED)
