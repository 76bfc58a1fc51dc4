"""How what is sold stands with guests. Gate: `programs.domain.standing`."""

from django.db import models
from django.db.models import F, Q

from programs.models.catalogue import Program
from rooms.models import RoomType


class Standing(models.Model):
    """Counters of one program or room type, so that no page ever counts reviews or stays.

    The stars of published reviews move in the transaction that publishes or withdraws; `recent_stays` is counted anew
    every hour.
    """

    program = models.OneToOneField(Program, null=True, blank=True, on_delete=models.CASCADE, related_name="standing")
    room_type = models.OneToOneField(RoomType, null=True, blank=True, on_delete=models.CASCADE, related_name="standing")
    reviews = models.PositiveIntegerField(default=0, help_text="published ones")
    stars = models.PositiveIntegerField(default=0, help_text="their sum")
    recent_stays = models.PositiveIntegerField(default=0, help_text="booked in the last 30 days and not given up")
    counted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(program__isnull=False, room_type__isnull=True)
                | Q(program__isnull=True, room_type__isnull=False),
                name="standing_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(stars__gte=F("reviews")) & Q(stars__lte=F("reviews") * 5), name="standing_one_to_five_stars"
            ),
        ]

    def __str__(self) -> str:
        return str(self.program or self.room_type)
