"""Reviews and hearts on the pages, without JavaScript: by account, by link, by a stranger."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bookings.domain import access, demand, reviews
from bookings.models import Favourite, GuestReview
from bookings.tests import reviews as made
from bookings.tests.pages import words
from config.tests.cast import PASSWORD
from programs.models import Standing

pytestmark = pytest.mark.django_db(transaction=True)
NASTY = "<script>alert(1)</script><img src=x onerror=alert(2)> javascript:alert(3) {{7*7}}"


@pytest.fixture
def stay(stays, client):
    """A stay that is over, opened by the link of the thank-you letter."""
    found = made.over(stays)
    answer = client.get(access.link(found.reference, "review").removeprefix("http://testserver"))
    assert answer["Location"] == reverse("bookings:review", args=[found.reference])
    return found


def test_the_letters_link_leads_to_the_review(client, stay):
    page = reverse("bookings:review", args=[stay.reference])
    assert "How was it?" in words(client.get(page))
    refused = client.post(page, {"text": "  "})
    assert refused.status_code == 400
    assert "Choose the stars" in words(refused) and "Write a few words" in words(refused)
    assert not GuestReview.objects.exists()
    for _ in range(2):  # a double press changes nothing
        assert client.post(page, {"rating": "5", "text": "Lovely.", "show_name": "on"}).status_code == 303
    review = GuestReview.objects.get()
    assert (review.rating, review.text, review.author, review.show_name) == (5, "Lovely.", "Asha R.", True)
    assert "Waiting to be read" in words(client.get(reverse("bookings:stay", args=[stay.reference])))
    assert client.post(page, {"rating": "2", "text": "Less so."}).status_code == 303
    review.refresh_from_db()
    assert (review.rating, review.show_name) == (2, False)
    for _ in range(2):
        assert client.post(reverse("bookings:review-withdraw", args=[stay.reference])).status_code == 303
    assert not GuestReview.objects.exists()


def test_a_stay_ahead_has_no_review_yet(client, stays):
    """Z11"""
    found = stays.paid()
    client.get(access.link(found.reference).removeprefix("http://testserver"))
    page = reverse("bookings:review", args=[found.reference])
    for answer in (client.get(page), client.post(page, {"rating": "5", "text": "Early."})):
        assert answer["Location"] == reverse("bookings:stay", args=[found.reference])
    assert not GuestReview.objects.exists()


def test_a_stranger_finds_no_review(client, stays, other_guest):
    """Z1"""
    review = made.written(stays)
    client.force_login(other_guest)
    for name in ("review", "review-withdraw"):
        assert client.post(reverse(f"bookings:{name}", args=[review.booking.reference])).status_code == 404
    assert GuestReview.objects.get().text == review.text


def test_words_are_words_wherever_they_are_shown(client, stays, admin_client):
    """I3: stored markup is text on the public pages and in the admin."""
    review = made.published(stays, text=NASTY)
    reviews.answer(review, reply=NASTY, by=made.EDITOR, at=stays.at)
    for page in ("/programs/detox", "/programs/detox/reviews", "/rooms/standard", "/rooms/standard/reviews"):
        answer = client.get(page).content.decode()
        assert "&lt;script&gt;alert(1)" in answer
        assert "<script>alert" not in answer
        assert "<img src=x" not in answer
        assert "49" not in answer.partition("javascript:alert(3)")[2][:12]


def test_pages_say_honestly_that_nobody_has_written(client, retreat):
    for page in ("/programs/detox", "/rooms/standard", "/programs/detox/reviews"):
        assert "Nobody has written about it yet" in words(client.get(page))


def test_stars_stand_on_pages_and_cards(client, stays):
    made.published(stays, rating=4)
    for page in ("/programs/detox", "/programs", "/rooms/standard", "/rooms", "/"):
        assert "4.0 of 5 stars, one review" in words(client.get(page)), page


def test_a_heart_of_a_visitor_comes_along_into_the_account(client, retreat, guest):
    heart = reverse("bookings:heart", args=["program", "detox"])
    back = {"save": "1", "next": "/programs/detox"}
    for _ in range(2):
        answer = client.post(heart, back)
        assert answer["Location"] == "/programs/detox#heart-program-detox"
    assert not Favourite.objects.exists()
    assert "Detox" in words(client.get("/saved"))
    assert 'aria-pressed="true"' in client.get("/programs/detox").content.decode()
    assert client.login(username=guest.email, password=PASSWORD)
    favourite = Favourite.objects.get()
    assert (favourite.user, favourite.program.slug) == (guest, "detox")
    client.post(heart, {"save": "0", "next": "https://evil.example/"})
    assert not Favourite.objects.exists()
    assert "Nothing saved yet" in words(client.get("/saved"))


def test_a_heart_never_leads_away(client, retreat):
    """I9"""
    for bad in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"):
        answer = client.post(reverse("bookings:heart", args=["program", "detox"]), {"save": "1", "next": bad})
        assert answer["Location"] == "/saved"
    assert client.get(reverse("bookings:heart", args=["program", "detox"])).status_code == 405
    assert client.post("/saved/space/hall", {"save": "1"}).status_code == 404


def test_demand_counts_what_was_booked_of_late(stays, program, standard):
    stays.paid()
    stays.held(start=60)
    old = stays.paid(start=90)
    type(old).objects.filter(pk=old.pk).update(created_at=stays.at.replace(year=stays.at.year - 1))
    demand.recount(at=stays.at)
    assert Standing.objects.get(program=program).recent_stays == 1
    assert Standing.objects.get(room_type=standard).recent_stays == 1
    demand.recount(at=stays.at.replace(year=stays.at.year + 1))
    assert set(Standing.objects.values_list("recent_stays", flat=True)) == {0}
