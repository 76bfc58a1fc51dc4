"""auth/me: the own profile."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.domain import preferences, profile
from accounts.domain.privacy.consents import Origin
from accounts.models import ConsentRecord, User
from core.actors import Actor
from core.api.views import ApiView
from core.doors import GUEST, Scope, door
from core.network import client_address


class Reminders(serializers.Serializer):
    """Besides the mail, which always comes."""

    sms = serializers.BooleanField(required=False)
    whatsapp = serializers.BooleanField(required=False)
    push = serializers.BooleanField(required=False)


class Preferences(serializers.Serializer):
    """Over which channels you are reminded. News about the stay itself always comes by mail."""

    reminders = Reminders(required=False)


class PreferencesField(Preferences):
    """Shows every choice, also those that were never made."""

    def get_attribute(self, instance: User) -> Any:
        return preferences.of(instance)


class Profile(serializers.ModelSerializer):
    """What a person sees and changes about herself."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    email_verified = serializers.SerializerMethodField(help_text="a code has proven the address")
    phone_verified = serializers.SerializerMethodField(help_text="a code has proven `phone`")
    roles = serializers.SerializerMethodField()
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True, help_text="such as +91 98765 43210")
    communication_preferences = PreferencesField(required=False)
    marketing_consent = serializers.BooleanField(
        required=False, help_text="may we write about new programs? Each change is kept as a consent"
    )

    class Meta:
        model = User
        fields = (
            "id",
            "email",
            "email_verified",
            "first_name",
            "last_name",
            "phone",
            "phone_verified",
            "address",
            "diet",
            "emergency_contact",
            "communication_preferences",
            "marketing_consent",
            "roles",
        )
        read_only_fields = ("email",)

    def get_email_verified(self, user: User) -> bool:
        return user.email_verified_at is not None

    def get_phone_verified(self, user: User) -> bool:
        return user.phone_verified_at is not None and user.phone == user.phone_e164

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_roles(self, user: User) -> list[str]:
        return sorted(user.groups.values_list("name", flat=True))


@door(GUEST, scope=Scope.OWN, changes=True)
class Me(ApiView):
    @extend_schema(operation_id="auth_me", responses={200: Profile})
    def get(self, request: Request) -> Response:
        """The own profile."""
        return Response(Profile(request.user).data)

    @extend_schema(operation_id="auth_me_update", request=Profile, responses={200: Profile})
    def patch(self, request: Request) -> Response:
        """Change parts of the own profile. `no_phone` when SMS or WhatsApp is chosen without a number."""
        given = Profile(request.user, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        origin = Origin(ConsentRecord.Door.API, client_address(request), request.headers.get("User-Agent", ""))
        user = profile.change(
            request.user, origin=origin, by=Actor.of(request.user), at=timezone.now(), **given.validated_data
        )
        return Response(Profile(user).data)
