"""Stock: one counter row per room type and night. Gate: `rooms.domain.inventory` and `rooms.domain.blocks`."""

from django.db import models
from django.db.models import F, Q

from core.tracked import tracked
from rooms.models.property import Room, RoomType


@tracked(quiet=("sold", "blocked"))
class InventoryNight(models.Model):
    """A room type on a night. The database keeps `0 <= sold`, `sold + blocked <= capacity` and the PMS limit."""

    room_type = models.ForeignKey(RoomType, on_delete=models.PROTECT, related_name="inventory")
    night = models.DateField()
    capacity = models.PositiveSmallIntegerField()
    sold = models.IntegerField(default=0)
    blocked = models.IntegerField(default=0)
    pms_limit = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="most that may be sold, as the PMS says"
    )
    closed = models.BooleanField(default=False)
    closed_to_arrival = models.BooleanField(default=False)
    closed_to_departure = models.BooleanField(default=False)
    min_stay = models.PositiveSmallIntegerField(null=True, blank=True)
    max_stay = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["room_type", "night"]
        constraints = [
            models.UniqueConstraint(fields=["room_type", "night"], name="inventory_night_once"),
            models.CheckConstraint(condition=Q(sold__gte=0), name="inventory_sold_not_negative"),
            models.CheckConstraint(condition=Q(blocked__gte=0), name="inventory_blocked_not_negative"),
            models.CheckConstraint(
                condition=Q(sold__lte=F("capacity") - F("blocked")), name="inventory_never_oversold"
            ),
            models.CheckConstraint(
                condition=Q(pms_limit__isnull=True) | Q(sold__lte=F("pms_limit")), name="inventory_within_pms_limit"
            ),
        ]
        indexes = [models.Index(fields=["night"], name="inventory_night")]

    def __str__(self) -> str:
        return f"{self.room_type} {self.night}"


@tracked
class Block(models.Model):
    """A room out of order for the nights `[first_night, last_day)`, with a reason."""

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="blocks")
    first_night = models.DateField()
    last_day = models.DateField(help_text="first day on which the room is back")
    reason = models.CharField(max_length=200)
    created_by = models.CharField(max_length=160, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["first_night"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gt=F("first_night")), name="block_at_least_one_night")
        ]

    def __str__(self) -> str:
        return f"{self.room} {self.first_night}"
