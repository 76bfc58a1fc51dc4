"""Callbacks of gateways, and the own payments. What needs a booking (beginning to pay): `bookings.api.paying`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.parsers import BoundedFormParser, StrictJSONParser, check
from core.api.views import ApiView
from core.doors import GUEST, PEER, Scope, door
from payments.api import serializers as shapes
from payments.domain import inbox
from payments.models import Payment
from payments.permissions import VIEW, visible_to


@door(PEER, scope=Scope.NONE, changes=True)
class Webhook(ApiView):
    """Server-to-server notices of PayU, form or JSON. A genuine one is stored once and answered at once."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []  # the gateway is not to be kept waiting; a forged notice costs one hash
    parser_classes = [BoundedFormParser, StrictJSONParser]

    @extend_schema(auth=[], request=OpenApiTypes.OBJECT, responses={200: shapes.Received})
    def post(self, request: Request) -> Response:
        """A notice of the gateway: 200 when it is kept (also a repetition), 400 when it is not genuine."""
        fields = request.data
        if not isinstance(fields, Mapping):
            raise ParseError("A notice is a form or a JSON object.")
        try:
            check(dict(fields))
        except (ValueError, RecursionError) as error:
            raise ParseError("This notice holds characters that cannot be stored.") from error
        inbox.receive("payu", fields, source="webhook", at=timezone.now())
        return Response({"status": "ok"})


@door(GUEST, scope=Scope.OWN, needs=VIEW)
class Payments(ApiView, ListAPIView):
    """The own payments, newest first; finance sees all."""

    serializer_class = shapes.PaymentShape
    filter_backends = []

    def get_queryset(self) -> QuerySet[Payment]:
        return scoped(self)


def scoped(view: Any) -> QuerySet[Payment]:
    """Only what this person may see; nothing while the schema is drawn."""
    if getattr(view, "swagger_fake_view", False):
        return Payment.objects.none()
    return visible_to(view.request.user)
