"""The one writer of a booking's state: lock, look again, move, write history. Being second is a normal answer."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from audit.record import changed
from bookings.domain import outward, policy, stocking
from bookings.domain.words import tell
from bookings.models import StayBooking
from bookings.signals import stay_ended
from bookings.states import CANCELLABLE, State, allowed
from core.actors import Actor
from core.db import in_transaction
from core.errors import Conflict
from core.money import ZERO, format_inr
from core.nights import local_date
from notifications.models import Message
from notifications.webhooks.models import WebhookEvent
from payments.domain import folio as folios
from payments.domain import refunds
from payments.domain.folio import Charge
from payments.models import FolioLine, Payment, Refund

WAYS = {  # the gateway's modes of paying, as a guest calls them
    "CC": "to your credit card",
    "DC": "to your debit card",
    "EMI": "to your credit card",
    "NB": "to your bank account",
    "UPI": "to your UPI account",
    "CASH": "to your wallet at the payment app",
}


def locked(booking: StayBooking) -> StayBooking:
    """The booking's row, locked first of all (booking → inventory → assignment → folio → wallet)."""
    return (
        StayBooking.objects.select_for_update(of=("self",))
        .select_related("property", "program", "folio")
        .get(pk=booking.pk)
    )


def move(
    booking: StayBooking, event: str, to: str, *, by: Actor, at: datetime, reason: str = "", **fields: Any
) -> WebhookEvent | None:
    """Move a locked booking, write its history row and tell other systems. `fields` are columns that change along.

    Returns what was told, for whoever writes the bill after the move (`outward.complete`).
    Raises Conflict("wrong_state") when the table of moves does not allow it; nothing changes then.
    """
    origin = booking.state
    fields["placed_from"] = ""  # nobody's business once it is no hold
    if not allowed(event, origin, to):
        raise Conflict("wrong_state", f"This booking is {booking.get_state_display().lower()} now.", state=origin)
    for name, value in {**fields, "state": to}.items():
        setattr(booking, name, value)
    if not StayBooking.objects.filter(pk=booking.pk, state=origin).update(**fields, state=to):
        raise Conflict("wrong_state", "Somebody else was a moment faster. Please look again.")
    changed(booking.subject, event, by=by, at=at, from_state=origin, to_state=to, reason=reason)
    return outward.moved(booking, origin, at=at)


def cancellation(booking: StayBooking, *, at: datetime) -> list[policy.Row]:
    """What comes back, as dated rows in rupees of what is paid now, from today on; the first row is today's."""
    paid = folios.counted(booking.folio)
    today = local_date(at, booking.property.time_zone)
    return policy.rows(tiers(booking), paid=paid, check_in=booking.check_in, today=today)


def refund_now(booking: StayBooking, *, at: datetime, full: bool = False) -> Decimal:
    """Rupees that come back when the booking is cancelled at `at`."""
    paid = folios.counted(booking.folio)
    if full:
        return max(paid, ZERO)
    today = local_date(at, booking.property.time_zone)
    return policy.refund_due(tiers(booking), paid=paid, check_in=booking.check_in, today=today)


def pending_refunds(booking: StayBooking) -> Decimal:
    """Rupees promised back but not yet paid out."""
    return refunds.reserved(booking.folio) - folios.standing(booking.folio).paid_out


def tiers(booking: StayBooking) -> policy.Tiers:
    """The cancellation ladder the stay was sold under."""
    return tuple((tier["min_days"], tier["percent"]) for tier in booking.terms["tiers"])


def cancel(
    booking: StayBooking,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    by_house: bool = False,
    expected_refund: Decimal | None = None,
    unpaid: bool = False,
) -> StayBooking:
    """Cancel before check-in: stock back, refund by the policy it was sold under, message, all in one transaction.

    `by_house` gives 100 % back (the property cancels). `expected_refund` is what the guest was shown; another figure
    is refused. Raises Conflict("wrong_state" | "refund_changed"); nothing changes then.
    """

    def act() -> StayBooking:
        row = locked(booking)
        if row.state not in CANCELLABLE:
            raise Conflict(
                "wrong_state",
                f"This booking cannot be cancelled: it is {row.get_state_display().lower()}.",
                state=row.state,
            )
        due = refund_now(row, at=at, full=by_house)
        if expected_refund is not None and due != expected_refund:
            raise Conflict("refund_changed", f"The refund is {format_inr(due)} now. Please look again.")
        told = move(row, "cancelled", State.CANCELLED, by=by, at=at, reason=reason, ended_at=at, hold_expires_at=None)
        end(row, refund=due, refund_reason="cancelled", told=told, by=by, at=at)
        tell(
            row,
            "stay_cancelled",
            at=at,
            refund_amount=format_inr(due),
            refund_rows=refund_rows(row),
            by_house=by_house,
            unpaid=unpaid,
            paid=format_inr(folios.standing(row.folio).paid) if folios.standing(row.folio).paid else "",
        )
        return row

    return in_transaction(act)


def end(
    booking: StayBooking, *, refund: Decimal, refund_reason: str, told: WebhookEvent | None, by: Actor, at: datetime
) -> None:
    """What every early end has in common: stock back, bill closed at what is kept, refund promised, news."""
    stocking.release(booking)
    settle_bill(booking, refund=refund, why=refund_reason, at=at)
    promise_back(booking, refund, reason=refund_reason, cause="ended", told=told, by=by, at=at)
    announce_end(booking)


def promise_back(
    booking: StayBooking,
    amount: Decimal,
    *,
    reason: str,
    cause: str,
    by: Actor,
    at: datetime,
    told: WebhookEvent | None = None,
    only: Payment | None = None,
) -> None:
    """Promise a refund and tell other systems; `told` is the move that it belongs to, with its final figures now."""
    promised = refunds.promise(booking.folio, amount, reason=reason, cause=cause, by=by, at=at, only=only)
    outward.complete(told, booking)
    outward.refunds_promised(booking, promised, at=at)


def announce_end(booking: StayBooking) -> None:
    """After commit: whoever follows this stay may close his books on it."""
    pk = booking.pk
    transaction.on_commit(lambda: stay_ended.send(sender=StayBooking, booking_id=pk), robust=True)


def settle_bill(booking: StayBooking, *, refund: Decimal, why: str, at: datetime) -> None:
    """Take the charges off the folio and put on what the house keeps; then the balance is minus the refund due."""
    charges_now = folios.standing(booking.folio).charges
    kept = folios.counted(booking.folio) - refund
    ending = booking.folio.lines.count()  # a stay revived by late money can end again
    charges = [
        Charge(
            key=f"ended:{ending}:reversal",
            code="reversal",
            description="Stay taken off the bill",
            amount=-charges_now,
            kind=FolioLine.Kind.ADJUSTMENT,
            why=why,
        )
    ]
    if kept > ZERO:
        charges.append(
            Charge(
                key=f"ended:{ending}:kept",
                code="cancellation-charge",
                description="Cancellation charge",
                amount=kept,
                why=why,
            )
        )
    folios.post(booking.folio, [charge for charge in charges if charge.amount], at=at)


def ending_refunds(booking: StayBooking) -> list[Refund]:
    """The refunds that the end of this stay promised; a surplus given back earlier is not among them."""
    mine = Refund.objects.filter(folio=booking.folio, key__startswith=f"{booking.folio_id}:ended:")
    return list(mine.select_related("payment").order_by("id"))


def refund_rows(booking: StayBooking) -> list[dict[str, str]]:
    """How the refund is split over payments, in words."""
    return [
        {"label": WAYS.get(refund.payment.mode.upper(), "to your account"), "amount": format_inr(refund.amount)}
        for refund in ending_refunds(booking)
    ]


def expire(booking: StayBooking, *, by: Actor, at: datetime) -> bool:
    """End a hold whose clock has run out; False when it is not due, or somebody paid, extended or was faster."""

    def act() -> bool:
        row = locked(booking)
        if row.state != State.HELD or row.hold_expires_at is None or row.hold_expires_at > at:
            return False
        told = move(row, "hold_expired", State.EXPIRED, by=by, at=at, ended_at=at)
        stocking.release(row)
        settle_bill(row, refund=ZERO, why="hold expired", at=at)
        outward.complete(told, row)
        if row.folio.payments.exists() and not Message.objects.filter(key=f"{row.reference}:hold_expired:").exists():
            tell(row, "hold_expired", at=at)
        announce_end(row)
        return True

    return in_transaction(act)
