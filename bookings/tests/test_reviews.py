"""Reviews: after the stay only, one each, read before they are shown, and stars that add up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from audit.models import History
from bookings.domain import reviews
from bookings.models import GuestReview
from bookings.queries.reviews import disagreeing, published
from bookings.states import State
from bookings.tests import reviews as made
from bookings.tests.reviews import EDITOR
from core.actors import GUEST_LINK
from core.errors import Conflict, Invalid, Missing
from notifications.domain.sealing import whole
from notifications.models import Message
from programs.domain import standing
from programs.models import Standing
from programs.queries import rating_of

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = {"rating": 4, "text": "Quiet and kind."}


def stars(thing):
    found = rating_of(type(thing).objects.get(pk=thing.pk))
    return found.average, found.count


@pytest.mark.parametrize("state", [state for state in State if state != State.COMPLETED])
def test_only_a_stay_that_is_over_is_reviewed(stays, state):
    """Z11: in every other state it is refused and nothing is left behind."""
    stay = stays.held()
    type(stay).objects.filter(pk=stay.pk).update(state=state)
    before = History.objects.count()
    with pytest.raises(Conflict) as refused:
        reviews.write(stay, **GOOD, by=GUEST_LINK, at=stays.at)
    assert refused.value.code == "not_completed"
    assert not GuestReview.objects.exists()
    assert not Standing.objects.exists()
    assert History.objects.count() == before


def test_one_review_for_one_stay(stays):
    """Z11"""
    first = made.written(stays)
    with pytest.raises(Conflict) as refused:
        reviews.write(first.booking, **GOOD, by=GUEST_LINK, at=stays.at)
    assert refused.value.code == "already_reviewed"
    with pytest.raises(IntegrityError), transaction.atomic():
        GuestReview.objects.create(
            booking=first.booking, program=first.program, room_type=first.room_type, rating=1, text="x", author=""
        )
    assert GuestReview.objects.get().text == first.text


@pytest.mark.parametrize(
    ("rating", "text", "code"),
    [(0, "x", "bad_rating"), (6, "x", "bad_rating"), (True, "x", "bad_rating"), (5, " \n\t ", "empty_text"),
     (5, "x" * 1001, "too_long")],
)  # fmt: skip
def test_what_cannot_be_a_review(stays, rating, text, code):
    stay = made.over(stays)
    with pytest.raises(Invalid) as refused:
        reviews.write(stay, rating=rating, text=text, by=GUEST_LINK, at=stays.at)
    assert refused.value.code == code
    assert not GuestReview.objects.exists()


def test_nobody_sees_it_before_it_is_read(stays, program):
    review = made.written(stays, rating=4)
    assert not published(program).exists()
    assert stars(program) == (None, 0)
    reviews.publish(review, by=EDITOR, at=stays.at)
    assert list(published(program)) == list(published(review.room_type)) == [review]
    assert stars(program) == stars(review.room_type) == (Decimal("4.0"), 1)
    events = History.objects.filter(subject=review.subject).values_list("event", "to_state", "actor_name")
    assert list(events) == [
        ("review written", "waiting", "Guest by signed link"),
        ("review published", "published", "Nisha Varma"),
    ]


def test_the_history_never_repeats_the_words(stays):
    """I14: what a guest takes away is gone."""
    review = made.published(stays, text="My secret name is Rumpel")
    reviews.withdraw(review, by=GUEST_LINK, at=stays.at)
    for row in History.objects.filter(subject=review.subject):
        assert "Rumpel" not in f"{row.data} {row.reason}"
    event = GuestReview._meta.apps.get_model("bookings", "GuestReviewEvent")
    assert event.objects.count() >= 3
    assert not {"text", "author"} & {field.name for field in event._meta.fields}


def test_stars_follow_every_change(stays, program, standard):
    one, two = made.published(stays, rating=5), made.published(stays, rating=2, start=60)
    assert stars(program) == (Decimal("3.5"), 2)
    reviews.change(one, rating=4, text="A little less.", by=GUEST_LINK, at=stays.at)
    assert stars(program) == stars(standard) == (Decimal("2.0"), 1)
    assert GuestReview.objects.get(pk=one.pk).state == "waiting"
    reviews.publish(one, by=EDITOR, at=stays.at)
    assert stars(program) == (Decimal("3.0"), 2)
    reviews.decline(two, reason="It names another guest.", by=EDITOR, at=stays.at)
    assert stars(program) == (Decimal("4.0"), 1)
    reviews.withdraw(one, by=GUEST_LINK, at=stays.at)
    assert stars(program) == (None, 0)
    assert disagreeing() == []
    Standing.objects.filter(program=program).update(reviews=1, stars=5)
    assert disagreeing() == [{"program_id": program.pk, "counted": (0, 0), "kept": (1, 5)}]


def test_a_half_is_rounded_up():
    assert standing.rating(20, 89).average == Decimal("4.5")
    assert standing.rating(25, 111).average == Decimal("4.4")
    assert standing.rating(0, 0) == standing.Rating(None, 0)


def test_a_declined_guest_is_told_kindly(stays):
    review = made.written(stays)
    with pytest.raises(Invalid):
        reviews.decline(review, reason="  ", by=EDITOR, at=stays.at)
    reviews.decline(review, reason="It names another guest.", by=EDITOR, at=stays.at)
    letter = Message.objects.get(template="review_not_published")
    assert letter.recipient == review.booking.contact_email
    assert "/review" in whole(letter)["link"]
    with pytest.raises(Conflict):
        reviews.decline(review, reason="Again", by=EDITOR, at=stays.at)
    assert Message.objects.filter(template="review_not_published").count() == 1
    reviews.change(review, **GOOD, by=GUEST_LINK, at=stays.at)
    review.refresh_from_db()
    assert (review.state, review.decline_reason) == ("waiting", "")


def test_the_words_that_were_read_are_the_words_that_are_shown(stays, now):
    review = made.written(stays)
    seen = review.changed_at
    reviews.change(review, rating=1, text="Changed while you read.", by=GUEST_LINK, at=now.replace(year=now.year + 1))
    with pytest.raises(Conflict) as refused:
        reviews.publish(review, by=EDITOR, at=now, seen=seen)
    assert refused.value.code == "review_changed"
    assert GuestReview.objects.get().state == "waiting"


def test_the_house_answers(stays):
    review = made.published(stays)
    reviews.answer(review, reply=" Come back soon. ", by=EDITOR, at=stays.at)
    review.refresh_from_db()
    assert (review.reply, review.replied_at) == ("Come back soon.", stays.at)
    reviews.answer(review, reply="", by=EDITOR, at=stays.at)
    review.refresh_from_db()
    assert (review.reply, review.replied_at) == ("", None)
    with pytest.raises(Invalid):
        reviews.answer(review, reply="x" * 1001, by=EDITOR, at=stays.at)


def test_a_review_that_is_gone_is_gone(stays):
    review = made.written(stays)
    reviews.withdraw(review, by=GUEST_LINK, at=stays.at)
    for deed in (
        lambda: reviews.withdraw(review, by=GUEST_LINK, at=stays.at),
        lambda: reviews.publish(review, by=EDITOR, at=stays.at),
    ):
        with pytest.raises(Missing):
            deed()
    assert reviews.write(review.booking, **GOOD, by=GUEST_LINK, at=stays.at).state == "waiting"


@pytest.mark.parametrize(
    ("name", "shown"), [("Asha Rao", "Asha R."), ("Madonna", "Madonna"), ("", ""), ("  Jean  Luc   picard", "Jean P.")]
)
def test_first_name_and_initial(name, shown):
    assert reviews.signature(name) == shown
