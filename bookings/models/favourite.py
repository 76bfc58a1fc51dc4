"""What a guest keeps in mind. Gate: `bookings.domain.favourites`."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from programs.models import Program
from rooms.models import RoomType


class Favourite(models.Model):
    """A program or a room type that an account has saved; each at most once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favourites")
    program = models.ForeignKey(Program, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    room_type = models.ForeignKey(RoomType, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-saved_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "program"], name="favourite_program_once"),
            models.UniqueConstraint(fields=["user", "room_type"], name="favourite_room_once"),
            models.CheckConstraint(
                condition=Q(program__isnull=False, room_type__isnull=True)
                | Q(program__isnull=True, room_type__isnull=False),
                name="favourite_of_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["user", "-saved_at", "-id"], name="favourite_newest")]

    def __str__(self) -> str:
        return f"{self.user} {self.program or self.room_type}"
