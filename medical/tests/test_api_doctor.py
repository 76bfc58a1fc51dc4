"""The doctor's side over the API: own queue only, each look logged, each verdict final."""

import pytest

from audit.models import AccessLog
from config.tests.api_cast import codes
from medical.models import Decision, DoctorProfile

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stay(stays, guest):
    return stays.in_review(user=guest)


@pytest.fixture
def form(stay, stays):
    return stays.form(stay)


@pytest.fixture
def path(form):
    return f"doctor/reviews/{form.public_id}"


def test_the_queue_is_the_doctors_own(api, doctor, other_doctor, medical_lead, form):
    """Z2: counts do not leak either."""
    given = api(doctor).get("doctor/reviews").json()
    assert [one["id"] for one in given["results"]] == [str(form.public_id)]
    assert "flags" not in given["results"][0]
    assert api(other_doctor).get("doctor/reviews").json()["count"] == 0
    assert api(medical_lead).get("doctor/reviews").json()["count"] == 1


def test_the_review_shows_everything_and_is_logged(api, doctor, form, path):
    """L9"""
    given = api(doctor).get(path).json()
    assert {"flags", "derived", "sections", "questions", "decisions", "if_not_suitable"} <= set(given)
    assert given["if_not_suitable"]["refund"] == "50000.00"
    assert given["derived"]["bmi"] == "22.5"
    log = AccessLog.objects.get()
    assert (log.reader, log.subject, log.purpose) == (doctor, form.subject, "review")


def test_others_find_nothing(api, guest, front_desk, finance, other_doctor, doctor, path, stay):
    """Z2, Z7: another doctor 404 and an audit row; everybody else 403; nothing changes."""
    assert api().get(path).status_code == 401
    for person in (guest, front_desk, finance):
        for call in (api(person).get, api(person).post):
            assert call("doctor/reviews").status_code in (403, 405)
        assert api(person).get(path).status_code == 403
        assert api(person).post(f"{path}/decision", {"decision": "approve"}).status_code == 403
        assert api(person).post(f"{path}/questions", {"question": "x"}).status_code == 403
    assert api(other_doctor).get(path).status_code == 404
    assert AccessLog.objects.filter(reader=other_doctor, what="refused").count() == 1
    assert api(other_doctor).post(f"{path}/decision", {"decision": "approve"}).status_code == 404
    assert api(other_doctor).post(f"{path}/questions", {"question": "x"}).status_code == 404
    assert not Decision.objects.exists()
    stay.refresh_from_db()
    assert stay.state == "in_review"


def test_a_superuser_as_such_is_no_doctor(api, path, front_desk):
    """Z5"""
    front_desk.is_superuser = True
    front_desk.save()
    assert api(front_desk).get(path).status_code == 403


def test_approving(api, doctor, stay, path):
    done = api(doctor).post(f"{path}/decision", {"decision": "approve", "note": "Fine."})
    assert done.status_code == 201
    assert (done.json()["status"], done.json()["booking_status"]) == ("cleared", "approved")
    again = api(doctor).post(f"{path}/decision", {"decision": "not_suitable"})
    assert (again.status_code, codes(again)) == (409, ["decided"])
    assert Decision.objects.count() == 1


def test_not_suitable_gives_everything_back(api, doctor, stay, path):
    done = api(doctor).post(f"{path}/decision", {"decision": "not_suitable", "guest_words": "We are sorry."})
    assert done.json()["booking_status"] == "not_suitable"
    assert [refund.amount for refund in stay.folio.refunds.all()] == [50000]


def test_asking_stops_the_clock(api, doctor, stay, path, form):
    asked = api(doctor).post(f"{path}/questions", {"question": "Since when?"})
    assert asked.status_code == 201
    form.refresh_from_db()
    assert (form.state, form.due_at) == ("asked", None)
    waiting = api(doctor).post(f"{path}/decision", {"decision": "approve"})
    assert (waiting.status_code, codes(waiting)) == (409, ["waiting_for_guest"])


def test_referring(api, doctor, other_doctor, path, form):
    assert codes(api(doctor).post(f"{path}/decision", {"decision": "refer", "refer_to": "nobody@example.com"})) == [
        "not_a_doctor"
    ]
    done = api(doctor).post(f"{path}/decision", {"decision": "refer", "refer_to": other_doctor.email})
    assert done.status_code == 201
    assert api(doctor).get(path).status_code == 404
    assert api(other_doctor).get(path).status_code == 200
    DoctorProfile.objects.filter(user=doctor).update(on_leave=True)
    alone = api(other_doctor).post(f"{path}/decision", {"decision": "refer"})
    assert (alone.status_code, codes(alone)) == (409, ["no_colleague"])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"decision": "maybe"},
        {"decision": None},
        {"decision": "approve_with_conditions"},
        {"decision": "approve_with_conditions", "conditions": ["  "]},
        {"decision": "approve", "conditions": "text"},
        {"decision": "approve", "guest_words": "x" * 501},
        {"decision": "approve", "note": "x" * 8001},
        {"decision": "approve", "note": "a\x00b"},
        {"decision": ["approve"]},
    ],
)
def test_bad_decisions_decide_nothing(api, doctor, stay, path, body):
    assert api(doctor).post(f"{path}/decision", body).status_code == 400
    assert not Decision.objects.exists()
    stay.refresh_from_db()
    assert stay.state == "in_review"


@pytest.mark.parametrize("question", ["", " ", "x" * 2001, None, ["x"]])
def test_bad_questions_ask_nothing(api, doctor, stay, path, question):
    assert api(doctor).post(f"{path}/questions", {"question": question}).status_code == 400
    stay.refresh_from_db()
    assert stay.state == "in_review"


def test_the_queue_costs_the_same_for_one_and_for_three(api, doctor, stays, form, django_assert_num_queries):
    """D8"""
    caller = api(doctor)
    with django_assert_num_queries(7):
        assert caller.get("doctor/reviews").json()["count"] == 1
    stays.in_review(start=60)
    stays.in_review(start=90)
    with django_assert_num_queries(7):
        assert caller.get("doctor/reviews").json()["count"] == 3


def test_a_lead_reads_nothing_before_the_guest_has_agreed(api, medical_lead, stays):
    """A draft is the guest's own until it is sent with her consent."""
    draft = stays.form(stays.paid())
    assert api(medical_lead).get(f"doctor/reviews/{draft.public_id}").status_code == 404


def test_a_repeated_decision_is_one(api, stays, doctor):
    """B15: a doctor's phone that sends twice decides once; the answer is the same, byte for byte."""
    stay = stays.in_review()
    form = stays.form(stay)
    path, body = f"doctor/reviews/{form.public_id}/decision", {"decision": "approve"}
    first, again = (api(doctor).post(path, body, **{"Idempotency-Key": "once"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201) and first.content == again.content
    assert again["Idempotency-Replayed"] == "true" and form.decisions.count() == 1
    other = api(doctor).post(path, {"decision": "not_suitable"}, **{"Idempotency-Key": "once"})
    assert other.status_code == 422 and form.decisions.count() == 1
