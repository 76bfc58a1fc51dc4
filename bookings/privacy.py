"""What bookings knows of people: who booked, who comes, what they wished for, what they wrote afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from audit.forgetting import blank_events, lawfully
from bookings.domain import reviews
from bookings.models import BookedRoom, Favourite, Guest, GuestReview, StayBooking
from bookings.states import HOLDS_STOCK, State
from core.actors import SYSTEM
from core.personal_data import NAMELESS, NO_MAIL, Contributor, Hold, Person, Registry, Rule
from rooms.models import Assignment

LAPSED = (State.EXPIRED,)
PERSONAL = {
    "bookings.StayBooking": "contact_name contact_email contact_phone special_requests instructions quote placing_key"
    " placed_from",
    "bookings.Guest": "name age",
    "bookings.GuestReview": "author text",
    "rooms.Assignment": "label",
}


def stays_of(person: Person) -> QuerySet[StayBooking]:
    """The person's own stays: of the account, or booked with an address that she has proven to be hers."""
    own = Q(user_id=person.user_id)
    if person.email:
        own |= Q(user__isnull=True, contact_email=person.email.lower())
    return StayBooking.objects.filter(own)


def export_of(person: Person) -> Mapping[str, Any]:
    """The stays, of the others who came along only that they came; and what the account has saved for later."""
    stays = stays_of(person).select_related("program").prefetch_related("rooms__room_type", "guests")
    saved = Favourite.objects.filter(user_id=person.user_id).select_related("program", "room_type")
    found: dict[str, Any] = {"stays": [_stay(stay, person) for stay in stays]} if stays else {}
    return {**found, "favourites": [_saved(one) for one in saved]} if saved else found


def _saved(one: Favourite) -> dict[str, Any]:
    kind, thing = ("program", one.program) if one.program else ("room_type", one.room_type)
    return {"kind": kind, "name": thing.name if thing else "", "saved_at": one.saved_at}


def _stay(stay: StayBooking, person: Person) -> dict[str, Any]:
    own = {name.casefold() for name in (person.name, stay.contact_name) if name}
    return {
        "reference": stay.reference,
        "program": stay.program.name,
        "state": stay.get_state_display(),
        "check_in": stay.check_in,
        "check_out": stay.check_out,
        "booked_at": stay.created_at,
        "contact_name": stay.contact_name,
        "contact_email": stay.contact_email,
        "contact_phone": stay.contact_phone,
        "special_requests": stay.special_requests,
        "instructions_for_the_house": stay.instructions,
        "total": stay.total,
        "currency": stay.currency,
        "rooms": [room.room_type.name for room in stay.rooms.all()],
        "people": [
            {"name": guest.name, "age": guest.age, "kind": guest.get_kind_display()}
            if guest.name.casefold() in own
            else {"name": "somebody else", "kind": guest.get_kind_display()}
            for guest in stay.guests.all()
        ],
        "review": _review(stay),
    }


def _review(stay: StayBooking) -> dict[str, Any] | None:
    review = getattr(stay, "guest_review", None)
    return {"stars": review.rating, "words": review.text, "written_at": review.written_at} if review else None


def subjects_of(person: Person) -> Sequence[str]:
    stays = [f"booking:{reference}" for reference in stays_of(person).values_list("reference", flat=True)]
    reviews = GuestReview.objects.filter(booking__in=stays_of(person)).values_list("public_id", flat=True)
    return [*stays, *(f"review:{one}" for one in reviews)]


def holds_of(person: Person, at: datetime) -> Sequence[Hold]:
    """A stay that is still to come, or going on, is a contract: its rows stay until it is over."""
    return [
        Hold(
            "open-stay",
            stay.subject,
            f"Your stay {stay.reference} is not over yet. Its name, address and dates stay until it is.",
            at.date() + timedelta(days=1) if stay.state == State.HELD else stay.check_out + timedelta(days=1),
        )
        for stay in stays_of(person).filter(state__in=HOLDS_STOCK)
    ]


def erase(person: Person, at: datetime) -> None:
    """Stays become nameless; they stay tied to the husk of the account, so that what is held can be found again."""
    mine = [stay for stay in stays_of(person) if stay.subject not in person.held]
    stays_of(person).filter(user__isnull=True).update(user_id=person.user_id)
    for review in GuestReview.objects.filter(booking__in=mine):
        reviews.withdraw(review, by=SYSTEM, at=at)
    make_nameless(StayBooking.objects.filter(pk__in=[stay.pk for stay in mine]))


def make_nameless(stays: QuerySet[StayBooking]) -> int:
    """Take every name and wish out of these stays; dates, rooms and money stay for the books."""
    keys = [stay.pk for stay in stays]
    holders = BookedRoom.objects.filter(booking_id__in=keys).values_list("key", flat=True)
    Assignment.objects.filter(holder__in=[str(key) for key in holders]).exclude(label="").update(label="")
    Guest.objects.filter(booking_id__in=keys).update(name=NAMELESS, age=None)
    return StayBooking.objects.filter(pk__in=keys).update(
        contact_name=NAMELESS,
        contact_email=NO_MAIL,
        contact_phone="",
        special_requests="",
        instructions=[],
        quote={},
        placing_key=None,
        placed_from="",
    )


def redact(person: Person, at: datetime) -> None:
    """What the events kept of the names."""
    rows = [stay.pk for stay in stays_of(person) if stay.subject not in person.held]
    with lawfully("erasure of stays (DPDP Act, section 12)", by=SYSTEM, at=at) as pen:
        blank_events(pen, StayBooking, {"pgh_obj_id__in": rows}, *PERSONAL["bookings.StayBooking"].split())
        blank_events(pen, Guest, {"booking_id__in": rows}, "name", "age")
        blank_events(pen, GuestReview, {"booking_id__in": rows}, "author", "text", "reply", "decline_reason")
        holders = BookedRoom.objects.filter(booking_id__in=rows).values_list("key", flat=True)
        blank_events(pen, Assignment, {"holder__in": [str(key) for key in holders]}, "label")


def _lapsed(before: datetime) -> QuerySet[StayBooking]:
    return StayBooking.objects.filter(state__in=LAPSED, created_at__lt=before).exclude(contact_email=NO_MAIL)


RULES = (
    Rule(
        "lapsed-holds",
        "Rooms that were held and never paid for",
        90,
        "Nothing was agreed; a question about it may come within three months.",
        _lapsed,
        "created_at",
        lambda before: make_nameless(_lapsed(before)),
    ),
)

Registry.add(
    Contributor(
        name="bookings",
        export=export_of,
        subjects=subjects_of,
        holds=holds_of,
        erase=erase,
        redact=redact,
        rules=RULES,
        personal=PERSONAL,
        harmless={"bookings.BookedRoom": "rooms and ages of a nameless party"},
        free_text=("bookings.StayBooking.special_requests", "bookings.GuestReview.text"),
    )
)
