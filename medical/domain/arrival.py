"""The arrival examination, as the doctor does it; the booking carries out what follows."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from bookings.domain import arrival, lifecycle
from bookings.models import StayBooking
from bookings.states import State
from core.actors import Actor
from core.db import in_transaction
from core.errors import Conflict, Invalid, NotAllowed
from medical.models import ArrivalExamination
from medical.permissions import is_doctor, is_lead
from medical.sealed import seal
from programs.models import Program

E = ArrivalExamination.Outcome


def examine(
    booking: StayBooking,
    outcome: str,
    *,
    doctor: User,
    at: datetime,
    note: str = "",
    program: Program | None = None,
) -> ArrivalExamination:
    """Write down what the doctor decided at the door and let the booking follow: admit, change_program, deny.

    Raises NotAllowed("not_a_doctor"), Invalid("unknown_outcome" | "program_needed"), Conflict("wrong_state" |
    "examined").
    """
    if not (is_doctor(doctor) or is_lead(doctor)):
        raise NotAllowed("not_a_doctor", "Only a doctor examines a guest.")
    if outcome not in E.values:
        raise Invalid("unknown_outcome", "Choose admit, another program, or deny.", attr="outcome")
    if outcome == E.CHANGE_PROGRAM and program is None:
        raise Invalid("program_needed", "Choose the new program.", attr="program")

    def act() -> ArrivalExamination:
        row = lifecycle.locked(booking)
        if row.state != State.CHECKED_IN:
            raise Conflict("wrong_state", "The guest is not in the house.", state=row.state)
        if ArrivalExamination.objects.filter(booking=row).exists():
            raise Conflict("examined", "This guest has been examined already.")
        made = ArrivalExamination(booking=row, doctor=doctor, outcome=outcome, at=at)
        if note.strip():
            seal(made, "note", note.strip())
        made.save()
        by = Actor.of(doctor, "doctor")
        if outcome == E.DENY:
            arrival.deny(row, by=by, at=at)
        elif outcome == E.CHANGE_PROGRAM and program is not None:
            arrival.change_program(row, program, by=by, at=at)
        else:
            arrival.admit(row, by=by, at=at)
        return made

    return in_transaction(act)
