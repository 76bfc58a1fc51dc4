"""The arrival examination: admit, admit to another program, or deny with a money rule of its own (domain.md §3)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from audit.record import changed
from bookings.domain import lifecycle, ratecard, stocking
from bookings.domain.front_desk import assigned_rooms, unused
from bookings.domain.milestones import plan_of
from bookings.domain.quote import Line, extra_line, room_lines
from bookings.domain.request import StayRequest
from bookings.domain.rules import check_length
from bookings.domain.words import day, tell
from bookings.models import StayBooking
from bookings.states import State
from core.actors import Actor
from core.db import in_transaction
from core.errors import Invalid
from core.money import ZERO, format_inr, half_up, total
from core.nights import local_date
from payments.domain import folio as folios
from payments.domain.folio import Charge
from programs.models import Program
from rooms.domain import assignments, housekeeping
from rooms.models import Room


def admit(booking: StayBooking, *, by: Actor, at: datetime) -> StayBooking:
    """The guest may begin. Joins the caller's transaction. Raises Conflict("wrong_state")."""

    def act() -> StayBooking:
        row = lifecycle.locked(booking)
        lifecycle.move(row, "arrival_admitted", State.CHECKED_IN, by=by, at=at, arrival_examined_at=at)
        return row

    return in_transaction(act, durable=False)


def change_program(booking: StayBooking, program: Program, *, by: Actor, at: datetime) -> StayBooking:
    """Admit to another program: the stay is priced again, the difference is charged or goes back to source.

    Raises Conflict("wrong_state"), Invalid("unknown_program" | "no_price" | "min_stay" | "max_stay").
    """

    def act() -> StayBooking:
        row = lifecycle.locked(booking)
        fresh = _priced_as(row, program)
        difference = fresh - row.total
        told = lifecycle.move(
            row,
            "program_changed",
            State.CHECKED_IN,
            by=by,
            at=at,
            arrival_examined_at=at,
            program=program,
            total=fresh,
        )
        _bill_difference(row, difference, program, at)
        owed = -folios.owed(row.folio)
        back, cause = max(owed, ZERO), f"program:{program.pk}"
        lifecycle.promise_back(row, back, reason="program changed", cause=cause, told=told, by=by, at=at)
        tell(
            row,
            "stay_changed",
            at=at,
            once=f"program:{program.pk}",
            refund_amount=format_inr(back) if back else "",
            amount=format_inr(difference) if difference > ZERO else "",
            due=day(row.check_out),
        )
        return row

    return in_transaction(act, durable=False)


def deny(booking: StayBooking, *, by: Actor, at: datetime) -> StayBooking:
    """The guest cannot stay: unused nights come back in full, nights slept are charged, the room is free from today.

    Raises Conflict("wrong_state").
    """

    def act() -> StayBooking:
        row = lifecycle.locked(booking)
        today = local_date(at, row.property.time_zone)
        refund = refund_if_denied(row, today)
        told = lifecycle.move(row, "arrival_denied", State.CANCELLED, by=by, at=at, ended_at=at, arrival_examined_at=at)
        rest = unused(row, today)
        if rest is not None:
            stocking.release(row, rest)
        rooms = assigned_rooms(row)
        assignments.release(stocking.holders(row))
        for room in rooms:
            housekeeping.set_condition(room, Room.Condition.DIRTY, by=by, at=at)
        lifecycle.settle_bill(row, refund=refund, why="not admitted on arrival", at=at)
        lifecycle.promise_back(row, refund, reason="not possible", cause="ended", told=told, by=by, at=at)
        tell(
            row,
            "arrival_not_possible",
            at=at,
            refund_amount=format_inr(refund),
            refund_rows=lifecycle.refund_rows(row),
        )
        lifecycle.announce_end(row)
        return row

    return in_transaction(act, durable=False)


def consumed_amount(booking: StayBooking, today: date) -> Decimal:
    """Rupees for the nights already slept: the stay's total in proportion."""
    slept = min(max((today - booking.check_in).days, 0), len(booking.nights))
    return half_up(booking.total * slept / len(booking.nights))


def refund_if_denied(booking: StayBooking, today: date) -> Decimal:
    """Rupees that come back when the guest is denied on the property-local date `today`."""
    paid = folios.counted(booking.folio)
    return max(paid - consumed_amount(booking, today), ZERO)


def difference(booking: StayBooking, program: Program) -> Decimal:
    """Rupees that another program would cost more (or, below zero, less). Raises as `change_program` does."""
    return _priced_as(booking, program) - booking.total


def _priced_as(booking: StayBooking, program: Program) -> Decimal:
    """The stay's total with another program, at today's rate card. The dates were sold already, so rules of arrival do
    not apply again; but it must last as long as the program lasts."""
    card = ratecard.load(booking.property)
    facts = card.programs.get(program.slug)
    if facts is None:
        raise Invalid("unknown_program", "There is no such program.", attr="program")
    wish = StayRequest.from_json({**booking.quote, "program": program.slug})
    check_length(booking.nights, facts, min_nights=0)
    lines: list[Line] = []
    for position, room in enumerate(wish.rooms):
        if room.room_type not in card.types:
            raise Invalid("no_price", "This room type is not on the rate card any more.")
        lines += room_lines(room, card.types[room.room_type], facts, wish.nights, card, position=position)
    lines += [extra_line(extra, wish, card) for extra in wish.extras if extra.code in card.extras]
    return total(line.amount for line in lines)


def _bill_difference(booking: StayBooking, difference: Decimal, program: Program, at: datetime) -> None:
    if difference:
        charge = Charge(
            key=f"program:{program.pk}",
            code="program-change",
            description=f"Change to {program.name}",
            amount=difference,
            kind="adjustment",
            why="arrival examination",
        )
        folios.post(booking.folio, [charge], at=at)
        folios.retotal(booking.folio, booking.total, half_percent=plan_of(booking).middle_percent)
    changed_by = f"{format_inr(difference)}"
    changed(booking.subject, "re-priced", by=Actor("system"), at=at, difference=changed_by, program=program.slug)
