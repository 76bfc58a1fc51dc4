"""The one thing to do now. No medical words: that a doctor looks is all a booking knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bookings.models import StayBooking
from bookings.states import State
from core.money import ZERO, format_inr
from payments.domain.folio import counted
from payments.models import Instalment, Payment

PAY_CODES = {"deposit": "pay_deposit", "full": "pay_full", "half": "pay_half", "balance": "pay_balance"}


@dataclass(frozen=True, slots=True)
class NextStep:
    """`code` is stable, `label` is for people; `milestone` and `amount` (rupees) are set when it is a payment."""

    code: str
    label: str
    due: datetime | None = None
    milestone: str = ""
    amount: Decimal = ZERO

    @property
    def is_payment(self) -> bool:
        return bool(self.milestone)


def next_step(
    booking: StayBooking,
    *,
    at: datetime,
    paid: Decimal | None = None,
    instalments: Sequence[Instalment] | None = None,
    bank_busy: bool | None = None,
) -> NextStep:
    """What the guest of `booking` does next.

    Lists hand in what they have loaded for all rows at once: rupees `paid`, the `instalments` of the folio in order,
    and whether a payment is still with the bank; otherwise it is looked up here.
    """
    if booking.state in (State.HELD, State.APPROVED, State.CONFIRMED, State.CHECKED_IN):
        paid = counted(booking.folio) if paid is None else paid
        if instalments is None:
            instalments = list(Instalment.objects.filter(folio=booking.folio_id).order_by("position"))
        if bank_busy is None:
            bank_busy = Payment.objects.filter(folio=booking.folio_id, state=Payment.State.PENDING).exists()
        return _paying(booking, at, paid, instalments, bank_busy)
    waiting = {
        State.PENDING_MEDICAL: NextStep("fill_form", _("Fill in the guest form"), booking.form_due_at),
        State.IN_REVIEW: NextStep("wait_for_doctor", _("Our doctor is looking at your form")),
        State.ON_HOLD: NextStep("answer_question", _("Answer our doctor's question")),
    }
    return waiting.get(State(booking.state)) or NextStep("none", _ended(booking))


def _paying(
    booking: StayBooking, at: datetime, paid: Decimal, instalments: Sequence[Instalment], bank_busy: bool
) -> NextStep:
    if booking.state == State.HELD and booking.hold_expires_at and booking.hold_expires_at <= at and not bank_busy:
        return NextStep("none", _("The time to pay has run out"))
    if bank_busy:
        return NextStep("wait_for_bank", _("Your bank is working on your payment"))
    step = next((row for row in instalments if row.paid_total > paid), None)
    if step is not None and step.opened_at is not None:
        amount = step.paid_total - paid
        due = booking.hold_expires_at if booking.state == State.HELD else step.due_at
        return NextStep(
            PAY_CODES[step.milestone],
            _("Pay %(amount)s") % {"amount": format_inr(amount)},
            due,
            step.milestone,
            amount,
        )
    if booking.state == State.CHECKED_IN:
        return NextStep("none", _("Enjoy your stay"))
    return NextStep("arrive", _("Arrive and be well"), arrival(booking))


def arrival(booking: StayBooking) -> datetime:
    """The instant from which the room is ready."""
    home = booking.property
    return datetime.combine(booking.check_in, home.check_in_time, ZoneInfo(home.time_zone))


def _ended(booking: StayBooking) -> str:
    words = {
        State.COMPLETED: _("Thank you for staying with us"),
        State.EXPIRED: _("The time to pay has run out"),
        State.CANCELLED: _("This stay is cancelled"),
        State.NOT_SUITABLE: _("We cannot host this stay"),
        State.NO_SHOW: _("You did not arrive"),
    }
    return words.get(State(booking.state), "")
