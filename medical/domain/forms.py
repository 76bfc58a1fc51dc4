"""The guest's form: opened with the first payment, saved as a draft, submitted with consent, closed with the stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.domain.birth import check_birth_date
from audit.record import changed
from bookings.domain import clearance, lifecycle
from bookings.domain.words import moment, tell
from bookings.models import StayBooking
from bookings.states import State
from core import work
from core.actors import Actor
from core.db import in_transaction
from core.errors import Conflict, Invalid, Missing
from core.free_text import mask_cards, masked
from core.nights import local_date
from medical.domain import flags, questionnaires, review
from medical.models import Clarification, Consent, MedicalForm, Questionnaire
from medical.sealed import seal, unseal

F = MedicalForm.State
EDITABLE = (F.DRAFT, F.SUBMITTED, F.ASKED, F.CLEARED)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The guest's consent as it was given: which text, for what, from where."""

    text_version: str
    purposes: tuple[str, ...]
    ip: str | None = None
    user_agent: str = ""


def open_forms(booking: StayBooking, *, at: datetime) -> int:
    """One form for each participating guest of a stay that waits for them; safe to repeat. Returns how many are new."""
    questionnaire = Questionnaire.objects.filter(status=Questionnaire.Status.ACTIVE).order_by("-version").first()
    if questionnaire is None:
        raise Missing("no_questionnaire", "No questionnaire is published.")
    with transaction.atomic():
        row = lifecycle.locked(booking)
        if row.state != State.PENDING_MEDICAL:
            return 0
        made = 0
        for guest in row.guests.filter(participates=True):
            _, new = MedicalForm.objects.get_or_create(
                guest=guest, defaults={"booking": row, "questionnaire": questionnaire, "created_at": at}
            )
            made += new
        if made:
            due = moment(row.form_due_at, row.property.time_zone) if row.form_due_at else ""
            tell(row, "medical_form_invitation", at=at, page="form", due=due)
    return made


def save_draft(form: MedicalForm, raw: Mapping[str, Any], *, by: Actor, at: datetime, section: str = "") -> MedicalForm:
    """Keep what is answered so far; `section` replaces only the answers of that section.

    Raises BadAnswers, Conflict("not_a_draft") once it is with the doctor.
    """

    def act() -> MedicalForm:
        row = _locked(form)
        if row.state != F.DRAFT:
            raise Conflict("not_a_draft", "This form has been sent. Use “change my answers” to send it again.")
        answers = questionnaires.clean(row.questionnaire.definition, _merged(row, raw, section), complete=False)
        _refuse_birth_ahead(answers, row.booking, at)
        _store(row, answers, at)
        return row

    return in_transaction(act, durable=False)


def submit(
    form: MedicalForm, raw: Mapping[str, Any] | None, *, agreement: Agreement | None, by: Actor, at: datetime
) -> MedicalForm:
    """Send the form to the doctor; with `raw` None the saved draft is sent. Sending again after the approval resets it.

    Raises BadAnswers, Invalid("consent_needed"), Conflict("form_closed" | "wrong_state").
    """
    if agreement is None:
        raise Invalid("consent_needed", "We need your agreement before a doctor may read this.", attr="consent")

    def act() -> MedicalForm:
        booking = lifecycle.locked(form.booking)
        row = MedicalForm.objects.select_for_update().select_related("questionnaire", "guest").get(pk=form.pk)
        row.booking = booking
        if row.state not in EDITABLE or not booking.holds_stock or booking.state == State.CHECKED_IN:
            raise Conflict("form_closed", "This form is closed: the stay is not waiting for it any more.")
        given = answers_of(row) if raw is None else raw
        answers = questionnaires.clean(row.questionnaire.definition, given, complete=True)
        _refuse_birth_ahead(answers, booking, at)
        _refuse_minor(answers, booking, at)
        _store(row, answers, at)
        _flag(row, answers, booking, at)
        _agree(row, agreement, at)
        _hand_over(row, booking, by, at)
        return row

    return in_transaction(act, durable=False)


def answers_of(form: MedicalForm) -> dict[str, Any]:
    """The guest's own plain answers. For doctors: `medical.domain.reading`, which writes the access log."""
    items = unseal(form, "answers", default=[])
    return questionnaires.from_response(form.questionnaire.definition, items)


def answer_question(clarification: Clarification, text: str, *, by: Actor, at: datetime) -> Clarification:
    """The guest answers the doctor; with the last open question the stay goes back to the doctor, clock running.

    Raises Invalid("empty_answer" | "too_long"), Conflict("already_answered" | "form_closed").
    """
    text = text.replace("\x00", "").strip()
    if not text:
        raise Invalid("empty_answer", "Please write an answer.", attr="answer")
    if len(text) > 4000:
        raise Invalid("too_long", "At most 4000 characters.", attr="answer")

    def act() -> Clarification:
        booking = lifecycle.locked(clarification.form.booking)
        form = MedicalForm.objects.select_for_update().get(pk=clarification.form_id)
        row = Clarification.objects.select_for_update().get(pk=clarification.pk)
        if row.answered_at is not None:
            raise Conflict("already_answered", "This question has been answered already.")
        if form.state != F.ASKED:
            raise Conflict("form_closed", "The doctor does not wait for this answer any more.")
        seal(row, "answer", mask_cards(text))
        row.answered_at = at
        row.save(update_fields=["answer", "answered_at"])
        changed(form.subject, "question answered", by=by, at=at)
        if not form.clarifications.filter(answered_at__isnull=True).exists():
            form.state = F.SUBMITTED
            form.due_at = at + form.clock_left if form.clock_left is not None else at
            form.clock_left = None
            form.save(update_fields=["state", "due_at", "clock_left"])
        if not booking.medical_forms.filter(state=F.ASKED).exists() and booking.state == State.ON_HOLD:
            clearance.guest_answered(booking, by=by, at=at)
        return row

    return in_transaction(act, durable=False)


def close_forms(booking_id: int, *, at: datetime) -> int:
    """The stay has ended: open forms close, nobody waits any more."""
    waiting = MedicalForm.objects.filter(booking_id=booking_id, state__in=[F.DRAFT, F.SUBMITTED, F.ASKED])
    return waiting.update(state=F.CLOSED, due_at=None, clock_left=None)


def sweep(*, at: datetime) -> int:
    """Open forms that a lost signal left out, close those of ended stays."""
    waiting = StayBooking.objects.filter(state=State.PENDING_MEDICAL, medical_forms__isnull=True)[:100]
    made = work.each(waiting, lambda booking: open_forms(booking, at=at))
    ended = (
        MedicalForm.objects.filter(
            state__in=[F.DRAFT, F.SUBMITTED, F.ASKED],
            booking__state__in=[State.CANCELLED, State.NOT_SUITABLE, State.NO_SHOW, State.EXPIRED],
        )
        .values_list("booking_id", flat=True)
        .distinct()[:100]
    )
    return made + work.each(list(ended), lambda pk: close_forms(pk, at=at))


def _locked(form: MedicalForm) -> MedicalForm:
    return (
        MedicalForm.objects.select_for_update(of=("self",))
        .select_related("questionnaire", "booking__property")
        .get(pk=form.pk)
    )


def _merged(form: MedicalForm, raw: Mapping[str, Any], section: str) -> dict[str, Any]:
    if not section:
        return dict(raw)
    group = next(
        (group for group in questionnaires.sections(form.questionnaire.definition) if group["linkId"] == section), None
    )
    if group is None:
        raise Missing("no_section", "There is no such section.")
    of_section = {item["linkId"] for item in questionnaires.questions(group["item"])}
    kept = {link: value for link, value in answers_of(form).items() if link not in of_section}
    return {**kept, **{link: value for link, value in raw.items() if link in of_section}}


def _store(form: MedicalForm, answers: Mapping[str, Any], at: datetime) -> None:
    definition = form.questionnaire.definition
    seal(form, "answers", masked(questionnaires.to_response(definition, answers)))
    form.completion = questionnaires.completion(definition, answers)
    form.saved_at = at
    form.revision += 1
    form.save(update_fields=["answers", "completion", "saved_at", "revision"])


def _refuse_birth_ahead(answers: Mapping[str, Any], booking: StayBooking, at: datetime) -> None:
    """Nobody is born tomorrow, or was born 120 years ago. Raises BadAnswers."""
    born = answers.get("birth-date")
    if born is None:
        return
    try:
        check_birth_date(date.fromisoformat(born), today=local_date(at, booking.property.time_zone))
    except Invalid as error:
        raise questionnaires.BadAnswers({"birth-date": error.message}) from None


def _refuse_minor(answers: Mapping[str, Any], booking: StayBooking, at: datetime) -> None:
    """L14: under the program's age a parent must agree in person; we do not take the form online."""
    age = flags.derived(answers, on=booking.check_in).get("age")
    if age is not None and age < booking.program.min_age:
        raise Invalid(
            "too_young",
            f"This program is for guests from {booking.program.min_age} years. Please call us.",
            attr="birth-date",
        )


def _flag(form: MedicalForm, answers: Mapping[str, Any], booking: StayBooking, at: datetime) -> None:
    today = local_date(at, booking.property.time_zone)
    raised = flags.find(answers, flags.rules_for(booking.program_id), on=today)
    seal(form, "flags", [{"label": f.label, "severity": f.severity, "link_id": f.link_id} for f in raised])
    form.flag_weight = min(sum(flag.severity for flag in raised), 999)
    form.save(update_fields=["flags", "flag_weight"])


def _agree(form: MedicalForm, agreement: Agreement, at: datetime) -> None:
    Consent.objects.create(
        form=form,
        text=form.questionnaire.consent_text,
        text_version=agreement.text_version,
        purposes=list(agreement.purposes),
        given_at=at,
        ip=agreement.ip,
        user_agent=agreement.user_agent[:300],
    )


def _hand_over(form: MedicalForm, booking: StayBooking, by: Actor, at: datetime) -> None:
    first = form.state == F.DRAFT
    review.receive(form, booking, at=at)
    changed(form.subject, "form sent" if first else "form sent again", by=by, at=at)
    waiting = booking.medical_forms.exclude(state__in=[F.SUBMITTED, F.CLEARED]).exists()
    if booking.state == State.PENDING_MEDICAL and not waiting:
        clearance.forms_submitted(booking, by=by, at=at)
        due = at + timedelta(hours=booking.property.decision_due_hours)  # the clock starts with the last form
        booking.medical_forms.filter(state=F.SUBMITTED).update(due_at=due)
    elif booking.state in (State.APPROVED, State.CONFIRMED):
        clearance.form_reopened(booking, by=by, at=at)
    elif booking.state == State.ON_HOLD and not booking.medical_forms.filter(state=F.ASKED).exists():
        clearance.guest_answered(booking, by=by, at=at)
