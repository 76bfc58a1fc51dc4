"""Shapes of stay bookings: what is answered."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from bookings import queries
from bookings.domain.availability import Alternative, Assumed
from bookings.domain.policy import Row
from bookings.domain.quotes import Signed
from bookings.models import StayBooking
from bookings.queries import StayFacts
from bookings.states import Clearance, State
from core.api.fields import MoneyField, StayDateField
from core.api.schema import ErrorBody
from payments.models import Refund


class LineShape(serializers.Serializer):
    code = serializers.CharField()
    description = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_amount = MoneyField()
    amount = MoneyField(help_text="tax inclusive")
    taxable = MoneyField()
    gst_rate = serializers.DecimalField(max_digits=5, decimal_places=2)
    cgst = MoneyField()
    sgst = MoneyField()
    round_off = MoneyField(help_text="amount - taxable - cgst - sgst")
    why = serializers.CharField()


class StepShape(serializers.Serializer):
    milestone = serializers.ChoiceField(choices=["deposit", "half", "balance", "full"])
    amount = MoneyField()
    due = serializers.CharField(help_text="`now` or a date")


class RungShape(serializers.Serializer):
    until = StayDateField(help_text="cancel until the end of this day, property-local")
    refund_percent = serializers.IntegerField()
    refund_amount = MoneyField()


class WarningShape(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()


class AlternativeShape(serializers.Serializer):
    """`dates`: the same room type on other dates. `room_type`: another type on the same dates."""

    kind = serializers.ChoiceField(choices=["dates", "room_type"])
    room_type = serializers.CharField()
    name = serializers.CharField()
    check_in_date = StayDateField(source="nights.check_in")
    check_out_date = StayDateField(source="nights.check_out")
    available = serializers.IntegerField(allow_null=True)
    price_from = MoneyField(allow_null=True)


class EstimateShape(serializers.Serializer):
    quote = serializers.CharField(help_text="signed; book with it within 15 minutes")
    expires_at = serializers.DateTimeField()
    currency = serializers.CharField()
    nights = serializers.IntegerField()
    lines = LineShape(many=True)
    subtotal = MoneyField()
    discount = MoneyField()
    tax = MoneyField()
    total = MoneyField()
    schedule = StepShape(many=True)
    cancellation = RungShape(many=True)
    warnings = WarningShape(many=True)
    alternatives = AlternativeShape(many=True)


class ProgramName(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()


class BookedRoomShape(serializers.Serializer):
    room_type = serializers.CharField(source="room_type.slug")
    name = serializers.CharField(source="room_type.name")
    adults = serializers.IntegerField()
    children_ages = serializers.ListField(child=serializers.IntegerField())
    caregiver = serializers.CharField()
    price = MoneyField()


class GuestShape(serializers.Serializer):
    name = serializers.CharField()
    kind = serializers.CharField()
    age = serializers.IntegerField(allow_null=True)
    room = serializers.IntegerField(help_text="position in `rooms`")


class DueShape(serializers.Serializer):
    milestone = serializers.CharField()
    label = serializers.CharField()
    amount = MoneyField()
    due = serializers.CharField(help_text="`now` or a date")
    state = serializers.ChoiceField(choices=["done", "now", "ahead"])


class NextStepShape(serializers.Serializer):
    code = serializers.ChoiceField(
        choices=[
            "pay_deposit", "pay_full", "pay_half", "pay_balance", "wait_for_bank", "fill_form", "wait_for_doctor",
            "answer_question", "arrive", "none",
        ]
    )  # fmt: skip
    label = serializers.CharField()
    due = serializers.DateTimeField(allow_null=True)


class BookingShape(serializers.Serializer):
    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=State.choices)
    clearance = serializers.ChoiceField(choices=Clearance.choices)
    hold_expires_at = serializers.DateTimeField(allow_null=True)
    program = ProgramName()
    check_in_date = StayDateField()
    check_out_date = StayDateField()
    nights = serializers.IntegerField()
    rooms = BookedRoomShape(many=True)
    guests = GuestShape(many=True)
    lines = LineShape(many=True)
    currency = serializers.CharField()
    total = MoneyField()
    paid = MoneyField()
    balance = MoneyField()
    schedule = DueShape(many=True)
    next_step = NextStepShape()
    created_at = serializers.DateTimeField()


class PlacedShape(BookingShape):
    """`access_key` opens this booking without an account: send it back as the header `X-Stay-Key`."""

    access_key = serializers.CharField(required=False)


class BookingPage(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = BookingShape(many=True)


class NotPlacedShape(ErrorBody):
    """`sold_out` brings `alternatives`; `quote_expired` and `quote_changed` bring the new `quote`."""

    alternatives = AlternativeShape(many=True, required=False)
    quote = EstimateShape(required=False)


class RefundShape(serializers.Serializer):
    id = serializers.UUIDField(source="public_id")
    amount = MoneyField()
    state = serializers.ChoiceField(choices=Refund.State.choices)
    bank_reference = serializers.CharField()
    created_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)


class CancelledShape(BookingShape):
    refund_amount = MoneyField()
    refunds = RefundShape(many=True)


class CancellationShape(serializers.Serializer):
    """What comes back of what is paid now: dated rows, and the figure of today."""

    reference = serializers.CharField()
    cancellable = serializers.BooleanField()
    currency = serializers.CharField()
    paid = MoneyField()
    refund_percent = serializers.IntegerField()
    refund_amount = MoneyField()
    rows = RungShape(many=True)
    refund_to = serializers.ListField(child=serializers.CharField())


class EventShape(serializers.Serializer):
    at = serializers.DateTimeField()
    code = serializers.CharField()
    label = serializers.CharField()
    text = serializers.CharField()
    state = serializers.ChoiceField(choices=["done", "now", "stopped"])


class TimelineShape(serializers.Serializer):
    reference = serializers.CharField()
    events = EventShape(many=True)


class InitiatedShape(serializers.Serializer):
    payment = serializers.UUIDField()
    gateway = serializers.CharField()
    method = serializers.ChoiceField(choices=["form_post", "redirect", "checkout_js", "done"])
    url = serializers.CharField()
    fields = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]
    amount = MoneyField()
    currency = serializers.CharField()
    expires_at = serializers.DateTimeField(allow_null=True)


def estimate(
    signed: Signed,
    *,
    currency: str,
    assumed: Sequence[Assumed] = (),
    missing: Sequence[str] = (),
    alternatives: Sequence[Alternative] = (),
) -> dict[str, Any]:
    """The answer to an estimate; `missing` names the room types that are not free."""
    priced = signed.quote
    warnings = [{"code": "caregiver_assumed", "detail": caregiver_words(one)} for one in assumed]
    warnings += [{"code": "sold_out", "detail": f"{name} is not free for these dates."} for name in missing]
    return EstimateShape(
        {
            "quote": signed.token,
            "expires_at": signed.expires_at,
            "currency": currency,
            "nights": len(priced.request.nights),
            "lines": [_quoted(line) for line in priced.lines],
            "subtotal": priced.subtotal,
            "discount": Decimal("0.00"),
            "tax": priced.tax,
            "total": priced.total,
            "schedule": [
                {
                    "milestone": step.milestone,
                    "amount": step.amount,
                    "due": "now" if step.due is None else step.due.isoformat(),
                }
                for step in priced.schedule
            ],
            "cancellation": [rung(row) for row in priced.cancellation()],
            "warnings": warnings,
            "alternatives": alternatives,
        }
    ).data


def caregiver_words(assumed: Assumed) -> str:
    where = "sharing the room" if assumed.caregiver == "sharing" else "in a room of their own"
    return f"Children need a caregiver: one {where} is included for {assumed.name}."


def booking(facts: StayFacts) -> dict[str, Any]:
    """The answer about one booking; the rows it needs are loaded by `queries.with_people`."""
    stay = facts.booking
    rooms = [room for room in stay.rooms.all() if room.position < 100]
    positions = {room.pk: number for number, room in enumerate(rooms)}
    step = facts.next_step
    return {
        "reference": stay.reference,
        "status": stay.state,
        "clearance": stay.clearance,
        "hold_expires_at": stay.hold_expires_at,
        "program": {"slug": stay.program.slug, "name": stay.program.name},
        "check_in_date": stay.check_in,
        "check_out_date": stay.check_out,
        "nights": len(stay.nights),
        "rooms": rooms,
        "guests": [
            {"name": one.name, "kind": one.kind, "age": one.age, "room": positions.get(one.room_id, 0)}
            for one in stay.guests.all()
        ],
        "lines": queries.lines(stay.folio),
        "currency": stay.currency,
        "total": stay.total,
        "paid": facts.paid,
        "balance": facts.balance,
        "schedule": [
            {
                "milestone": due.milestone,
                "label": due.label,
                "amount": due.amount,
                "due": due.due if isinstance(due.due, str) else due.due.isoformat(),
                "state": due.state,
            }
            for due in facts.schedule
        ],
        "next_step": {"code": step.code, "label": step.label, "due": step.due},
        "created_at": stay.created_at,
    }


def rung(row: Row) -> dict[str, Any]:
    return {"until": row.until, "refund_percent": row.percent, "refund_amount": row.amount}


def cancellation(stay: StayBooking, rows: Sequence[Row], *, paid: Decimal, today: Row | None) -> dict[str, Any]:
    return CancellationShape(
        {
            "reference": stay.reference,
            "cancellable": today is not None,
            "currency": stay.currency,
            "paid": paid,
            "refund_percent": today.percent if today else 0,
            "refund_amount": today.amount if today else Decimal("0.00"),
            "rows": [rung(row) for row in rows],
            "refund_to": ["source"],
        }
    ).data


def _quoted(line: Any) -> dict[str, Any]:
    return {
        "code": line.code,
        "description": line.description,
        "quantity": line.quantity,
        "unit_amount": line.unit_amount,
        "amount": line.amount,
        "taxable": line.split.taxable,
        "gst_rate": line.gst_rate,
        "cgst": line.split.cgst,
        "sgst": line.split.sgst,
        "round_off": line.split.round_off,
        "why": line.why,
    }
