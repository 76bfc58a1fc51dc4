"""Guest forms of the drafted stays: sealed answers, flags, the doctors' decisions and questions."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from accounts.models import User
from backoffice.demo.answers import answers
from backoffice.demo.drafts import Draft
from backoffice.demo.people import SIGN_INS
from backoffice.demo.programs import PROGRAMS
from backoffice.demo.questionnaire import CONSENT_TEXT, CONSENT_VERSION
from backoffice.demo.write import BATCH, Written
from bookings.models import Guest
from bookings.states import Clearance, State
from medical.domain import flags, questionnaires
from medical.models import (
    ArrivalExamination,
    Clarification,
    Consent,
    Decision,
    MedicalForm,
    Questionnaire,
    RedFlagRule,
)
from medical.sealed import seal

S = State
REVIEW = timedelta(hours=24)
QUESTIONS = (
    "You wrote that you take tablets in the morning. Could you send us their names and doses?",
    "How far can you walk on level ground without a rest?",
    "When was your last operation checked by your surgeon?",
)


def doctors(users: dict[str, User]) -> dict[str, User]:
    """The doctor of each program, by specialty."""
    staff = [person for person in SIGN_INS if person.role == "doctor"]
    found = {}
    for program in PROGRAMS:
        fitting = [person for person in staff if program["specialty"] in person.specialties]
        found[program["slug"]] = users[(fitting or staff)[0].email]
    return found


def write_forms(written: list[Written], doctor_of: dict[str, User], *, now: datetime) -> None:
    """A form for each participating guest of a paid stay whose program asks for one."""
    questionnaire = Questionnaire.objects.get(code="intake", status=Questionnaire.Status.ACTIVE)
    rules = list(RedFlagRule.objects.all())
    forms: list[tuple[MedicalForm, Written]] = []
    for row in written:
        if row.draft.clearance != Clearance.NOT_NEEDED and row.draft.times.paid:
            for guest in row.guests:
                if guest.participates:
                    forms.append((_form(row, guest, questionnaire, rules, doctor_of, now), row))
    MedicalForm.objects.bulk_create([form for form, _ in forms], batch_size=BATCH)
    sent = [(form, row) for form, row in forms if form.submitted_at]
    Consent.objects.bulk_create([_consent(form) for form, _ in sent], batch_size=BATCH)
    decided = [_decision(form, row) for form, row in sent if form.decided_at]
    Decision.objects.bulk_create(decided, batch_size=BATCH)
    asked = [_question(form, row) for form, row in sent if form.state == MedicalForm.State.ASKED]
    Clarification.objects.bulk_create(asked, batch_size=BATCH)
    arrived = [_examination(row, doctor_of) for row in written if row.draft.times.examined]
    ArrivalExamination.objects.bulk_create(arrived, batch_size=BATCH)


def _form(
    row: Written,
    guest: Guest,
    questionnaire: Questionnaire,
    rules: list[RedFlagRule],
    doctor_of: dict[str, User],
    now: datetime,
) -> MedicalForm:
    one = row.draft
    found = one.times
    form = MedicalForm(
        public_id=one.uuid(),
        booking=row.booking,
        guest=guest,
        questionnaire=questionnaire,
        state=_state(one, guest),
        created_at=found.paid,
    )
    if not found.submitted:
        _begun(form, one, now)
        return form
    given = answers(one.rng, guest.age or 40, at=found.submitted)
    raised = flags.find(
        given, [rule for rule in rules if rule.program_id in (None, row.booking.program_id)], on=found.submitted.date()
    )
    seal(form, "answers", questionnaires.to_response(questionnaire.definition, given))
    seal(form, "flags", [{"label": f.label, "severity": f.severity, "link_id": f.link_id} for f in raised])
    form.flag_weight = sum(flag.severity for flag in raised)
    form.completion, form.revision = 100, one.rng.randint(4, 12)
    form.submitted_at = form.saved_at = form.assigned_at = found.submitted
    form.doctor = doctor_of[one.stay.program]
    form.decided_at = found.decided
    if form.state == MedicalForm.State.SUBMITTED:
        form.due_at = found.submitted + REVIEW
    if form.state == MedicalForm.State.ASKED and found.asked:
        form.clock_left = found.submitted + REVIEW - found.asked
    return form


def _begun(form: MedicalForm, one: Draft, now: datetime) -> None:
    """Some guests have begun and saved a part."""
    if form.state == MedicalForm.State.DRAFT and one.stay.twist != "guest" and one.rng.random() < 0.5:
        given, definition = answers(one.rng, 40, at=now, sections=2), form.questionnaire.definition
        seal(form, "answers", questionnaires.to_response(definition, given))
        form.completion, form.revision = questionnaires.completion(definition, given), 3
        form.saved_at = max(form.created_at, now - timedelta(hours=1))


def _state(one: Draft, guest: Guest) -> str:
    found = one.times
    if one.state == S.NOT_SUITABLE:
        return MedicalForm.State.NOT_SUITABLE if guest.position == 0 else MedicalForm.State.CLEARED
    if one.state == S.CANCELLED and not found.decided:
        return MedicalForm.State.CLOSED
    if found.decided:
        return MedicalForm.State.CLEARED
    if one.state == S.ON_HOLD:
        return MedicalForm.State.ASKED if guest.position == 0 else MedicalForm.State.SUBMITTED
    return MedicalForm.State.SUBMITTED if found.submitted else MedicalForm.State.DRAFT


def _consent(form: MedicalForm) -> Consent:
    return Consent(
        form=form,
        text=CONSENT_TEXT,
        text_version=CONSENT_VERSION,
        purposes=["review", "care"],
        given_at=form.submitted_at,
        ip="203.0.113.20",
        user_agent="Demo",
    )


def _decision(form: MedicalForm, row: Written) -> Decision:
    one, outcome = row.draft, Decision.Outcome
    if form.state == MedicalForm.State.NOT_SUITABLE:
        verdict, words = outcome.NOT_SUITABLE, "We cannot look after you as well as you deserve this time."
    elif one.conditions:
        verdict, words = outcome.APPROVE_WITH_CONDITIONS, "We have adapted a few things for you."
    else:
        verdict, words = outcome.APPROVE, "We look forward to meeting you."
    made = Decision(
        public_id=one.uuid(),
        form=form,
        doctor=form.doctor,
        outcome=verdict,
        guest_words=words,
        conditions=one.conditions if verdict == outcome.APPROVE_WITH_CONDITIONS else [],
        at=form.decided_at,
    )
    seal(made, "note", _note(one.rng, verdict))
    return made


def _examination(row: Written, doctor_of: dict[str, User]) -> ArrivalExamination:
    """At the door on the day of arrival: everybody who is in the house was admitted."""
    one = row.draft
    return ArrivalExamination(
        public_id=one.uuid(),
        booking=row.booking,
        doctor=doctor_of[one.stay.program],
        outcome=ArrivalExamination.Outcome.ADMIT,
        at=one.times.examined,
    )


def _note(rng: Random, verdict: str) -> str:
    if verdict == Decision.Outcome.NOT_SUITABLE:
        return (
            "Risk of the program outweighs its benefit at present. Advised to see own physician; call back in 6 months."
        )
    return rng.choice(
        ("History unremarkable. Usual plan.", "Adapt pace. Check pressure on arrival.", "Fit for program.")
    )


def _question(form: MedicalForm, row: Written) -> Clarification:
    one = row.draft
    question = Clarification(public_id=one.uuid(), form=form, doctor=form.doctor, asked_at=one.times.asked)
    seal(question, "question", one.rng.choice(QUESTIONS))
    return question
