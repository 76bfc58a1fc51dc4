"""Programs and room types that an account has saved."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api import review_shapes as shapes
from bookings.domain import favourites as verbs
from bookings.models import Favourite
from bookings.queries import favourites as queries
from core.api.views import ApiView
from core.doors import GUEST, Scope, door
from core.errors import Missing

KIND = OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=verbs.KINDS, description="what the slug names")


@door(GUEST, scope=Scope.OWN)
class Favourites(ApiView, ListAPIView):
    """What the account has saved and what is still on sale, newest first."""

    serializer_class = shapes.FavouriteShape
    filter_backends = []

    def get_queryset(self) -> QuerySet[Favourite]:
        if getattr(self, "swagger_fake_view", False):
            return Favourite.objects.none()
        return queries.of(self.request.user)

    @extend_schema(operation_id="favourites_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What the account has saved, newest first."""
        return self.list(request, *args, **kwargs)


@door(GUEST, scope=Scope.OWN, changes=True)
class OneFavourite(ApiView):
    """Saved or not; saving and forgetting twice is the same as once."""

    @extend_schema(operation_id="favourites_retrieve", parameters=[KIND], responses={200: shapes.FavouriteShape})
    def get(self, request: Request, kind: str, slug: str) -> Response:
        """200 when it is saved, 404 `not_saved` when it is not."""
        wanted = verbs.thing(kind, slug)
        rows = queries.of(request.user)
        found = rows.filter(program=wanted) if wanted._meta.model_name == "program" else rows.filter(room_type=wanted)
        one = found.first()
        if one is None:
            raise Missing("not_saved", "This is not among your favourites.")
        return Response(shapes.FavouriteShape(one).data)

    @extend_schema(
        operation_id="favourites_save", parameters=[KIND], request=None, responses={200: shapes.FavouriteShape}
    )
    def put(self, request: Request, kind: str, slug: str) -> Response:
        """Save it; it may be saved already."""
        made = verbs.save(request.user, verbs.thing(kind, slug), at=timezone.now())
        return Response(shapes.FavouriteShape(made).data)

    @extend_schema(operation_id="favourites_forget", parameters=[KIND], responses={204: None})
    def delete(self, request: Request, kind: str, slug: str) -> Response:
        """Forget it; it may be forgotten already."""
        verbs.forget(request.user, verbs.thing(kind, slug, hidden=True))
        return Response(status=204)
