"""devices: where push messages go."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import idempotent
from accounts.api.idempotency import parameter as KEY_HEADER
from accounts.domain import devices
from accounts.models import Device
from core.api.views import ApiView
from core.doors import GUEST, Scope, door


class DeviceInput(serializers.Serializer):
    """`token` as Firebase gives it to the app; send it again whenever it changes."""

    token = serializers.RegexField(r"^[!-~]+$", min_length=8, max_length=4096, write_only=True)
    platform = serializers.ChoiceField(choices=Device.Platform.choices)
    name = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")


class DeviceShape(serializers.ModelSerializer):
    id = serializers.UUIDField(source="public_id", read_only=True)

    class Meta:
        model = Device
        fields = ("id", "platform", "name", "created_at", "seen_at")


@door(GUEST, scope=Scope.OWN, changes=True)
class Devices(ApiView):
    @extend_schema(
        operation_id="devices_create",
        request=DeviceInput,
        responses={200: DeviceShape, 201: DeviceShape},
        parameters=[KEY_HEADER],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Register a push token; again with the same token is 200 and changes nothing but `seen_at`.

        The token of another account is taken over: push goes to who is signed in on the device. Beyond ten devices
        the one that was silent longest is forgotten.
        """
        given = DeviceInput(data=request.data)
        given.is_valid(raise_exception=True)
        device, new = devices.register(request.user, at=timezone.now(), **given.validated_data)
        return Response(DeviceShape(device).data, status=201 if new else 200)


@door(GUEST, scope=Scope.OWN, changes=True)
class OneDevice(ApiView):
    @extend_schema(operation_id="devices_delete", responses={204: None})
    def delete(self, request: Request, device_id: UUID) -> Response:
        """No more push to this device."""
        devices.remove(request.user, device_id)
        return Response(status=204)
