"""The booking in five steps: one total everywhere, one booking however often the button is pressed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bookings.domain import lifecycle
from bookings.models import Guest, StayBooking
from bookings.states import State
from bookings.tests.pages import address, elements, field, links, wish, words
from core.actors import SYSTEM
from programs.models import RateBand
from rooms.models import InventoryNight

pytestmark = pytest.mark.django_db
DETAILS = {"name": "Asha Rao", "email": "asha@example.com", "phone": "+91 98765 43210", "requests": "A quiet corner"}


@pytest.fixture
def query(retreat, today):
    return wish(today, program="detox", room="standard")


class Walk:
    """A guest who walks through the steps with a browser of her own."""

    def __init__(self, client, query, **details):
        self.client, self.query = client, query
        answer = client.post(address("/book/details", query), DETAILS | details)
        assert answer.status_code == 303, words(answer)
        self.check_url = answer["Location"]

    def check(self):
        return self.client.get(self.check_url)

    def press(self, token="", **more):
        return self.client.post(self.check_url, {"quote": token or field(self.check(), "quote"), "terms": "on"} | more)


@pytest.fixture
def walk(client, query):
    return Walk(client, query)


def unchanged(before=0):
    assert StayBooking.objects.count() == before
    assert sum(InventoryNight.objects.values_list("sold", flat=True)) == 0 or before


def test_the_steps_lead_from_dates_to_the_held_room(client, walk):
    answer = walk.press()
    made = StayBooking.objects.get()
    assert answer.status_code == 303 and answer["Location"] == f"/stays/{made.reference}/pay"
    assert (made.state, made.contact_email, made.source) == (State.HELD, "asha@example.com", "web")
    assert made.special_requests == "A quiet corner"
    assert client.get(f"/stays/{made.reference}").status_code == 200  # the session may open it


def test_the_total_is_the_same_figure_on_every_page(client, query, today):
    query |= {"children": "7"}
    total = "₹6,86,000"
    search = client.get(address("/search", query | {"room": ""}))
    assert total in words(search)
    extras = next(link for link in links(search, "/book/extras") if "room=standard" in link)
    with_extra = next(
        link for link in links(client.get(extras), "/book/extras") if "extra=airport-transfer%3A1" in link
    )
    assert f"Total, taxes included {total}" in words(client.get(extras))
    onward = links(client.get(with_extra), "/book/details")[-1]
    answer = client.post(onward, DETAILS)
    check = client.get(answer["Location"])
    figure = "₹6,89,500"
    again = client.get(address("/search", query | {"extra": "airport-transfer:1"}))
    assert figure in words(again)
    for page in (client.get(with_extra), client.get(onward), check):
        assert f"Total, taxes included {figure}" in words(page)
    placed = client.post(answer["Location"], {"quote": field(check, "quote"), "terms": "on"})
    assert str(StayBooking.objects.get().total) == "689500.00"
    assert figure in words(client.get(placed["Location"]))


def test_at_most_twelve_fields_before_the_deposit(client, walk, query):
    asked = [*elements(client.get("/")), *elements(client.get(address("/book/details", query)))]
    asked += elements(walk.check())
    assert len(asked) <= 12, asked
    assert (
        elements(client.get(address("/book/room", query))) == elements(client.get(address("/book/extras", query))) == []
    )


def test_beside_the_button_stand_schedule_refunds_and_the_doctors_no(walk, today):
    text = words(walk.check())
    day = (today + timedelta(22)).strftime("%a ") + str((today + timedelta(22)).day)
    assert "Deposit ₹50,000 now Up to half of your stay ₹2,40,500" in text and "Rest of your stay ₹2,90,500" in text
    assert f"Until {day}" in text and "100 % back ₹50,000" in text and "50 % back ₹25,000" in text
    assert "If our doctor says no" in text and "Hold the room and pay ₹50,000" in text
    assert "GST of ₹88,627.12 is included" in text


def test_a_double_click_books_once(walk):
    token = field(walk.check(), "quote")
    first, second = walk.press(token), walk.press(token)
    assert first["Location"] == second["Location"] and StayBooking.objects.count() == 1


def test_back_and_refresh_book_once_and_say_so(walk):
    first = walk.press()
    again = walk.check()
    assert "You have booked exactly this already" in words(again)
    assert walk.press()["Location"] == first["Location"] and StayBooking.objects.count() == 1


def test_two_tabs_with_two_wishes_keep_apart(client, query):
    one = Walk(client, query)
    two = Walk(client, query | {"room": "pema-suite"}, name="Ravi Rao", email="ravi@example.com")
    one.press(), two.press()
    found = {stay.contact_name: stay.rooms.get().room_type.slug for stay in StayBooking.objects.all()}
    assert found == {"Asha Rao": "standard", "Ravi Rao": "pema-suite"}


def test_after_a_lapsed_hold_the_same_wish_books_anew(walk, now):
    first = walk.press()["Location"]
    StayBooking.objects.update(hold_expires_at=timezone.now() - timedelta(seconds=1))
    second = walk.press()["Location"]  # not swept up yet
    assert second != first
    lifecycle.expire(StayBooking.objects.get(reference=first.split("/")[2]), by=SYSTEM, at=timezone.now())
    assert walk.press()["Location"] == second and StayBooking.objects.count() == 2


def test_a_dearer_price_is_shown_before_it_is_taken(walk):
    """B12: price shown, then band changed."""
    token = field(walk.check(), "quote")
    RateBand.objects.filter(room_type__slug="standard").update(double=85000)
    answer = walk.press(token)
    text = words(answer)
    assert answer.status_code == 409 and "₹14,000 more than a moment ago" in text and "₹5,95,000" in text
    assert "checked" in answer.content.decode() and "asha@example.com" in text
    unchanged()
    assert walk.press(field(answer, "quote")).status_code == 303
    assert str(StayBooking.objects.get().total) == "595000.00"


def test_a_price_that_has_run_out_is_shown_again(walk, query, retreat, monkeypatch):
    token = field(walk.check(), "quote")
    later = timezone.now() + timedelta(minutes=16)
    monkeypatch.setattr("bookings.web.asking.timezone.now", lambda: later)
    answer = walk.press(token)
    assert answer.status_code == 409 and "It is still ₹5,81,000" in words(answer)
    unchanged()


@pytest.mark.parametrize("token", ["", "x", "NaN", "x" * 9000, "a:b:c", "\x00"])
def test_a_token_that_is_not_ours_never_books(walk, token):
    answer = walk.client.post(walk.check_url, {"quote": token, "terms": "on"})
    assert answer.status_code == 409
    unchanged()


def test_the_token_of_another_wish_never_books(client, query, walk):
    cheap = Walk(client, query | {"adults": "1"}).check()
    answer = walk.press(field(cheap, "quote"))
    assert answer.status_code == 409 and "₹5,81,000" in words(answer)
    unchanged()


def test_terms_must_be_agreed_to(walk):
    answer = walk.client.post(walk.check_url, {"quote": field(walk.check(), "quote")})
    assert answer.status_code == 400 and "Please tick that you agree" in words(answer)
    assert "<title>Error:" in answer.content.decode()
    unchanged()


def test_a_room_taken_meanwhile_leads_to_other_days_and_rooms(walk, query, today):
    token = field(walk.check(), "quote")
    InventoryNight.objects.filter(room_type__slug="standard", night=today + timedelta(33)).update(closed=True)
    answer = walk.press(token)
    text = words(answer)
    assert answer.status_code == 409 and "Standard has just been taken" in text and "Same days, other rooms" in text
    other_days = links(answer, "/book/extras")
    assert any(f"check_in={(today + timedelta(26)).isoformat()}" in link for link in other_days)
    assert any("room=pema-suite" in link for link in other_days)
    unchanged()
    assert "is full on these days" in words(walk.check())


def test_a_fourth_hold_is_refused_with_what_to_do(client, query, today):
    """B19: at most three live holds."""
    InventoryNight.objects.update(capacity=9)
    for start in (30, 40, 50):
        assert Walk(client, query | wish(today, start=start)).press().status_code == 303
    answer = Walk(client, query | wish(today, start=60)).press()
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    assert "Pay for a stay that you hold" in words(answer) and "/stays" in links(answer, "/stays")
    assert StayBooking.objects.count() == 3


def test_a_shared_network_that_holds_enough_gets_kind_words(client, query, retreat):
    """B19: by address; another guest behind the same router, another telephone."""
    retreat.max_address_rooms = 1
    retreat.save()
    assert Walk(client, query).press().status_code == 303
    other = Walk(Client(), query, email="usha@example.com", phone="98765 43211")
    answer = other.press()
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    assert "One room is held from your network just now" in words(answer) and "Call us" in words(answer)
    assert StayBooking.objects.count() == 1


BAD = {
    "empty": ({"name": ""}, "Write your name"),
    "no mail": ({"email": "asha"}, "This does not look like an e-mail address"),
    "short phone": ({"phone": "12 34 5"}, "This number is too short"),
    "phone in words": ({"phone": "call me"}, "Write digits only"),
    "NUL": ({"name": "A\x00sha"}, "Null characters are not allowed"),
    "a long name": ({"name": "x" * 300_000}, "at most 120 characters"),
    "a long wish": ({"requests": "x" * 300_000}, "at most 1000 characters"),
}


@pytest.mark.parametrize("change, sentence", BAD.values(), ids=BAD.keys())
def test_details_say_how_to_mend_and_keep_the_rest(client, query, change, sentence):
    answer = client.post(address("/book/details", query), DETAILS | change)
    text = words(answer)
    assert answer.status_code == 400 and sentence in text and "Please look at this again" in text
    assert all(field(answer, name) == DETAILS[name] for name in ("name", "email", "phone") if name not in change)
    assert "drafts" not in client.session


def test_more_than_a_megabyte_is_refused(client, query):
    answer = client.post(address("/book/details", query), DETAILS | {"requests": "x" * 1_200_000})
    assert answer.status_code == 400
    unchanged()


def test_a_signed_in_guest_is_not_asked_again(client, query, guest):
    guest.phone = "+91 90000 00000"
    guest.save()
    client.force_login(guest)
    answer = client.get(address("/book/details", query))
    known = (field(answer, "name"), field(answer, "email"), field(answer, "phone"))
    assert known == ("Asha Rao", guest.email, "+91 90000 00000")
    Walk(client, query).press()
    assert StayBooking.objects.get().user == guest


def test_what_was_written_once_is_kept_for_the_next_booking(client, query, walk):
    answer = client.get(address("/book/details", query | {"room": "pema-suite"}))
    assert field(answer, "email") == "asha@example.com"


def test_the_companion_is_named_once(client, query):
    Walk(client, query, companion="Ravi Rao").press()
    assert list(Guest.objects.order_by("position").values_list("name", flat=True)) == ["Asha Rao", "Ravi Rao"]
    assert "companion" not in elements(client.get(address("/book/details", query | {"adults": "1"})))


def test_children_choose_their_caregiver_with_prices(client, query):
    page = client.get(address("/book/extras", query | {"children": "7"}))
    text = words(page)
    assert "Shares your room ₹8,000 a night" in text and "Has a room of their own ₹20,000 a night ₹7,70,000" in text
    own = next(link for link in links(page, "/book/extras") if "caregiver=own_room" in link)
    assert "Total, taxes included ₹7,70,000" in words(client.get(own))
    full = client.get(address("/book/extras", query | {"children": "3,7"}))
    assert "This room would be too full." in words(full)


def test_the_program_chosen_last_leads_on_with_the_total(client, query):
    page = client.get(address("/book/room", query | {"program": ""}))
    assert "Your program, in Standard" in words(page) and "₹5,81,000" in words(page)
    assert any("program=detox" in link and "room=standard" in link for link in links(page, "/book/extras"))


def test_program_and_dates_that_do_not_fit_are_explained(client, query, today):
    answer = client.get(address("/book/extras", query | wish(today, nights=3)))
    assert answer.status_code == 400 and "Detox lasts at least 5 nights." in words(answer)
    assert any(f"check_out={(today + timedelta(35)).isoformat()}" in link for link in links(answer, "/book/room"))


def test_a_step_without_the_ones_before_leads_back(client, retreat, query):
    assert client.get("/book/extras")["Location"] == "/book?"
    assert "Standard, chosen. Choose a program to go on." in words(
        client.get(address("/book/extras", query | {"program": ""}))
    )
    assert client.get(address("/book/details", query | {"room": ""}))["Location"].startswith("/book/room?")
    assert client.get(address("/book/check", query | {"draft": "gone"}))["Location"].startswith("/book/details?")
    assert client.post(address("/book/check", query | {"draft": "gone"}))["Location"].startswith("/book/details?")
    unchanged()


def test_nobody_elses_details_can_be_opened(client, walk, query, db):
    from django.test import Client

    stranger = Client()
    assert stranger.get(walk.check_url)["Location"].startswith("/book/details?")


def test_personal_steps_are_not_kept_by_the_browser(walk):
    assert "no-store" in walk.check()["Cache-Control"]


def test_a_forged_form_is_refused(query, walk):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.cookies = walk.client.cookies
    assert strict.post(walk.check_url, {"terms": "on"}).status_code == 403
    unchanged()


def test_the_last_look_begins_with_its_heading(walk):
    """On a phone the price comes before the rest of the step, and after the heading."""
    main = walk.check().content.decode().partition("<main")[2]
    assert main.index("One last look</h1>") < main.index('class="split split--price-first"')
