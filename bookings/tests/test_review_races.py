"""Many hands at one review and one counter; each with a twin whose guard is off and which must go wrong."""

from __future__ import annotations

import threading

import pytest
from django.db import transaction

from bookings.domain import reviews
from bookings.models import GuestReview
from bookings.queries.reviews import disagreeing
from bookings.tests import reviews as made
from bookings.tests.reviews import EDITOR
from config.tests.test_races import at_once
from core.actors import GUEST_LINK
from programs.models import Standing
from programs.queries import rating_of

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_twenty_presses_write_one_review(stays):
    """B-double submit: one row, nineteen kind answers."""
    stay = made.over(stays)
    deed = lambda: reviews.write(stay, rating=5, text="Lovely.", by=GUEST_LINK, at=stays.at)  # noqa: E731
    assert at_once([deed] * 20) == {"done": 1, "already_reviewed": 19}
    assert GuestReview.objects.count() == 1


def crowd(stays):
    """Reviews of one program and one room type, half of them published."""
    found = [made.written(stays, rating=1 + number % 5, start=20 + 10 * number) for number in range(6)]
    for review in found[:3]:
        reviews.publish(review, by=EDITOR, at=stays.at)
    return found


def test_stars_add_up_while_many_publish_and_withdraw(stays, program):
    """V-check: the counters are what the published rows add up to, whoever was faster."""
    found = crowd(stays)
    deeds = []
    for review in found:
        deeds += [
            lambda review=review: reviews.publish(review, by=EDITOR, at=stays.at),
            lambda review=review: reviews.decline(review, reason="No.", by=EDITOR, at=stays.at),
            lambda review=review: reviews.change(review, rating=2, text="New.", by=GUEST_LINK, at=stays.at),
            lambda review=review: reviews.publish(review, by=EDITOR, at=stays.at),
        ]
    outcomes = at_once(deeds)
    assert set(outcomes) <= {"done", "wrong_state"}, outcomes
    assert disagreeing() == []
    shown = GuestReview.objects.filter(state="published")
    program.refresh_from_db()
    assert rating_of(program).count == shown.count()


def careless(review) -> None:
    """What many systems do: read the sum, add, write it back."""
    with transaction.atomic():
        row = Standing.objects.get(program=review.program)
        threading.Event().wait(0.02)
        GuestReview.objects.filter(pk=review.pk).update(state="published", published_at=review.written_at)
        Standing.objects.filter(pk=row.pk).update(reviews=row.reviews + 1, stars=row.stars + review.rating)


def test_the_twin_that_reads_and_writes_back_loses_stars(stays, program):
    """Negative control: the same crowd without the counters' own addition."""
    found = [made.written(stays, start=20 + 10 * number) for number in range(6)]
    Standing.objects.get_or_create(program=program)
    at_once([lambda review=review: careless(review) for review in found])
    assert Standing.objects.get(program=program).reviews < 6, "the test would be blind"
