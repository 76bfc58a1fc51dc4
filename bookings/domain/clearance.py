"""What the doctor's side tells a booking. The booking learns the clearance and nothing more of medicine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from bookings.domain import lifecycle, milestones
from bookings.domain.confirming import confirm_or_approve
from bookings.domain.words import tell
from bookings.models import StayBooking
from bookings.states import Clearance, State
from core.actors import Actor
from core.db import in_transaction
from core.money import format_inr


def forms_submitted(booking: StayBooking, *, by: Actor, at: datetime) -> StayBooking:
    """The last form is in: the stay goes to the doctor. Joins the caller's transaction."""

    def act(row: StayBooking) -> None:
        lifecycle.move(row, "forms_submitted", State.IN_REVIEW, by=by, at=at, form_due_at=None)
        tell(row, "medical_form_received", at=at, once=at.isoformat())

    return _under_lock(booking, act)


def doctor_asked(booking: StayBooking, *, by: Actor, at: datetime) -> StayBooking:
    """The doctor asks the guest something; a second question changes nothing more."""

    def act(row: StayBooking) -> None:
        if row.state == State.IN_REVIEW:
            lifecycle.move(row, "doctor_asked", State.ON_HOLD, by=by, at=at, clearance=Clearance.ON_HOLD)
        tell(row, "question_from_doctor", at=at, once=at.isoformat(), page="form")

    return _under_lock(booking, act)


def guest_answered(booking: StayBooking, *, by: Actor, at: datetime) -> StayBooking:
    """All questions are answered: back to the doctor."""

    def act(row: StayBooking) -> None:
        lifecycle.move(row, "guest_answered", State.IN_REVIEW, by=by, at=at, clearance=Clearance.PENDING)

    return _under_lock(booking, act)


def cleared(booking: StayBooking, *, instructions: Sequence[str], by: Actor, at: datetime) -> StayBooking:
    """All guests are cleared: approved, or confirmed when enough is paid; the rest becomes payable.

    `instructions` say what kitchen and housekeeping should do, never why.
    """

    def act(row: StayBooking) -> None:
        if row.state != State.IN_REVIEW:
            lifecycle.move(row, "cleared", State.APPROVED, by=by, at=at)  # refuses
        milestones.open_after_approval(row, at=at)
        StayBooking.objects.filter(pk=row.pk).update(instructions=list(instructions))
        confirm_or_approve(row, "cleared", by=by, at=at, clearance=Clearance.CLEARED)

    return _under_lock(booking, act)


def not_suitable(booking: StayBooking, *, by: Actor, at: datetime) -> StayBooking:
    """We cannot host the stay: stock back, 100 % back to source, a message without the reason."""

    def act(row: StayBooking) -> None:
        refund = lifecycle.refund_now(row, at=at, full=True)
        no = Clearance.NOT_SUITABLE
        told = lifecycle.move(row, "not_suitable", State.NOT_SUITABLE, by=by, at=at, ended_at=at, clearance=no)
        lifecycle.end(row, refund=refund, refund_reason="not possible", told=told, by=by, at=at)
        tell(
            row,
            "stay_not_possible",
            at=at,
            refund_amount=format_inr(refund),
            refund_rows=lifecycle.refund_rows(row),
        )

    return _under_lock(booking, act)


def form_reopened(booking: StayBooking, *, by: Actor, at: datetime) -> StayBooking:
    """A form was edited after the approval: the approval is reset."""

    def act(row: StayBooking) -> None:
        kept = {name: when for name, when in row.reminders.items() if not name.startswith("pay-")}
        fields: dict[str, Any] = {"approved_at": None, "reminders": kept, "clearance": Clearance.PENDING}
        lifecycle.move(row, "form_reopened", State.IN_REVIEW, by=by, at=at, **fields)

    return _under_lock(booking, act)


def _under_lock(booking: StayBooking, act: Callable[[StayBooking], None]) -> StayBooking:
    def run() -> StayBooking:
        row = lifecycle.locked(booking)
        act(row)
        return row

    return in_transaction(run, durable=False)
