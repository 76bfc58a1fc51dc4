"""Shapes of the staff calls."""

from __future__ import annotations

from rest_framework import serializers

from bookings.states import Clearance, State
from core.api.fields import MoneyField, StayDateField
from programs.models import Program, ProgramType
from rooms.models import Room, RoomType


class StaffBookingShape(serializers.Serializer):
    """A row of the back office: what the desk needs, clearance but never its reason."""

    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=State.choices, source="state")
    clearance = serializers.ChoiceField(choices=Clearance.choices)
    contact_name = serializers.CharField()
    contact_email = serializers.EmailField()
    contact_phone = serializers.CharField()
    program = serializers.CharField(source="program.name")
    rooms = serializers.SerializerMethodField()
    check_in_date = StayDateField(source="check_in")
    check_out_date = StayDateField(source="check_out")
    total = MoneyField()
    currency = serializers.CharField()
    source = serializers.CharField()
    created_at = serializers.DateTimeField()

    def get_rooms(self, stay) -> list[str]:
        return [room.room_type.name for room in stay.rooms.all()]


class StaffBookingPage(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = StaffBookingShape(many=True)


class CheckInInput(serializers.Serializer):
    """`override` passes shut gates and needs a permission and a reason."""

    override = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class AssignRoomInput(serializers.Serializer):
    """`room` is a number; without it the best free one is taken. `position` picks one of several booked rooms."""

    room = serializers.CharField(max_length=10, required=False, allow_null=True, default=None)
    position = serializers.IntegerField(min_value=0, max_value=200, required=False, default=0)
    pinned = serializers.BooleanField(required=False, default=False)


class AssignedShape(serializers.Serializer):
    reference = serializers.CharField()
    room = serializers.CharField()
    pinned = serializers.BooleanField()


class DashboardShape(serializers.Serializer):
    """Today at the property."""

    date = StayDateField()
    arrivals = serializers.IntegerField()
    departures = serializers.IntegerField()
    in_house = serializers.IntegerField()
    held = serializers.IntegerField()
    by_status = serializers.DictField(child=serializers.IntegerField())
    rooms_total = serializers.IntegerField()
    rooms_sold_tonight = serializers.IntegerField()
    occupancy_percent = serializers.IntegerField()
    open_tasks = serializers.IntegerField()
    received_today = MoneyField(allow_null=True, help_text="only for roles that see payments")
    currency = serializers.CharField()


class ProgramInput(serializers.ModelSerializer):
    """A program as staff write it."""

    type = serializers.SlugRelatedField(slug_field="slug", queryset=ProgramType.objects.all())
    included = serializers.ListField(child=serializers.CharField(max_length=300), required=False, max_length=60)
    suits = serializers.ListField(child=serializers.CharField(max_length=300), required=False, max_length=60)
    contraindications = serializers.ListField(
        child=serializers.CharField(max_length=300), required=False, max_length=60
    )
    summary = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    max_nights = serializers.IntegerField(min_value=1, max_value=90, required=False, default=28)
    min_nights = serializers.IntegerField(min_value=1, max_value=90, required=False, default=3)
    min_age = serializers.IntegerField(min_value=0, max_value=120, required=False, default=18)
    max_age = serializers.IntegerField(min_value=0, max_value=120, required=False, allow_null=True, default=None)

    class Meta:
        model = Program
        fields = (
            "slug",
            "name",
            "type",
            "tagline",
            "summary",
            "included",
            "suits",
            "contraindications",
            "min_nights",
            "max_nights",
            "min_age",
            "max_age",
            "needs_medical_review",
            "featured",
            "published",
        )

    def validate(self, attrs: dict) -> dict:
        if attrs["max_nights"] < attrs["min_nights"]:
            raise serializers.ValidationError({"max_nights": "Not less than min_nights."})
        return attrs


class NewRoomInput(serializers.ModelSerializer):
    """A physical room."""

    room_type = serializers.SlugRelatedField(slug_field="slug", queryset=RoomType.objects.all())
    number = serializers.RegexField(r"^[A-Za-z0-9-]{1,10}$")
    floor = serializers.IntegerField(min_value=-5, max_value=200, required=False, default=0)

    class Meta:
        model = Room
        fields = ("room_type", "number", "floor", "bed")
        validators = []
