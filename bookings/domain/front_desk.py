"""Arrival and departure: gates, check-in, check-out, no-show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from audit.record import changed
from bookings.domain import lifecycle, stocking
from bookings.domain.words import tell
from bookings.models import BookedRoom, StayBooking
from bookings.queries.occupancy import occupants
from bookings.states import Clearance, State
from core.actors import Actor
from core.db import in_transaction
from core.errors import Conflict, Invalid
from core.money import ZERO, format_inr
from core.nights import Nights, local_date
from notifications.domain.desk import overtaken
from payments.domain import folio as folios
from rooms.domain import assignments, housekeeping
from rooms.models import Assignment, Room


@dataclass(frozen=True, slots=True)
class Gate:
    """One of the three things that must be right before check-in."""

    code: str
    label: str
    open: bool
    reason: str = ""


def gates(booking: StayBooking) -> list[Gate]:
    """Cleared, balance zero, room clean (domain.md §5); each with the reason when it is shut."""
    rooms = assigned_rooms(booking)
    return judge(
        booking.clearance,
        balance=folios.owed(booking.folio),
        rooms=rooms,
        wanted=booking.rooms.count(),
        inside=_inside(booking, rooms),
    )


def judge(
    clearance: str, *, balance: Decimal, rooms: Sequence[Room], wanted: int, inside: Mapping[int, str]
) -> list[Gate]:
    """The gates from facts: `balance` in rupees still due, the assigned `rooms`, how many rooms are `wanted`, and who
    else is `inside` one of them (names by the room's key)."""
    cleared = clearance in (Clearance.CLEARED, Clearance.NOT_NEEDED)
    room_reason = _why_not_these(rooms, wanted, inside)
    return [
        Gate("clearance", "Cleared", cleared, "" if cleared else "The doctor has not cleared this stay."),
        Gate("balance", "Balance", balance <= ZERO, "" if balance <= ZERO else f"{format_inr(balance)} is still due."),
        Gate("room", "Room", not room_reason, room_reason),
    ]


def _why_not_these(rooms: Sequence[Room], wanted: int, inside: Mapping[int, str]) -> str:
    if len(rooms) < wanted:
        return "No room assigned yet." if not rooms else f"{wanted - len(rooms)} room(s) not assigned yet."
    occupied = [f"Room {room.number} is still occupied by {inside[room.pk]}." for room in rooms if room.pk in inside]
    dirty = [room.number for room in rooms if not room.ready and room.pk not in inside]
    return " ".join([*occupied, *([f"Room {', '.join(dirty)} is not ready."] if dirty else [])])


def _inside(booking: StayBooking, rooms: Sequence[Room]) -> dict[int, str]:
    return occupants([room.pk for room in rooms], but=stocking.holders(booking))


def assigned_rooms(booking: StayBooking) -> list[Room]:
    holders = stocking.holders(booking)
    found = Assignment.objects.filter(holder__in=holders, active=True).select_related("room")
    return [assignment.room for assignment in found]


def assign_room(booked: BookedRoom, room: Room | None, *, by: Actor, at: datetime, pinned: bool = False) -> Assignment:
    """Assign `room`, or the best free one of the type, to a booked room. Raises Conflict as `rooms` does,
    Conflict("wrong_type"), Conflict("wrong_state") when the stay is over or only held."""

    def act() -> Assignment:
        booking = lifecycle.locked(booked.booking)
        if not booking.holds_stock or booking.state == State.HELD:
            raise Conflict("wrong_state", f"This booking is {booking.get_state_display().lower()}.")
        if room is not None and room.room_type_id != booked.room_type_id:
            raise Conflict("wrong_type", f"Room {room.number} is not a {booked.room_type.name}.")
        holder, label = str(booked.key), f"{booking.reference} {booking.contact_name}"
        before = [row.room for row in Assignment.objects.filter(holder=holder, active=True).select_related("room")]
        firm = pinned or booking.state == State.CHECKED_IN
        if room is not None and booking.state == State.CHECKED_IN:
            _refuse_occupied(booking, [room])
        if room is None:
            inside = occupants(booked.room_type.rooms.values_list("pk", flat=True))
            made = assignments.assign_any(
                holder, booked.room_type, booking.nights, label=label, pinned=firm, last=inside
            )
        else:
            made = assignments.assign(holder, room, booking.nights, label=label, pinned=firm)
        if booking.state == State.CHECKED_IN:
            for old in before:
                if old != made.room:
                    housekeeping.set_condition(old, Room.Condition.DIRTY, by=by, at=at)
        changed(booking.subject, "room assigned", by=by, at=at, room=made.room.number)
        return made

    return in_transaction(act)


def check_in(booking: StayBooking, *, by: Actor, at: datetime, override: bool = False, reason: str = "") -> StayBooking:
    """Check the guest in. Rooms not yet assigned are assigned now; assignments become firm.

    `override` passes shut gates and needs a reason; the door checks the permission. Raises Conflict("gates_shut",
    gates=[…]), Conflict("wrong_state" | "too_early" | "stay_over"), Invalid("reason_needed"), and, override or not,
    Conflict("room_occupied") while other guests are in the room.
    """

    def act() -> StayBooking:
        row = lifecycle.locked(booking)
        today = local_date(at, row.property.time_zone)
        if row.state != State.CONFIRMED:
            raise Conflict("wrong_state", f"This booking is {row.get_state_display().lower()}.", state=row.state)
        if today < row.check_in:
            raise Conflict("too_early", f"The stay begins on {row.check_in:%d %b %Y}.")
        if today >= row.check_out:
            raise Conflict("stay_over", "The nights of this stay are over.")
        _assign_missing(row, by=by, at=at)
        shut = [gate for gate in gates(row) if not gate.open]
        if shut and not override:
            raise Conflict(
                "gates_shut",
                " ".join(gate.reason for gate in shut),
                gates=[{"code": gate.code, "reason": gate.reason} for gate in shut],
            )
        _refuse_occupied(row, assigned_rooms(row))
        if shut and not reason.strip():
            raise Invalid("reason_needed", "Say why this guest is checked in all the same.", attr="reason")
        lifecycle.move(row, "checked_in", State.CHECKED_IN, by=by, at=at, reason=reason, checked_in_at=at)
        Assignment.objects.filter(holder__in=stocking.holders(row), active=True).update(pinned=True)
        overtaken(f"{row.reference}:no-show", user_id=by.user_id, at=at)
        tell(row, "checked_in_welcome", at=at, room=", ".join(f"Room {room.number}" for room in assigned_rooms(row)))
        return row

    return in_transaction(act)


def check_out(booking: StayBooking, *, by: Actor, at: datetime) -> StayBooking:
    """The stay is over; an early departure gives the unused nights back to stock. Rooms become dirty.

    Raises Conflict("wrong_state"), Conflict("balance_due") while something is owed.
    """

    def act() -> StayBooking:
        row = lifecycle.locked(booking)
        balance = folios.owed(row.folio)
        if row.state == State.CHECKED_IN and balance > ZERO:
            raise Conflict("balance_due", f"{format_inr(balance)} is still due.")
        today = local_date(at, row.property.time_zone)
        lifecycle.move(row, "checked_out", State.COMPLETED, by=by, at=at, ended_at=at)
        rooms = assigned_rooms(row)
        _give_back_unused(row, today)
        for room in rooms:
            housekeeping.set_condition(room, Room.Condition.DIRTY, by=by, at=at)
        tell(row, "stay_completed", at=at, page="review")
        lifecycle.announce_end(row)
        return row

    return in_transaction(act)


def no_show(booking: StayBooking, *, by: Actor, at: datetime) -> StayBooking:
    """Not arrived by the day after: the policy's refund (usually none), nights from today on go back to stock.

    Raises Conflict("wrong_state" | "too_early").
    """

    def act() -> StayBooking:
        row = lifecycle.locked(booking)
        today = local_date(at, row.property.time_zone)
        if today <= row.check_in:
            raise Conflict("too_early", "A guest may still arrive until the end of the first night.")
        overtaken(f"{row.reference}:no-show", user_id=by.user_id, at=at)
        refund = lifecycle.refund_now(row, at=at)
        told = lifecycle.move(row, "no_show", State.NO_SHOW, by=by, at=at, ended_at=at)
        lifecycle.end(row, refund=refund, refund_reason="no-show", told=told, by=by, at=at)
        paid = folios.standing(row.folio).paid
        tell(row, "no_show", at=at, refund_amount=format_inr(refund) if refund else "", paid=format_inr(paid))
        return row

    return in_transaction(act)


def _refuse_occupied(booking: StayBooking, rooms: Sequence[Room]) -> None:
    inside = _inside(booking, rooms)
    if inside:
        raise Conflict("room_occupied", _why_not_these(rooms, 0, inside))


def _assign_missing(booking: StayBooking, *, by: Actor, at: datetime) -> None:
    have = set(
        Assignment.objects.filter(holder__in=stocking.holders(booking), active=True).values_list("holder", flat=True)
    )
    for booked in booking.rooms.select_related("room_type").order_by("room_type_id", "position"):
        if str(booked.key) not in have:
            label = f"{booking.reference} {booking.contact_name}"
            of_type = booked.room_type.rooms.values_list("pk", flat=True)
            inside = occupants(of_type)
            made = assignments.assign_any(str(booked.key), booked.room_type, booking.nights, label=label, last=inside)
            changed(booking.subject, "room assigned", by=by, at=at, room=made.room.number)


def unused(booking: StayBooking, today: date) -> Nights | None:
    """The nights from today on that a leaving guest does not sleep, or None."""
    first = max(today, booking.check_in)
    return Nights(first, booking.check_out) if first < booking.check_out else None


def _give_back_unused(booking: StayBooking, today: date) -> None:
    rest = unused(booking, today)
    if rest is not None:
        stocking.release(booking, rest)
    stayed_until = max(min(today, booking.check_out), booking.check_in + timedelta(days=1))
    for holder in stocking.holders(booking):
        assignments.shorten(holder, Nights(booking.check_in, stayed_until))
    assignments.release(stocking.holders(booking))
