"""Shapes of the catalogue."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.fields import MoneyField
from programs.models import Program, ProgramType, RateBand
from programs.queries import rating_of
from rooms.models import RoomType


class ProgramTypeShape(serializers.ModelSerializer):
    class Meta:
        model = ProgramType
        fields = ("slug", "name")


class RatingShape(serializers.Serializer):
    """Stars of published reviews: the mean of 1 to 5, to one decimal; null as long as there are none."""

    average = serializers.DecimalField(max_digits=2, decimal_places=1, allow_null=True)
    count = serializers.IntegerField()


class ProgramBrief(serializers.ModelSerializer):
    """A program in a list; `price_from` is what one person pays a night at least."""

    type = ProgramTypeShape(read_only=True)
    price_from = serializers.SerializerMethodField()
    currency = serializers.SerializerMethodField()
    rating = serializers.SerializerMethodField()

    class Meta:
        model = Program
        fields = (
            "slug",
            "name",
            "type",
            "tagline",
            "summary",
            "min_nights",
            "max_nights",
            "min_age",
            "max_age",
            "needs_medical_review",
            "featured",
            "price_from",
            "currency",
            "rating",
        )

    @extend_schema_field(MoneyField(allow_null=True))
    def get_price_from(self, program: Program) -> str | None:
        found: Decimal | None = self.context["prices"].get(program.pk)
        return None if found is None else str(found)

    def get_currency(self, program: Program) -> str:
        return "INR"

    @extend_schema_field(RatingShape)
    def get_rating(self, program: Program) -> Any:
        return RatingShape(rating_of(program)).data


class Words(serializers.Serializer):
    title = serializers.CharField()
    body = serializers.CharField()


class DayPart(serializers.Serializer):
    time = serializers.CharField()
    what = serializers.CharField()


class ProgramFull(ProgramBrief):
    """A program with all its words."""

    sections = Words(many=True)
    day = DayPart(many=True)
    included = serializers.ListField(child=serializers.CharField())
    suits = serializers.ListField(child=serializers.CharField())
    contraindications = serializers.ListField(child=serializers.CharField())

    class Meta(ProgramBrief.Meta):
        fields = (*ProgramBrief.Meta.fields, "sections", "day", "included", "suits", "contraindications")


class BandShape(serializers.ModelSerializer):
    """A price band: rupees per room and night, tax inclusive."""

    class Meta:
        model = RateBand
        fields = ("label", "nights_min", "nights_max", "season_from", "season_to", "single", "double")


class Photo(serializers.Serializer):
    src = serializers.CharField()
    alt = serializers.CharField()


class Occupancy(serializers.Serializer):
    adults = serializers.IntegerField(source="max_adults")
    children = serializers.IntegerField(source="max_children")
    people = serializers.IntegerField(source="max_people")


class PaymentPlanShape(serializers.Serializer):
    kind = serializers.CharField()
    deposit = MoneyField(source="deposit_amount")


class RoomTypeShape(serializers.ModelSerializer):
    """A room type as in the brochure; `total` counts its rooms."""

    total = serializers.IntegerField(source="room_count")
    occupancy = Occupancy(source="*")
    price_bands = BandShape(source="bands", many=True)
    amenities = serializers.ListField(child=serializers.CharField())
    photos = Photo(many=True)
    payment_plan = PaymentPlanShape(source="terms.plan", allow_null=True, default=None)
    currency = serializers.SerializerMethodField()
    rating = serializers.SerializerMethodField()

    class Meta:
        model = RoomType
        fields = (
            "slug",
            "name",
            "category",
            "tagline",
            "description",
            "size_sqm",
            "view",
            "bed",
            "total",
            "occupancy",
            "price_bands",
            "payment_plan",
            "amenities",
            "photos",
            "currency",
            "rating",
        )

    def get_currency(self, room_type: RoomType) -> str:
        return "INR"

    @extend_schema_field(RatingShape)
    def get_rating(self, room_type: RoomType) -> Any:
        return RatingShape(rating_of(room_type)).data
