"""companions: family and friends who come along."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import idempotent
from accounts.api.idempotency import parameter as KEY_HEADER
from accounts.domain import companions
from accounts.models import Companion
from core.api.pagination import Pages
from core.api.views import ApiView
from core.doors import GUEST, Scope, door


class CompanionShape(serializers.ModelSerializer):
    """`id` can stand in the `guests` of a booking. Nothing about health belongs here."""

    id = serializers.UUIDField(source="public_id", read_only=True)

    class Meta:
        model = Companion
        fields = ("id", "name", "birth_date", "relation", "diet")


@door(GUEST, scope=Scope.OWN, changes=True)
class Companions(ApiView):
    @extend_schema(operation_id="companions_list", responses={200: CompanionShape(many=True)})
    def get(self, request: Request) -> Response:
        """The own companions, by name."""
        pages = Pages()
        page = pages.paginate_queryset(companions.of(request.user), request, view=self)
        return pages.get_paginated_response(CompanionShape(page, many=True).data)

    pagination_class = Pages

    @extend_schema(
        operation_id="companions_create",
        request=CompanionShape,
        responses={201: CompanionShape},
        parameters=[KEY_HEADER],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Write somebody down. 409 `too_many_companions` beyond twenty."""
        at = timezone.now()
        made = companions.add(request.user, at=at, today=timezone.localdate(at), **_said(request))
        return Response(CompanionShape(made).data, status=201)


@door(GUEST, scope=Scope.OWN, changes=True)
class OneCompanion(ApiView):
    @extend_schema(operation_id="companions_retrieve", responses={200: CompanionShape})
    def get(self, request: Request, companion_id: UUID) -> Response:
        """One companion."""
        return Response(CompanionShape(companions.find(request.user, companion_id)).data)

    @extend_schema(operation_id="companions_update", request=CompanionShape, responses={200: CompanionShape})
    def patch(self, request: Request, companion_id: UUID) -> Response:
        """Put something right."""
        found = companions.find(request.user, companion_id)
        said = _said(request, partial=True)
        return Response(CompanionShape(companions.change(found, today=timezone.localdate(), **said)).data)

    @extend_schema(operation_id="companions_delete", responses={204: None})
    def delete(self, request: Request, companion_id: UUID) -> Response:
        """Forget somebody. Stays keep their guests' names."""
        companions.remove(companions.find(request.user, companion_id))
        return Response(status=204)


def _said(request: Request, *, partial: bool = False) -> dict[str, Any]:
    given = CompanionShape(data=request.data, partial=partial)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
