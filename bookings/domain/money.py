"""How a booking reacts to money. The money fact is committed already; this is the second step, and safe to repeat."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from bookings.domain import lifecycle, milestones, outward, stocking
from bookings.domain.confirming import confirm_or_approve
from bookings.domain.words import tell
from bookings.models import StayBooking
from bookings.signals import clearance_needed
from bookings.states import Clearance, State
from core import work
from core.actors import SYSTEM
from core.db import in_transaction
from core.money import ZERO, format_inr
from core.nights import local_date
from payments.domain import folio as folios
from payments.models import Instalment, Payment
from rooms.domain.inventory import SoldOut

DEAD = (State.CANCELLED, State.NOT_SUITABLE, State.NO_SHOW, State.COMPLETED)


def react(payment_id: int, *, at: datetime) -> None:
    """Let the booking react to a captured payment, once, under its lock.

    First instalment: the hold becomes a stay. Late: the stock is taken again or everything goes back. Paid twice, or
    on a stay that is over: the surplus goes back. (domain.md §3: late money, double payment.)
    """
    payment = Payment.objects.select_related("folio").get(pk=payment_id)
    booking = StayBooking.objects.filter(folio=payment.folio).first()
    if booking is not None:
        in_transaction(lambda: _react(booking, payment_id, at))


def _react(booking: StayBooking, payment_id: int, at: datetime) -> None:
    row = lifecycle.locked(booking)
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if payment.state != Payment.State.CAPTURED or payment.applied_at is not None:
        return
    Payment.objects.filter(pk=payment.pk).update(applied_at=at)
    outward.payment_captured(row, payment, at=at)
    if row.state in DEAD:
        _give_back(row, payment, payment.amount, "surplus", at)
        return
    if row.state == State.EXPIRED and not _retake(row, at):
        _give_back(row, payment, payment.amount, "late", at)
        return
    surplus = _surplus(row, payment)
    if surplus == payment.amount:
        _give_back(row, payment, surplus, "surplus", at)
        return
    if row.state in (State.HELD, State.EXPIRED):
        _first_instalment(row, payment, at)
    elif row.state == State.APPROVED:
        _thank(row, payment, at)
        confirm_or_approve(row, "milestone_paid", by=SYSTEM, at=at)
    else:
        _thank(row, payment, at)
    if surplus:
        _give_back(row, payment, surplus, "surplus", at)


def _surplus(booking: StayBooking, payment: Payment) -> Decimal:
    """What of this payment is above its milestone (a second tab, a second try), in rupees."""
    net = folios.counted(booking.folio)
    milestone = Instalment.objects.get(folio=booking.folio, milestone=payment.milestone)
    return min(max(net - milestone.paid_total, ZERO), payment.amount)


def _retake(booking: StayBooking, at: datetime) -> bool:
    """Late money: take the stock again if it is free and the arrival has not passed."""
    if booking.check_in < local_date(at, booking.property.time_zone):
        return False
    try:
        with transaction.atomic():
            stocking.retake(booking)
    except SoldOut:
        return False
    return True


def _first_instalment(booking: StayBooking, payment: Payment, at: datetime) -> None:
    late = booking.state == State.EXPIRED
    event = "late_money" if late else "first_instalment"
    if late:
        _charge_again(booking, at)
    fields: dict[str, Any] = {"hold_expires_at": None, "ended_at": None}
    if booking.clearance == Clearance.NOT_NEEDED:
        milestones.open_after_approval(booking, at=at)
        _thank(booking, payment, at)
        confirm_or_approve(booking, event, by=SYSTEM, at=at, **fields)
        return
    due = at + timedelta(hours=booking.property.form_due_hours)
    lifecycle.move(booking, event, State.PENDING_MEDICAL, by=SYSTEM, at=at, form_due_at=due, **fields)
    _thank(booking, payment, at)
    pk = booking.pk
    transaction.on_commit(lambda: clearance_needed.send(sender=StayBooking, booking_id=pk), robust=True)


def _charge_again(booking: StayBooking, at: datetime) -> None:
    """The lapsed hold took its charges off the bill; the revived stay is billed as it was sold."""
    reversal = booking.folio.lines.filter(code="reversal").order_by("-id").first()
    if reversal is not None:
        charge = folios.Charge(
            key=f"revived:{reversal.pk}",
            code="revival",
            description="Stay put back on the bill",
            amount=-reversal.amount,
            kind="adjustment",
            why="late payment",
        )
        folios.post(booking.folio, [charge], at=at)


def _thank(booking: StayBooking, payment: Payment, at: datetime) -> None:
    following = milestones.next_instalment(booking, opened_only=False)
    form = booking.state == State.PENDING_MEDICAL
    tell(
        booking,
        "payment_received",
        at=at,
        once=str(payment.public_id),
        page="form" if form else "stay",
        needs_form=form,
        amount=format_inr(payment.amount),
        due=milestones.words(following, booking.property.time_zone)["due"],
        due_amount=format_inr(following.amount) if following else "",
    )


def _give_back(booking: StayBooking, payment: Payment, amount: Decimal, why: str, at: datetime) -> None:
    lifecycle.promise_back(booking, amount, reason=why, cause=f"{why}:{payment.pk}", by=SYSTEM, at=at, only=payment)
    template = "late_payment_returned" if why == "late" else "surplus_returned"
    tell(booking, template, at=at, once=str(payment.public_id), amount=format_inr(amount))


def _reacting(at: datetime) -> Callable[[int], bool]:
    def act(pk: int) -> bool:
        react(pk, at=at)
        return True

    return act


def sweep(*, at: datetime) -> int:
    """Find captured money whose booking has not moved (the news was lost) and let it react."""
    lost = Payment.objects.filter(state=Payment.State.CAPTURED, applied_at__isnull=True).order_by("captured_at")
    return work.each(list(lost.values_list("pk", flat=True)[:200]), _reacting(at))
