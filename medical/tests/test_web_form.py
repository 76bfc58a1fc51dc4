"""The guest form on the pages: whose it is, what it keeps, what it sends, and that nothing medical gets out."""

from __future__ import annotations

import re
import uuid

import pytest
from django.urls import get_resolver, reverse

from audit.models import AccessLog
from bookings.domain import access as links
from core.actors import GUEST_LINK
from medical.domain import reading, review
from medical.domain.forms import answers_of
from medical.models import Consent, MedicalForm
from medical.tests.words import MEDICAL

pytestmark = pytest.mark.django_db(transaction=True)
PERSONAL = {"q1": "1984-05-21", "q2": "170", "q3": "65.5"}
HISTORY = {"q4": "true", "q5": "In 2019, mild."}
PAGES = ("check", "submit", "change", "questions", "readers")


@pytest.fixture
def stay(stays, client):
    made = stays.paid()
    client.get(links.link(made.reference, "form").removeprefix("http://testserver"))
    return made


@pytest.fixture
def form(stay) -> MedicalForm:
    return stay.medical_forms.get()


def address(form, name="section", *more) -> str:
    return reverse(f"guestform:{name}", args=[form.booking.reference, form.public_id, *more])


def fill(client, form) -> None:
    client.post(address(form, "section", 1), {**PERSONAL, "then": "next"})
    client.post(address(form, "section", 2), {**HISTORY, "then": "next"})


def send(client, form):
    return client.post(address(form, "submit"), {"agree": "on"}, follow=True)


def test_a_stranger_finds_no_form(client, stays, other_guest):
    """Z1: not by its address, not through a stay of one's own."""
    form = stays.form(stays.paid())
    own = stays.paid(user=other_guest)
    client.force_login(other_guest)
    for name in PAGES:
        assert client.get(address(form, name)).status_code == 404
        mixed = reverse(f"guestform:{name}", args=[own.reference, form.public_id])
        assert client.get(mixed).status_code == 404
    assert client.get(address(form, "section", 1)).status_code == 404
    assert client.post(address(form, "section", 1), PERSONAL).status_code == 404
    assert client.get(reverse("guestform:check", args=[own.reference, uuid.uuid4()])).status_code == 404
    form.refresh_from_db()
    assert form.saved_at is None


def test_every_page_is_kept_out_of_caches(client, form):
    for name in PAGES:
        answer = client.get(address(form, name))
        assert answer.status_code in (200, 303) and "no-store" in answer["Cache-Control"]
    assert "no-store" in client.get(address(form, "section", 1))["Cache-Control"]


def test_the_parts_are_saved_one_by_one(client, form, stay):
    answer = client.post(address(form, "section", 1), {**PERSONAL, "then": "next"})
    assert answer["Location"] == address(form, "section", 2)
    form.refresh_from_db()
    assert answers_of(form) == {"birth-date": "1984-05-21", "height": "170", "weight": "65.5"}
    tasks = client.get(reverse("guestform:tasks", args=[stay.reference])).content.decode()
    assert "1 of 3 parts complete" in tasks
    answer = client.post(address(form, "section", 2), {**HISTORY, "then": "next"})
    assert answer["Location"] == address(form, "check")
    answer = client.post(address(form, "section", 2), {**HISTORY, "then": "leave"})
    assert answer["Location"] == reverse("guestform:tasks", args=[stay.reference])


def test_a_mistake_keeps_what_was_typed_and_changes_nothing(client, form):
    fill(client, form)
    form.refresh_from_db()
    before = form.revision
    answer = client.post(address(form, "section", 1), {"q1": "1984-05-21", "q2": "tall", "q3": "70"})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert 'href="#id_q2"' in text and 'value="tall"' in text and 'value="70"' in text
    form.refresh_from_db()
    assert form.revision == before


def test_the_draft_saves_itself_as_far_as_it_can_be_understood(client, form):
    answer = client.post(address(form, "section", 1), {"q1": "1984-05-21", "q2": "1e", "autosave": "1"})
    assert answer.json() == {"completion": 50}
    form.refresh_from_db()
    assert answers_of(form) == {"birth-date": "1984-05-21"}


def test_a_follow_up_stands_on_the_page_with_its_condition(client, form):
    text = client.get(address(form, "section", 2)).content.decode()
    follow = re.search(r'<div class="ask ask--follows" id="q5"[^>]*>', text).group(0)
    assert "data-off" in follow and "&quot;q4&quot;" in follow
    fill(client, form)
    text = client.get(address(form, "section", 2)).content.decode()
    assert "data-off" not in re.search(r'<div class="ask ask--follows" id="q5"[^>]*>', text).group(0)


def test_an_answer_to_a_question_that_is_not_asked_is_dropped(client, form):
    client.post(address(form, "section", 2), {"q4": "false", "q5": "Something", "then": "next"})
    form.refresh_from_db()
    assert answers_of(form) == {"heart": False}


def test_sending_needs_the_agreement(client, form, stay):
    fill(client, form)
    answer = client.post(address(form, "submit"), {})
    assert answer.status_code == 400
    form.refresh_from_db()
    stay.refresh_from_db()
    assert (form.state, stay.state, Consent.objects.count()) == ("draft", "pending_medical", 0)


def test_sending_an_incomplete_form_names_what_is_missing(client, form):
    client.post(address(form, "section", 1), {**PERSONAL, "then": "next"})
    answer = client.post(address(form, "submit"), {"agree": "on"})
    assert answer.status_code == 400
    assert f'href="{address(form, "section", 2)}#q4"' in answer.content.decode()
    form.refresh_from_db()
    assert form.state == "draft"


def test_a_complete_form_goes_to_the_doctor_with_its_consent(client, form, stay):
    fill(client, form)
    send(client, form)
    form.refresh_from_db()
    stay.refresh_from_db()
    assert (form.state, stay.state) == ("submitted", "in_review")
    consent = Consent.objects.get()
    assert (consent.text, consent.text_version, consent.purposes) == ("I agree.", "intake-1", ["review", "care"])
    assert consent.ip == "127.0.0.1"


def test_sending_twice_sends_once(client, form):
    fill(client, form)
    send(client, form)
    send(client, form)
    assert Consent.objects.count() == 1


def test_a_sent_form_is_not_edited_as_a_draft(client, form):
    fill(client, form)
    send(client, form)
    assert client.post(address(form, "section", 1), {"q1": "1990-01-01"}).status_code == 303
    form.refresh_from_db()
    assert answers_of(form)["birth-date"] == "1984-05-21"


def test_changed_answers_take_the_yes_back(client, form, stay, stays):
    fill(client, form)
    send(client, form)
    form.refresh_from_db()
    review.decide(form, "approve", doctor=form.doctor, at=stays.at, guest_words="Bring a shawl.")
    tasks = client.get(reverse("guestform:tasks", args=[stay.reference])).content.decode()
    assert "Bring a shawl." in tasks
    assert "that yes is taken back" in client.get(address(form, "change")).content.decode()
    bad = client.post(address(form, "change"), {**PERSONAL, **HISTORY, "q2": "tall", "agree": "on"})
    stay.refresh_from_db()
    assert (bad.status_code, stay.state) == (400, "approved")
    client.post(address(form, "change"), {**PERSONAL, "q4": "false", "agree": "on"})
    stay.refresh_from_db()
    form.refresh_from_db()
    assert (stay.state, form.state, answers_of(form)["heart"]) == ("in_review", "submitted", False)


def test_the_doctors_question_is_answered(client, form, stay, stays):
    fill(client, form)
    send(client, form)
    form.refresh_from_db()
    asked = review.ask(form, "Which medicine?", doctor=form.doctor, at=stays.at)
    page = client.get(address(form, "questions"))
    assert "Which medicine?" in page.content.decode()
    for bad in ("", " ", "x" * 5000):
        answer = client.post(address(form, "questions"), {"question": asked.public_id, "answer": bad})
        assert answer.status_code == 400
    stay.refresh_from_db()
    assert stay.state == "on_hold"
    client.post(address(form, "questions"), {"question": asked.public_id, "answer": "None at the moment."})
    stay.refresh_from_db()
    assert stay.state == "in_review"
    again = client.post(address(form, "questions"), {"question": asked.public_id, "answer": "Something else"})
    assert again.status_code == 409
    assert reading.questions_of(form)[0]["answer"] == "None at the moment."


def test_a_question_of_another_form_is_not_answered_here(client, form, stays):
    other = stays.form(stays.in_review())
    asked = review.ask(other, "Which medicine?", doctor=other.doctor, at=stays.at)
    answer = client.post(address(form, "questions"), {"question": asked.public_id, "answer": "Mine"})
    assert answer.status_code == 409
    asked.refresh_from_db()
    assert asked.answered_at is None


def test_the_guest_sees_who_has_read(client, form, stays):
    fill(client, form)
    send(client, form)
    form.refresh_from_db()
    assert "Nobody so far" in client.get(address(form, "readers")).content.decode()
    reading.open_for(form.doctor, form, purpose="review", at=stays.at)
    assert str(form.doctor) in client.get(address(form, "readers")).content.decode()
    assert AccessLog.objects.count() == 1


def test_one_form_for_each_adult_and_the_one_who_booked_sees_all(client, stays):
    stay = stays.paid(adults=2)
    client.get(links.link(stay.reference, "form").removeprefix("http://testserver"))
    answer = client.get(reverse("guestform:tasks", args=[stay.reference]))
    assert answer.content.decode().count("0 of 3 parts complete") == 2
    first, second = stay.medical_forms.order_by("id")
    fill(client, first)
    send(client, first)
    stay.refresh_from_db()
    assert stay.state == "pending_medical"
    fill(client, second)
    send(client, second)
    stay.refresh_from_db()
    assert stay.state == "in_review"


def test_without_a_form_the_page_says_why(client, stays):
    for made, said in (
        (stays.held(), "as soon as the first payment"),
        (stays.paid(program="weekend-pause"), "no form"),
    ):
        client.get(links.link(made.reference, "form").removeprefix("http://testserver"))
        answer = client.get(reverse("guestform:tasks", args=[made.reference]))
        assert said in answer.content.decode()


def test_a_closed_stay_takes_no_form(client, form, stay, stays):
    from bookings.domain import lifecycle

    fill(client, form)
    lifecycle.cancel(stay, by=GUEST_LINK, at=stays.at)
    form.refresh_from_db()
    assert client.post(address(form, "submit"), {"agree": "on"}).status_code == 303
    assert client.get(address(form, "change")).status_code == 303
    form.refresh_from_db()
    assert (form.state, Consent.objects.count()) == ("closed", 0)


def test_no_medical_word_stands_in_an_address_or_a_title(client, form, stay):
    """L1: addresses end up in logs and histories, titles in tabs and screenshots."""
    for pattern in get_resolver("medical.web.urls").url_patterns:
        assert not MEDICAL.search(str(pattern.pattern)), pattern
    pages = [address(form, name) for name in PAGES] + [address(form, "section", number) for number in (1, 2)]
    pages += [reverse(name, args=[stay.reference]) for name in ("guestform:tasks", "bookings:stay", "bookings:pay")]
    for page in pages:
        text = client.get(page, follow=True).content.decode()
        title = re.search(r"<title>(.*?)</title>", text, re.S).group(1)
        assert not MEDICAL.search(title.replace("Pema Wellness", "")), title
        for link in re.findall(r'(?:href|action|id|name)="([^"]*)"', text):
            assert not MEDICAL.search(link), link


def test_a_form_without_an_answer_is_not_begun(client, form, stay):
    """What stands over the form and what stands at its parts say the same."""
    client.post(reverse("guestform:section", args=[stay.reference, form.public_id, 1]), {"autosave": "1"})
    form.refresh_from_db()
    text = client.get(reverse("guestform:tasks", args=[stay.reference])).content.decode()
    assert form.saved_at and "To be filled in" in text and "Begun" not in text
