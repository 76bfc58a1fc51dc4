"""A guest begins to pay: one verb for pages, API and payment links. The amount comes from the folio."""

from __future__ import annotations

from datetime import datetime

from bookings.domain import lifecycle
from bookings.models import StayBooking
from bookings.states import State
from core.actors import Actor
from core.db import in_transaction
from core.errors import Conflict
from payments.domain import attempts
from payments.domain import folio as folios
from payments.models import Payment

PAYABLE = frozenset({State.HELD, State.APPROVED, State.CONFIRMED, State.CHECKED_IN})


def start(booking: StayBooking, *, milestone: str, by: Actor, at: datetime, gateway_code: str = "payu") -> Payment:
    """A new attempt at `milestone` (deposit, half, balance, full) of a stay that waits for money.

    Raises Conflict("hold_over") when the hold's clock has run out, Conflict("wrong_state") when the stay takes no
    money now, and as `payments.domain.attempts.start` does; nothing is written then.
    """

    def act() -> Payment:
        row = lifecycle.locked(booking)
        if row.state == State.HELD and (row.hold_expires_at is None or row.hold_expires_at <= at):
            raise Conflict("hold_over", "The time to pay has run out. Please book again.")
        if row.state not in PAYABLE:
            folios.payable(row.folio, milestone, paid=folios.counted(row.folio))  # "paid already" says more
            raise Conflict(
                "wrong_state", f"Nothing can be paid now: this booking is {row.get_state_display().lower()}."
            )
        return attempts.start(
            row.folio, milestone=milestone, gateway_code=gateway_code, product=product(row), by=by, at=at
        )

    return in_transaction(act)


def product(booking: StayBooking) -> str:
    """What the gateway writes on its page and on the statement: a stay and its reference, nothing else."""
    return f"Stay {booking.reference}"
