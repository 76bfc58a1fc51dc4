"""Shapes of reviews and of what is saved."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from bookings.domain.reviews import LONGEST
from bookings.models import Favourite, GuestReview


class ReviewInput(serializers.Serializer):
    """`show_name` agrees that first name and initial stand beside the words."""

    rating = serializers.IntegerField(min_value=1, max_value=5)
    text = serializers.CharField(max_length=LONGEST)
    show_name = serializers.BooleanField(required=False, default=False)


class NewReviewInput(ReviewInput):
    booking = serializers.CharField(max_length=20)


class ReviewEdit(serializers.Serializer):
    """What is left out stays as it is."""

    rating = serializers.IntegerField(min_value=1, max_value=5, required=False)
    text = serializers.CharField(max_length=LONGEST, required=False)
    show_name = serializers.BooleanField(required=False)


class PublicReviewShape(serializers.Serializer):
    """A published review; `author` is empty unless the guest agreed that the name is shown."""

    id = serializers.UUIDField(source="public_id")
    program = serializers.CharField(source="program.slug")
    room_type = serializers.CharField(source="room_type.slug")
    rating = serializers.IntegerField(min_value=1, max_value=5)
    text = serializers.CharField()
    author = serializers.SerializerMethodField()
    published_at = serializers.DateTimeField(allow_null=True)
    reply = serializers.CharField(help_text="of the house; empty without one")
    replied_at = serializers.DateTimeField(allow_null=True)

    def get_author(self, review: GuestReview) -> str:
        return review.author if review.show_name else ""


class OwnReviewShape(PublicReviewShape):
    """The own review with where it stands; `decline_reason` says why it is not shown."""

    booking = serializers.CharField(source="booking.reference")
    status = serializers.ChoiceField(choices=GuestReview.State.choices, source="state")
    show_name = serializers.BooleanField()
    decline_reason = serializers.CharField()
    written_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()


class FavouriteShape(serializers.Serializer):
    """Something saved for later; `kind` and `slug` name it as in the address."""

    kind = serializers.ChoiceField(choices=["program", "room_type"], source="*")
    slug = serializers.CharField(source="*")
    name = serializers.CharField(source="*")
    tagline = serializers.CharField(source="*")
    saved_at = serializers.DateTimeField()

    def to_representation(self, favourite: Favourite) -> dict[str, Any]:
        thing = favourite.program or favourite.room_type
        return {
            "kind": "program" if favourite.program_id else "room_type",
            "slug": thing.slug if thing else "",
            "name": thing.name if thing else "",
            "tagline": thing.tagline if thing else "",
            "saved_at": self.fields["saved_at"].to_representation(favourite.saved_at),
        }
