"""When which part is paid (domain.md §3, payment plans). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bookings.domain.ratecard import Plan
from core.money import ZERO, percent_of


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone: `amount` more, so that `paid_total` is paid by `due` (property-local; None means now)."""

    milestone: str
    amount: Decimal
    paid_total: Decimal
    due: date | None


def strictest(plans: list[Plan]) -> Plan:
    """Several rooms, one plan: everything at once when any room asks for it, else the highest deposit."""
    full = [plan for plan in plans if plan.kind == "full"]
    return full[0] if full else max(plans, key=lambda plan: plan.deposit)


def steps(plan: Plan, *, total: Decimal, check_in: date) -> list[Step]:
    """The milestones of a stay. A deposit above the middle milestone skips it; one above the total is the total."""
    if plan.kind == "full" or plan.deposit >= total or plan.deposit <= ZERO:
        return [Step("full", total, total, None)]
    found = [Step("deposit", plan.deposit, plan.deposit, None)]
    middle = percent_of(total, plan.middle_percent)
    if middle > plan.deposit:
        latest = check_in - timedelta(days=plan.middle_days_before_arrival)
        found.append(Step("half", middle - plan.deposit, middle, latest))
    reached = found[-1].paid_total
    found.append(Step("balance", total - reached, total, check_in))
    return found


def middle_due(plan: Plan, *, approved_on: date, check_in: date) -> date:
    """7 days after approval and at least 3 days before arrival; always at least a day to pay, never after arrival."""
    wanted = min(
        approved_on + timedelta(days=plan.middle_due_days),
        check_in - timedelta(days=plan.middle_days_before_arrival),
    )
    return min(max(wanted, approved_on + timedelta(days=1)), max(check_in, approved_on))
