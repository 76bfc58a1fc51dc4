"""What guests say, in the back office: who may show it, and that the words are never edited."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from bookings.models import GuestReview
from bookings.tests import reviews as made
from bookings.tests.pages import field

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def editor(front_desk):
    front_desk.groups.set([Group.objects.get(name="content_editor")])
    return front_desk


def deed(name, review):
    return reverse(f"admin:bookings_guestreview_do_{name}", args=[review.pk])


def test_an_editor_publishes_answers_and_declines(client, stays, editor):
    review = made.written(stays, text="<b>Quiet</b>")
    client.force_login(editor)
    assert client.get(reverse("admin:bookings_guestreview_changelist")).status_code == 200
    assert b"&lt;b&gt;Quiet" in client.get(deed("publish", review)).content
    seen = field(client.get(deed("publish", review)), "seen")
    assert client.post(deed("publish", review), {"seen": seen}).status_code == 302
    assert client.post(deed("answer", review), {"reply": "Come again."}).status_code == 302
    review.refresh_from_db()
    assert (review.state, review.reply) == ("published", "Come again.")
    assert client.post(deed("decline", review), {"reason": ""}).status_code == 400
    assert client.post(deed("decline", review), {"reason": "Names a guest."}).status_code == 302
    review.refresh_from_db()
    assert (review.state, review.text) == ("declined", "<b>Quiet</b>")
    page = reverse("admin:bookings_guestreview_change", args=[review.pk])
    assert client.post(page, {"text": "Mine now"}).status_code == 403
    assert GuestReview.objects.get().text == "<b>Quiet</b>"


def test_others_may_not(client, stays, finance):
    """Z3: without the permission there is no page and no deed."""
    review = made.written(stays)
    client.force_login(finance)
    for name in ("publish", "decline", "answer"):
        assert client.post(deed(name, review), {"reason": "x", "seen": "x"}).status_code == 403
    assert client.get(reverse("admin:bookings_guestreview_changelist")).status_code == 403
    assert GuestReview.objects.get().state == "waiting"
