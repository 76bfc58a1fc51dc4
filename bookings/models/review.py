"""What a guest says after the stay. Gate: `bookings.domain.reviews`."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from bookings.models.stay import StayBooking
from core.tracked import tracked
from programs.models import Program
from rooms.models import RoomType


@tracked(blind=("text", "author"))  # a guest can take her words away for good
class GuestReview(models.Model):
    """One per completed stay. Only a published one is seen by others and counts for the stars."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to be read"
        PUBLISHED = "published", "Published"
        DECLINED = "declined", "Not published"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    booking = models.OneToOneField(StayBooking, on_delete=models.PROTECT, related_name="guest_review")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    room_type = models.ForeignKey(
        RoomType, on_delete=models.PROTECT, related_name="+", help_text="of the first room of the stay"
    )
    rating = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    text = models.CharField(max_length=1000)
    author = models.CharField(max_length=60, help_text="first name and initial")
    show_name = models.BooleanField(default=False, help_text="the guest agrees that the name is shown")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    written_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=300, blank=True, help_text="told to the guest")
    reply = models.CharField(max_length=1000, blank=True, help_text="of the house, shown below the review")
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(rating__gte=1) & Q(rating__lte=5), name="review_one_to_five_stars"),
            models.CheckConstraint(condition=~Q(text=""), name="review_says_something"),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False)
                | (~Q(state="published") & Q(published_at__isnull=True)),
                name="review_published_since",
            ),
        ]
        indexes = [
            models.Index(
                fields=["program", "-published_at", "-id"], name="review_of_program", condition=Q(state="published")
            ),
            models.Index(
                fields=["room_type", "-published_at", "-id"], name="review_of_room", condition=Q(state="published")
            ),
            models.Index(fields=["changed_at"], name="review_to_read", condition=Q(state="waiting")),
        ]
        permissions = [("moderate_guestreview", "Can publish, decline and answer reviews")]

    def __str__(self) -> str:
        return f"{self.rating}/5 {self.booking}"

    @property
    def subject(self) -> str:
        """The key of this review in the history."""
        return f"review:{self.public_id}"
