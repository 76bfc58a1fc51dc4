"""The staff calls: arrivals and departures, rooms, the catalogue, the dashboard. Each by its permission."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import idempotent
from accounts.api.idempotency import parameter as KEY_HEADER
from backoffice import queries as house
from backoffice.api import serializers as shapes
from backoffice.permissions import holds
from bookings import queries
from bookings.admin.search import find as search
from bookings.api import shapes as stay_shapes
from bookings.api.views import states_of
from bookings.domain import front_desk
from bookings.models import StayBooking
from bookings.permissions import find, may_override, staffed_by
from core.actors import Actor
from core.api.fields import stay_date
from core.api.pagination import PAGING, Pages
from core.api.views import ApiView
from core.doors import Scope, door
from core.errors import Invalid, Missing, NotAllowed
from core.nights import local_date
from core.reach import reach_of
from payments.permissions import sees_payments
from programs.api.serializers import ProgramFull
from programs.api.views import prices
from programs.domain import catalogue
from programs.models import Program
from rooms.domain import building
from rooms.models import Room
from rooms.permissions import home_of


class StaffPermission(BasePermission):
    """Staff with the permission that the view names."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return holds(request.user, view.needs)


class StaffView(ApiView):
    permission_classes = [StaffPermission]
    needs = "bookings.view_staybooking"

    def stay(self, request: Request, reference: str) -> StayBooking:
        return find(reference[:40], user=request.user, among=staffed_by(request.user))

    @staticmethod
    def shown(stay: StayBooking) -> dict[str, Any]:
        fresh = queries.with_people(StayBooking.objects.filter(pk=stay.pk)).get()
        return stay_shapes.BookingShape(stay_shapes.booking(queries.facts(fresh, at=timezone.now()))).data


@door(needs="bookings.view_staybooking", scope=Scope.PROPERTY)
class StaffBookings(StaffView):
    @extend_schema(
        operation_id="admin_bookings_list",
        responses={200: shapes.StaffBookingPage},
        parameters=[
            OpenApiParameter("status", str, description="one or several states, with commas"),
            OpenApiParameter("search", str, description="reference, name, e-mail address or phone number"),
            OpenApiParameter("from", str, description="arrival from this date on"),
            OpenApiParameter("to", str, description="arrival up to this date"),
            *PAGING,
        ],
    )
    def get(self, request: Request) -> Response:
        """The stays of the properties that the caller works for, newest first."""
        given = request.query_params
        rows = queries.staff_list(
            staffed_by(request.user),
            states=states_of(given.get("status", "")),
            arriving_from=self.day(given, "from"),
            arriving_to=self.day(given, "to"),
        )
        if given.get("search", "").strip():
            rows = search(rows, given["search"])
        rows = rows.select_related("program").prefetch_related("rooms__room_type")
        pages = Pages()
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(shapes.StaffBookingShape(page, many=True).data)

    @staticmethod
    def day(given: Any, name: str) -> Any:
        text = given.get(name, "")
        if not text:
            return None
        found = stay_date(text)
        if found is None:
            raise Invalid("bad_date", "Give a date as YYYY-MM-DD.", attr=name)
        return found


@door(needs="bookings.view_staybooking", scope=Scope.PROPERTY)
class Dashboard(StaffView):
    @extend_schema(operation_id="admin_dashboard", responses={200: shapes.DashboardShape})
    def get(self, request: Request) -> Response:
        """The property today."""
        home = home_of(request.user)
        today = local_date(timezone.now(), home.time_zone)
        received = None
        if sees_payments(request.user):
            received = house.received_on(today, home)
        figures = {**house.dashboard(home, today=today), "received_today": received}
        return Response(shapes.DashboardShape(figures).data)


@door(needs="bookings.check_in_stay", scope=Scope.PROPERTY, changes=True)
class CheckIn(StaffView):
    needs = "bookings.check_in_stay"

    @extend_schema(
        operation_id="admin_bookings_check_in",
        request=shapes.CheckInInput,
        responses={200: stay_shapes.BookingShape},
        parameters=[KEY_HEADER],
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Check the guest in. 409 `gates_shut` with `gates` says what is missing."""
        stay = self.stay(request, reference)
        given = shapes.CheckInInput(data=request.data)
        given.is_valid(raise_exception=True)
        if given.validated_data["override"] and not may_override(request.user):
            raise NotAllowed("not_allowed", "Your role cannot pass a shut gate.")
        done = front_desk.check_in(stay, by=Actor.of(request.user), at=timezone.now(), **given.validated_data)
        return Response(self.shown(done))


@door(needs="bookings.check_out_stay", scope=Scope.PROPERTY, changes=True)
class CheckOut(StaffView):
    needs = "bookings.check_out_stay"

    @extend_schema(
        operation_id="admin_bookings_check_out",
        request=None,
        responses={200: stay_shapes.BookingShape},
        parameters=[KEY_HEADER],
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """The guest leaves. 409 `balance_due` while something is owed."""
        done = front_desk.check_out(self.stay(request, reference), by=Actor.of(request.user), at=timezone.now())
        return Response(self.shown(done))


@door(needs="bookings.mark_no_show", scope=Scope.PROPERTY, changes=True)
class NoShow(StaffView):
    needs = "bookings.mark_no_show"

    @extend_schema(
        operation_id="admin_bookings_no_show",
        request=None,
        responses={200: stay_shapes.BookingShape},
        parameters=[KEY_HEADER],
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """The guest has not arrived by the day after."""
        done = front_desk.no_show(self.stay(request, reference), by=Actor.of(request.user), at=timezone.now())
        return Response(self.shown(done))


@door(needs="bookings.assign_room", scope=Scope.PROPERTY, changes=True)
class AssignRoom(StaffView):
    needs = "bookings.assign_room"

    @extend_schema(
        parameters=[KEY_HEADER],
        operation_id="admin_bookings_assign_room",
        request=shapes.AssignRoomInput,
        responses={200: shapes.AssignedShape},
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Promise a physical room: the one named, or the best free one."""
        stay = self.stay(request, reference)
        given = shapes.AssignRoomInput(data=request.data)
        given.is_valid(raise_exception=True)
        wish = given.validated_data
        booked = stay.rooms.select_related("booking", "room_type").filter(position=wish["position"]).first()
        if booked is None:
            raise Missing("no_such_position", "The booking has no such room.")
        made = front_desk.assign_room(
            booked,
            self.room(booked.room_type.property_id, wish["room"]),
            by=Actor.of(request.user),
            at=timezone.now(),
            pinned=wish["pinned"],
        )
        answer = {"reference": stay.reference, "room": made.room.number, "pinned": made.pinned}
        return Response(shapes.AssignedShape(answer).data)

    @staticmethod
    def room(property_id: int, number: str | None) -> Room | None:
        if not number:
            return None
        found = Room.objects.filter(room_type__property=property_id, number=number).first()
        if found is None:
            raise Missing("no_such_room", f"There is no room {number}.")
        return found


@door(needs="programs.add_program", scope=Scope.PROPERTY, changes=True)
class StaffPrograms(StaffView):
    needs = "programs.add_program"

    @extend_schema(
        parameters=[KEY_HEADER],
        operation_id="admin_programs_create",
        request=shapes.ProgramInput,
        responses={201: ProgramFull},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """A new program."""
        given = shapes.ProgramInput(data=request.data)
        given.is_valid(raise_exception=True)
        made = catalogue.add_program(
            home_of(request.user), by=Actor.of(request.user), at=timezone.now(), **given.validated_data
        )
        return Response(ProgramFull(made, context={"prices": prices()}).data, status=201)


@door(needs="programs.change_program", scope=Scope.PROPERTY, changes=True)
class StaffProgram(StaffView):
    needs = "programs.change_program"

    @extend_schema(operation_id="admin_programs_update", request=shapes.ProgramInput, responses={200: ProgramFull})
    def put(self, request: Request, slug: str) -> Response:
        """Write a program anew; sold stays keep what they were sold under."""
        programs = reach_of(request.user).rows(Program.objects.select_related("type"), "property")
        program = programs.filter(slug=slug).first()
        if program is None:
            raise Missing("unknown_program", "There is no such program.")
        given = shapes.ProgramInput(program, data=request.data)
        given.is_valid(raise_exception=True)
        done = catalogue.change_program(program, by=Actor.of(request.user), at=timezone.now(), **given.validated_data)
        return Response(ProgramFull(done, context={"prices": prices()}).data)


@door(needs="rooms.change_roomtype", scope=Scope.PROPERTY, changes=True)
class StaffRooms(StaffView):
    needs = "rooms.change_roomtype"

    @extend_schema(
        parameters=[KEY_HEADER],
        operation_id="admin_rooms_create",
        request=shapes.NewRoomInput,
        responses={201: shapes.NewRoomInput},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """A new room; it can be sold from today on."""
        given = shapes.NewRoomInput(data=request.data)
        given.is_valid(raise_exception=True)
        wish = dict(given.validated_data)
        room_type, at = wish.pop("room_type"), timezone.now()
        if not reach_of(request.user).covers(room_type.property_id):
            raise Missing("no_such_room_type", "There is no such room type.")
        today = local_date(at, room_type.property.time_zone)
        made = building.add_room(room_type, wish.pop("number"), today=today, by=Actor.of(request.user), at=at, **wish)
        return Response(shapes.NewRoomInput(made).data, status=201)
