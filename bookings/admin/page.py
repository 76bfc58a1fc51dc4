"""Everything the page of one stay shows, read in a fixed number of queries. It decides nothing."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from audit.models import History
from bookings.admin.forms import BY_GUEST, BY_HOUSE
from bookings.domain import front_desk, lifecycle, milestones
from bookings.models import StayBooking
from bookings.states import CANCELLABLE, Clearance, State
from core.money import ZERO, format_inr
from core.nights import local_date
from notifications.models import Message
from payments.domain import folio as folios
from payments.domain import refunds
from payments.models import Payment
from rooms.models import Assignment, Room

STATE_TONES = {
    State.HELD: "wait",
    State.PENDING_MEDICAL: "wait",
    State.IN_REVIEW: "wait",
    State.ON_HOLD: "wait",
    State.APPROVED: "soft",
    State.CONFIRMED: "ok",
    State.CHECKED_IN: "green",
    State.COMPLETED: "quiet",
    State.EXPIRED: "quiet",
    State.CANCELLED: "stop",
    State.NOT_SUITABLE: "stop",
    State.NO_SHOW: "stop",
}
CLEARANCE_TONES = {
    Clearance.NOT_NEEDED: "quiet",
    Clearance.PENDING: "wait",
    Clearance.ON_HOLD: "wait",
    Clearance.CLEARED: "ok",
    Clearance.NOT_SUITABLE: "stop",
}
EVENTS: dict[str, str | Promise] = {
    "placed": _("Placed"),
    "held": _("Placed and held"),
    "first_instalment": _("First payment arrived"),
    "late_money": _("Paid after the hold; the room was still free"),
    "hold_expired": _("Hold ran out"),
    "hold extended": _("Hold extended"),
    "forms_submitted": _("Guest forms are in"),
    "doctor_asked": _("The doctor asked the guest something"),
    "guest_answered": _("The guest answered"),
    "cleared": _("Cleared"),
    "not_suitable": _("We cannot host this stay"),
    "form_reopened": _("Form changed: looked at again"),
    "milestone_paid": _("Enough is paid: confirmed"),
    "checked_in": _("Checked in"),
    "program_changed": _("Another program after the arrival examination"),
    "arrival_admitted": _("Admitted on arrival"),
    "arrival_denied": _("Not admitted on arrival"),
    "checked_out": _("Checked out"),
    "no_show": _("Did not arrive"),
    "cancelled": _("Cancelled"),
    "room assigned": _("Room assigned"),
    "re-priced": _("Priced again"),
    "payment started": _("Payment started"),
    "payment captured": _("Payment received"),
    "payment failed": _("Payment failed"),
    "refund promised": _("Refund promised"),
    "refund paid": _("Refund paid"),
    "refund tried again": _("Refund tried again"),
}


def page(booking: StayBooking, *, at: datetime) -> dict[str, Any]:
    """The context of `admin/bookings/stay.html`."""
    figures = folios.standing(booking.folio)
    held = rooms_of(booking)
    today = local_date(at, booking.property.time_zone)
    return {
        "booking": booking,
        "state_tone": STATE_TONES[booking.state],
        "clearance_tone": CLEARANCE_TONES[booking.clearance],
        "figures": figures,
        "owed": folios.owed(booking.folio),
        "promised_back": lifecycle.pending_refunds(booking),
        "gates": front_desk.gates(booking) if booking.state in (State.APPROVED, State.CONFIRMED) else [],
        "rooms": [
            {
                "booked": booked,
                "room": held.get(str(booked.key)),
                "guests": [guest for guest in booking.guests.all() if guest.room_id == booked.pk],
            }
            for booked in booking.rooms.all()
        ],
        "nights_gone": nights_gone(booking, today),
        "lines": list(booking.folio.lines.all()),
        "schedule": schedule(booking, figures.paid),
        "payments": list(booking.folio.payments.all()),
        "refunds": [refund_steps(refund) for refund in booking.folio.refunds.select_related("payment").order_by("id")],
        "messages_sent": [
            {"row": row, "words": row.template.replace("_", " ").capitalize()}
            for row in Message.objects.filter(subject_of=booking.subject).order_by("-id")[:60]
        ],
        "timeline": [event_row(row) for row in history(booking)],
        "ladder": lifecycle.cancellation(booking, at=at) if booking.state in CANCELLABLE else [],
    }


def rooms_of(booking: StayBooking) -> dict[str, Room]:
    """The physical rooms by the key of the booked room."""
    holders = [str(room.key) for room in booking.rooms.all()]
    found = Assignment.objects.filter(holder__in=holders, active=True).select_related("room")
    return {assignment.holder: assignment.room for assignment in found}


def nights_gone(booking: StayBooking, today: Any) -> int | None:
    """How far the stay has come, for its path; None before the arrival."""
    if booking.state not in (State.CHECKED_IN, State.COMPLETED):
        return None
    return min(max((today - booking.check_in).days, 0), len(booking.nights))


def schedule(booking: StayBooking, paid: Decimal) -> list[dict[str, Any]]:
    """The milestones with what each still needs; of a stay that is over, those that were reached."""
    found = [
        {"row": row, "missing": max(row.paid_total - paid, ZERO), "reached": row.paid_total <= paid}
        for row in booking.folio.instalments.order_by("position")
    ]
    return found if booking.holds_stock else [step for step in found if step["reached"]]


def refund_steps(refund: Any) -> dict[str, Any]:
    """promised, sent, with the bank, done: each with its moment or still to come."""
    steps = [
        (_t("promised"), refund.created_at),
        (_t("sent"), refund.sent_at),
        (_t("with the bank"), refund.with_bank_at),
        (_t("paid back"), refund.settled_at),
    ]
    return {"refund": refund, "steps": steps, "failed": refund.state == refund.State.FAILED}


def history(booking: StayBooking) -> list[History]:
    return list(History.objects.filter(subject=booking.subject).select_related("actor").order_by("-id")[:200])


def event_row(row: History) -> dict[str, Any]:
    """One line of the timeline in words; amounts in rupees, no ids."""
    more = [format_inr(row.data["amount"])] if row.data.get("amount") else []
    if row.data.get("room"):
        more.append(_t("room %(number)s") % {"number": row.data["room"]})
    if row.data.get("bank"):
        more.append(str(row.data["bank"]))
    return {
        "at": row.at,
        "words": EVENTS.get(row.event, row.event.replace("_", " ").capitalize()),
        "more": " · ".join(more),
        "who": row.actor_name or row.actor_kind,
        "reason": row.reason,
        "moved": row.from_state != row.to_state and bool(row.to_state),
    }


def cancellation(booking: StayBooking, *, at: datetime) -> dict[str, dict[str, Any]]:
    """What comes back and out of which payments, when the guest or when the house cancels now."""
    captured = list(booking.folio.payments.filter(state=Payment.State.CAPTURED))
    found = {}
    for who, full in ((BY_GUEST, False), (BY_HOUSE, True)):
        amount = lifecycle.refund_now(booking, at=at, full=full)
        found[who] = {"amount": amount, "parts": list(refunds.parts(captured, amount))}
    return found


def next_step(booking: StayBooking) -> milestones.Next | None:
    return milestones.next_instalment(booking)
