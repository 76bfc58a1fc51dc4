"""How the schema describes the plain views of availability."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.views import APIView

from bookings.domain import availability
from core.api.fields import MoneyField, StayDateField

OFFER = inline_serializer(
    "RoomAvailabilityItem",
    {
        "slug": serializers.CharField(),
        "name": serializers.CharField(),
        "category": serializers.CharField(),
        "total": serializers.IntegerField(),
        "available": serializers.IntegerField(),
        "reason": serializers.ChoiceField(choices=sorted(availability.REASONS), allow_null=True),
        "price_from": MoneyField(allow_null=True, help_text="rupees a night, tax inclusive"),
        "currency": serializers.CharField(),
    },
    many=True,
)
AVAILABILITY = inline_serializer(
    "RoomAvailability",
    {
        "count": serializers.IntegerField(),
        "next": serializers.CharField(allow_null=True),
        "previous": serializers.CharField(allow_null=True),
        "check_in_date": StayDateField(),
        "check_out_date": StayDateField(),
        "nights": serializers.IntegerField(),
        "currency": serializers.CharField(),
        "results": OFFER,
    },
)
DAY = inline_serializer(
    "CalendarDay",
    {
        "date": StayDateField(),
        "available": serializers.IntegerField(),
        "price_from": MoneyField(allow_null=True),
        "closed": serializers.CharField(allow_null=True),
        "min_stay": serializers.IntegerField(),
    },
    many=True,
)
CALENDAR = inline_serializer(
    "AvailabilityCalendar",
    {
        "room_type": serializers.CharField(),
        "month": serializers.CharField(),
        "currency": serializers.CharField(),
        "days": DAY,
    },
)


class RoomAvailabilityDescription(APIView):
    """How the schema describes `room_availability`."""

    permission_classes = []

    @extend_schema(
        operation_id="room_availability",
        auth=[],
        responses={200: AVAILABILITY},
        parameters=[
            OpenApiParameter("check_in_date", str, required=True, description="YYYY-MM-DD; a time is ignored"),
            OpenApiParameter("check_out_date", str, required=True, description="the first day not slept here"),
            OpenApiParameter("adults", int, description="default 2"),
            OpenApiParameter("children", int, description="how many of them, default 0"),
            OpenApiParameter("children_ages", str, description="their ages with commas, instead of `children`"),
            OpenApiParameter("program", str, description="slug; default: the cheapest that fits"),
        ],
    )
    def get(self, request: Any) -> None:
        """Each room type with the rooms that are free on every night of the stay, at most 90 nights.

        `reason` says why a type cannot be had. The check-out day is free for the next check-in. Never cached.
        """


class CalendarDescription(APIView):
    """How the schema describes `availability_calendar`."""

    permission_classes = []

    @extend_schema(
        operation_id="availability_calendar",
        auth=[],
        responses={200: CALENDAR},
        parameters=[
            OpenApiParameter("room_type", str, required=True),
            OpenApiParameter("month", str, required=True, description="YYYY-MM"),
        ],
    )
    def get(self, request: Any) -> None:
        """Each day of a month that is still on sale."""
