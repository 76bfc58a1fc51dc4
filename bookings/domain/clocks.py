"""What time does to a booking: reminders, overdue payments, no-show candidates. Each once, also after a long sleep."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from bookings.domain import lifecycle, milestones
from bookings.domain.words import moment, tell
from bookings.models import StayBooking
from bookings.states import State
from core.actors import SYSTEM
from core.errors import Conflict
from core.nights import local_date
from notifications.domain.desk import ask_staff
from payments.models import Instalment

FORM_HOURS = (24, 48, 72)  # after payment; the last one also makes a task for staff
PAYMENT_DAYS = (3, 1, 0)  # before the day it is due
OVERDUE_DAYS = 2


def run(*, at: datetime) -> int:
    """Look at every booking that waits for somebody; returns how many reminders and tasks were new."""
    return sum(1 for step in (_forms, _payments, _no_shows) for _ in step(at))


def _forms(at: datetime) -> Iterator[str]:
    """The guest form was due 24 h after payment: reminders after 24, 48 and 72 h, then a task."""
    for booking in StayBooking.objects.filter(state=State.PENDING_MEDICAL, form_due_at__lte=at).select_related(
        "property", "program", "folio"
    ):
        if booking.form_due_at is None:
            continue
        opened = booking.form_due_at - timedelta(hours=booking.property.form_due_hours)
        passed = [hours for hours in FORM_HOURS if at >= opened + timedelta(hours=hours)]
        name = f"form-{passed[-1]}" if passed else ""
        if not name or name in booking.reminders:
            continue
        with transaction.atomic():
            row = lifecycle.locked(booking)
            if row.state != State.PENDING_MEDICAL or row.form_due_at is None or not _note(row, name, at):
                continue
            due = moment(row.form_due_at, row.property.time_zone)
            tell(row, "medical_form_reminder", at=at, once=name, page="form", due=due)
            if passed[-1] == FORM_HOURS[-1]:
                ask_staff(
                    "reservations",
                    f"{row.reference}: the guest form is three days late. Call {row.contact_name}.",
                    key=f"{row.reference}:form-late",
                    subject=row.subject,
                    at=at,
                )
        yield name


def _payments(at: datetime) -> Iterator[str]:
    """The middle payment: reminders 3 and 1 days before and on the day; 2 days after it a task, then the policy."""
    late = Instalment.objects.filter(
        milestone=Instalment.Milestone.HALF, opened_at__isnull=False, due_at__lte=at + timedelta(days=4)
    )
    waiting = StayBooking.objects.filter(state=State.APPROVED, folio__in=late.values("folio_id"))
    for booking in waiting.select_related("property", "program", "folio"):
        yield from _one_payment(booking, at)


def _one_payment(booking: StayBooking, at: datetime) -> Iterator[str]:
    step = milestones.next_instalment(booking)
    if step is None or step.due_at is None or step.milestone != Instalment.Milestone.HALF:
        return
    zone = booking.property.time_zone
    days = (step.due_at.astimezone(ZoneInfo(zone)).date() - local_date(at, zone)).days
    if days <= -OVERDUE_DAYS:
        yield from _overdue(booking, at)
        return
    passed = [before for before in PAYMENT_DAYS if days <= before]
    name = f"pay-{passed[-1]}" if passed else ""
    if not name or name in booking.reminders:
        return
    with transaction.atomic():
        row = lifecycle.locked(booking)
        if row.state == State.APPROVED and _note(row, name, at):
            words: dict[str, Any] = {**milestones.words(step, zone)}
            tell(row, "payment_reminder", at=at, once=name, page="pay", overdue=days < 0, **words)
            yield name


def _overdue(booking: StayBooking, at: datetime) -> Iterator[str]:
    """First a task for staff, a day later the cancellation under the policy (a switch of the property)."""
    known = booking.reminders.get("pay-overdue")
    if known is None:
        with transaction.atomic():
            row = lifecycle.locked(booking)
            if row.state == State.APPROVED and _note(row, "pay-overdue", at):
                ask_staff(
                    "reservations",
                    f"{row.reference}: the second payment is overdue. Call {row.contact_name}.",
                    key=f"{row.reference}:pay-overdue",
                    subject=row.subject,
                    at=at,
                )
                yield "pay-overdue"
        return
    if booking.property.overdue_auto_cancel and at >= datetime.fromisoformat(known) + timedelta(days=1):
        try:
            lifecycle.cancel(booking, by=SYSTEM, at=at, reason="payment overdue", unpaid=True)
        except Conflict:
            return
        yield "cancelled"


def _no_shows(at: datetime) -> Iterator[str]:
    """Not arrived by the day after: a task for the front desk, which decides."""
    for booking in StayBooking.objects.filter(state=State.CONFIRMED, check_in__lt=at.date()).select_related("property"):
        if booking.check_in < local_date(at, booking.property.time_zone) and "no-show" not in booking.reminders:
            with transaction.atomic():
                row = lifecycle.locked(booking)
                if row.state == State.CONFIRMED and _note(row, "no-show", at):
                    ask_staff(
                        "front_desk",
                        f"{row.reference}: {row.contact_name} has not arrived.",
                        key=f"{row.reference}:no-show",
                        subject=row.subject,
                        at=at,
                    )
                    yield "no-show"


def _note(booking: StayBooking, name: str, at: datetime) -> bool:
    """Remember a reminder on the locked row; False when it was given already."""
    if name in booking.reminders:
        return False
    booking.reminders[name] = at.isoformat()
    StayBooking.objects.filter(pk=booking.pk).update(reminders=booking.reminders)
    return True
