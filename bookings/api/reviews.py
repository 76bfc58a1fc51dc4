"""Reviews: the own ones, and what is published about a program or a room type."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import idempotent
from accounts.api.idempotency import parameter as KEY_HEADER
from bookings.api import review_shapes as shapes
from bookings.api.views import STAY_KEY, StayView
from bookings.domain import favourites
from bookings.domain import reviews as verbs
from bookings.models import GuestReview
from bookings.permissions import actor, find, is_own
from bookings.queries import reviews as queries
from core.api.views import CatalogueView
from core.doors import ANYONE, GUEST, HOLDER, Scope, door
from core.errors import Missing


@door(GUEST, HOLDER, scope=Scope.OWN, changes=True)
class Reviews(StayView, ListAPIView):
    """The own reviews, and writing one."""

    serializer_class = shapes.OwnReviewShape
    filter_backends = []

    def get_permissions(self) -> list[Any]:
        return [IsAuthenticated()] if self.request.method in ("GET", "HEAD") else [AllowAny()]

    def get_queryset(self) -> QuerySet[GuestReview]:
        rows = GuestReview.objects.none()
        if not getattr(self, "swagger_fake_view", False):
            rows = queries.own(self.request.user)
        return rows.select_related("booking", "program", "room_type")

    @extend_schema(operation_id="reviews_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The own reviews with where they stand, newest first."""
        return self.list(request, *args, **kwargs)

    @extend_schema(
        operation_id="reviews_create",
        request=shapes.NewReviewInput,
        responses={201: shapes.OwnReviewShape},
        parameters=[STAY_KEY, KEY_HEADER],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Review an own stay that is over, once. It is shown after somebody of the house has read it.

        409 `not_completed` before check-out, 409 `already_reviewed` the second time.
        """
        given = shapes.NewReviewInput(data=request.data)
        given.is_valid(raise_exception=True)
        wish = dict(given.validated_data)
        key = self.key(request)
        stay = find(wish.pop("booking"), user=request.user, key=key)
        if not is_own(stay, user=request.user, key=key):
            raise Missing("unknown_booking", "There is no such booking.")
        made = verbs.write(stay, **wish, by=actor(request.user), at=timezone.now())
        return Response(shapes.OwnReviewShape(made).data, status=201)


@door(ANYONE, scope=Scope.OWN, changes=True)
class OneReview(StayView):
    """A published review for everybody; the own one in any state."""

    def review(self, request: Request, public_id: UUID) -> tuple[GuestReview, bool]:
        """The review and whether it is the caller's own. Raises Missing("no_such_review")."""
        rows = GuestReview.objects.select_related("booking", "program", "room_type")
        found = rows.filter(public_id=public_id).first()
        own = found is not None and is_own(found.booking, user=request.user, key=self.key(request))
        if found is None or not (own or found.state == GuestReview.State.PUBLISHED):
            raise Missing("no_such_review", "There is no such review.")
        return found, own

    def own(self, request: Request, public_id: UUID) -> GuestReview:
        found, own = self.review(request, public_id)
        if not own:
            raise Missing("no_such_review", "There is no such review.")
        return found

    @extend_schema(operation_id="reviews_retrieve", responses={200: shapes.OwnReviewShape}, parameters=[STAY_KEY])
    def get(self, request: Request, public_id: UUID) -> Response:
        """One review. Of somebody else's, published ones only, without `booking`, `status` and the like."""
        found, own = self.review(request, public_id)
        shape = shapes.OwnReviewShape if own else shapes.PublicReviewShape
        return Response(shape(found).data)

    @extend_schema(
        operation_id="reviews_update",
        request=shapes.ReviewEdit,
        responses={200: shapes.OwnReviewShape},
        parameters=[STAY_KEY],
    )
    def patch(self, request: Request, public_id: UUID) -> Response:
        """Change the own review; the new words are read again before they are shown."""
        found = self.own(request, public_id)
        given = shapes.ReviewEdit(data=request.data)
        given.is_valid(raise_exception=True)
        kept = {"rating": found.rating, "text": found.text, "show_name": found.show_name}
        done = verbs.change(found, **{**kept, **given.validated_data}, by=actor(request.user), at=timezone.now())
        return Response(shapes.OwnReviewShape(done).data)

    @extend_schema(operation_id="reviews_delete", responses={204: None}, parameters=[STAY_KEY])
    def delete(self, request: Request, public_id: UUID) -> Response:
        """Take the own review away for good."""
        verbs.withdraw(self.own(request, public_id), by=actor(request.user), at=timezone.now())
        return Response(status=204)


class PublishedReviews(CatalogueView, ListAPIView):
    """What guests say, newest first."""

    serializer_class = shapes.PublicReviewShape
    filter_backends = []
    kind = favourites.PROGRAM

    def get_queryset(self) -> QuerySet[GuestReview]:
        if getattr(self, "swagger_fake_view", False):
            return GuestReview.objects.none()
        rows = queries.published(favourites.thing(self.kind, self.kwargs["slug"]))
        return rows.select_related("program", "room_type")


@door(ANYONE, scope=Scope.PUBLIC)
class ProgramReviews(PublishedReviews):
    @extend_schema(auth=[], operation_id="programs_reviews")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Published reviews of a program, newest first."""
        return self.list(request, *args, **kwargs)


@door(ANYONE, scope=Scope.PUBLIC)
class RoomTypeReviews(PublishedReviews):
    kind = favourites.ROOM_TYPE

    @extend_schema(auth=[], operation_id="room_types_reviews")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Published reviews of stays in this room type, newest first."""
        return self.list(request, *args, **kwargs)
