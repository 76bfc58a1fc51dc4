"""The catalogue: public, cached for a minute, with ETags."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView

from core.api.views import CatalogueView
from core.doors import ANYONE, Scope, door
from core.nights import local_date
from programs import queries
from programs.api import serializers as shapes
from programs.models import Program, ProgramType
from rooms.models import RoomType
from rooms.queries import property_of_the_site


def prices() -> dict[int, Decimal]:
    """The "from" price of each program on sale, by primary key."""
    home = property_of_the_site()
    if home is None:
        return {}
    return queries.lowest_prices(home, today=local_date(timezone.now(), home.time_zone)).programs


def word(request: Any, name: str, most: int = 80) -> str:
    """A short text of the query string."""
    return str(request.query_params.get(name, ""))[:most].strip()


@extend_schema(
    auth=[],
    parameters=[
        OpenApiParameter("type", str, description="slug of a program type"),
        OpenApiParameter("category", str, description="the same as `type`"),
        OpenApiParameter("search", str, description="words of name, tagline or summary"),
    ],
)
@door(ANYONE, scope=Scope.PUBLIC)
class Programs(CatalogueView, ListAPIView):
    """Programs on sale."""

    serializer_class = shapes.ProgramBrief
    filter_backends = []

    def get_queryset(self) -> QuerySet[Program]:
        kind = word(self.request, "type") or word(self.request, "category")
        return queries.published_programs(type_slug=kind, search=word(self.request, "search"))

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "prices": prices()}


@door(ANYONE, scope=Scope.PUBLIC)
@extend_schema(auth=[])
class OneProgram(CatalogueView, RetrieveAPIView):
    """A program with all its words."""

    serializer_class = shapes.ProgramFull
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Program]:
        return queries.published_programs()

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "prices": prices()}


@door(ANYONE, scope=Scope.PUBLIC)
@extend_schema(auth=[])
class ProgramTypes(CatalogueView, ListAPIView):
    """Types of programs that are on sale."""

    serializer_class = shapes.ProgramTypeShape
    filter_backends = []

    def get_queryset(self) -> QuerySet[ProgramType]:
        return queries.types_in_use()


@door(ANYONE, scope=Scope.PUBLIC)
@extend_schema(auth=[], parameters=[OpenApiParameter("category", str, description="room, suite or villa")])
class RoomTypes(CatalogueView, ListAPIView):
    """Room types with total inventory, occupancy, price bands, photos and amenities."""

    serializer_class = shapes.RoomTypeShape
    filter_backends = []

    def get_queryset(self) -> QuerySet[RoomType]:
        return queries.brochure(category=word(self.request, "category"))


@door(ANYONE, scope=Scope.PUBLIC)
class Rooms(RoomTypes):
    """The same brochure under the name that the first app uses."""

    @extend_schema(operation_id="rooms_list")
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)


@door(ANYONE, scope=Scope.PUBLIC)
@extend_schema(auth=[])
class OneRoomType(CatalogueView, RetrieveAPIView):
    """One room type."""

    serializer_class = shapes.RoomTypeShape
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[RoomType]:
        return queries.brochure()
