"""What can be had: the search that pages and API share, and its two public calls."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from bookings.domain import availability
from bookings.domain.availability import Wish
from config.tests.api_cast import codes
from core.errors import Invalid, Missing
from core.nights import Nights
from programs.models import RateBand
from rooms.models import InventoryNight, RoomType

ITEM = {"slug", "name", "category", "total", "available", "reason", "price_from", "currency"}


@pytest.fixture
def nights(today):
    def make(start=30, length=7):
        return Nights(today + timedelta(start), today + timedelta(start + length))

    return make


@pytest.fixture
def ask(api, today):
    def call(start=30, length=7, **query):
        given = {"check_in_date": today + timedelta(start), "check_out_date": today + timedelta(start + length)}
        return api().get("room-availability", {**given, **query})

    return call


def found(retreat, nights, now, wish=None, slug="standard"):
    return next(one for one in availability.search(retreat, nights, wish or Wish(), at=now) if one.slug == slug)


def test_each_type_with_its_stock_and_price(retreat, nights, now):
    offer = found(retreat, nights(), now)
    assert (offer.total, offer.available, offer.reason, offer.free) == (3, 3, "", True)
    assert offer.price_from == Decimal("83000.00")
    assert offer.stay_total == 7 * Decimal("83000.00")
    assert found(retreat, nights(), now, Wish(adults=1)).price_from == Decimal("47000.00")


def test_the_price_of_the_search_is_the_price_of_the_quote(retreat, nights, now, stays):
    """One function for the price: search, estimate and booking say the same figure."""
    from bookings.domain import quotes
    from bookings.domain.request import StayRequest

    offer = found(retreat, nights(), now, Wish(2, (7,), program="detox"))
    quote = quotes.offer(retreat, StayRequest("detox", nights(), (offer.room,)), at=now).quote
    assert offer.stay_total == quote.total


def test_sold_nights_are_gone_and_the_departure_day_is_free(retreat, nights, now, stays):
    """B4: `[)`"""
    for _ in range(3):
        stays.held(start=30, nights=7)
    assert (found(retreat, nights(), now).available, found(retreat, nights(), now).reason) == (0, "sold_out")
    assert found(retreat, nights(36, 5), now).reason == "sold_out"
    assert found(retreat, nights(37, 5), now).available == 3
    assert found(retreat, nights(25, 5), now).available == 3


def test_why_a_type_cannot_be_had(retreat, nights, now, standard):
    night = InventoryNight.objects.filter(room_type=standard, night=nights().check_in)
    for change, reason in (
        ({"closed": True}, "closed"),
        ({"closed_to_arrival": True}, "closed_to_arrival"),
        ({"min_stay": 8}, "min_stay"),
        ({"max_stay": 6}, "max_stay"),
        ({"pms_limit": 0}, "sold_out"),
    ):
        night.update(**change)
        assert found(retreat, nights(), now).reason == reason
        night.update(closed=False, closed_to_arrival=False, min_stay=None, max_stay=None, pms_limit=None)
    assert found(retreat, nights(length=2), now).reason == "min_stay"
    assert found(retreat, nights(length=22), now).reason == "max_stay"
    assert found(retreat, nights(), now, Wish(adults=3)).reason == "occupancy"
    assert found(retreat, nights(), now, Wish(program="weekend-pause", adults=1), "standard").reason == ""
    assert found(retreat, nights(length=8), now, Wish(program="weekend-pause")).reason == "max_stay"
    RateBand.objects.filter(room_type=standard).update(active=False)
    assert found(retreat, nights(), now).reason == "no_price"


def test_a_caregiver_next_door_needs_a_second_room(retreat, nights, now):
    family = Wish(2, (3, 7))
    assert found(retreat, nights(), now, family).room.caregiver == "own_room"
    assert found(retreat, nights(), now, family, "pema-suite").reason == "too_few"
    assert found(retreat, nights(), now, Wish(1, (3, 7)), "pema-suite").room.caregiver == "sharing"
    assert found(retreat, nights(), now, Wish(rooms=4)).reason == "too_few"


@pytest.mark.parametrize(
    ("start", "length", "code"), [(-1, 7, "past_date"), (366, 7, "beyond_horizon"), (30, 91, "too_long")]
)
def test_dates_that_make_no_sense(retreat, nights, now, start, length, code):
    """D1: at most 90 nights a question."""
    with pytest.raises(Invalid) as refusal:
        availability.search(retreat, nights(start, length), Wish(), at=now)
    assert refusal.value.code == code


def test_the_boundaries_themselves_are_fine(retreat, nights, now):
    """B14: today, the last day of the horizon, 90 nights."""
    for start, length in ((0, 7), (365, 7), (30, 90)):
        assert len(availability.search(retreat, nights(start, length), Wish(), at=now)) == 2


def test_the_nearest_free_dates_and_the_other_types(retreat, nights, now, stays):
    for _ in range(3):
        stays.held(start=30, nights=7)
    near = availability.alternatives(retreat, nights(), Wish(), "standard", at=now)
    dates = [one for one in near if one.kind == "dates"]
    assert {(one.nights.check_in - nights().check_in).days for one in dates} == {-7, 7, 8} or {
        (one.nights.check_in - nights().check_in).days for one in dates
    } == {-8, -7, 7}
    assert [one.room_type for one in near if one.kind == "room_type"] == ["pema-suite"]
    assert availability.alternatives(retreat, nights(), Wish(), "no-such-type", at=now)[0].kind == "room_type"


def test_nothing_is_offered_before_today_or_beyond_the_horizon(retreat, nights, now, today, standard):
    InventoryNight.objects.filter(room_type=standard).update(closed=True)
    InventoryNight.objects.filter(room_type=standard, night__gte=today + timedelta(366)).update(closed=False)
    assert availability.nearest_dates(retreat, nights(360), Wish(), "standard", at=now) == []


def test_the_calendar_of_a_month(retreat, now, today, stays):
    for _ in range(3):
        stays.held(start=2, nights=5)
    days = availability.calendar(retreat, "standard", today, today + timedelta(30), at=now)
    assert len(days) == 31
    assert [day.closed for day in days[:8]] == ["", "", *["sold_out"] * 5, ""]
    assert (days[0].available, days[0].price_from, days[0].min_stay) == (3, Decimal("83000.00"), 3)
    with pytest.raises(Missing):
        availability.calendar(retreat, "tent", today, today, at=now)


def test_the_call(ask, retreat, stays):
    stays.held(start=30)
    answer = ask()
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    given = answer.json()
    assert (given["count"], given["nights"]) == (2, 7)
    assert all(set(item) == ITEM for item in given["results"])
    standard = next(item for item in given["results"] if item["slug"] == "standard")
    assert (standard["total"], standard["available"], standard["reason"]) == (3, 2, None)
    assert standard["price_from"] == "83000.00"


def test_the_stock_is_one_query(ask, retreat, monkeypatch, django_assert_num_queries):
    """One SQL query for the stock; the rate card and the property are at most a few seconds old."""
    from bookings.domain import ratecard

    card = ratecard.load(retreat)
    monkeypatch.setattr(ratecard, "recent", lambda property: card)
    monkeypatch.setattr(availability, "home", lambda: retreat)
    with django_assert_num_queries(1):
        assert ask().status_code == 200


def test_date_times_and_people(ask, retreat, today):
    answer = ask(
        check_in_date=f"{today + timedelta(30)}T14:00:00",
        check_out_date=f"{today + timedelta(37)}T11:00:00Z",
        adults=1,
        children=1,
        program="detox",
    )
    assert answer.status_code == 200
    standard = next(item for item in answer.json()["results"] if item["slug"] == "standard")
    assert standard["price_from"] == "55000.00", "single, youngest child free, caregiver sharing"
    exact = ask(adults=1, children_ages="7").json()["results"]
    assert next(item for item in exact if item["slug"] == "standard")["price_from"] == "62000.00"


BAD = [
    ({"check_in_date": ""}, "bad_date"),
    ({"check_in_date": "tomorrow"}, "bad_date"),
    ({"check_in_date": "2027-02-30"}, "bad_date"),
    ({"check_in_date": "20270201"}, "bad_date"),
    ({"check_in_date": "2027-02-01T99:00:00"}, "bad_date"),
    ({"check_in_date": "0000-00-00"}, "bad_date"),
    ({"check_in_date": "2027-02-01' OR 1=1--"}, "bad_date"),
    ({"check_in_date": "9" * 100_000}, "bad_date"),
    ({"check_out_date": "9999-12-31"}, "too_long"),
    ({"check_in_date": "9999-12-01", "check_out_date": "9999-12-31"}, "beyond_horizon"),
    ({"check_in_date": "0001-01-01"}, "past_date"),
    ({"adults": "0"}, "bad_number"),
    ({"adults": "-1"}, "bad_number"),
    ({"adults": "two"}, "bad_number"),
    ({"adults": "NaN"}, "bad_number"),
    ({"adults": "٢"}, "bad_number"),
    ({"adults": "9" * 5000}, "bad_number"),
    ({"children": "1.5"}, "bad_number"),
    ({"children_ages": "7,x"}, "bad_number"),
    ({"children_ages": "18"}, "bad_number"),
    ({"program": "no-such-program"}, "unknown_program"),
]


@pytest.mark.parametrize(("change", "code"), BAD)
def test_bad_questions_get_a_clear_400(ask, retreat, change, code):
    """I12, D1"""
    answer = ask(**change)
    assert (answer.status_code, codes(answer)) == (400, [code])


def test_reversed_and_equal_dates(ask, retreat):
    """B5"""
    for length in (0, -1):
        answer = ask(length=length)
        assert (answer.status_code, codes(answer)) == (400, ["dates_reversed"])


def test_other_methods(api, retreat):
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(api(), method)("room-availability")
        assert (answer.status_code, codes(answer)) == (405, ["method_not_allowed"])


def test_the_calendar_call(api, retreat, today):
    answer = api().get("availability-calendar", {"room_type": "standard", "month": f"{today + timedelta(40):%Y-%m}"})
    assert answer.status_code == 200
    assert len(answer.json()["days"]) >= 28
    assert set(answer.json()["days"][0]) == {"date", "available", "price_from", "closed", "min_stay"}
    for month in ("", "2027-13", "0000-00", "soon", "2027-1"):
        assert codes(api().get("availability-calendar", {"room_type": "standard", "month": month})) == ["bad_month"]
    answer = api().get("availability-calendar", {"room_type": "tent", "month": "2027-01"})
    assert (answer.status_code, codes(answer)) == (404, ["unknown_room_type"])


def test_a_cut_off_address_is_counted(api, retreat, settings, ask, monkeypatch):
    """D4: the limit is per address, and forwarded headers of strangers do not count."""
    from core.api.throttles import PoliteThrottle

    counted = {}

    def count(caller, window):
        counted[caller] = counted.get(caller, 0) + 1
        return counted[caller]

    monkeypatch.setattr(PoliteThrottle, "_count", staticmethod(count))
    settings.RATE_LIMIT_ANON = "2/min"
    for _ in range(2):
        assert ask().status_code == 200
    answer = api().get("room-availability", **{"X-Forwarded-For": "10.1.1.1"})
    assert (answer.status_code, codes(answer)) == (429, ["throttled"])
    assert 0 < int(answer["Retry-After"]) <= 60
    assert api().get("programs").status_code == 429
    assert timezone.now()


def test_only_published_types_are_shown(ask, retreat):
    RoomType.objects.filter(slug="pema-suite").update(published=False)
    assert [item["slug"] for item in ask().json()["results"]] == ["standard"]
