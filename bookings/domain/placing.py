"""Placing a hold: price found the same, stock taken, booking and folio written, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from audit.record import changed
from bookings.domain import hoarding, lifecycle, outward, quotes, stocking
from bookings.domain.hoarding import Holder
from bookings.domain.quote import Quote
from bookings.domain.request import CHILD_MAX_AGE
from bookings.models import BookedRoom, Guest, StayBooking
from bookings.states import Clearance, State
from core import phones, work
from core.actors import SYSTEM, Actor
from core.db import in_transaction
from core.errors import Conflict, Invalid
from core.free_text import mask_cards
from core.references import reference
from payments.domain import folio as folios
from payments.domain.folio import Charge, Milestone
from payments.models import Folio
from rooms.domain import inventory
from rooms.domain.inventory import SoldOut
from rooms.models import Property


@dataclass(frozen=True, slots=True)
class Contact:
    """Who books."""

    name: str
    email: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A guest by name; `room` is the position in the wish; `kind` adult, child or caregiver."""

    name: str
    room: int = 0
    age: int | None = None
    kind: str = Guest.Kind.ADULT


def place(
    property: Property,
    token: str,
    *,
    contact: Contact,
    people: Sequence[Person] = (),
    user_id: int | None,
    by: Actor,
    at: datetime,
    special_requests: str = "",
    source: str = "web",
    key: str | None = None,
    address: str = "",
) -> StayBooking:
    """Hold the stay behind a signed quote for 20 minutes.

    `key` makes a double click one booking; `address` is the client's on the network, where there is one. Raises
    SoldOut, QuoteStale, Invalid (house rules), TooMany("hold_limit") beyond what one guest or one address may hold
    (`bookings.domain.hoarding`). Nothing is written then.
    """
    if key:  # first of all: whoever comes back late finds what was booked, not a quote that has run out
        known = StayBooking.objects.filter(placing_key=key).first()
        if known is not None:
            return known
    priced = quotes.accept(property, token, at=at)
    contact = replace(contact, email=contact.email.lower(), phone=phones.kept(contact.phone))
    who = hoarding.holder(email=contact.email, phone=contact.phone, user_id=user_id, address=address)

    def act() -> StayBooking:
        return _place(property, priced, contact, people, who, user_id, by, at, special_requests, source, key)

    try:
        return in_transaction(act)
    except SoldOut:
        if not expire_due(at=at):
            raise
        return in_transaction(act)


def expire_due(*, at: datetime, limit: int = 500) -> int:
    """End the holds whose clock has run out, each in its own transaction; returns how many."""
    due = StayBooking.objects.filter(state=State.HELD, hold_expires_at__lte=at).order_by("hold_expires_at")[:limit]
    return work.each(due, lambda booking: lifecycle.expire(booking, by=SYSTEM, at=at))


def extend_hold(booking: StayBooking, *, by: Actor, at: datetime) -> StayBooking:
    """Ten more minutes, once. Raises Conflict("wrong_state" | "hold_over" | "already_extended")."""

    def act() -> StayBooking:
        row = lifecycle.locked(booking)
        if row.state != State.HELD:
            raise Conflict("wrong_state", "This booking is not on hold any more.", state=row.state)
        if row.hold_expires_at is None or row.hold_expires_at <= at:
            raise Conflict("hold_over", "The time to pay has run out. Please book again.")
        if row.hold_extended:
            raise Conflict("already_extended", "The time to pay has been extended once already.")
        until = row.hold_expires_at + timedelta(minutes=row.property.hold_extension_minutes)
        StayBooking.objects.filter(pk=row.pk).update(hold_expires_at=until, hold_extended=True)
        row.hold_expires_at, row.hold_extended = until, True
        changed(row.subject, "hold extended", by=by, at=at, until=until.isoformat())
        return row

    return in_transaction(act)


def _place(
    property: Property,
    priced: Quote,
    contact: Contact,
    people: Sequence[Person],
    who: Holder,
    user_id: int | None,
    by: Actor,
    at: datetime,
    special_requests: str,
    source: str,
    key: str | None,
) -> StayBooking:
    hoarding.lock(who, *([f"key:{key}"] if key else []))
    if key:
        known = StayBooking.objects.filter(placing_key=key).first()
        if known is not None:
            return known
    type_ids = {room.room_type: _type_id(property, room.room_type) for room in priced.request.rooms}
    wanted = stocking.wanted_for(priced.request.rooms, type_ids)
    hoarding.limit(property, who, rooms=sum(one.count for one in wanted), at=at)
    inventory.take(wanted, priced.request.nights)
    ref = reference("PW")
    folio = folios.open_folio(
        f"booking:{ref}",
        payer_name=contact.name,
        payer_email=contact.email,
        payer_phone=contact.phone,
        owner_id=user_id,
        currency=property.currency,
        at=at,
    )
    booking = _write_booking(property, priced, folio, ref, contact, who, user_id, at, special_requests, source, key)
    _write_rooms(booking, priced, type_ids, people, contact)
    folios.post(folio, charges_of(priced), at=at)
    folios.plan(folio, milestones_of(priced, property.time_zone), at=at)
    changed(booking.subject, "held", by=by, at=at, to_state=State.HELD, total=str(priced.total))
    outward.moved(booking, "", at=at)
    return booking


def _type_id(property: Property, slug: str) -> int:
    return property.room_types.only("pk").get(slug=slug).pk


def _write_booking(
    property: Property,
    priced: Quote,
    folio: Folio,
    ref: str,
    contact: Contact,
    who: Holder,
    user_id: int | None,
    at: datetime,
    special_requests: str,
    source: str,
    key: str | None,
) -> StayBooking:
    nights = priced.request.nights
    return StayBooking.objects.create(
        reference=ref,
        property=property,
        program_id=priced.program.id,
        user_id=user_id,
        folio=folio,
        contact_name=contact.name,
        contact_email=contact.email,
        contact_phone=contact.phone,
        check_in=nights.check_in,
        check_out=nights.check_out,
        clearance=Clearance.PENDING if priced.program.needs_review else Clearance.NOT_NEEDED,
        hold_expires_at=at + timedelta(minutes=property.hold_minutes),
        total=priced.total,
        currency=property.currency,
        terms=terms_of(priced),
        quote=priced.request.as_json(),
        special_requests=mask_cards(special_requests),
        source=source,
        placing_key=key,
        placed_from=who.origin,
        created_at=at,
    )


def terms_of(priced: Quote) -> dict[str, object]:
    """What the stay is sold under, frozen: later changes of the house never touch a sold booking."""
    return {
        "tiers": [{"min_days": days, "percent": percent} for days, percent in priced.policy.tiers],
        "policy": f"{priced.policy.name} v{priced.policy.version}",
        "plan": {
            "code": priced.plan.code,
            "kind": priced.plan.kind,
            "deposit": str(priced.plan.deposit),
            "middle_percent": priced.plan.middle_percent,
            "middle_due_days": priced.plan.middle_due_days,
            "middle_days_before_arrival": priced.plan.middle_days_before_arrival,
        },
        "needs_review": priced.program.needs_review,
    }


def charges_of(priced: Quote, prefix: str = "sold") -> list[Charge]:
    """The quote's lines as folio lines."""
    return [
        Charge(
            key=f"{prefix}:{number}",
            code=line.code,
            description=line.description,
            amount=line.amount,
            quantity=line.quantity,
            unit_amount=line.unit_amount,
            taxable=line.split.taxable,
            gst_rate=line.gst_rate,
            cgst=line.split.cgst,
            sgst=line.split.sgst,
            round_off=line.split.round_off,
            why=line.why,
        )
        for number, line in enumerate(priced.lines)
    ]


def milestones_of(priced: Quote, zone: str) -> list[Milestone]:
    """The payment schedule; only the first step is payable before the doctor has looked."""
    return [
        Milestone(
            milestone=step.milestone,
            paid_total=step.paid_total,
            due_at=None if step.due is None else datetime.combine(step.due, time(23, 59), ZoneInfo(zone)),
            opened=position == 0,
        )
        for position, step in enumerate(priced.schedule)
    ]


def _write_rooms(
    booking: StayBooking, priced: Quote, type_ids: dict[str, int], people: Sequence[Person], contact: Contact
) -> None:
    number = 0
    for position, wish in enumerate(priced.request.rooms):
        room = BookedRoom.objects.create(
            booking=booking,
            room_type_id=type_ids[wish.room_type],
            adults=wish.adults,
            children_ages=list(wish.children_ages),
            caregiver=wish.caregiver,
            price=priced.room_total(position),
            position=position,
        )
        named = [person for person in people if person.room == position]
        for person in _complete(named, wish.adults, list(wish.children_ages), wish.caregiver, contact, position):
            Guest.objects.create(
                booking=booking,
                room=room,
                name=person.name[:160],
                kind=person.kind,
                age=person.age,
                participates=person.kind == Guest.Kind.ADULT,
                position=number,
            )
            number += 1
        if wish.caregiver == "own_room":
            BookedRoom.objects.create(
                booking=booking, room_type_id=type_ids[wish.room_type], adults=1, position=position + 100
            )


def _complete(
    named: list[Person], adults: int, ages: list[int], caregiver: str, contact: Contact, position: int
) -> list[Person]:
    """The named people, completed with those of whom only the number is known; more than booked are refused."""
    grown = [person for person in named if person.kind == Guest.Kind.ADULT]
    young = [person for person in named if person.kind == Guest.Kind.CHILD]
    helpers = [person for person in named if person.kind == Guest.Kind.CAREGIVER]
    if len(grown) > adults or len(young) > len(ages) or len(helpers) > bool(caregiver):
        raise Invalid("too_many_guests", "More guests are named than were priced.", attr="guests")
    if any(person.age is not None and person.age <= CHILD_MAX_AGE for person in grown):
        raise Invalid("age_changed", "A guest of up to 12 years is priced as a child.", attr="guests")
    while len(grown) < adults:
        first = position == 0 and not grown
        grown.append(Person(contact.name if first else f"Guest {len(grown) + 1}", position))
    for child, age in zip(young, ages, strict=False):
        if child.age is not None and child.age != age:
            raise Invalid("age_changed", "A child's age differs from the one that was priced.", attr="guests")
    young = [Person(child.name, position, age, Guest.Kind.CHILD) for child, age in zip(young, ages, strict=False)]
    young += [Person(f"Child of {age}", position, age, Guest.Kind.CHILD) for age in ages[len(young) :]]
    if caregiver and not helpers:
        helpers.append(Person("Caregiver", position, kind=Guest.Kind.CAREGIVER))
    return grown + young + helpers
