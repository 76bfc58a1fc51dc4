"""The guest's stays: the list, one stay, its calendar file."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bookings import queries
from bookings.domain import confirming, placing
from bookings.domain.front_desk import assigned_rooms
from bookings.models import StayBooking
from bookings.queries import StayFacts
from bookings.queries.reviews import of_stay
from bookings.queries.stays import with_people
from bookings.states import CANCELLABLE, State
from bookings.web import access, money, next_step, status
from bookings.web import timeline as timelines
from core.doors import ANYONE, GUEST, HOLDER, Scope, door
from core.errors import DomainError, Missing
from core.http import see
from core.nights import local_date
from payments.models import Folio, Payment

MOST_AHEAD = 50
PAST_ON_A_PAGE = 10


@door(ANYONE, scope=Scope.OWN)
@never_cache
@require_safe
def stays(request: HttpRequest) -> HttpResponse:
    """Upcoming and past stays of this visitor; without any, the way to the next one."""
    at = timezone.now()
    mine = with_people(access.stays_of(request))
    today = local_date(at, "Asia/Kolkata")
    ahead = queries.facts_of(list(queries.upcoming(mine, today=today)[:MOST_AHEAD]), at=at)
    page = Paginator(queries.past(mine, today=today), PAST_ON_A_PAGE).get_page(request.GET.get("page"))
    been = [status.row(one, at=at) for one in queries.facts_of(list(page.object_list), at=at)]
    context = {
        "coming": [status.row(one, at=at) for one in ahead],
        "been": been,
        "page": page,
        "todo": next(
            ({"facts": one, "step": next_step.next_step(one)} for one in ahead if next_step.is_deed(one)), None
        ),
    }
    return render(request, "stays/list.html", context)


def _todo(ahead: list[StayFacts]) -> dict[str, Any] | None:
    """The first stay that waits for its guest, with its next step."""
    waiting = next((one for one in ahead if next_step.is_deed(one)), None)
    return {"facts": waiting, "step": next_step.next_step(waiting)} if waiting else None


@door(GUEST, HOLDER, scope=Scope.OWN)
@never_cache
@require_safe
def stay(request: HttpRequest, reference: str) -> HttpResponse:
    """One stay: where it stands, the next step, the days, the money."""
    at = timezone.now()
    booking = access.stay(request, reference)
    facts = queries.facts(booking, at=at)
    context = {**_what_it_is(booking, at), **_money_of(facts, at), **_doors(request, booking)}
    context["step"] = next_step.next_step(facts, busy=busy_payment(booking.folio))
    context["events"] = timelines.timeline(facts)
    context["thanks"] = arrived(booking.folio, request.GET.get("payment", ""))
    return render(request, "stays/stay.html", context)


@door(GUEST, HOLDER, scope=Scope.OWN, changes=True)
@never_cache
@require_POST
def extend_hold(request: HttpRequest, reference: str) -> HttpResponse:
    """Ten more minutes, once."""
    booking = access.stay(request, reference)
    try:
        placing.extend_hold(booking, by=access.actor(request), at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Your room is kept ten minutes longer."))
    return see("bookings:pay", booking.reference)


@door(GUEST, HOLDER, scope=Scope.OWN)
@never_cache
@require_safe
def calendar(request: HttpRequest, reference: str) -> HttpResponse:
    """The stay for a calendar."""
    booking = access.stay(request, reference)
    if not has_calendar(booking):
        raise Missing("no_calendar", _("There is no calendar file for this stay."))
    text = confirming.calendar_file(booking, at=timezone.now())
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="stay-{booking.reference}.ics"'
    return answer


def has_calendar(booking: StayBooking) -> bool:
    return booking.holds_stock and booking.state != State.HELD


def busy_payment(folio: Folio) -> Payment | None:
    """The payment that the bank still works on."""
    return Payment.objects.filter(folio=folio, state=Payment.State.PENDING).order_by("-id").first()


def arrived(folio: Folio, public_id: str, state: str = Payment.State.CAPTURED) -> Payment | None:
    """The payment of this folio that the guest has just come back from."""
    try:
        wanted = UUID(public_id)
    except ValueError:
        return None
    return Payment.objects.filter(folio=folio, public_id=wanted, state=state).first()


def _what_it_is(booking: StayBooking, at: datetime) -> dict[str, Any]:
    label, kind = status.badge(booking)
    rooms = list(booking.rooms.select_related("room_type"))
    numbers = [room.number for room in assigned_rooms(booking)] if booking.state == State.CHECKED_IN else []
    return {
        "booking": booking,
        "title": status.title(booking),
        "badge": label,
        "badge_kind": kind,
        "sentence": status.sentence(booking),
        "nights": len(booking.nights),
        "passed": status.nights_passed(booking, at=at),
        "rooms": rooms,
        "room_names": status.room_names(booking),
        "room_numbers": numbers,
        "guests": list(booking.guests.all()),
        "hold_runs": status.hold_runs(booking, at=at),
        "lies_ahead": booking.holds_stock or booking.state == State.COMPLETED,
    }


def _money_of(facts: StayFacts, at: datetime) -> dict[str, Any]:
    booking = facts.booking
    live = booking.state in CANCELLABLE
    return {
        "facts": facts,
        "lines": money.bill(booking.folio),
        "moves": money.moves(booking.folio, booking.property.time_zone),
        "schedule": money.schedule(facts) if booking.holds_stock else [],
        "refunds": money.refund_paths(booking.folio),
        "cancellation": money.cancellation(booking, at=at) if live and facts.paid else [],
        "cancellable": live,
        "needs_review": live and booking.terms.get("needs_review", True) and booking.clearance != "cleared",
    }


def _doors(request: HttpRequest, booking: StayBooking) -> dict[str, Any]:
    """Which further doors this visitor finds here."""
    own = request.user.is_authenticated and booking.user_id == request.user.pk
    return {
        "own": own,
        "claimable": booking.user_id is None and booking.state != State.HELD,
        "has_calendar": has_calendar(booking),
        "review": of_stay(booking) if booking.state == State.COMPLETED else None,
        "reviewable": booking.state == State.COMPLETED,
        "has_form": booking.clearance != "not_needed" and booking.state not in (State.HELD, State.EXPIRED),
    }
