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
from rooms.models import Assignment


def find(request, site) -> HttpResponse:
    """One hit opens its page; several open the list; a room number opens the stay that sleeps there."""
    if not request.user.has_perm("bookings.view_staybooking"):
        raise PermissionDenied
    typed = request.GET.get("q", "").strip()[:100]
    hits = in_room(typed) or list(find_stays(StayBooking.objects.order_by("-id"), typed)[:2] if typed else [])
    if len(hits) == 1:
        return redirect("admin:bookings_staybooking_change", hits[0].pk)
    return redirect(f"{reverse('admin:bookings_staybooking_changelist')}?{urlencode({'q': typed})}")


def in_room(number: str) -> list[StayBooking]:
    """The stay in this room tonight, if there is one."""
    today = today_here()
    rows = Assignment.objects.filter(room__number=number, active=True, check_in__lte=today, check_out__gte=today)
    held = rows.order_by("-check_in").first()
    booked = BookedRoom.objects.select_related("booking").filter(key=held.holder).first() if held else None
    return [booked.booking] if booked else []
