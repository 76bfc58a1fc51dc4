"""The shop window: programs, rooms, and the quiet pages."""

from datetime import timedelta

import pytest

from bookings.tests.pages import links, words
from programs import queries
from programs.models import Program, RateBand
from rooms.models import InventoryNight

pytestmark = pytest.mark.django_db


@pytest.fixture
def detox(retreat):
    Program.objects.filter(slug="detox").update(
        tagline="Put things down.",
        sections=[{"title": "What happens here", "body": "Less of everything."}],
        day=[{"time": "06:00", "what": "Warm lemon water"}],
        included=["Every meal"],
        contraindications=["You are pregnant"],
    )
    return Program.objects.get(slug="detox")


@pytest.mark.parametrize("path", ["/", "/programs", "/rooms", "/faq", "/terms", "/contact", "/privacy"])
def test_the_shop_window_opens(client, retreat, path):
    answer = client.get(path)
    assert answer.status_code == 200 and answer.content.decode().count("<h1") == 1


def test_the_home_page_leads_on(client, retreat):
    answer = client.get("/")
    assert 'action="/search"' in answer.content.decode()
    assert "/programs/detox" in links(answer, "/programs/") and "/rooms/standard" in links(answer, "/rooms/")
    assert "from ₹47,000 a night" in words(answer) and "And if our doctor says no?" in words(answer)


def test_a_program_tells_its_day_and_for_whom_it_is_not(client, detox):
    text = words(client.get("/programs/detox"))
    for part in (
        "Put things down.",
        "Less of everything.",
        "06:00 Warm lemon water",
        "You are pregnant",
        "5 to 21 nights",
    ):
        assert part in text
    assert "/search?program=detox" in links(client.get("/programs/detox"), "/search?program")


def test_a_room_tells_its_prices(client, retreat):
    text = words(client.get("/rooms/standard"))
    assert "₹47,000 ₹83,000" in text and "Caregiver who shares your room: ₹8,000 a night" in text
    assert "5 to 12 years: ₹7,000 a night" in text and "0 to 4 years: free" in text
    assert "/search?room=standard" in links(client.get("/rooms/standard"), "/search?room")


def test_programs_can_be_seen_by_kind(client, retreat):
    text = words(client.get("/programs?type=lite"))
    assert "Weekend Pause" in text and "Detox" not in text
    assert "Detox" in words(client.get("/programs?type=nonsense"))


@pytest.mark.parametrize("path", ["/programs/nope", "/rooms/nope", "/programs/%F0", "/rooms/" + "x" * 5000])
def test_what_we_do_not_have_is_not_found(client, retreat, path):
    assert client.get(path).status_code == 404


def test_an_unpublished_program_is_nowhere(client, detox):
    Program.objects.filter(slug="detox").update(published=False)
    assert client.get("/programs/detox").status_code == 404
    assert "Detox" not in words(client.get("/programs"))


def test_an_empty_house_has_a_calm_window(client, db):
    assert client.get("/programs").status_code == client.get("/rooms").status_code == 200
    assert client.get("/").status_code == 404


def test_the_lowest_price_is_one_that_can_be_booked(retreat, detox, standard, today):
    RateBand.objects.create(
        property=retreat, room_type=standard, label="Long", nights_min=25, single=20000, double=30000
    )
    RateBand.objects.create(
        property=retreat, room_type=standard, label="Past", season_to=today - timedelta(1), single=10000, double=20000
    )
    assert queries.lowest_prices(retreat, today=today).programs[detox.pk] == 47000  # detox ends at 21 nights
    RateBand.objects.create(
        property=retreat, room_type=standard, program=detox, label="Detox", single=60000, double=90000
    )
    assert queries.lowest_prices(retreat, today=today).programs[detox.pk] == 60000


def test_months_without_a_free_stay_say_so(client, retreat, standard, today):
    InventoryNight.objects.filter(room_type=standard).update(sold=3)
    months = queries.months_ahead(retreat, length=3, today=today, room_type=standard)
    assert len(months) == 6 and {month.plenty for month in months} == {"none"}
    assert "Full" in words(client.get("/rooms/standard"))
    open_months = queries.months_ahead(retreat, length=3, today=today)
    assert all(month.stay and month.plenty == "many" for month in open_months[1:])


def test_terms_show_the_ladder_in_force(client, retreat):
    text = words(client.get("/terms"))
    assert "8 days or more before: everything you paid comes back." in text
    assert "At least 3 days before: 50 % of what you paid comes back." in text
    assert "Later than that : nothing comes back." in text or "Later than that: nothing comes back." in text
