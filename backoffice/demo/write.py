"""Writes drafted stays in bulk, in the very shape that the domain verbs leave behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from backoffice.demo.drafts import Draft
from backoffice.demo.people import GUEST_EMAIL
from bookings.domain.placing import milestones_of, terms_of
from bookings.domain.schedule import middle_due
from bookings.models import BookedRoom, Guest, StayBooking
from bookings.states import State
from core.nights import local_date
from payments.models import Folio, Instalment
from rooms.models import Assignment, Property, Room, RoomType

S = State
ASSIGNED = {S.CONFIRMED, S.CHECKED_IN, S.COMPLETED}
APPROVED = {S.APPROVED, S.CONFIRMED, S.CHECKED_IN, S.COMPLETED, S.NO_SHOW}
BATCH = 2000


@dataclass
class Written:
    """A draft and the rows it became."""

    draft: Draft
    booking: StayBooking
    rooms: list[BookedRoom]
    guests: list[Guest]


def write_stays(drafts: list[Draft], retreat: Property, users: dict[str, User]) -> list[Written]:
    """Folios, bookings, booked rooms, guests, schedules and room assignments."""
    folios = Folio.objects.bulk_create([_folio(one, users) for one in drafts], batch_size=BATCH)
    bookings = StayBooking.objects.bulk_create(
        [_booking(one, folio, retreat, users) for one, folio in zip(drafts, folios, strict=True)], batch_size=BATCH
    )
    written = [Written(one, booking, [], []) for one, booking in zip(drafts, bookings, strict=True)]
    types = {row.slug: row for row in RoomType.objects.filter(property=retreat)}
    for row in written:
        row.rooms = list(_rooms(row, types))
    BookedRoom.objects.bulk_create([room for row in written for room in row.rooms], batch_size=BATCH)
    for row in written:
        row.guests = list(_guests(row))
    Guest.objects.bulk_create([guest for row in written for guest in row.guests], batch_size=BATCH)
    Instalment.objects.bulk_create([step for row in written for step in _instalments(row, retreat)], batch_size=BATCH)
    numbers = {room.number: room for room in Room.objects.filter(room_type__property=retreat)}
    Assignment.objects.bulk_create(
        [made for row in written for made in _assignments(row, numbers, retreat)], batch_size=BATCH
    )
    return written


def _is_demo_guest(one: Draft) -> bool:
    return one.stay.twist == "guest"


def _contact(one: Draft, users: dict[str, User]) -> tuple[str, str, str]:
    if _is_demo_guest(one):
        guest = users[GUEST_EMAIL]
        return guest.get_full_name(), guest.email, guest.phone
    person = one.stay.contact
    return f"{person['given_name']} {person['family_name']}", person["email"], person["phone"]


def _folio(one: Draft, users: dict[str, User]) -> Folio:
    name, email, phone = _contact(one, users)
    return Folio(
        subject=f"booking:{one.reference}",
        payer_name=name,
        payer_email=email,
        payer_phone=phone,
        owner_id=users[GUEST_EMAIL].pk if _is_demo_guest(one) else None,
        created_at=one.times.created,
    )


def _booking(one: Draft, folio: Folio, retreat: Property, users: dict[str, User]) -> StayBooking:
    name, email, phone = _contact(one, users)
    found = one.times
    ended = one.state in (S.EXPIRED, S.CANCELLED, S.NOT_SUITABLE, S.NO_SHOW, S.COMPLETED)
    form_due = found.paid + timedelta(hours=retreat.form_due_hours) if found.paid else None
    return StayBooking(
        reference=one.reference,
        property=retreat,
        program_id=one.priced.program.id,
        user=users[GUEST_EMAIL] if _is_demo_guest(one) else None,
        folio=folio,
        contact_name=name,
        contact_email=email,
        contact_phone=phone,
        check_in=one.stay.check_in,
        check_out=one.stay.check_out,
        state=one.state,
        clearance=one.clearance,
        hold_expires_at=found.created + timedelta(minutes=retreat.hold_minutes) if one.state == S.HELD else None,
        total=one.priced.total,
        terms=terms_of(one.priced),
        quote=one.priced.request.as_json(),
        special_requests=one.stay.wish,
        instructions=one.conditions,
        source=one.rng.choice(("web", "web", "web", "phone")),
        created_at=found.created,
        form_due_at=form_due if one.state == S.PENDING_MEDICAL else None,
        approved_at=found.decided if one.state in APPROVED else None,
        checked_in_at=found.arrived,
        arrival_examined_at=found.examined,
        ended_at=found.ended if ended else None,
        reminders=_reminders(one),
    )


def _reminders(one: Draft) -> dict[str, str]:
    """What a late guest has been reminded of already."""
    if one.state != S.PENDING_MEDICAL or one.stay.twist != "late" or one.times.paid is None:
        return {}
    return {f"form-{hours}": (one.times.paid + timedelta(hours=hours)).isoformat() for hours in (24, 48)}


def _rooms(row: Written, types: dict[str, RoomType]) -> Iterable[BookedRoom]:
    one = row.draft
    for place, wish in enumerate(one.priced.request.rooms):
        yield BookedRoom(
            booking=row.booking,
            key=one.uuid(),
            room_type=types[wish.room_type],
            adults=wish.adults,
            children_ages=list(wish.children_ages),
            caregiver=wish.caregiver,
            price=one.priced.room_total(place),
            position=place,
        )


def _guests(row: Written) -> Iterable[Guest]:
    names = iter([row.booking.contact_name, *row.draft.stay.companions])
    position = 0
    for room in row.rooms:
        people = [(next(names), Guest.Kind.ADULT, row.draft.rng.randint(24, 72)) for _ in range(room.adults)]
        people += [(f"Child of {age}", Guest.Kind.CHILD, age) for age in room.children_ages]
        people += [("Caregiver", Guest.Kind.CAREGIVER, None)] if room.caregiver else []
        for name, kind, age in people:
            adult = kind == Guest.Kind.ADULT
            yield Guest(
                booking=row.booking, room=room, name=name, kind=kind, age=age, participates=adult, position=position
            )
            position += 1


def _instalments(row: Written, retreat: Property) -> Iterable[Instalment]:
    """The first step is payable at once, the others from the approval on."""
    one = row.draft
    approved = one.times.decided if one.state in APPROVED or (one.cleared and one.times.decided) else None
    for position, step in enumerate(milestones_of(one.priced, retreat.time_zone)):
        due = step.due_at
        if approved and step.milestone == "half" and due:
            on = local_date(approved, retreat.time_zone)
            day = middle_due(one.priced.plan, approved_on=on, check_in=one.stay.check_in)
            due = datetime.combine(day, due.timetz())
        yield Instalment(
            folio=row.booking.folio,
            milestone=step.milestone,
            paid_total=step.paid_total,
            due_at=due,
            opened_at=one.times.created if step.opened else approved,
            position=position,
        )


def _assignments(row: Written, numbers: dict[str, Room], retreat: Property) -> Iterable[Assignment]:
    one = row.draft
    if one.state not in ASSIGNED or one.stay.twist == "unassigned":
        return
    for room, number in zip(row.rooms, one.stay.rooms, strict=True):
        yield Assignment(
            room=numbers[number],
            check_in=one.stay.check_in,
            check_out=one.stay.check_out,
            holder=str(room.key),
            label=f"{one.reference} {row.booking.contact_name}",
            pinned=one.state == S.CHECKED_IN,
            active=one.state != S.COMPLETED,
        )
