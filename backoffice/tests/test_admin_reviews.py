"""The doctor's queue and review screen: each deed, each refusal, each read logged."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AccessLog, History
from bookings.domain import front_desk as desk
from config.tests.cast import ANSWERS
from core.actors import SYSTEM
from medical.domain import forms, review
from medical.models import ArrivalExamination, Clarification, Decision, MedicalForm, RedFlagRule
from medical.sealed import unseal
from notifications.models import Message
from payments.models import Refund
from programs.models import Program, RateBand

pytestmark = pytest.mark.django_db(transaction=True)
QUEUE = "/admin/medical/medicalform/"
CANARY = "CANARY-angina-1998"
SICK = {**ANSWERS, "heart": True, "heart-detail": CANARY}


def screen(form):
    return f"{QUEUE}{form.public_id}/change/"


@pytest.fixture
def form(stays):
    RedFlagRule.objects.create(link_id="heart", operator="is", value=True, label="Heart trouble", severity=3)
    return stays.form(stays.in_review(answers=SICK))


def test_the_queue_is_her_own(stays, desk_of, doctor, other_doctor, medical_lead, form):
    names = lambda client: [row["form"].pk for row in client.get(QUEUE).context["rows"]]  # noqa: E731
    assert form.doctor in (doctor, other_doctor)
    stranger = other_doctor if form.doctor == doctor else doctor
    assert names(desk_of(form.doctor)) == [form.pk]
    assert names(desk_of(stranger)) == []
    assert names(desk_of(medical_lead)) == [form.pk]


def test_sorted_by_time_flags_and_arrival(stays, desk_of, doctor, form):
    later = stays.form(stays.in_review(start=5, room="pema-suite"))
    MedicalForm.objects.filter(pk=later.pk).update(due_at=stays.at + timedelta(hours=30))
    client = desk_of(doctor)
    rows = lambda **query: [row["form"].pk for row in client.get(QUEUE, query).context["rows"]]  # noqa: E731
    assert rows() == rows(order="flags") == rows(order="nonsense") == [form.pk, later.pk]
    assert rows(order="arrival") == [later.pk, form.pk]
    review.ask(form, "When was it?", doctor=doctor, at=stays.at)
    assert rows(waiting="guest") == [form.pk]
    assert rows(waiting="doctor") == [later.pk]
    assert client.get(QUEUE).context["counts"] == {"open": 2, "late": 0, "soon": 0, "guest": 1}


def test_queries_of_the_queue_do_not_grow(stays, desk_of, doctor, form):
    """D8."""
    client = desk_of(doctor)
    with CaptureQueriesContext(connection) as one:
        client.get(QUEUE)
    stays.in_review(), stays.in_review()
    with CaptureQueriesContext(connection) as three:
        client.get(QUEUE)
    assert len(one) == len(three) <= 10


def test_one_screen_with_everything_and_the_read_is_logged(desk_of, doctor, form):
    page = desk_of(doctor).get(screen(form))
    words = page.content.decode()
    assert CANARY in words and "Heart trouble" in words and "BMI 22.5" in words
    assert words.index("Heart trouble") < words.index("About you"), "red flags first"
    assert words.index("Heart trouble?") < words.index("What was it?")
    assert page["Cache-Control"] == "no-store" or "no-store" in page["Cache-Control"]
    read = AccessLog.objects.get(what="answers")
    assert (read.reader, read.subject, read.purpose) == (doctor, form.subject, "review of the stay")


def test_empty_questions_are_not_shown(stays, desk_of, doctor):
    form = stays.form(stays.in_review(answers={"birth-date": "1984-05-21", "heart": False}))
    words = desk_of(doctor).get(screen(form)).content.decode()
    assert "Heart trouble?" in words and "Height" not in words and "What was it?" not in words


def test_others_find_nothing(desk_of, other_doctor, front_desk, finance, manager, superuser, house_admin, form):
    """Z1, Z4, Z5: a doctor of another queue, staff, the superuser: 404, and the try is written down."""
    for person in (other_doctor, front_desk, finance, manager, house_admin, superuser):
        client = desk_of(person)
        for answer in (client.get(screen(form)), client.post(screen(form), {"deed": "approve"})):
            assert answer.status_code == 404 and CANARY not in answer.content.decode()
    assert not Decision.objects.exists()
    assert not AccessLog.objects.filter(what="answers").exists()
    assert AccessLog.objects.filter(what="refused").count() == 12
    for path in (QUEUE, f"{QUEUE}arrivals/"):
        assert desk_of(superuser).get(path).status_code == 403
        assert desk_of(front_desk).get(path).status_code == 403
    for nonsense in (form.pk, "x", "00000000-0000-0000-0000-000000000000"):
        assert desk_of(form.doctor).get(f"{QUEUE}{nonsense}/change/").status_code == 404


def test_approve(stays, desk_of, doctor, form):
    data = {"deed": "approve", "guest_words": "See you soon", "note": "Stable for years"}
    assert desk_of(doctor).post(screen(form), data)["Location"] == QUEUE
    decision = Decision.objects.get()
    assert (decision.outcome, decision.doctor, decision.guest_words) == ("approve", doctor, "See you soon")
    assert unseal(decision, "note") == "Stable for years" and "Stable" not in decision.note
    form.refresh_from_db()
    assert (form.state, form.booking.state) == ("cleared", "approved")
    words = desk_of(doctor).get(screen(form)).content.decode()
    assert "Stable for years" in words and 'value="approve"' not in words, "decided: read, not edited"
    again = desk_of(doctor).post(screen(form), {"deed": "not_suitable", "seen": "on"})
    assert again.status_code == 409 and Decision.objects.count() == 1


def test_approve_with_conditions(desk_of, doctor, form):
    client = desk_of(doctor)
    refused = client.post(screen(form), {"deed": "approve_with_conditions", "conditions": " \n ", "note": "Keep this"})
    assert refused.status_code == 400 and "Keep this" in refused.content.decode(), "what was typed is kept"
    assert not Decision.objects.exists()
    client.post(screen(form), {"deed": "approve_with_conditions", "conditions": "No sauna\nSalt-free kitchen"})
    form.booking.refresh_from_db()
    assert form.booking.instructions == ["No sauna", "Salt-free kitchen"]


def test_ask(desk_of, doctor, form):
    client = desk_of(doctor)
    assert client.post(screen(form), {"deed": "ask", "question": ""}).status_code == 400
    client.post(screen(form), {"deed": "ask", "question": "Which tablets?"})
    asked = Clarification.objects.get()
    assert unseal(asked, "question") == "Which tablets?"
    form.refresh_from_db()
    assert (form.state, form.due_at) == ("asked", None), "the clock stands"
    assert "tablets" not in str(Message.objects.get(template="question_from_doctor").context)
    early = client.post(screen(form), {"deed": "approve"})
    assert early.status_code == 409 and "Wait for the answer" in early.content.decode()


def test_not_suitable_says_first_what_it_costs(desk_of, doctor, form):
    client = desk_of(doctor)
    words = client.get(screen(form)).content.decode()
    assert "₹50,000" in words and "Set free: Standard for 7 nights" in words
    assert client.post(screen(form), {"deed": "not_suitable"}).status_code == 400, "seen must be ticked"
    assert not Refund.objects.exists()
    client.post(screen(form), {"deed": "not_suitable", "seen": "on", "guest_words": "We are sorry"})
    form.booking.refresh_from_db()
    assert form.booking.state == "not_suitable"
    assert [refund.amount for refund in Refund.objects.all()] == [50000]


def test_refer(desk_of, doctor, other_doctor, form):
    data = {"deed": "refer", "colleague": other_doctor.pk, "note": "Yours"}
    assert desk_of(doctor).post(screen(form), data).status_code == 302
    form.refresh_from_db()
    assert form.doctor == other_doctor
    assert desk_of(doctor).get(screen(form)).status_code == 404, "not hers any more"
    assert desk_of(other_doctor).get(screen(form)).status_code == 200


def test_the_lead_assigns(desk_of, medical_lead, doctor, other_doctor, form):
    assert desk_of(doctor).post(screen(form), {"deed": "assign", "doctor": other_doctor.pk}).status_code == 400
    form.refresh_from_db()
    assert form.doctor == doctor
    desk_of(medical_lead).post(screen(form), {"deed": "assign", "doctor": other_doctor.pk})
    form.refresh_from_db()
    assert form.doctor == other_doctor


def test_strange_deeds(desk_of, doctor, form):
    client = desk_of(doctor)
    for deed in ("", "delete", "APPROVE", "approve\x00"):
        assert client.post(screen(form), {"deed": deed}).status_code == 400
    assert not Decision.objects.exists()


def test_waits_for_the_other_guest(stays, desk_of, doctor):
    stay = stays.paid(adults=2)
    first, _second = stay.medical_forms.all()
    from config.tests.cast import AGREEMENT

    forms.submit(first, SICK, agreement=AGREEMENT, by=SYSTEM, at=stays.at)
    first.refresh_from_db()
    words = desk_of(first.doctor).get(screen(first)).content.decode()
    assert "another guest of this stay is still awaited" in words and 'value="approve"' not in words


def test_the_history_holds_no_medical_word(desk_of, doctor, house_admin, form):
    desk_of(doctor).post(screen(form), {"deed": "approve_with_conditions", "conditions": "No sauna", "note": CANARY})
    rows = " ".join(f"{row.event} {row.reason} {row.data}" for row in History.objects.all())
    assert CANARY not in rows and "sauna" not in rows
    words = desk_of(house_admin).get("/admin/audit/history/").content.decode()
    assert CANARY not in words


# --- the arrival examination ------------------------------------------------------------------------------------------


@pytest.fixture
def arrived(stays):
    stay = stays.confirmed(start=0, room="pema-suite", nights=5)
    desk.check_in(stay, by=SYSTEM, at=stays.at)
    stay.refresh_from_db()
    return stay


def test_arrivals_are_listed_until_examined(desk_of, doctor, arrived):
    client = desk_of(doctor)
    assert arrived.reference in client.get(f"{QUEUE}arrivals/").content.decode()
    page = f"{QUEUE}arrivals/{arrived.reference}/"
    words = client.get(page).content.decode()
    assert "₹14,50,000" in words, "what goes back when denied"
    assert client.post(page, {"deed": "admit", "note": "Fit"}).status_code == 302
    assert ArrivalExamination.objects.get().outcome == "admit"
    assert client.get(f"{QUEUE}arrivals/").context["stays"] == []
    assert client.post(page, {"deed": "deny", "seen": "on"}).status_code == 409


def test_another_program_shows_its_price(retreat, desk_of, doctor, arrived, program):
    other = Program.objects.create(property=retreat, type=program.type, slug="calm", name="Calm")
    RateBand.objects.create(property=retreat, program=other, label="Calm", single=300000, double=380000)
    page = f"{QUEUE}arrivals/{arrived.reference}/"
    client = desk_of(doctor)
    assert "Calm (₹50,000 more, to be paid here)" in client.get(page).content.decode()
    assert client.post(page, {"deed": "change_program"}).status_code == 400
    client.post(page, {"deed": "change_program", "program": other.pk})
    arrived.refresh_from_db()
    assert (arrived.program, arrived.total) == (other, 1500000)


def test_denied(desk_of, doctor, arrived):
    page = f"{QUEUE}arrivals/{arrived.reference}/"
    client = desk_of(doctor)
    assert client.post(page, {"deed": "deny"}).status_code == 400
    arrived.refresh_from_db()
    assert arrived.state == "checked_in"
    client.post(page, {"deed": "deny", "seen": "on"})
    arrived.refresh_from_db()
    assert arrived.state == "cancelled" and Refund.objects.get().amount == 1450000


def test_only_doctors_examine(desk_of, front_desk, superuser, manager, arrived):
    page = f"{QUEUE}arrivals/{arrived.reference}/"
    for person in (front_desk, manager, superuser):
        assert desk_of(person).get(page).status_code == 403
        assert desk_of(person).post(page, {"deed": "admit"}).status_code == 403
    assert not ArrivalExamination.objects.exists()
