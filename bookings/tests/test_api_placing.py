"""The stay calls of the mobile app before there is a stay: estimate, book, find its owner."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from bookings.models import StayBooking
from config.tests.api_cast import codes
from notifications.domain.sealing import whole
from notifications.models import Message
from programs.models import RateBand

pytestmark = pytest.mark.django_db(transaction=True)

CONTACT = {"name": "Asha Rao", "email": "asha@example.com", "phone": "+919876543210"}
ESTIMATE = {
    "quote", "expires_at", "currency", "nights", "lines", "subtotal", "discount", "tax", "total", "schedule",
    "cancellation", "warnings", "alternatives",
}  # fmt: skip
BOOKING = {
    "reference", "status", "clearance", "hold_expires_at", "program", "check_in_date", "check_out_date", "nights",
    "rooms", "guests", "lines", "currency", "total", "paid", "balance", "schedule", "next_step", "created_at",
}  # fmt: skip


@pytest.fixture
def booked(api, retreat, wish):
    """Book over the API; gives the answer."""

    def book(caller=None, headers=None, **changes):
        caller = caller or api()
        quote = caller.post("bookings/estimate", wish(**changes)).json()["quote"]
        return caller.post("bookings", {"quote": quote, "guest": CONTACT}, **(headers or {}))

    return book


def test_an_estimate_has_every_line_and_adds_up(api, retreat, wish):
    """P20: Σ lines = subtotal + tax = total, Σ schedule = total, to the paisa."""
    body = wish(adults=2, children_ages=[7], add_ons=[{"code": "airport-transfer", "quantity": 1}], coupon=None)
    answer = api().post("bookings/estimate", body)
    assert answer.status_code == 200
    given = answer.json()
    assert set(given) == ESTIMATE
    assert given["nights"] == 7
    total = Decimal(given["total"])
    assert total == 7 * (83000 + 7000 + 8000) + 3500
    assert sum(Decimal(line["amount"]) for line in given["lines"]) == total
    assert Decimal(given["subtotal"]) + Decimal(given["tax"]) == total
    assert sum(Decimal(step["amount"]) for step in given["schedule"]) == total
    assert [step["milestone"] for step in given["schedule"]] == ["deposit", "half", "balance"]
    assert given["schedule"][0] == {"milestone": "deposit", "amount": "50000.00", "due": "now"}
    for line in given["lines"]:
        parts = [Decimal(line[name]) for name in ("taxable", "cgst", "sgst", "round_off")]
        assert sum(parts) == Decimal(line["amount"])
        assert line["why"]
    assert given["warnings"] == [
        {
            "code": "caregiver_assumed",
            "detail": "Children need a caregiver: one sharing the room is included for Standard.",
        }
    ]
    assert [row["refund_percent"] for row in given["cancellation"]] == [100, 50, 0]


def test_a_family_that_fills_the_room_gets_a_caregiver_next_door(api, retreat, wish):
    given = api().post("bookings/estimate", wish(adults=2, children_ages=[3, 7])).json()
    assert Decimal(given["total"]) == 7 * (83000 + 7000 + 20000)
    assert "in a room of their own" in given["warnings"][0]["detail"]


def test_dates_may_come_with_a_time(api, retreat, wish):
    body = wish()
    body["check_in_date"] += "T14:00:00"
    body["check_out_date"] += "T11:00:00Z"
    assert api().post("bookings/estimate", body).json()["nights"] == 7


def test_an_estimate_for_a_sold_out_room_says_what_is_near(api, stays, retreat, wish):
    for _ in range(3):
        stays.held(start=30, nights=7)
    given = api().post("bookings/estimate", wish()).json()
    assert [one["code"] for one in given["warnings"]] == ["sold_out"]
    kinds = {one["kind"] for one in given["alternatives"]}
    assert kinds == {"dates", "room_type"}
    for one in given["alternatives"]:
        if one["kind"] == "dates":
            assert one["room_type"] == "standard"
            again = {**wish(), "check_in_date": one["check_in_date"], "check_out_date": one["check_out_date"]}
            assert api().post("bookings/estimate", again).json()["warnings"] == []


def test_a_guest_without_an_account_books_and_comes_back_with_her_key(api, booked):
    answer = booked()
    assert answer.status_code == 201
    given = answer.json()
    assert set(given) == BOOKING | {"access_key"}
    assert given["status"] == "held"
    assert given["paid"] == "0.00"
    assert given["balance"] == given["total"] == "329000.00"
    assert given["next_step"]["code"] == "pay_deposit"
    assert given["next_step"]["due"] == given["hold_expires_at"]
    assert [one["name"] for one in given["guests"]] == ["Asha Rao"]
    path = f"bookings/{given['reference']}"
    assert api().get(path).status_code == 404
    assert api(**{"X-Stay-Key": "nonsense"}).get(path).status_code == 404
    again = api(**{"X-Stay-Key": given["access_key"]}).get(path)
    assert again.status_code == 200
    assert set(again.json()) == BOOKING
    assert again["Cache-Control"] == "no-store"


def test_a_key_opens_its_own_stay_only(api, booked):
    """Z1: a genuine key of one stay is worth nothing on another."""
    one, other = booked().json(), booked(start=60).json()
    holder = api(**{"X-Stay-Key": one["access_key"]})
    for path in ("", "/timeline", "/cancellation-quote", "/medical-forms"):
        assert holder.get(f"bookings/{other['reference']}{path}").status_code == 404
    assert holder.patch(f"bookings/{other['reference']}/cancel", {}).status_code == 404
    assert holder.post("payments/initiate", {"booking": other["reference"]}).status_code == 404
    assert StayBooking.objects.filter(state="held").count() == 2


def test_a_signed_in_guest_books_in_her_own_name(api, guest, other_guest, booked, retreat, wish):
    mine = api(guest)
    quote = mine.post("bookings/estimate", wish()).json()["quote"]
    given = mine.post("bookings", {"quote": quote}).json()
    assert "access_key" not in given
    assert StayBooking.objects.get().user == guest
    assert mine.get(f"bookings/{given['reference']}").status_code == 200
    assert api(other_guest).get(f"bookings/{given['reference']}").status_code == 404


def test_nobody_without_a_name_books(api, retreat, wish):
    quote = api().post("bookings/estimate", wish()).json()["quote"]
    answer = api().post("bookings", {"quote": quote})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "guest"
    assert not StayBooking.objects.exists()


def test_what_the_client_decides_itself_is_ignored(api, guest, booked, retreat, wish):
    """B13: total, status, paid and owner come from us."""
    quote = api().post("bookings/estimate", wish()).json()["quote"]
    extra = {"total": "1.00", "status": "confirmed", "paid": "329000.00", "user": guest.pk, "user_id": guest.pk}
    api().post("bookings", {"quote": quote, "guest": CONTACT, **extra})
    stay = StayBooking.objects.get()
    assert (stay.total, stay.state, stay.user_id) == (Decimal("329000.00"), "held", None)


def test_a_sold_out_stay_is_refused_with_what_could_be_had(api, stays, retreat, wish):
    quote = api().post("bookings/estimate", wish()).json()["quote"]
    for _ in range(3):
        stays.held(start=30, nights=7)
    answer = api().post("bookings", {"quote": quote, "guest": CONTACT})
    assert answer.status_code == 409
    assert codes(answer) == ["sold_out"]
    kinds = [one["kind"] for one in answer.json()["alternatives"]]
    assert "dates" in kinds
    assert "room_type" in kinds
    assert StayBooking.objects.count() == 3


def test_a_changed_price_comes_back_as_a_new_quote(api, retreat, wish):
    """B12: the server's price wins; the new quote can be booked at once."""
    quote = api().post("bookings/estimate", wish()).json()["quote"]
    RateBand.objects.filter(room_type__slug="standard").update(single=48000)
    answer = api().post("bookings", {"quote": quote, "guest": CONTACT})
    assert answer.status_code == 409
    assert codes(answer) == ["quote_changed"]
    fresh = answer.json()["quote"]
    assert fresh["total"] == "336000.00"
    assert not StayBooking.objects.exists()
    assert api().post("bookings", {"quote": fresh["quote"], "guest": CONTACT}).status_code == 201


def test_an_old_quote_comes_back_fresh(api, stays, retreat):
    from bookings.domain import quotes

    old = quotes.offer(retreat, stays.wish(), at=timezone.now() - timedelta(minutes=16)).token
    answer = api().post("bookings", {"quote": old, "guest": CONTACT})
    assert answer.status_code == 409
    assert codes(answer) == ["quote_expired"]
    assert api().post("bookings", {"quote": answer.json()["quote"]["quote"], "guest": CONTACT}).status_code == 201


def test_the_fourth_hold_of_one_guest_waits(api, booked):
    """B19: three live holds, then 429 with Retry-After."""
    for start in (30, 60, 90):
        assert booked(start=start).status_code == 201
    answer = booked(start=120)
    assert answer.status_code == 429
    assert codes(answer) == ["hold_limit"]
    assert 0 < int(answer["Retry-After"]) <= 1200


def test_a_double_click_is_one_booking(api, booked, retreat, wish):
    """B15: the same key and body give the same answer, byte for byte."""
    quote = api().post("bookings/estimate", wish()).json()["quote"]
    body = {"quote": quote, "guest": CONTACT}
    first = api().post("bookings", body, **{"Idempotency-Key": "tap-1"})
    second = api().post("bookings", body, **{"Idempotency-Key": "tap-1"})
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second["Idempotency-Replayed"] == "true"
    assert StayBooking.objects.count() == 1


def test_a_key_is_for_one_body_and_one_caller(api, guest, retreat, wish):
    """B16: another body is 422; another person's key is another key."""
    quote = api().post("bookings/estimate", wish()).json()["quote"]
    body = {"quote": quote, "guest": CONTACT}
    assert api().post("bookings", body, **{"Idempotency-Key": "tap-1"}).status_code == 201
    other = api().post("bookings", {**body, "special_requests": "Quiet"}, **{"Idempotency-Key": "tap-1"})
    assert other.status_code == 422
    assert codes(other) == ["idempotency_mismatch"]
    assert api(guest).post("bookings", body, **{"Idempotency-Key": "tap-1"}).status_code == 201
    assert StayBooking.objects.count() == 2


def test_killed_between_booking_and_answer(api, retreat, wish, monkeypatch):
    """B17: after the lease a retry finishes the same booking, even when the quote has run out meanwhile."""
    from accounts.domain import idempotency
    from accounts.models import IdempotencyKey

    quote = api().post("bookings/estimate", wish()).json()["quote"]
    body = {"quote": quote, "guest": CONTACT}
    monkeypatch.setattr(idempotency, "store", lambda *args: None)
    first = api().post("bookings", body, **{"Idempotency-Key": "tap-1"})
    monkeypatch.undo()
    held = api().post("bookings", body, **{"Idempotency-Key": "tap-1"})
    assert held.status_code == 409
    assert codes(held) == ["idempotency_in_flight"]
    IdempotencyKey.objects.update(lease_until=timezone.now())
    monkeypatch.setattr("bookings.domain.quotes.VALID", timedelta(seconds=-1))
    again = api().post("bookings", body, **{"Idempotency-Key": "tap-1"})
    assert again.status_code == 201
    assert again.json()["reference"] == first.json()["reference"]
    assert StayBooking.objects.count() == 1


def test_a_stay_finds_its_owner_once(api, guest, other_guest, booked):
    """A stay booked without an account is attached by its signed key, and then belongs to that account alone."""
    given = booked().json()
    key = given["access_key"]
    assert api().post("bookings/claim", {"key": key}).status_code == 401
    assert api(guest).post("bookings/claim", {"key": key[:-2]}).status_code == 404
    refused = api(guest).post("bookings/claim", {"key": key})
    assert (refused.status_code, codes(refused)) == (403, ["email_not_proven"])
    assert not StayBooking.objects.filter(user=guest).exists()
    sent = whole(Message.objects.filter(template="sign_in_code").latest("pk"))["code"]
    proof = {"key": key, "challenge": refused.json()["challenge"]}
    assert codes(api(guest).post("bookings/claim", {**proof, "code": f"{(int(sent) + 1) % 10**6:06d}"})) == ["bad_code"]
    assert codes(api(guest).post("bookings/claim", proof)) == ["required"]
    assert api(guest).post("bookings/claim", {**proof, "code": sent}).status_code == 200
    assert api(guest).post("bookings/claim", {"key": key}).status_code == 200
    answer = api(other_guest).post("bookings/claim", {"key": key})
    assert (answer.status_code, codes(answer)) == (409, ["already_claimed"])
    stay = StayBooking.objects.select_related("folio").get()
    assert stay.user == guest
    assert stay.folio.owner_id == guest.pk
    assert api(guest).get(f"bookings/{given['reference']}").status_code == 200
