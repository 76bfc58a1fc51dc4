"""Forms and decisions, and the wall around them."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from audit.models import AccessLog
from bookings.domain import lifecycle
from config.tests.cast import AGREEMENT, ANSWERS, QUESTIONS
from core.actors import GUEST_LINK, SYSTEM
from core.crypto import DecryptionError
from core.errors import Conflict, DomainError, Invalid, Missing
from medical.domain import arrival, clocks, forms, reading, review
from medical.models import (
    ArrivalExamination,
    Consent,
    Decision,
    DoctorProfile,
    MedicalForm,
    Questionnaire,
    RedFlagRule,
)
from medical.sealed import seal
from notifications.models import Message, StaffTask

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_form_for_each_participating_adult(stays):
    stay = stays.paid(adults=1, children_ages=(7,), caregiver="sharing")
    assert [form.guest.kind for form in stay.medical_forms.all()] == ["adult"]
    assert stays.paid(adults=2).medical_forms.count() == 2
    assert forms.open_forms(stay, at=stays.at) == 0, "safe to repeat"


def test_the_stay_goes_to_the_doctor_with_the_last_form(stays):
    stay = stays.paid(adults=2)
    first, second = stay.medical_forms.all()
    forms.submit(first, ANSWERS, agreement=AGREEMENT, by=GUEST_LINK, at=stays.at)
    stay.refresh_from_db()
    assert stay.state == "pending_medical"
    forms.submit(second, ANSWERS, agreement=AGREEMENT, by=GUEST_LINK, at=stays.at)
    stay.refresh_from_db()
    assert stay.state == "in_review"


def test_a_draft_keeps_other_sections(stays):
    form = stays.form(stays.paid())
    forms.save_draft(form, {"birth-date": "1984-05-21"}, by=GUEST_LINK, at=stays.at, section="personal")
    forms.save_draft(form, {"heart": "true"}, by=GUEST_LINK, at=stays.at, section="history")
    form.refresh_from_db()
    assert forms.answers_of(form) == {"birth-date": "1984-05-21", "heart": True}
    assert form.completion == 66


@pytest.mark.parametrize(
    ("answers", "agreement", "code"),
    [
        (ANSWERS, None, "consent_needed"),
        ({**ANSWERS, "birth-date": ""}, AGREEMENT, "bad_answers"),
        ({**ANSWERS, "birth-date": "2015-05-21"}, AGREEMENT, "too_young"),
    ],
)
def test_what_cannot_be_sent(stays, answers, agreement, code):
    """L14, and nothing changes."""
    stay = stays.paid()
    form = stays.form(stay)
    with pytest.raises(Invalid) as refusal:
        forms.submit(form, answers, agreement=agreement, by=GUEST_LINK, at=stays.at)
    form.refresh_from_db(), stay.refresh_from_db()
    assert refusal.value.code == code
    assert (form.state, form.answers, stay.state) == ("draft", "", "pending_medical")
    assert not Consent.objects.exists()


def test_consent_is_kept_as_proof(stays):
    stays.in_review()
    consent = Consent.objects.get()
    assert (consent.text, consent.text_version, consent.purposes) == ("I agree.", "test-1", ["review", "care"])


def test_a_form_of_an_ended_stay_is_closed(stays):
    stay = stays.paid()
    form = stays.form(stay)
    lifecycle.cancel(stay, by=GUEST_LINK, at=stays.at)
    form.refresh_from_db()
    assert form.state == "closed"
    with pytest.raises(Conflict):
        forms.submit(form, ANSWERS, agreement=AGREEMENT, by=GUEST_LINK, at=stays.at)


def test_the_least_loaded_doctor_of_the_specialty_gets_it(stays, doctor, other_doctor, program):
    first = stays.form(stays.in_review())
    second = stays.form(stays.in_review())
    assert {first.doctor, second.doctor} == {doctor, other_doctor}
    program.specialty = "fasting"
    program.save()
    DoctorProfile.objects.filter(user=doctor).update(specialties=["fasting"])
    assert stays.form(stays.in_review()).doctor == doctor
    DoctorProfile.objects.update(on_leave=True)
    assert stays.form(stays.in_review(start=50)).doctor is None
    assert StaffTask.objects.filter(desk="medical").count() == 1


def test_flags_sort_and_explain(stays):
    RedFlagRule.objects.create(link_id="heart", operator="is", value=True, label="Cardiac history", severity=3)
    RedFlagRule.objects.create(link_id="bmi", operator="gte", value=40, label="BMI 40", severity=2)
    RedFlagRule.objects.create(link_id="age", operator="gte", value=75, label="75", severity=2)
    answers = {"birth-date": "1940-01-01", "heart": True, "heart-detail": "x", "height": "150", "weight": "100"}
    form = stays.form(stays.in_review(answers=answers))
    record = reading.open_for(form.doctor, form, purpose="review", at=stays.at)
    assert [flag["label"] for flag in record.flags] == ["Cardiac history", "75", "BMI 40"]
    assert record.derived["bmi"] == "44.4" and form.flag_weight == 7
    assert record.sections[1].answers[0].flagged


def test_a_question_stops_the_clock_and_the_answer_starts_it(stays):
    stay = stays.in_review()
    form = stays.form(stay)
    asked = stays.at + timedelta(hours=10)
    question = review.ask(form, "Since when?", doctor=form.doctor, at=asked)
    form.refresh_from_db(), stay.refresh_from_db()
    assert (form.state, form.due_at, form.clock_left) == ("asked", None, timedelta(hours=14))
    assert (stay.state, stay.clearance) == ("on_hold", "on_hold")
    with pytest.raises(Conflict):
        review.decide(form, "approve", doctor=form.doctor, at=asked)
    forms.answer_question(question, "Since May", by=GUEST_LINK, at=asked + timedelta(days=2))
    form.refresh_from_db(), stay.refresh_from_db()
    assert form.due_at == asked + timedelta(days=2, hours=14) and stay.state == "in_review"
    with pytest.raises(Conflict):
        forms.answer_question(question, "Again", by=GUEST_LINK, at=asked)
    assert "Since" not in str(list(Message.objects.values_list("context", flat=True)))


def test_conditions_reach_the_house_as_instructions(stays):
    stay = stays.in_review()
    form = stays.form(stay)
    with pytest.raises(Invalid):
        review.decide(form, "approve_with_conditions", doctor=form.doctor, at=stays.at)
    review.decide(
        form, "approve_with_conditions", doctor=form.doctor, at=stays.at, conditions=["No sesame oil"], note="allergy"
    )
    stay.refresh_from_db()
    assert stay.instructions == ["No sesame oil"] and stay.state == "approved"


def test_referring_gives_it_to_a_colleague(stays, doctor, other_doctor):
    form = stays.form(stays.in_review())
    first = form.doctor
    review.decide(form, "refer", doctor=first, at=stays.at)
    form.refresh_from_db()
    assert form.doctor != first and form.state == "submitted"
    with pytest.raises(Missing):
        reading.open_for(first, form, purpose="review", at=stays.at)


def test_nobody_but_the_assigned_doctor_or_the_lead(stays, doctor, other_doctor, medical_lead, front_desk, finance):
    """Z2, Z3, Z5: another doctor, staff and a superuser see nothing, decide nothing, and leave a trace."""
    from accounts.models import User

    form = stays.form(stays.in_review())
    stranger = other_doctor if form.doctor == doctor else doctor
    boss = User.objects.create_superuser("root@pema.example", "x", first_name="Root")
    for user in (stranger, front_desk, finance, boss):
        with pytest.raises(Missing):
            reading.open_for(user, form, purpose="curious", at=stays.at)
        with pytest.raises(Missing):
            review.decide(form, "approve", doctor=user, at=stays.at)
        with pytest.raises(Missing):
            review.ask(form, "?", doctor=user, at=stays.at)
        assert form not in review.queue_for(user)
    assert AccessLog.objects.filter(what="refused").count() == 4 and not Decision.objects.exists()
    assert form in review.queue_for(medical_lead)
    reading.open_for(medical_lead, form, purpose="cover", at=stays.at)
    assert [row["role"] for row in reading.readers_of(form)] == ["medical_lead"]


def test_a_doctor_who_lost_the_role_is_out_at_once(stays, doctor):
    """Z3."""
    form = stays.form(stays.in_review())
    doctor.groups.clear()
    with pytest.raises(Missing):
        reading.open_for(type(doctor).objects.get(pk=doctor.pk), form, purpose="review", at=stays.at)


def test_decisions_and_logs_cannot_be_changed(stays):
    """L10."""
    form = stays.form(stays.in_review())
    reading.open_for(form.doctor, form, purpose="review", at=stays.at)
    review.decide(form, "approve", doctor=form.doctor, at=stays.at)
    for deed in (
        lambda: Decision.objects.update(outcome="not_suitable"),
        lambda: Decision.objects.all().delete(),
        lambda: AccessLog.objects.update(what="x"),
        lambda: AccessLog.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            deed()
    with pytest.raises(Conflict) as refusal:
        review.decide(form, "not_suitable", doctor=form.doctor, at=stays.at)
    assert refusal.value.code == "decided"


def test_a_decision_on_a_cancelled_stay_is_refused(stays):
    stay = stays.in_review()
    form = stays.form(stay)
    lifecycle.cancel(stay, by=GUEST_LINK, at=stays.at)
    with pytest.raises(Conflict):
        review.decide(form, "approve", doctor=form.doctor, at=stays.at)
    assert not Decision.objects.exists()


def test_tables_hold_ciphertext_only(stays):
    """V12, L2: the canary is nowhere in the medical tables, history, messages or events."""
    canary = "CANARY-7f3a"
    answers = {**ANSWERS, "heart": True, "heart-detail": canary}
    form = stays.form(stays.in_review(answers=answers))
    review.ask(form, canary, doctor=form.doctor, at=stays.at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{canary}%"])
            assert cursor.fetchone()[0] == 0, table
    with pytest.raises(ValueError, match="envelope"):
        MedicalForm.objects.update(answers=canary)


def test_an_answer_moved_to_another_form_does_not_open(stays):
    """L3."""
    one, two = stays.form(stays.in_review()), stays.form(stays.in_review())
    two.answers = one.answers
    two.save()
    with pytest.raises(DecryptionError):
        forms.answers_of(two)
    seal(two, "answers", [])
    assert forms.answers_of(two) == {}


def test_late_decisions_come_to_the_desk_once(stays):
    stays.in_review()
    for hours in (19, 20, 21, 24, 25):
        clocks.run(at=stays.at + timedelta(hours=hours))
    assert StaffTask.objects.filter(desk="medical").count() == 2


def test_the_arrival_examination(stays, doctor, front_desk):
    from bookings.domain import front_desk as desk

    stay = stays.confirmed(start=0, nights=5)
    stays.pay(stay, "balance")
    with pytest.raises(DomainError):
        arrival.examine(stay, "admit", doctor=doctor, at=stays.at)
    desk.check_in(stay, by=SYSTEM, at=stays.at)
    for user, outcome in ((front_desk, "admit"), (doctor, "dance"), (doctor, "change_program")):
        with pytest.raises(DomainError):
            arrival.examine(stay, outcome, doctor=user, at=stays.at)
    assert not ArrivalExamination.objects.exists()
    arrival.examine(stay, "deny", doctor=doctor, at=stays.at, note="fever")
    stay.refresh_from_db()
    assert stay.state == "cancelled" and lifecycle.pending_refunds(stay) == stay.total


@pytest.mark.parametrize("flagged", ["heart", "heart-detail"])
def test_what_was_asked_because_of_an_answer_stands_with_it(monkeypatch, flagged):
    """A flag on either brings both to the top, the question before what followed it."""
    personal, history = QUESTIONS["item"]
    smoke = {"linkId": "smoke", "text": "Do you smoke?", "type": "boolean"}
    definition = {**QUESTIONS, "item": [personal, {**history, "item": [smoke, *history["item"]]}]}
    form = MedicalForm(questionnaire=Questionnaire(definition=definition))
    given = {"birth-date": "1984-05-21", "smoke": False, "heart": True, "heart-detail": "A murmur"}
    monkeypatch.setattr(reading, "answers_of", lambda _: given)
    _, section = reading.shown(form, flagged={flagged})
    assert [row.link_id for row in section.answers] == ["heart", "heart-detail", "smoke"]
    _, section = reading.shown(form)
    assert [row.link_id for row in section.answers] == ["smoke", "heart", "heart-detail"]
