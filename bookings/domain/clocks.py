"""What time does to a booking: reminders, overdue payments, no-show candidates. Each once, also after a long sleep."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet

from bookings.domain import lifecycle, milestones
from bookings.domain.words import moment, tell
from bookings.models import StayBooking
from bookings.states import State
from core import work
from core.actors import SYSTEM
from core.db import in_transaction
from core.nights import local_date
from notifications.domain.desk import ask_staff
from payments.models import Instalment, Payment

FORM_HOURS = (24, 48, 72)  # after payment; the last one also makes a task for staff
PAYMENT_DAYS = (3, 1, 0)  # before the day it is due
OVERDUE_DAYS = 2


def run(*, at: datetime) -> int:
    """Look at every booking that waits for somebody; returns how many reminders, tasks and cancellations were new."""
    return (
        work.each(_late_forms(at), lambda booking: _remind_form(booking, at))
        + work.each(_open_middles(at), lambda booking: _middle_payment(booking, at))
        + work.each(_not_arrived(at), lambda booking: _no_show(booking, at))
    )


def _late_forms(at: datetime) -> QuerySet[StayBooking]:
    waiting = StayBooking.objects.filter(state=State.PENDING_MEDICAL, form_due_at__lte=at)
    return waiting.select_related("property")


def _remind_form(booking: StayBooking, at: datetime) -> bool:
    """The guest form was due 24 h after payment: reminders after 24, 48 and 72 h, then a task."""
    with transaction.atomic():
        row = lifecycle.locked(booking)
        if row.state != State.PENDING_MEDICAL or row.form_due_at is None:
            return False
        opened = row.form_due_at - timedelta(hours=row.property.form_due_hours)
        passed = [hours for hours in FORM_HOURS if at >= opened + timedelta(hours=hours)]
        if not passed or not _note(row, name := f"form-{passed[-1]}", at):
            return False
        due = moment(row.form_due_at, row.property.time_zone)
        tell(row, "medical_form_reminder", at=at, once=name, page="form", due=due)
        if passed[-1] == FORM_HOURS[-1]:
            _ask(row, "reservations", "the guest form is three days late. Call", "form-late", at)
        return True


def _open_middles(at: datetime) -> QuerySet[StayBooking]:
    near = Instalment.objects.filter(
        milestone=Instalment.Milestone.HALF, opened_at__isnull=False, due_at__lte=at + timedelta(days=4)
    )
    return StayBooking.objects.filter(state=State.APPROVED, folio__in=near.values("folio_id"))


def _middle_payment(booking: StayBooking, at: datetime) -> bool:
    """Reminders 3 and 1 days before and on the day; 2 days after it a task, a day later the policy (a switch).

    Everything is judged on the locked row: a guest who pays at this moment keeps her stay.
    """

    def act() -> bool:
        row = lifecycle.locked(booking)
        step = milestones.next_instalment(row)
        if row.state != State.APPROVED or step is None or step.due_at is None or step.milestone != "half":
            return False
        zone = row.property.time_zone
        days = (step.due_at.astimezone(ZoneInfo(zone)).date() - local_date(at, zone)).days
        if days <= -OVERDUE_DAYS:
            return _overdue(row, at)
        passed = [before for before in PAYMENT_DAYS if days <= before]
        if not passed or not _note(row, name := f"pay-{passed[-1]}", at):
            return False
        words: dict[str, Any] = {**milestones.words(step, zone)}
        once = f"{name}:{row.approved_at}"
        tell(row, "payment_reminder", at=at, once=once, page="pay", overdue=days < 0, **words)
        return True

    return in_transaction(act)


def _overdue(row: StayBooking, at: datetime) -> bool:
    known = row.reminders.get("pay-overdue")
    if known is None:
        _note(row, "pay-overdue", at)
        _ask(row, "reservations", "the second payment is overdue. Call", f"pay-overdue:{row.approved_at}", at)
        return True
    due = datetime.fromisoformat(known) + timedelta(days=1)
    if not row.property.overdue_auto_cancel or at < due or _money_is_coming(row):
        return False
    lifecycle.cancel(row, by=SYSTEM, at=at, reason="payment overdue", unpaid=True)
    return True


def _money_is_coming(row: StayBooking) -> bool:
    """A bank is at work on a payment, or one has come that the booking has not reacted to yet."""
    coming = Q(state=Payment.State.PENDING) | Q(state=Payment.State.CAPTURED, applied_at__isnull=True)
    return Payment.objects.filter(coming, folio=row.folio).exists()


def _not_arrived(at: datetime) -> QuerySet[StayBooking]:
    past = StayBooking.objects.filter(state=State.CONFIRMED, check_in__lt=at.date() + timedelta(days=1))
    return past.exclude(reminders__has_key="no-show").select_related("property")


def _no_show(booking: StayBooking, at: datetime) -> bool:
    """Not arrived by the day after: a task for the front desk, which decides."""
    if booking.check_in >= local_date(at, booking.property.time_zone):
        return False
    with transaction.atomic():
        row = lifecycle.locked(booking)
        if row.state != State.CONFIRMED or not _note(row, "no-show", at):
            return False
        _ask(row, "front_desk", "has not arrived:", "no-show", at)
        return True


def _ask(row: StayBooking, desk: str, words: str, key: str, at: datetime) -> None:
    title = f"{row.reference}: {words} {row.contact_name}."
    ask_staff(desk, title, key=f"{row.reference}:{key}"[:120], subject=row.subject, at=at)


def _note(booking: StayBooking, name: str, at: datetime) -> bool:
    """Remember a reminder on the locked row; False when it was given already."""
    if name in booking.reminders:
        return False
    booking.reminders[name] = at.isoformat()
    StayBooking.objects.filter(pk=booking.pk).update(reminders=booking.reminders)
    return True
