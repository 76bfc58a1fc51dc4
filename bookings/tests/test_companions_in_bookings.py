"""Guests named by their companion: name, age and kind are known, and only one's own can be named."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.domain import companions
from bookings.models import Guest, StayBooking
from config.tests.api_cast import codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(guest, now, today):
    """Ravi, a grown-up, and Mira, who is seven on the day of arrival and six today."""
    born = (today + timedelta(30)).replace(year=(today + timedelta(30)).year - 7)
    ravi = companions.add(guest, at=now, today=today, name="Ravi Rao", relation="partner")
    mira = companions.add(guest, at=now, today=today, name="Mira Rao", relation="child", birth_date=born)
    return ravi, mira


def placed(api, user, wish, guests, **rooms):
    mine = api(user)
    quote = mine.post("bookings/estimate", wish(**rooms)).json()["quote"]
    contact = {"name": "Asha Rao", "email": "asha@example.com"}
    return mine.post("bookings", {"quote": quote, "guest": contact, "guests": guests})


def test_companions_bring_their_name_age_and_kind(api, guest, retreat, wish, family):
    ravi, mira = family
    guests = [{"name": "Asha Rao"}, {"companion": str(ravi.public_id)}, {"companion": str(mira.public_id)}]
    answer = placed(api, guest, wish, guests, adults=2, children_ages=[7])
    assert answer.status_code == 201
    named = Guest.objects.exclude(kind="caregiver").values_list("name", "kind", "age")
    assert list(named) == [("Asha Rao", "adult", None), ("Ravi Rao", "adult", None), ("Mira Rao", "child", 7)]


def test_an_age_that_was_not_priced_is_refused(api, guest, retreat, wish, family):
    answer = placed(api, guest, wish, [{"companion": str(family[1].public_id)}], adults=1, children_ages=[3])
    assert (answer.status_code, codes(answer)) == (400, ["age_changed"])
    assert not StayBooking.objects.exists()


def test_somebody_elses_companion_is_not_there(api, guest, other_guest, retreat, wish, family):
    """Z1: an id in a nested list is looked at too."""
    for user in (other_guest, None):
        answer = placed(api, user, wish, [{"companion": str(family[0].public_id)}], adults=2)
        assert (answer.status_code, codes(answer)) == (404, ["unknown_companion"])
    assert codes(placed(api, guest, wish, [{"room": 0}], adults=2)) == ["required"]
    assert not StayBooking.objects.exists()


def test_the_details_page_offers_grown_up_companions(client, guest, retreat, wish, family, today):
    asked = {
        "check_in": (today + timedelta(30)).isoformat(),
        "check_out": (today + timedelta(37)).isoformat(),
        "adults": "2",
        "program": "detox",
        "room": "standard",
    }
    page = reverse("bookings:book-details")
    assert '<datalist id="companions">' not in client.get(page, asked).content.decode()
    client.force_login(guest)
    shown = client.get(page, asked).content.decode()
    assert '<option value="Ravi Rao">' in shown and "Mira Rao" not in shown
