"""The stay calls of the mobile app: look, cancel, pay, the calendar."""

from decimal import Decimal

import pytest
from django.utils import timezone

from bookings.domain import access, placing
from bookings.models import StayBooking
from config.tests.api_cast import codes
from rooms.models import InventoryNight

pytestmark = pytest.mark.django_db(transaction=True)

BOOKING = {
    "reference", "status", "clearance", "hold_expires_at", "program", "check_in_date", "check_out_date", "nights",
    "rooms", "guests", "lines", "currency", "total", "paid", "balance", "schedule", "next_step", "created_at",
}  # fmt: skip


def test_the_list_shows_own_stays_and_costs_the_same_for_one_and_for_three(
    api, guest, other_guest, stays, django_assert_num_queries
):
    """D8: a literal number of queries; Z8: only own rows."""
    stays.held(user=other_guest, start=40)
    stays.paid(user=guest, start=30)
    mine = api(guest)
    with django_assert_num_queries(11):
        assert mine.get("bookings").json()["count"] == 1
    stays.held(user=guest, start=60)
    stays.held(user=guest, start=90)
    with django_assert_num_queries(11):
        given = mine.get("bookings").json()
    assert given["count"] == 3
    assert set(given["results"][0]) == BOOKING


def test_the_list_is_narrowed_by_time_and_state(api, guest, stays):
    stay = stays.paid(user=guest, start=30)
    stays.held(user=guest, start=60)
    cancelled = stays.held(user=guest, start=90)
    mine = api(guest)
    assert mine.patch(f"bookings/{cancelled.reference}/cancel", {}).status_code == 200
    upcoming = mine.get("bookings", {"when": "upcoming"}).json()["results"]
    assert [one["check_in_date"] for one in upcoming] == sorted(one["check_in_date"] for one in upcoming)
    assert len(upcoming) == 2
    assert [one["reference"] for one in mine.get("bookings", {"when": "past"}).json()["results"]] == [
        cancelled.reference
    ]
    found = mine.get("bookings", {"status": "pending_medical,cancelled"}).json()["results"]
    assert {one["reference"] for one in found} == {stay.reference, cancelled.reference}
    assert mine.get("bookings", {"when": "now"}).status_code == 400
    assert mine.get("bookings", {"status": "paid'--"}).status_code == 400
    assert api().get("bookings").status_code == 401


def test_pages_are_capped(api, guest, stays):
    """D2: at most 100 a page; nonsense is refused or ignored."""
    stays.held(user=guest)
    mine = api(guest)
    assert mine.get("bookings", {"page_size": 10**9}).status_code == 200
    assert mine.get("bookings", {"page": 10**9}).status_code == 404
    assert mine.get("bookings", {"page": "x"}).status_code == 400


def test_cancelling_shows_the_refund_first_and_keeps_its_word(api, guest, stays):
    stay = stays.paid(user=guest, start=30)
    mine, path = api(guest), f"bookings/{stay.reference}"
    quote = mine.get(f"{path}/cancellation-quote").json()
    assert quote["cancellable"] is True
    assert (quote["paid"], quote["refund_percent"], quote["refund_amount"]) == ("50000.00", 100, "50000.00")
    assert [row["refund_percent"] for row in quote["rows"]] == [100, 50, 0]
    wrong = mine.patch(f"{path}/cancel", {"expected_refund": "60000.00"})
    assert (wrong.status_code, codes(wrong)) == (409, ["refund_changed"])
    stay.refresh_from_db()
    assert stay.state == "pending_medical"
    done = mine.patch(f"{path}/cancel", {"reason": "Plans changed", "expected_refund": quote["refund_amount"]})
    assert done.status_code == 200
    given = done.json()
    assert (given["status"], given["refund_amount"]) == ("cancelled", "50000.00")
    assert [(one["amount"], one["state"]) for one in given["refunds"]] == [("50000.00", "promised")]
    again = mine.patch(f"{path}/cancel", {})
    assert (again.status_code, codes(again)) == (409, ["wrong_state"])
    assert stay.folio.refunds.count() == 1
    assert mine.get(f"{path}/cancellation-quote").json()["cancellable"] is False


def test_a_wallet_is_not_yet_a_place_for_refunds(api, guest, stays):
    stay = stays.paid(user=guest)
    answer = api(guest).patch(f"bookings/{stay.reference}/cancel", {"refund_to": "wallet"})
    assert (answer.status_code, codes(answer)) == (400, ["refund_to_unavailable"])
    stay.refresh_from_db()
    assert stay.state == "pending_medical"


def test_the_timeline_tells_the_guest_everything_and_nothing_medical(api, guest, stays, drain):
    stay = stays.in_review(user=guest)
    form = stays.form(stay)
    from medical.domain import review

    review.decide(form, "not_suitable", doctor=form.doctor, at=timezone.now(), guest_words="", note="Arrhythmia")
    drain("refund")
    given = api(guest).get(f"bookings/{stay.reference}/timeline").json()
    found = [event["code"] for event in given["events"]]
    assert found[:2] == ["held", "payment_received"]
    for code in ("forms_submitted", "not_suitable", "refund_promised", "refund_sent", "refund_done"):
        assert code in found
    text = str(given).lower()
    assert "arrhythmia" not in text
    assert form.doctor.last_name.lower() not in text.replace("our doctor", "")
    assert [event["at"] for event in given["events"]] == sorted(event["at"] for event in given["events"])


def test_a_hold_is_extended_once(api, guest, stays):
    stay = stays.held(user=guest)
    mine = api(guest)
    first = mine.post(f"bookings/{stay.reference}/extend-hold")
    assert first.status_code == 200
    assert first.json()["hold_expires_at"] > stay.hold_expires_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert codes(mine.post(f"bookings/{stay.reference}/extend-hold")) == ["already_extended"]


def test_the_calendar_file(api, guest, stays):
    held = stays.held(user=guest)
    mine = api(guest)
    assert codes(mine.get(f"bookings/{held.reference}/calendar.ics")) == ["no_calendar"]
    stays.pay(held)
    answer = mine.get(f"bookings/{held.reference}/calendar.ics", Accept="text/calendar")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    assert f"DTSTART;VALUE=DATE:{held.check_in:%Y%m%d}" in answer.content.decode()


def test_staff_see_by_role_and_do_not_act_for_the_guest(api, front_desk, doctor, finance, guest, stays):
    stay = stays.paid(user=guest)
    path = f"bookings/{stay.reference}"
    assert api(front_desk).get(path).status_code == 200
    assert api(doctor).get(path).status_code == 404
    assert api(finance).patch(f"{path}/cancel", {}).status_code == 403
    assert api(front_desk).post("payments/initiate", {"booking": stay.reference}).status_code == 404
    stay.refresh_from_db()
    assert stay.state == "pending_medical"


def test_paying_begins_with_the_amount_of_the_booking(api, guest, stays):
    stay = stays.held(user=guest)
    answer = api(guest).post("payments/initiate", {"booking": stay.reference, "gateway": "payu", "amount": "1.00"})
    assert answer.status_code == 201
    given = answer.json()
    assert {"payment", "gateway", "method", "url", "fields", "expires_at"} <= set(given)
    assert given["amount"] == "50000.00"
    payment = stay.folio.payments.get()
    assert (str(payment.public_id), payment.amount) == (given["payment"], Decimal("50000.00"))


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"milestone": "balance"}, 409, "not_open_yet"),
        ({"milestone": "full"}, 409, "unknown_milestone"),
        ({"gateway": "stripe"}, 400, "unknown_gateway"),
        ({"milestone": "tip"}, 400, "invalid_choice"),
        ({"gateway": None}, 400, "null"),
    ],
)
def test_paying_that_cannot_begin(api, guest, stays, body, status, code):
    stay = stays.held(user=guest)
    answer = api(guest).post("payments/initiate", {"booking": stay.reference, **body})
    assert (answer.status_code, codes(answer)) == (status, [code])
    assert not stay.folio.payments.exists()


def test_a_lapsed_hold_takes_no_money(api, guest, stays):
    stay = stays.held(user=guest)
    StayBooking.objects.update(hold_expires_at=timezone.now())
    answer = api(guest).post("payments/initiate", {"booking": stay.reference, "milestone": "deposit"})
    assert (answer.status_code, codes(answer)) == (409, ["hold_over"])
    assert codes(api(guest).post("payments/initiate", {"booking": stay.reference})) == ["nothing_due"]
    assert placing.expire_due(at=timezone.now()) == 1


def test_the_key_of_a_link_is_the_key_of_the_api(api, stays):
    stay = stays.held()
    key = access.key(stay.reference)
    assert api(**{"X-Stay-Key": key}).get(f"bookings/{stay.reference.lower()}").status_code == 200
    assert InventoryNight.objects.filter(sold=1).count() == 7
