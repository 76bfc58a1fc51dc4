"""Taking back the agreement that a doctor may read a form: as easy as it was given, and told with what follows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from audit.record import changed
from bookings.domain import clearance, lifecycle
from bookings.domain.words import tell
from bookings.states import HOLDS_STOCK, State
from core.actors import Actor
from core.db import in_transaction
from core.errors import Conflict
from medical.models import MedicalForm
from notifications.domain.desk import ask_staff


def withdraw(form: MedicalForm, *, by: Actor, at: datetime) -> MedicalForm:
    """From this moment no doctor opens the form; the proof of what was agreed stays, with the time it ended.

    While the stay is to come it cannot go on without: the guest is told so, and may agree again or cancel by the
    policy; nothing is cancelled for her. Raises Conflict("nothing_to_withdraw").
    """

    def act() -> MedicalForm:
        booking = lifecycle.locked(form.booking)
        row = MedicalForm.objects.select_for_update().get(pk=form.pk)
        if not row.consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=at):
            raise Conflict("nothing_to_withdraw", _("This agreement does not hold any more."))
        row.consent_withdrawn_at = at
        if row.due_at is not None:
            row.clock_left, row.due_at = max(row.due_at - at, timedelta(0)), None
        row.save(update_fields=["consent_withdrawn_at", "clock_left", "due_at"])
        changed(row.subject, "consent withdrawn", by=by, at=at)
        if booking.state in HOLDS_STOCK and booking.state != State.CHECKED_IN:
            if booking.state in (State.APPROVED, State.CONFIRMED):
                clearance.form_reopened(booking, by=by, at=at)
            tell(booking, "agreement_withdrawn", at=at, once=at.isoformat(), page="form")
            ask_staff(
                "reservations",
                f"{booking.reference}: the guest has taken an agreement back. The stay waits for her decision.",
                key=f"{booking.reference}:agreement:{row.pk}:{at.isoformat()}"[:120],
                subject=booking.subject,
                at=at,
            )
        return row

    return in_transaction(act, durable=False)


def what_follows(form: MedicalForm) -> str:
    """What a withdrawal means for this stay now, said before the click."""
    state = form.booking.state
    if state == State.CHECKED_IN:
        return _("you are our guest now: our doctors stop reading your form, and can look after you less well.")
    if state in HOLDS_STOCK:
        return _(
            "no doctor opens your form any more. Your stay cannot go on without it: you can agree again, "
            "or cancel by the terms you booked under."
        )
    return _("no doctor opens your form any more. It is kept closed for as long as the law wants it, and then goes.")
