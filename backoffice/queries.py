"""Figures of the house for the dashboard."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum

from bookings.models import GuestReview, StayBooking
from bookings.states import HOLDS_STOCK, State
from core.money import ZERO
from core.reach import Reach, by_subject
from medical.models import MedicalForm
from notifications.models import StaffTask
from payments.models import Payment
from payments.permissions import OF_FOLIO
from rooms.models import InventoryNight, Property


def dashboard(property: Property, *, today: date) -> dict[str, Any]:
    """Arrivals, departures, who is here, what is sold tonight; property-local `today`, in four queries."""
    stays = StayBooking.objects.filter(property=property, state__in=HOLDS_STOCK)
    arriving = Q(check_in=today, state__in=[State.APPROVED, State.CONFIRMED])
    counts = stays.aggregate(
        arrivals=Count("pk", filter=arriving),
        departures=Count("pk", filter=Q(check_out=today, state=State.CHECKED_IN)),
        in_house=Count("pk", filter=Q(state=State.CHECKED_IN)),
        held=Count("pk", filter=Q(state=State.HELD)),
    )
    by_status = dict(stays.order_by().values_list("state").annotate(n=Count("pk")))
    tonight = InventoryNight.objects.filter(room_type__property=property, night=today)
    stock = tonight.aggregate(total=Sum("capacity", default=0), sold=Sum("sold", default=0))
    here = Reach(False, frozenset([property.pk]))
    tasks = here.rows(StaffTask.objects.filter(done_at__isnull=True), by_subject("subject"))
    return {
        "date": today,
        **counts,
        "by_status": by_status,
        "rooms_total": stock["total"],
        "rooms_sold_tonight": stock["sold"],
        "occupancy_percent": stock["sold"] * 100 // stock["total"] if stock["total"] else 0,
        "open_tasks": tasks.count(),
        "currency": property.currency,
    }


def received_on(day: date, property: Property) -> Decimal:
    """Rupees captured for a property on one of its days."""
    zone = ZoneInfo(property.time_zone)
    first = datetime.combine(day, time.min, zone)
    last = datetime.combine(day, time.max, zone)
    rows = Payment.objects.filter(state=Payment.State.CAPTURED, captured_at__gte=first, captured_at__lte=last)
    rows = Reach(False, frozenset([property.pk])).rows(rows, OF_FOLIO)
    return rows.aggregate(sum=Sum("amount", default=ZERO))["sum"] or ZERO


def records_at(mail: str) -> list[str]:
    """The records of the stays that were booked with this contact address, with or without an account."""
    stays = StayBooking.objects.filter(contact_email=mail).order_by("pk")
    forms = MedicalForm.objects.filter(booking__in=stays).order_by("pk")
    reviews = GuestReview.objects.filter(booking__in=stays).order_by("pk")
    return [
        *(f"booking:{one}" for one in stays.values_list("reference", flat=True)),
        *(f"form:{one}" for one in forms.values_list("public_id", flat=True)),
        *(f"review:{one}" for one in reviews.values_list("public_id", flat=True)),
    ]
