"""The search: totals at once, reasons and ways on, and a calm answer to nonsense."""

from datetime import timedelta

import pytest

from bookings.models import StayBooking
from bookings.tests.pages import address, field, links, wish, words
from programs.models import RateBand
from rooms.models import InventoryNight, RoomType

pytestmark = pytest.mark.django_db


@pytest.fixture
def find(client, retreat, today):
    def run(**more):
        return client.get(address("/search", wish(today, **more)))

    return run


def test_each_free_room_shows_the_total_of_the_stay_first(find):
    text = words(find(program="detox"))
    assert "₹5,81,000 7 nights, 2 adults, taxes included ₹50,000 now, the rest later" in text
    assert "₹25,90,000 7 nights, 2 adults, taxes included Paid in full when you book" in text


def test_the_program_may_be_chosen_before_or_after(find):
    assert any("room=standard" in link for link in links(find(program="detox"), "/book/extras"))
    assert any("room=standard" in link for link in links(find(), "/book/room"))


def test_rooms_left_are_said_only_when_few_and_true(find, retreat, today):
    InventoryNight.objects.filter(room_type__slug="standard").update(capacity=9)
    assert "rooms left" not in words(find())
    InventoryNight.objects.filter(room_type__slug="standard", night=today + timedelta(33)).update(capacity=2)
    assert "2 rooms left for these dates" in words(find())


def test_a_full_room_offers_its_nearest_free_dates_and_the_other_rooms(find, today):
    full = InventoryNight.objects.filter(room_type__slug="pema-suite", night=today + timedelta(33))
    full.update(sold=1)
    answer = find(program="detox", children="7")
    text = words(answer)
    assert "Full on these dates Nearest free dates:" in text and "₹6,86,000" in text
    other = [link for link in links(answer, "/search?") if "check_in=" in link and "program=detox" in link]
    first_free = (today + timedelta(26)).isoformat()
    assert any(f"check_in={first_free}" in link and "children=7" in link for link in other)


def test_a_stay_too_short_is_explained_with_the_dates_that_work(find, today):
    answer = find(nights=3, program="detox")
    assert "Detox lasts at least 5 nights." in words(answer)
    longer = (today + timedelta(35)).isoformat()
    assert any(f"check_out={longer}" in link and "program=detox" in link for link in links(answer, "/search?"))
    assert "Weekend Pause" in words(answer)
    assert "A stay lasts at least 3 nights." in words(find(nights=2))


def test_children_bring_a_caregiver_into_the_total(find):
    text = words(find(program="detox", children="3 and 7"))
    assert "2 adults, 2 children of 3 and 7, a caregiver" in text
    assert "₹7,70,000" in text  # 83,000 + 7,000 + caregiver in an own room 20,000, 7 nights: five do not fit


def test_too_many_for_one_room_leads_to_us(find):
    answer = find(adults=4)
    assert "More of you than one room can take" in words(answer) and "/contact" in links(answer, "/contact")


def test_the_wanted_room_comes_first(find):
    text = words(find(room="pema-suite"))
    assert text.index("Pema Suite") < text.index("Standard")


def test_prices_that_depend_on_the_program_say_from(find, retreat, program, standard):
    RateBand.objects.create(
        property=retreat, program=program, room_type=standard, label="Detox", single=60000, double=90000
    )
    assert "from ₹5,81,000" in words(find())
    assert "from ₹" not in words(find(nights=8))  # only detox lasts that long
    RateBand.objects.filter(program=program).update(single=40000, double=80000)
    assert "from ₹5,60,000" in words(find())
    assert "₹5,60,000" in words(find(program="detox")) and "from ₹5,60,000" not in words(find(program="detox"))


def test_without_dates_the_search_asks_for_them(client, retreat):
    answer = client.get("/search?program=detox&adults=1")
    assert answer.status_code == 200 and 'value="detox" selected' in answer.content.decode()
    assert field(answer, "adults") == "1" and "Please look at this again" not in words(answer)


BAD = {
    "reversed": ({"check_in": "2999-01-08", "check_out": "2999-01-01"}, "The departure must be after the arrival."),
    "past": ({"check_in": "2001-01-01", "check_out": "2001-01-08"}, "The arrival is in the past."),
    "beyond": ({"check_in": "2999-01-01", "check_out": "2999-01-08"}, "We take bookings up to 365 days ahead."),
    "hundred thousand nights": ({"check_out": "2600-01-01"}, "A stay lasts at most 90 nights."),
    "end of time": ({"check_in": "9999-12-30", "check_out": "9999-12-31"}, "We take bookings up to 365 days ahead."),
    "no departure": ({"check_out": ""}, "Choose the day you leave."),
    "no day": ({"check_in": "2027-02-30"}, "Write the day like 2027-05-03"),
    "not a day": ({"check_in": "NaN"}, "Write the day like 2027-05-03"),
    "NaN adults": ({"adults": "NaN"}, "Write the number of adults in digits"),
    "infinite adults": ({"adults": "1e999"}, "Write the number of adults in digits"),
    "no adult": ({"adults": "0"}, "At least one adult comes along."),
    "negative": ({"adults": "-3"}, "At least one adult comes along."),
    "a crowd": ({"adults": "9" * 5000}, "For more than 10 adults"),
    "ages in words": ({"children": "seven"}, "Write the ages with commas"),
    "grown children": ({"children": "19"}, "Who is 18 or older"),
    "many children": ({"children": "1,2,3,4,5,6,7"}, "For more than 6 children"),
    "negative child": ({"children": "-4"}, "Write the ages with commas"),
    "other digits": ({"children": "٧"}, "Write the ages with commas"),
    "unknown program": ({"program": "nope"}, "We have no such program."),
    "markup": ({"program": "<script>alert(1)</script>"}, "We have no such program."),
    "a megabyte": ({"children": "9" * 1_000_000}, "Write the ages with commas"),
    "a megabyte of program": ({"program": "x" * 1_000_000}, "We have no such program."),
}


@pytest.mark.parametrize("change, sentence", BAD.values(), ids=BAD.keys())
@pytest.mark.parametrize("path", ["/search", "/book"])
def test_nonsense_gets_words_and_keeps_the_rest(client, retreat, today, path, change, sentence):
    answer = client.get(path, wish(today, children="7") | change)
    text = words(answer)
    assert answer.status_code == 400 and sentence in text and "Please look at this again" in text
    assert "<script>alert" not in answer.content.decode() and len(answer.content) < 40_000
    kept = wish(today, children="7")
    assert all(field(answer, name) == kept[name] for name in ("check_in", "check_out", "adults") if name not in change)


@pytest.mark.parametrize(
    "path", ["/search", "/book", "/book/room", "/book/extras", "/book/details", "/book/check", "/"]
)
def test_nonsense_at_any_step_is_no_fault_of_ours_and_writes_nothing(client, retreat, today, path):
    for change, _sentence in BAD.values():
        small = {name: value[:3000] for name, value in change.items()}
        answer = client.get(path, wish(today, program="detox", room="standard", draft="x") | small, follow=True)
        assert answer.status_code in (200, 400)
    for change in (
        {"room": "nope"},
        {"room": "x" * 3000},
        {"caregiver": "nurse"},
        {"draft": "x" * 3000},
        {"extra": ":"},
    ):
        answer = client.get(path, wish(today, program="detox", room="standard") | change, follow=True)
        assert answer.status_code in (200, 400)
    assert client.get(f"{path}?check_in=%00").status_code == 400
    assert not StayBooking.objects.exists() and "sessionid" not in client.cookies


def test_an_unknown_room_is_named(client, retreat, today):
    answer = client.get(address("/search", wish(today, room="cellar")))
    assert answer.status_code == 400 and "We have no such room. Ours are: Pema Suite, Standard." in words(answer)


def test_the_search_only_reads(client, retreat):
    for path in ("/", "/search", "/search/calendar", "/book", "/book/room", "/book/extras"):
        assert client.post(path).status_code == 405


def test_the_search_takes_few_questions_to_the_database(find, django_assert_max_num_queries):
    find(program="detox")
    with django_assert_max_num_queries(20):
        find(program="detox")


def test_the_calendar_says_why(client, retreat, today):
    day = today + timedelta(days=40)
    rows = InventoryNight.objects.filter(night=day)

    def ask(**more):
        answer = client.get("/search/calendar", {"month": f"{day:%Y-%m}"} | more)
        return next(one for one in answer.json()["days"] if one["date"] == day.isoformat())

    assert ask() == {"date": day.isoformat(), "available": True, "arrival": True, "reason": "", "min_stay": 3}
    rows.update(closed_to_arrival=True)
    assert ask()["available"] and not ask()["arrival"] and "No arrival" in ask()["reason"]
    rows.update(closed_to_arrival=False, min_stay=6)
    assert ask()["min_stay"] == 6
    rows.filter(room_type__slug="standard").update(sold=3)
    assert ask()["available"] and not ask(room_type="standard")["available"]
    rows.update(sold=0, closed=True)
    assert not ask()["available"] and ask()["reason"] == "We are closed on this night."


@pytest.mark.parametrize("month", ["", "NaN", "2027-13", "2027-1", "0000-01", "9999-12", "x" * 5000])
def test_the_calendar_refuses_what_is_no_month(client, retreat, month):
    assert client.get("/search/calendar", {"month": month}).status_code == 400


def test_the_calendar_of_a_room_that_is_not_ours_is_not_found(client, retreat):
    assert client.get("/search/calendar", {"month": "2027-05", "room_type": "cellar"}).status_code == 404


def test_an_unpublished_room_is_nowhere(find, client):
    RoomType.objects.filter(slug="pema-suite").update(published=False)
    assert "Pema Suite" not in words(find())
    assert client.get("/rooms/pema-suite").status_code == 404
