"""Scripted misfortunes, for tests and drills."""

from typing import Any

from django.db import transaction

from core.errors import Invalid
from payments.simulator.models import Fault

ANSWERS = ("timeout", "http_500", "html", "bad_json")  # of a command; `when` is before or after the effect
KINDS = {
    "command": (*ANSWERS, "wrong_amount", "wrong_status", "refused"),
    "payment": ("surcharge",),
    "delivery": ("duplicate", "delay", "lose", "tamper"),
    "refund": ("fail",),
}
COMMANDS = (
    "verify_payment",
    "check_payment",
    "cancel_refund_transaction",
    "check_action_status",
    "getAllRefundsFromTxnIds",
    "get_settlement_details",
)


def script(wanted: object) -> Fault:
    """`{"target", "kind", "times", ...}`: `seconds` (timeout, delay), `when`, `amount`, `status`, `unmappedstatus`,
    `code`. Raises Invalid("bad_fault")."""
    if not isinstance(wanted, dict):
        raise Invalid("bad_fault", "A fault is a JSON object.")
    target, kind, times = wanted.get("target"), wanted.get("kind"), wanted.get("times", 1)
    known = KINDS["command"] if target in COMMANDS else KINDS.get(str(target), ())
    if target == "command" or kind not in known or not isinstance(times, int) or not 1 <= times <= 1000:
        raise Invalid("bad_fault", "No such fault.", targets=[*COMMANDS, *KINDS], kinds=KINDS)
    params = {name: value for name, value in wanted.items() if name not in ("target", "kind", "times")}
    seconds = params.get("seconds", 0)
    if not isinstance(seconds, (int, float)) or not 0 <= seconds <= 7200:
        raise Invalid("bad_fault", "seconds is between 0 and 7200.")
    return Fault.objects.create(target=target, kind=kind, remaining=times, params=params)


@transaction.atomic
def take(target: str, *kinds: str) -> Fault | None:
    """The next fault for `target` of one of `kinds`, used up by one; None when all goes well."""
    waiting = Fault.objects.select_for_update().filter(target=target, kind__in=kinds, remaining__gt=0)
    fault = waiting.first()
    if fault:
        fault.remaining -= 1
        fault.save(update_fields=["remaining"])
    return fault


def clear() -> None:
    """Good weather again."""
    Fault.objects.all().delete()


def describe() -> list[dict[str, Any]]:
    """What is still to come."""
    left = Fault.objects.filter(remaining__gt=0)
    return [{"target": one.target, "kind": one.kind, "times": one.remaining, **one.params} for one in left]
