"""The history rows of the drafted stays: every move with its event, as the lifecycle writes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from audit.models import History
from backoffice.demo.drafts import Draft
from backoffice.demo.people import SIGN_INS
from backoffice.demo.write import BATCH, Written
from bookings.states import Clearance, State
from core.actors import SYSTEM, Actor

S = State
Move = tuple[datetime, str, str, str, Actor]


def write_history(written: list[Written], users: dict[str, User], doctor_of: dict[str, User]) -> None:
    """One row per move and per payment, oldest first. `doctor_of` names the doctor by program slug."""
    desk = Actor.of(users[next(person.email for person in SIGN_INS if person.role == "front_desk")])
    rows = []
    for row in written:
        doctor = Actor.of(doctor_of[row.draft.stay.program], "doctor")
        for at, event, origin, target, by in moves(row, desk, doctor):
            rows.append(_row(row, at, event, by, origin, target, {}))
        for paid in row.draft.payments:
            rows.append(_row(row, paid.at, "payment captured", SYSTEM, "", "", {"amount": str(paid.amount)}))
    History.objects.bulk_create(sorted(rows, key=lambda one: one.at), batch_size=BATCH)


def moves(row: Written, desk: Actor, doctor: Actor) -> Iterable[Move]:
    """(when, event, from, to, who) in order; the last target is the state of the booking."""
    one: Draft = row.draft
    guest = Actor("guest", row.booking.user_id, row.booking.contact_name)
    found, state = one.times, S.HELD
    yield found.created, "held", "", S.HELD, guest
    if found.paid:
        target = S.PENDING_MEDICAL if one.clearance != Clearance.NOT_NEEDED else _approved(one)
        yield found.paid, "first_instalment", state, target, SYSTEM
        state = target
    if found.submitted:
        yield found.submitted, "forms_submitted", state, S.IN_REVIEW, guest
        state = S.IN_REVIEW
    if found.asked:
        yield found.asked, "doctor_asked", state, S.ON_HOLD, doctor
    if one.state == S.NOT_SUITABLE and found.decided:
        yield found.decided, "not_suitable", state, S.NOT_SUITABLE, doctor
        return
    if found.decided and found.submitted:
        target = _approved(one)
        yield found.decided, "cleared", state, target, doctor
        state = target
    if state == S.APPROVED and len(one.payments) > 1:
        yield one.payments[1].at, "milestone_paid", state, S.CONFIRMED, SYSTEM
        state = S.CONFIRMED
    if found.arrived:
        yield found.arrived, "checked_in", state, S.CHECKED_IN, desk
        state = S.CHECKED_IN
    if found.examined:
        yield found.examined, "arrival_admitted", state, S.CHECKED_IN, doctor
    if found.ended:
        event, by = {
            S.COMPLETED: ("checked_out", desk),
            S.CANCELLED: ("cancelled", guest),
            S.NO_SHOW: ("no_show", desk),
            S.EXPIRED: ("hold_expired", SYSTEM),
        }[one.state]
        yield found.ended, event, state, one.state, by


def _approved(one: Draft) -> State:
    """Confirmed at once where no middle payment stands between."""
    return S.APPROVED if any(step.milestone == "half" for step in one.priced.schedule) else S.CONFIRMED


def _row(row: Written, at: datetime, event: str, by: Actor, origin: str, target: str, data: dict[str, str]) -> History:
    return History(
        subject=row.booking.subject,
        at=at,
        actor_kind=by.kind,
        actor_id=by.user_id,
        actor_name=by.name[:160],
        event=event,
        from_state=origin,
        to_state=target,
        data=data,
    )
