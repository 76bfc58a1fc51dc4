"""What the doctor writes to the guest reaches her page and no mail; nobody is born tomorrow."""

from datetime import timedelta

import pytest
from django.urls import reverse

from config.tests.api_cast import codes
from core.actors import GUEST_LINK
from medical.domain import forms, review
from medical.domain.forms import answers_of
from medical.domain.questionnaires import BadAnswers
from notifications.domain.sealing import whole
from notifications.models import Message

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Please see your own physician first; we would love to host you in spring."


def test_words_with_a_no_stand_on_the_page_and_in_no_mail(client, stays, guest, now):
    stay = stays.in_review(user=guest)
    form = stays.form(stay)
    review.decide(form, "not_suitable", doctor=form.doctor, at=now, guest_words=WORDS)
    page = reverse("guestform:tasks", args=[stay.reference])
    assert client.get(page).status_code == 404
    client.force_login(guest)
    assert WORDS in client.get(page).content.decode()
    assert page in client.get(reverse("bookings:stay", args=[stay.reference])).content.decode()
    assert not [one for one in Message.objects.all() if "physician" in str(whole(one))]


def test_a_birth_date_in_the_future_is_refused_in_draft_and_on_sending(api, guest, stays, today, now):
    stay = stays.paid(user=guest)
    form = stays.form(stay)
    tomorrow = (today + timedelta(1)).isoformat()
    answer = api(guest).put(f"medical-forms/{form.public_id}", {"answers": {"birth-date": tomorrow}})
    assert (answer.status_code, codes(answer)) == (400, ["bad_answers"])
    with pytest.raises(BadAnswers):
        forms.save_draft(form, {"birth-date": "1850-01-01"}, by=GUEST_LINK, at=now)
    form.refresh_from_db()
    assert answers_of(form) == {} and form.saved_at is None
