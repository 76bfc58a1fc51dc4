"""The Today board and the deeds from its rows."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from backoffice.board import board as read_board
from backoffice.permissions import TODAY, sees_today
from bookings.admin import deeds
from bookings.models import BookedRoom, StayBooking
from bookings.permissions import staffed_by
from core.deeds import do, safe_next
from core.doors import Scope, door
from core.errors import DomainError
from core.nights import local_date
from core.reach import reach_of
from rooms.permissions import properties_of

REACH = 400  # days before and after today that the board shows


@door(needs=TODAY, scope=Scope.PROPERTY)
def board(request, site) -> HttpResponse:
    """Arrivals, departures, in-house, stay-overs, unassigned, no-show candidates of `?date=`."""
    if not sees_today(request.user):
        raise PermissionDenied
    today = today_here(request.user)
    day = wanted_day(request.GET.get("date", ""), today)
    context = {
        **site.each_context(request),
        "title": _("Today") if day == today else _("The day"),
        "board": read_board(day, today=today, reach=reach_of(request.user)),
        "day": day,
        "today": today,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "can": {name.replace("-", "_"): deeds.may(request.user, name) for name in deeds.DEEDS},
        "here": f"{reverse('admin:today')}?date={day.isoformat()}" if day != today else reverse("admin:today"),
    }
    return TemplateResponse(request, "admin/today.html", context)


@door(needs=TODAY, scope=Scope.PROPERTY, changes=True)
def act(request, reference: str, deed: str, site) -> HttpResponse:
    """POST from a row. A refused check-in leads to the page that shows the gates in words."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if deed not in ("check-in", "check-out", "no-show", "assign-room"):
        raise Http404
    if not (sees_today(request.user) and deeds.may(request.user, deed)):
        raise PermissionDenied
    booking = get_object_or_404(staffed_by(request.user).select_related("property", "folio"), reference=reference)
    back = safe_next(request, reverse("admin:today"))
    if deed == "check-in":
        return check_in(request, booking, back)
    if deed == "assign-room":
        typed = request.POST.get("booked", "")
        booked = get_object_or_404(BookedRoom, booking=booking, pk=int(typed) if typed.isdecimal() else None)
        return do(request, lambda: assign(request, booked), back=back)
    verb = {"check-out": deeds.check_out, "no-show": deeds.no_show}[deed]
    return do(request, lambda: verb(booking, request.user), back=back)


def check_in(request, booking: StayBooking, back: str) -> HttpResponse:
    try:
        messages.success(request, deeds.check_in(booking, request.user))
    except DomainError as error:
        messages.error(request, f"{booking.contact_name}: {error.message}")
        if error.code == "gates_shut":
            page = reverse("admin:bookings_staybooking_do_check_in", args=[booking.pk])
            return redirect(f"{page}?{urlencode({'next': back})}")
    return redirect(back)


def assign(request, booked: BookedRoom) -> str:
    room = deeds.chosen_room(booked, request.POST.get("room", ""))
    return deeds.assign(booked, room, request.user)


def today_here(user) -> date:
    """Today where this person works."""
    home = properties_of(user).first()
    return local_date(timezone.now(), home.time_zone if home else "Asia/Kolkata")


def wanted_day(typed: str, today: date) -> date:
    """The day that was asked for; nonsense and far-away days mean today."""
    try:
        day = parse_date(typed)
    except ValueError:
        day = None
    return day if day and abs((day - today).days) <= REACH else today
