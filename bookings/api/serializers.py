"""Shapes of stay bookings: what is taken."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from bookings.domain import quotes
from bookings.domain.party import person_of
from bookings.domain.placing import Contact, Person
from bookings.domain.request import ExtraRequest, RoomRequest, StayRequest
from bookings.models import Guest
from core.api.fields import MoneyField, StayDateField
from core.nights import Nights

CAREGIVERS = ("", "sharing", "own_room")
PHONE = r"^\+?[0-9 ()-]{6,20}$"


class RoomInput(serializers.Serializer):
    """One room. Children without a caregiver get one: sharing where the room takes them all."""

    room_type = serializers.SlugField(max_length=50)
    adults = serializers.IntegerField(min_value=0, max_value=20)
    children_ages = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=17), max_length=10, required=False, default=list
    )
    caregiver = serializers.ChoiceField(choices=CAREGIVERS, required=False, default="", allow_blank=True)


class AddOnInput(serializers.Serializer):
    code = serializers.SlugField(max_length=50)
    quantity = serializers.IntegerField(min_value=1, max_value=1000, required=False, default=1)


class EstimateInput(serializers.Serializer):
    """A wish. Date-times are taken for dates."""

    program = serializers.SlugField(max_length=50)
    check_in_date = StayDateField()
    check_out_date = StayDateField()
    rooms = RoomInput(many=True, allow_empty=False, max_length=20)
    add_ons = AddOnInput(many=True, required=False, default=list, max_length=50)
    coupon = serializers.CharField(max_length=40, required=False, allow_null=True, allow_blank=True, default=None)

    def wish(self) -> StayRequest:
        """The plain value; raises Invalid for reversed dates."""
        given = self.validated_data
        return StayRequest(
            program=given["program"],
            nights=Nights(given["check_in_date"], given["check_out_date"]),
            rooms=tuple(
                RoomRequest(room["room_type"], room["adults"], tuple(room["children_ages"]), room["caregiver"])
                for room in given["rooms"]
            ),
            extras=tuple(ExtraRequest(extra["code"], extra["quantity"]) for extra in given["add_ons"]),
            coupon=given["coupon"] or "",
        )


class ContactInput(serializers.Serializer):
    name = serializers.CharField(max_length=160)
    email = serializers.EmailField(max_length=254)
    phone = serializers.RegexField(PHONE, max_length=20, required=False, allow_blank=True, default="")


class PersonInput(serializers.Serializer):
    """A guest by name, or by the id of a `companion`; `room` is the position of the room in the quote, from 0.

    Of a companion name and age are known; `kind` is adult, child or caregiver as relation and age say.
    """

    companion = serializers.UUIDField(required=False, help_text="an id of `companions`")
    name = serializers.CharField(max_length=160, required=False)
    room = serializers.IntegerField(min_value=0, max_value=20, required=False, default=0)
    age = serializers.IntegerField(min_value=0, max_value=120, required=False, allow_null=True, default=None)
    kind = serializers.ChoiceField(choices=Guest.Kind.choices, required=False, help_text="default: adult")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.get("name") and not attrs.get("companion"):
            raise serializers.ValidationError({"name": "Give a name or a companion."}, code="required")
        return attrs


class BookingInput(serializers.Serializer):
    """`guest` may be left out by a signed-in person."""

    quote = serializers.CharField(max_length=8000)
    guest = ContactInput(required=False)
    guests = PersonInput(many=True, required=False, default=list, max_length=30)
    special_requests = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")

    def contact(self, user: Any) -> Contact | None:
        """Who books: as given, else the signed-in person, else None."""
        given = self.validated_data.get("guest")
        if given:
            return Contact(given["name"], given["email"], given["phone"])
        if user.is_authenticated:
            return Contact(user.get_full_name() or user.email, user.email, user.phone)
        return None

    def people(self, user: Any) -> list[Person]:
        """The guests. Raises Missing("unknown_companion") for somebody else's."""
        return [self._person(one, user) for one in self.validated_data["guests"]]

    def _person(self, one: dict[str, Any], user: Any) -> Person:
        if one.get("companion"):
            arrival = quotes.wish_of(self.validated_data["quote"]).nights.check_in
            return person_of(
                one["companion"], user=user, arrival=arrival, room=one["room"], kind=str(one.get("kind", ""))
            )
        return Person(one["name"], one["room"], one["age"], str(one.get("kind", Guest.Kind.ADULT)))


class CancelInput(serializers.Serializer):
    """`expected_refund`, when given, is the refund that was shown; another figure is refused with 409."""

    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    refund_to = serializers.ChoiceField(choices=["source", "wallet"], required=False, default="source")
    expected_refund = MoneyField(required=False, allow_null=True, default=None)


class ClaimInput(serializers.Serializer):
    """`challenge` and `code` only after a refusal `email_not_proven`, which names the challenge."""

    key = serializers.CharField(max_length=400)
    challenge = serializers.UUIDField(required=False)
    code = serializers.RegexField(r"^[0-9]{6}$", required=False, write_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("challenge" in attrs) != ("code" in attrs):
            missing = "code" if "challenge" in attrs else "challenge"
            raise serializers.ValidationError({missing: "Both belong together."}, code="required")
        return attrs


class InitiateInput(serializers.Serializer):
    """The amount comes from the booking, never from the client."""

    booking = serializers.CharField(max_length=20)
    gateway = serializers.ChoiceField(choices=["payu", "razorpay", "stripe", "wallet"], required=False, default="payu")
    milestone = serializers.ChoiceField(
        choices=["deposit", "half", "balance", "full"], required=False, help_text="default: the one that is due now"
    )
