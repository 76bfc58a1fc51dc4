"""The doctor's side: assignment, questions, decisions. A decision is never edited, only followed by a new one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from accounts.models import User
from audit.record import changed
from bookings.domain import clearance, lifecycle
from bookings.models import StayBooking
from bookings.states import State
from core.actors import Actor
from core.db import in_transaction
from core.errors import Conflict, Invalid, Missing
from core.free_text import mask_cards
from core.reach import reach_of
from medical.models import Clarification, Decision, DoctorProfile, MedicalForm
from medical.permissions import is_lead, may_review
from medical.sealed import seal
from notifications.domain.desk import ask_staff
from rooms.models import PropertyStaff

F = MedicalForm.State
O = Decision.Outcome  # noqa: E741
OPEN = (F.SUBMITTED, F.ASKED)


def receive(form: MedicalForm, booking: StayBooking, *, at: datetime) -> None:
    """A form has come in: give it to a doctor and start the clock. Runs in the submitting transaction."""
    if form.doctor_id is None:
        form.doctor = least_loaded(booking.program.specialty, at=booking.property_id)
        form.assigned_at = at
    if form.doctor_id is None:
        ask_staff(
            "medical",
            f"{booking.reference}: no doctor is free to review this stay.",
            key=f"{booking.reference}:unassigned:{form.pk}",
            subject=booking.subject,
            at=at,
        )
    form.clarifications.filter(answered_at__isnull=True).update(answered_at=at)
    form.state = F.SUBMITTED
    form.submitted_at = at
    form.decided_at = None
    form.clock_left = None
    form.consent_withdrawn_at = None  # agreed to anew
    form.due_at = at + timedelta(hours=booking.property.decision_due_hours)
    moved = ["doctor", "assigned_at", "state", "submitted_at", "decided_at", "clock_left", "due_at"]
    form.save(update_fields=[*moved, "consent_withdrawn_at"])


def least_loaded(specialty: str, *, at: int, besides: int | None = None) -> User | None:
    """The doctor of property `at` with the fewest open reviews: of the specialty first, then anyone who is here."""
    profiles = list(
        DoctorProfile.objects.filter(doctors_of(at), on_leave=False, user__is_active=True)
        .exclude(user_id=besides or 0)
        .select_related("user")
        .annotate(open=Count("user__assigned_forms", filter=Q(user__assigned_forms__state__in=OPEN)))
        .order_by("open", "user_id")
    )
    fitting = [profile for profile in profiles if specialty and specialty in profile.specialties]
    chosen = next(iter(fitting or profiles), None)
    return chosen.user if chosen else None


def doctors_of(property_id: int) -> Q:
    """Profiles of doctors who work for this property, or for all."""
    return Q(user__in=PropertyStaff.objects.filter(property=property_id).values("user"))


def _works_here(doctor: User, form: MedicalForm) -> bool:
    return DoctorProfile.objects.filter(doctors_of(form.booking.property_id), user=doctor).exists()


def assign(form: MedicalForm, doctor: User, *, by: Actor, at: datetime) -> MedicalForm:
    """Give a form to a doctor (a lead's deed). Raises Invalid("not_a_doctor"), Conflict("wrong_state")."""
    if not _works_here(doctor, form):
        raise Invalid("not_a_doctor", "Choose a doctor.", attr="doctor")

    def act() -> MedicalForm:
        row = MedicalForm.objects.select_for_update().get(pk=form.pk)
        if row.state not in OPEN:
            raise Conflict("wrong_state", "This form is not under review.")
        row.doctor, row.assigned_at = doctor, at
        row.save(update_fields=["doctor", "assigned_at"])
        changed(row.subject, "assigned", by=by, at=at, reason=str(doctor))
        return row

    return in_transaction(act, durable=False)


def ask(form: MedicalForm, question: str, *, doctor: User, at: datetime) -> Clarification:
    """Ask the guest; the decision clock stops. Raises Invalid("empty_question"), Missing, Conflict("wrong_state")."""
    question = question.replace("\x00", "").strip()
    if not question or len(question) > 2000:
        raise Invalid("empty_question", "Write a question of at most 2000 characters.", attr="question")

    def act() -> Clarification:
        booking, row = _locked(form, doctor)
        if row.state not in OPEN or booking.state not in (State.IN_REVIEW, State.ON_HOLD):
            raise Conflict("wrong_state", "This form is not waiting for you any more.")
        made = Clarification(form=row, doctor=doctor, asked_at=at)
        seal(made, "question", mask_cards(question))
        made.save()
        if row.state == F.SUBMITTED:
            row.state = F.ASKED
            row.clock_left = row.due_at - at if row.due_at else timedelta(0)
            row.due_at = None
            row.save(update_fields=["state", "clock_left", "due_at"])
        by = Actor.of(doctor, "doctor")
        changed(row.subject, "question asked", by=by, at=at)
        clearance.doctor_asked(booking, by=by, at=at)
        return made

    return in_transaction(act, durable=False)


def decide(
    form: MedicalForm,
    outcome: str,
    *,
    doctor: User,
    at: datetime,
    guest_words: str = "",
    conditions: Sequence[str] = (),
    note: str = "",
    refer_to: User | None = None,
) -> Decision:
    """A doctor's verdict on one form.

    approve / approve_with_conditions (at least one condition) clear this guest; when all are cleared the stay goes on.
    not_suitable ends the stay with everything back. refer gives the form to a colleague. `guest_words` are read by
    the guest, `note` is sealed. Raises Missing (not this doctor's form), Invalid("unknown_outcome" |
    "condition_needed"), Conflict("decided" | "wrong_state").
    """
    if outcome not in O.values:
        raise Invalid("unknown_outcome", "Choose one of the decisions.", attr="decision")
    lines = [line.strip()[:300] for line in conditions if line.strip()]
    if outcome == O.APPROVE_WITH_CONDITIONS and not lines:
        raise Invalid("condition_needed", "Write at least one condition.", attr="conditions")

    def act() -> Decision:
        booking, row = _locked(form, doctor)
        _may_decide(row, booking, outcome)
        made = Decision(form=row, doctor=doctor, outcome=outcome, guest_words=guest_words.strip()[:500], at=at)
        made.conditions = lines
        if note.strip():
            seal(made, "note", note.strip())
        made.save()
        by = Actor.of(doctor, "doctor")
        changed(row.subject, "decided", by=by, at=at)
        if outcome == O.REFER:
            _refer(row, doctor, refer_to, at)
        elif outcome == O.NOT_SUITABLE:
            _close(row, F.NOT_SUITABLE, at)
            clearance.not_suitable(booking, by=by, at=at)
        else:
            _close(row, F.CLEARED, at)
            _clear_stay(booking, by, at)
        return made

    return in_transaction(act, durable=False)


def preview_not_suitable(form: MedicalForm, *, at: datetime) -> dict[str, Any]:
    """What "not suitable" would give back and set free, shown before it is done."""
    booking = form.booking
    return {
        "refund": lifecycle.refund_now(booking, at=at, full=True),
        "rooms": [room.room_type.name for room in booking.rooms.select_related("room_type")],
        "nights": booking.nights,
    }


def queue_for(user: User) -> Any:
    """Open reviews that `user` may see: her own, or all of the property for a lead. Least time left first."""
    agreed = MedicalForm.objects.filter(state__in=OPEN, consent_withdrawn_at__isnull=True)
    rows = agreed.select_related("booking", "booking__program", "guest", "doctor")
    rows = reach_of(user).rows(rows, "booking__property")
    if not is_lead(user):
        rows = rows.filter(doctor=user)
    return rows.order_by("due_at", "-flag_weight", "booking__check_in")


def _locked(form: MedicalForm, doctor: User) -> tuple[StayBooking, MedicalForm]:
    """Booking first, then the form; a form of another doctor's queue does not exist for this one."""
    booking = lifecycle.locked(form.booking)
    row = MedicalForm.objects.select_for_update().get(pk=form.pk)
    row.booking = booking
    if not may_review(doctor, row):
        raise Missing("no_such_form", "There is no such form.")
    return booking, row


def _may_decide(form: MedicalForm, booking: StayBooking, outcome: str) -> None:
    if form.state in (F.CLEARED, F.NOT_SUITABLE):
        raise Conflict("decided", "Somebody has decided this already. Please look again.")
    if form.state == F.ASKED and outcome in (O.APPROVE, O.APPROVE_WITH_CONDITIONS):
        raise Conflict("waiting_for_guest", "You have asked the guest. Wait for the answer before you approve.")
    if form.state not in OPEN:
        raise Conflict("wrong_state", "This form is not under review.")
    if booking.state not in (State.IN_REVIEW, State.ON_HOLD):
        raise Conflict("wrong_state", f"This stay is {booking.get_state_display().lower()}.", state=booking.state)


def _close(form: MedicalForm, state: str, at: datetime) -> None:
    form.state, form.decided_at, form.due_at, form.clock_left = state, at, None, None
    form.save(update_fields=["state", "decided_at", "due_at", "clock_left"])


def _refer(form: MedicalForm, doctor: User, refer_to: User | None, at: datetime) -> None:
    colleague = refer_to or least_loaded(form.booking.program.specialty, at=form.booking.property_id, besides=doctor.pk)
    if colleague is None or colleague.pk == doctor.pk or not _works_here(colleague, form):
        raise Conflict("no_colleague", "No other doctor is here to take this form.")
    form.doctor, form.assigned_at = colleague, at
    form.save(update_fields=["doctor", "assigned_at"])


def _clear_stay(booking: StayBooking, by: Actor, at: datetime) -> None:
    """All guests cleared: the stay is."""
    if booking.medical_forms.exclude(state=F.CLEARED).exists():
        return
    latest: dict[int, Decision] = {}
    for decision in Decision.objects.filter(form__booking=booking).order_by("id"):
        latest[decision.form_id] = decision
    instructions = [line for decision in latest.values() for line in decision.conditions]
    clearance.cleared(booking, instructions=instructions, by=by, at=at)
