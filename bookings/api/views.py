"""Stay bookings: estimate, book, look, cancel."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import idempotent
from accounts.api.idempotency import parameter as KEY_HEADER
from bookings import queries
from bookings.api import serializers as taken
from bookings.api import shapes
from bookings.domain import access, availability, confirming, lifecycle, placing, quotes, ratecard
from bookings.domain.availability import Wish
from bookings.domain.quotes import QuoteStale
from bookings.models import StayBooking
from bookings.permissions import CANCEL, VIEW, actor, find, is_own, may_cancel, visible_to
from bookings.states import CANCELLABLE, State
from core.api.errors import invalid
from core.api.pagination import PAGING, Pages
from core.api.views import ApiView
from core.doors import ANYONE, GUEST, HOLDER, Scope, door
from core.errors import Conflict, Invalid, NotAllowed
from core.network import client_address
from core.nights import local_date
from payments.domain.folio import counted
from rooms.domain.inventory import SoldOut
from rooms.models import Property, RoomType

STAY_KEY = OpenApiParameter(
    "X-Stay-Key", str, OpenApiParameter.HEADER, description="`access_key` of a booking made without an account"
)
OVER = (State.CANCELLED, State.NOT_SUITABLE, State.NO_SHOW, State.EXPIRED)


class StayView(ApiView):
    """Open to accounts, staff by role, and holders of a signed key; everybody else finds nothing."""

    permission_classes = [AllowAny]

    def stay(self, request: Request, reference: str) -> StayBooking:
        among = queries.with_people(StayBooking.objects.all())
        return find(reference[:40], user=request.user, key=self.key(request), among=among)

    @staticmethod
    def key(request: Request) -> str:
        return request.headers.get("X-Stay-Key", "")[:400]

    @staticmethod
    def shown(stay: StayBooking) -> dict[str, Any]:
        """The booking as it stands in the database now."""
        fresh = queries.with_people(StayBooking.objects.filter(pk=stay.pk)).get()
        return shapes.BookingShape(shapes.booking(queries.facts(fresh, at=timezone.now()))).data


@door(ANYONE, scope=Scope.NONE)
class Estimate(ApiView):
    permission_classes = [AllowAny]

    @extend_schema(operation_id="bookings_estimate", request=taken.EstimateInput, responses={200: shapes.EstimateShape})
    def post(self, request: Request) -> Response:
        """The price of a wish, line by line, signed and valid for 15 minutes. Nothing is held yet."""
        given = taken.EstimateInput(data=request.data)
        given.is_valid(raise_exception=True)
        home, at = availability.home(), timezone.now()
        wish, assumed = availability.complete(given.wish(), ratecard.recent(home))
        signed = quotes.offer(home, wish, at=at)
        short = availability.shortages(home, wish)
        near = near_to(home, signed.quote.request, short[0].slug, at) if short else []
        names = [row.name for row in short]
        answer = shapes.estimate(signed, currency=home.currency, assumed=assumed, missing=names, alternatives=near)
        return Response(answer)


@door(ANYONE, scope=Scope.OWN, changes=True)
class Bookings(StayView):
    def get_permissions(self) -> list[Any]:
        return [IsAuthenticated()] if self.request.method in ("GET", "HEAD") else [AllowAny()]

    @extend_schema(
        operation_id="bookings_list",
        responses={200: shapes.BookingPage},
        parameters=[
            OpenApiParameter("when", str, enum=["upcoming", "past"]),
            OpenApiParameter("status", str, description="one or several states, with commas", enum=None),
            *PAGING,
        ],
    )
    def get(self, request: Request) -> Response:
        """The own stays; staff see all of them, by role."""
        rows = visible_to(request.user)
        if states := request.query_params.get("status", ""):
            rows = rows.filter(state__in=states_of(states))
        rows = self.narrowed(rows, request.query_params.get("when", ""))
        pages = Pages()
        page = pages.paginate_queryset(queries.with_people(rows), request, view=self)
        found = queries.facts_of(page or [], at=timezone.now())
        return pages.get_paginated_response(shapes.BookingShape([shapes.booking(one) for one in found], many=True).data)

    @extend_schema(
        operation_id="bookings_create",
        request=taken.BookingInput,
        responses={201: shapes.PlacedShape, 409: shapes.NotPlacedShape},
        parameters=[KEY_HEADER],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Hold the stay behind a quote for 20 minutes.

        409 `sold_out` with `alternatives`, `quote_expired` and `quote_changed` with a new `quote`; 429 `hold_limit`
        beyond three live holds of one guest (by e-mail, telephone or account), or six rooms held from one address.
        """
        given = taken.BookingInput(data=request.data)
        given.is_valid(raise_exception=True)
        contact = given.contact(request.user)
        if contact is None:
            raise invalid("guest", "Say who books: name, email and phone.", "required")
        home, at = availability.home(), timezone.now()
        user = request.user if request.user.is_authenticated else None
        try:
            stay = placing.place(
                home,
                given.validated_data["quote"],
                contact=contact,
                people=given.people(request.user),
                user_id=user.pk if user else None,
                by=actor(request.user),
                at=at,
                special_requests=given.validated_data["special_requests"],
                source="api",
                key=request.effect_key,
                address=client_address(request),
            )
        except Invalid as error:
            if error.attr and error.attr not in given.fields:  # a field of the wish, which is inside the quote here
                error.attr = "quote"
            raise
        except QuoteStale as stale:
            fresh = shapes.estimate(stale.fresh, currency=home.currency)
            raise Conflict(stale.code, stale.message, quote=fresh) from stale
        except SoldOut as sold_out:
            raise with_alternatives(home, given.validated_data["quote"], sold_out, at) from sold_out
        answer = dict(self.shown(stay))
        if user is None:
            answer["access_key"] = access.key(stay.reference)
        return Response(answer, status=201)

    @staticmethod
    def narrowed(rows: Any, when: str) -> Any:
        if when not in ("", "upcoming", "past"):
            raise Invalid("bad_choice", "Choose upcoming or past.", attr="when")
        if not when:
            return rows.order_by("-created_at", "-id")
        today = local_date(timezone.now(), availability.home().time_zone)
        return queries.upcoming(rows, today=today) if when == "upcoming" else queries.past(rows, today=today)


@door(GUEST, HOLDER, scope=Scope.OWN, needs=VIEW)
class OneBooking(StayView):
    @extend_schema(operation_id="bookings_retrieve", responses={200: shapes.BookingShape}, parameters=[STAY_KEY])
    def get(self, request: Request, reference: str) -> Response:
        """One stay with its price, its payments and the next step."""
        stay = self.stay(request, reference)
        return Response(shapes.BookingShape(shapes.booking(queries.facts(stay, at=timezone.now()))).data)


@door(GUEST, HOLDER, scope=Scope.OWN, needs=VIEW)
class CancellationQuote(StayView):
    @extend_schema(
        operation_id="bookings_cancellation_quote", responses={200: shapes.CancellationShape}, parameters=[STAY_KEY]
    )
    def get(self, request: Request, reference: str) -> Response:
        """What would come back, in dated rows and rupees, before anything is cancelled."""
        stay, at = self.stay(request, reference), timezone.now()
        if stay.state not in CANCELLABLE:
            return Response(shapes.cancellation(stay, [], paid=counted(stay.folio), today=None))
        rows = lifecycle.cancellation(stay, at=at)
        due = lifecycle.refund_now(stay, at=at)
        percent = rows[0].percent if rows else 0
        today = shapes.Row(None, percent, due)
        return Response(shapes.cancellation(stay, rows, paid=counted(stay.folio), today=today))


@door(GUEST, HOLDER, scope=Scope.OWN, needs=CANCEL, changes=True)
class Cancel(StayView):
    refuses = ("403",)

    @extend_schema(
        operation_id="bookings_cancel",
        request=taken.CancelInput,
        responses={200: shapes.CancelledShape},
        parameters=[STAY_KEY, KEY_HEADER],
    )
    @idempotent
    def patch(self, request: Request, reference: str) -> Response:
        """Cancel before check-in; the refund goes out by itself. Look at `cancellation-quote` first."""
        stay = self.stay(request, reference)
        if not is_own(stay, user=request.user, key=self.key(request)) and not may_cancel(request.user):
            raise NotAllowed("not_allowed", "Your role cannot cancel stays.")
        given = taken.CancelInput(data=request.data)
        given.is_valid(raise_exception=True)
        wish = given.validated_data
        if wish["refund_to"] != "source":
            raise Invalid("refund_to_unavailable", "Money goes back to where it came from.", attr="refund_to")
        stay = lifecycle.cancel(
            stay,
            by=actor(request.user),
            at=timezone.now(),
            reason=wish["reason"],
            expected_refund=wish["expected_refund"],
        )
        refunds = lifecycle.ending_refunds(stay)
        answer = {
            **self.shown(stay),
            "refund_amount": str(sum((refund.amount for refund in refunds), start=stay.total * 0)),
            "refunds": shapes.RefundShape(refunds, many=True).data,
        }
        return Response(answer)


@door(GUEST, HOLDER, scope=Scope.OWN, needs=VIEW)
class Timeline(StayView):
    @extend_schema(operation_id="bookings_timeline", responses={200: shapes.TimelineShape}, parameters=[STAY_KEY])
    def get(self, request: Request, reference: str) -> Response:
        """What happened so far, oldest first, refunds with their stations."""
        stay = self.stay(request, reference)
        events = queries.timeline(stay)
        return Response(shapes.TimelineShape({"reference": stay.reference, "events": events}).data)


@door(GUEST, HOLDER, scope=Scope.OWN, changes=True)
class ExtendHold(StayView):
    refuses = ("403",)

    @extend_schema(
        operation_id="bookings_extend_hold",
        request=None,
        responses={200: shapes.BookingShape},
        parameters=[STAY_KEY, KEY_HEADER],
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Ten more minutes to pay, once."""
        stay = self.stay(request, reference)
        if not is_own(stay, user=request.user, key=self.key(request)):
            raise NotAllowed("not_allowed", "Only the guest can extend the time to pay.")
        return Response(self.shown(placing.extend_hold(stay, by=actor(request.user), at=timezone.now())))


class CalendarRenderer(BaseRenderer):
    """So that `Accept: text/calendar` is understood; the view answers the text itself."""

    media_type = "text/calendar"
    format = "ics"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        return JSONRenderer().render(data)


@door(GUEST, HOLDER, scope=Scope.OWN, needs=VIEW)
class CalendarFile(StayView):
    refuses = ("409",)
    renderer_classes = [JSONRenderer, CalendarRenderer]

    @extend_schema(
        operation_id="bookings_calendar",
        responses={(200, "text/calendar"): OpenApiTypes.STR},
        parameters=[STAY_KEY],
    )
    def get(self, request: Request, reference: str) -> HttpResponse:
        """The stay as a calendar file."""
        stay = self.stay(request, reference)
        if stay.state in OVER or stay.state == State.HELD:
            raise Conflict("no_calendar", "There is no calendar file for this stay.")
        text = confirming.calendar_file(stay, at=timezone.now())
        response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{stay.reference}.ics"'
        return response


def states_of(text: str) -> list[str]:
    """`held,confirmed` -> states. Raises Invalid("bad_choice")."""
    found = [one for one in text.split(",") if one]
    if unknown := [one for one in found if one not in State.values]:
        raise Invalid("bad_choice", f"There is no status {unknown[0][:30]!r}.", attr="status")
    return found


def near_to(home: Property, request: Any, room_type: str, at: Any) -> list[availability.Alternative]:
    """Free dates and types near to a wish whose `room_type` is sold out."""
    room = next(one for one in request.rooms if one.room_type == room_type)
    many = sum(one.room_type == room_type for one in request.rooms)
    wish = Wish(room.adults, room.children_ages, room.caregiver, request.program, many)
    return availability.alternatives(home, request.nights, wish, room_type, at=at)


def with_alternatives(home: Property, token: str, sold_out: SoldOut, at: Any) -> Conflict:
    """The refusal with what could be had instead."""
    wish = quotes.wish_of(token)
    missing = RoomType.objects.filter(pk__in={pk for pk, _ in sold_out.missing}).values_list("slug", flat=True)
    slug = next((room.room_type for room in wish.rooms if room.room_type in set(missing)), wish.rooms[0].room_type)
    near = shapes.AlternativeShape(near_to(home, wish, slug, at), many=True).data
    return Conflict(sold_out.code, sold_out.message, alternatives=near)
