"""What a stay booking can become (domain.md §5). A table, nothing else."""

from django.db import models


class State(models.TextChoices):
    HELD = "held", "Held while you pay"
    PENDING_MEDICAL = "pending_medical", "Guest form awaited"
    IN_REVIEW = "in_review", "With our doctor"
    ON_HOLD = "on_hold", "Question to the guest"
    APPROVED = "approved", "Approved"
    CONFIRMED = "confirmed", "Confirmed"
    CHECKED_IN = "checked_in", "In house"
    COMPLETED = "completed", "Completed"
    EXPIRED = "expired", "Expired"
    CANCELLED = "cancelled", "Cancelled"
    NOT_SUITABLE = "not_suitable", "Not possible"
    NO_SHOW = "no_show", "Did not arrive"


class Clearance(models.TextChoices):
    """All that the product below medicine may know."""

    NOT_NEEDED = "not_needed", "Not needed"
    PENDING = "pending", "Pending"
    ON_HOLD = "on_hold", "On hold"
    CLEARED = "cleared", "Cleared"
    NOT_SUITABLE = "not_suitable", "Not suitable"


S = State
MOVES: dict[str, frozenset[tuple[str, str]]] = {
    "first_instalment": frozenset({(S.HELD, S.PENDING_MEDICAL), (S.HELD, S.APPROVED), (S.HELD, S.CONFIRMED)}),
    "late_money": frozenset({(S.EXPIRED, S.PENDING_MEDICAL), (S.EXPIRED, S.APPROVED), (S.EXPIRED, S.CONFIRMED)}),
    "hold_expired": frozenset({(S.HELD, S.EXPIRED)}),
    "forms_submitted": frozenset({(S.PENDING_MEDICAL, S.IN_REVIEW)}),
    "doctor_asked": frozenset({(S.IN_REVIEW, S.ON_HOLD)}),
    "guest_answered": frozenset({(S.ON_HOLD, S.IN_REVIEW)}),
    "cleared": frozenset({(S.IN_REVIEW, S.APPROVED), (S.IN_REVIEW, S.CONFIRMED)}),
    "not_suitable": frozenset({(S.IN_REVIEW, S.NOT_SUITABLE), (S.ON_HOLD, S.NOT_SUITABLE)}),
    "form_reopened": frozenset({(S.APPROVED, S.IN_REVIEW), (S.CONFIRMED, S.IN_REVIEW)}),
    "milestone_paid": frozenset({(S.APPROVED, S.CONFIRMED)}),
    "checked_in": frozenset({(S.CONFIRMED, S.CHECKED_IN)}),
    "program_changed": frozenset({(S.CHECKED_IN, S.CHECKED_IN)}),
    "arrival_admitted": frozenset({(S.CHECKED_IN, S.CHECKED_IN)}),
    "arrival_denied": frozenset({(S.CHECKED_IN, S.CANCELLED)}),
    "checked_out": frozenset({(S.CHECKED_IN, S.COMPLETED)}),
    "no_show": frozenset({(S.CONFIRMED, S.NO_SHOW)}),
    "cancelled": frozenset(
        (state, S.CANCELLED) for state in (S.HELD, S.PENDING_MEDICAL, S.IN_REVIEW, S.ON_HOLD, S.APPROVED, S.CONFIRMED)
    ),
}

FINAL = frozenset({S.EXPIRED, S.CANCELLED, S.NOT_SUITABLE, S.NO_SHOW, S.COMPLETED})
HOLDS_STOCK = frozenset({S.HELD, S.PENDING_MEDICAL, S.IN_REVIEW, S.ON_HOLD, S.APPROVED, S.CONFIRMED, S.CHECKED_IN})
CANCELLABLE = frozenset(origin for origin, _ in MOVES["cancelled"])
UPCOMING = HOLDS_STOCK


def allowed(event: str, origin: str, target: str) -> bool:
    """True when `event` may move a booking from `origin` to `target`."""
    return (origin, target) in MOVES.get(event, frozenset())
