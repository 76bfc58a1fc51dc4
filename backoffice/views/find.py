"""The search box of the sidebar: a reference, name, mail, phone number or room number leads to the stay."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from backoffice.views.today import today_here
from bookings.admin.search import find as find_stays
from bookings.models import BookedRoom, StayBooking
from bookings.permissions import VIEW, sees_bookings, staffed_by
from core.doors import Scope, door
from core.reach import reach_of
from rooms.models import Assignment


@door(needs=VIEW, scope=Scope.PROPERTY)
def find(request, site) -> HttpResponse:
    """One hit opens its page; several open the list; a room number opens the stay that sleeps there."""
    if not sees_bookings(request.user):
        raise PermissionDenied
    typed = request.GET.get("q", "").strip()[:100]
    hits = in_room(typed, request.user) or list(
        find_stays(staffed_by(request.user).order_by("-id"), typed)[:2] if typed else []
    )
    if len(hits) == 1:
        return redirect("admin:bookings_staybooking_change", hits[0].pk)
    return redirect(f"{reverse('admin:bookings_staybooking_changelist')}?{urlencode({'q': typed})}")


def in_room(number: str, user) -> list[StayBooking]:
    """The stay in this room tonight, if there is one."""
    today = today_here(user)
    rows = Assignment.objects.filter(room__number=number, active=True, check_in__lte=today, check_out__gte=today)
    rows = reach_of(user).rows(rows, "room__room_type__property")
    held = rows.order_by("-check_in").first()
    booked = BookedRoom.objects.select_related("booking").filter(key=held.holder).first() if held else None
    return [booked.booking] if booked else []
