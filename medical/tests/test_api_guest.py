"""The guest's forms over the API: FHIR out, drafts and answers in, nobody else finds them."""

import pytest

from audit.models import AccessLog
from bookings.domain import access
from config.tests.api_cast import codes
from config.tests.cast import ANSWERS
from medical.domain import review
from medical.models import Consent, MedicalForm

pytestmark = pytest.mark.django_db(transaction=True)
FORM = {
    "id", "booking", "guest", "status", "completion", "due", "submitted_at", "open_questions", "revision",
    "questionnaire", "response", "consent",
}  # fmt: skip
AGREE = {"consent": {"agreed": True}}


@pytest.fixture
def stay(stays, guest):
    return stays.paid(user=guest)


@pytest.fixture
def path(stay, stays):
    return f"medical-forms/{stays.form(stay).public_id}"


def test_the_form_in_fhir(api, guest, stay, path):
    given = api(guest).get(f"bookings/{stay.reference}/medical-forms")
    assert given.status_code == 200
    assert given["Cache-Control"] == "no-store"
    assert given.json()["count"] == 1
    form = given.json()["results"][0]
    assert set(form) == FORM
    assert (form["status"], form["completion"]) == ("draft", 0)
    assert form["questionnaire"]["resourceType"] == "Questionnaire"
    assert form["response"]["resourceType"] == "QuestionnaireResponse"
    assert form["response"]["item"] == []
    assert form["consent"]["text"] == "I agree."
    assert api(guest).get(path).json() == form


def test_a_draft_in_either_shape(api, guest, path):
    mine = api(guest)
    plain = mine.put(path, {"answers": {"birth-date": "1984-05-21", "height": 170}})
    assert plain.status_code == 200
    assert plain.json()["completion"] == 50
    fhir = plain.json()["response"]["item"]
    again = mine.put(path, {"item": fhir})
    assert again.json()["response"]["item"] == fhir
    assert again.json()["revision"] == 2
    section = mine.put(path, {"answers": {"heart": False}, "section": "history"})
    assert section.json()["completion"] == 100


def test_sending_needs_consent_and_all_answers(api, guest, path, stay):
    mine = api(guest)
    assert codes(mine.post(f"{path}/submit", {"answers": ANSWERS})) == ["consent_needed"]
    assert codes(mine.post(f"{path}/submit", {"answers": ANSWERS, "consent": {"agreed": False}})) == ["consent_needed"]
    old = {"answers": ANSWERS, "consent": {"agreed": True, "version": "intake-0"}}
    assert codes(mine.post(f"{path}/submit", old)) == ["consent_changed"]
    missing = mine.post(f"{path}/submit", {"answers": {"heart": True}, **AGREE})
    assert missing.status_code == 400
    assert {error["attr"] for error in missing.json()["errors"]} == {"birth-date", "heart-detail"}
    stay.refresh_from_db()
    assert stay.state == "pending_medical"
    assert not Consent.objects.exists()
    sent = mine.post(f"{path}/submit", {"answers": ANSWERS, **AGREE}, **{"User-Agent": "App/1"})
    assert sent.status_code == 200
    assert sent.json()["status"] == "submitted"
    assert sent.json()["consent"]["given_at"]
    stay.refresh_from_db()
    assert stay.state == "in_review"
    consent = Consent.objects.get()
    assert (consent.text, consent.ip, consent.user_agent) == ("I agree.", "127.0.0.1", "App/1")
    late = mine.put(path, {"answers": {}})
    assert (late.status_code, codes(late)) == (409, ["not_a_draft"])


def test_a_saved_draft_is_sent_without_answers(api, guest, path):
    mine = api(guest)
    mine.put(path, {"answers": ANSWERS})
    assert mine.post(f"{path}/submit", AGREE).json()["status"] == "submitted"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"answers": []},
        {"answers": {"no-such": 1}},
        {"answers": {"birth-date": "soon"}},
        {"answers": {"height": "NaN"}},
        {"answers": {"height": "1e-999999"}},
        {"answers": {"height": {"a": 1}}},
        {"answers": {"heart": "maybe"}},
        {"item": "text"},
        {"item": [1]},
        {"item": [{"linkId": "height", "answer": 1}]},
        {"item": [{"linkId": "height", "answer": [{"valueDecimal": "x"}]}]},
        {"item": [{"linkId": "heart", "answer": [{"valueBoolean": True}, {"valueBoolean": False}]}]},
        {"answers": {"heart": True, "heart-detail": "x" * 5000}},
    ],
)
def test_bad_answers_change_nothing(api, guest, path, body):
    """I12"""
    before = MedicalForm.objects.values().get()
    answer = api(guest).put(path, body)
    assert answer.status_code == 400
    assert MedicalForm.objects.values().get() == before


def test_a_section_that_is_not_there(api, guest, path):
    assert codes(api(guest).put(path, {"answers": {}, "section": "secrets"})) == ["no_section"]


def test_nobody_else_finds_the_form(
    api, stay, path, other_guest, front_desk, finance, doctor, other_doctor, medical_lead
):
    """Z1, Z4: strangers, staff, even doctors do not find it at the guest's door; nothing changes."""
    before = MedicalForm.objects.values().get()
    for caller in (api(), *map(api, (other_guest, front_desk, finance, doctor, other_doctor, medical_lead))):
        assert caller.get(path).status_code == 404
        assert caller.put(path, {"answers": ANSWERS}).status_code == 404
        assert caller.post(f"{path}/submit", {"answers": ANSWERS, **AGREE}).status_code == 404
        assert caller.get(f"{path}/questions").status_code == 404
        assert caller.post(f"{path}/answers", {"answer": "x"}).status_code == 404
        assert caller.get(f"{path}/access-log").status_code == 404
        assert caller.get(f"bookings/{stay.reference}/medical-forms").status_code == 404
    assert MedicalForm.objects.values().get() == before


def test_the_holder_of_the_link_fills_it_in(api, stays):
    stay = stays.paid()
    path = f"medical-forms/{stays.form(stay).public_id}"
    holder = api(**{"X-Stay-Key": access.key(stay.reference)})
    assert holder.put(path, {"answers": ANSWERS}).status_code == 200
    assert holder.get(f"bookings/{stay.reference}/medical-forms").json()["results"][0]["completion"] == 100


def test_question_and_answer(api, guest, stays, now):
    stay = stays.in_review(user=guest)
    form = stays.form(stay)
    mine, path = api(guest), f"medical-forms/{form.public_id}"
    assert codes(mine.post(f"{path}/answers", {"answer": "x"})) == ["which_question"]
    review.ask(form, "Since when?", doctor=form.doctor, at=now)
    given = mine.get(f"{path}/questions").json()
    assert [one["question"] for one in given["results"]] == ["Since when?"]
    assert mine.get(path).json()["open_questions"] == 1
    assert mine.get(f"bookings/{stay.reference}").json()["next_step"]["code"] == "answer_question"
    assert codes(mine.post(f"{path}/answers", {"answer": " "})) == ["blank"]
    unknown = {"question": "00000000-0000-0000-0000-000000000000", "answer": "x"}
    assert codes(mine.post(f"{path}/answers", unknown)) == ["no_such_question"]
    question = given["results"][0]["id"]
    done = mine.post(f"{path}/answers", {"question": question, "answer": "Two years."})
    assert done.status_code == 201
    assert done.json()["results"][0]["answer"] == "Two years."
    assert codes(mine.post(f"{path}/answers", {"question": question, "answer": "x"})) == ["already_answered"]
    stay.refresh_from_db()
    assert stay.state == "in_review"


def test_the_guest_sees_who_has_read_it(api, guest, stays):
    stay = stays.in_review(user=guest)
    form = stays.form(stay)
    path = f"medical-forms/{form.public_id}/access-log"
    assert api(guest).get(path).json() == {"count": 0, "results": []}
    assert api(form.doctor).get(f"doctor/reviews/{form.public_id}").status_code == 200
    given = api(guest).get(path).json()
    assert given["count"] == 1
    assert (given["results"][0]["role"], given["results"][0]["purpose"]) == ("doctor", "review")


def test_the_list_of_forms_costs_the_same_for_one_and_for_two(api, guest, stays, django_assert_num_queries):
    one, two = stays.paid(user=guest), stays.paid(user=guest, start=60, adults=2)
    mine = api(guest)
    with django_assert_num_queries(8):
        assert mine.get(f"bookings/{one.reference}/medical-forms").json()["count"] == 1
    with django_assert_num_queries(8):
        assert mine.get(f"bookings/{two.reference}/medical-forms").json()["count"] == 2
    assert not AccessLog.objects.exists()
