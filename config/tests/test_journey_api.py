"""The main job over the API, with the PayU simulator over real HTTP: both ways a stay can go."""

from datetime import UTC, datetime, timedelta

import pytest

from config.tests.cast import ANSWERS, PASSWORD
from notifications.models import Message
from payments.models import FolioLine
from payments.simulator.models import Refund as PaidBack
from rooms.models import InventoryNight

pytestmark = pytest.mark.django_db(transaction=True)


def wish(today, start: int, nights: int) -> dict:
    return {
        "program": "detox",
        "check_in_date": f"{today + timedelta(start)}",
        "check_out_date": f"{today + timedelta(start + nights)}T11:00:00",
        "rooms": [{"room_type": "standard", "adults": 1, "children_ages": []}],
        "add_ons": [{"code": "airport-transfer", "quantity": 1}],
        "coupon": None,
    }


def book(town, today, *, start: int, nights: int = 5, token: str = "") -> dict:
    status, estimate = town.api("POST", "bookings/estimate", wish(today, start, nights))
    assert status == 200, estimate
    assert estimate["total"] == f"{47000 * nights + 3500}.00"
    body = {"quote": estimate["quote"], "guest": {"name": "Asha Rao", "email": "asha.rao@pema.example"}, "guests": []}
    status, stay = town.api("POST", "bookings", body, token=token, **{"Idempotency-Key": "phone-1"})
    assert (status, stay["status"], stay["total"]) == (201, "held", estimate["total"]), stay
    assert town.api("POST", "bookings", body, token=token, **{"Idempotency-Key": "phone-1"}) == (201, stay)
    return stay


def pay(town, stay: dict, milestone: str, *, outcome: str = "success", **who) -> dict:
    status, start = town.api(
        "POST", "payments/initiate", {"booking": stay["reference"], "gateway": "payu", "milestone": milestone}, **who
    )
    assert (status, start["method"]) == (201, "form_post"), start
    town.pay_at_payu(start["url"], start["fields"], outcome=outcome)
    town.turn()
    return look(town, stay, **who)


def look(town, stay: dict, **who) -> dict:
    status, seen = town.api("GET", f"bookings/{stay['reference']}", **who)
    assert status == 200, seen
    return seen


def submit(town, stay: dict, **who) -> None:
    status, found = town.api("GET", f"bookings/{stay['reference']}/medical-forms", **who)
    assert status == 200 and found["count"] == 1, found
    (form,) = found["results"]
    status, saved = town.api("PUT", f"medical-forms/{form['id']}", {"answers": ANSWERS}, **who)
    assert (status, saved["completion"]) == (200, 100), saved
    refused, _ = town.api("POST", f"medical-forms/{form['id']}/submit", {}, **who)
    assert refused == 400
    status, sent = town.api("POST", f"medical-forms/{form['id']}/submit", {"consent": {"agreed": True}}, **who)
    assert (status, sent["status"]) == (200, "submitted"), sent


def decide(town, doctor, decision: str) -> dict:
    token = town.sign_in(doctor.email, PASSWORD)
    status, queue = town.api("GET", "doctor/reviews", token=token)
    assert (status, queue["count"]) == (200, 1)
    form = queue["results"][0]["id"]
    status, record = town.api("GET", f"doctor/reviews/{form}", token=token)
    assert status == 200 and record["sections"]
    status, decided = town.api("POST", f"doctor/reviews/{form}/decision", {"decision": decision}, token=token)
    assert status == 201, decided
    town.turn()
    return decided


def test_approved_confirmed_checked_in_completed(town, retreat, doctor, guest, front_desk, today):
    token = town.sign_in(guest.email, PASSWORD)
    stay = book(town, today, start=0, token=token)
    assert stay["next_step"]["code"] == "pay_deposit"
    until = datetime.fromisoformat(stay["hold_expires_at"])
    assert timedelta(minutes=19) < until - datetime.now(UTC) <= timedelta(minutes=20), "instants are UTC"
    stay = pay(town, stay, "deposit", token=token)
    assert (stay["status"], stay["paid"], stay["next_step"]["code"]) == ("pending_medical", "50000.00", "fill_form")
    submit(town, stay, token=token)
    assert look(town, stay, token=token)["status"] == "in_review"
    decide(town, doctor, "approve")
    stay = look(town, stay, token=token)
    assert (stay["status"], stay["clearance"], stay["next_step"]["code"]) == ("approved", "cleared", "pay_half")
    assert pay(town, stay, "half", token=token)["status"] == "confirmed"
    desk = town.sign_in(front_desk.email, PASSWORD)
    status, refusal = town.api("POST", f"admin/bookings/{stay['reference']}/check-in", {}, token=desk)
    assert (status, refusal["errors"][0]["code"]) == (409, "gates_shut"), refusal
    assert pay(town, stay, "balance", token=token)["balance"] == "0.00"
    for deed, state in (("check-in", "checked_in"), ("check-out", "completed")):
        status, answer = town.api("POST", f"admin/bookings/{stay['reference']}/{deed}", {}, token=desk)
        assert status == 200, answer
        assert look(town, stay, token=token)["status"] == state
    status, events = town.api("GET", f"bookings/{stay['reference']}/timeline", token=token)
    assert status == 200 and "medical" not in str(events).lower()
    town.turn()
    assert not Message.objects.exclude(work_state="done").exists()
    assert FolioLine.objects.filter(kind="payment").count() == 3


def test_rejected_refunded_and_the_room_is_free(town, retreat, doctor, today):
    """Without an account: the booking's own key opens it."""
    stay = book(town, today, start=5)
    who = {"key": stay["access_key"]}
    assert town.api("GET", f"bookings/{stay['reference']}")[0] == 404
    stay = {**pay(town, stay, "deposit", outcome="closed_tab", **who)}
    assert stay["status"] == "pending_medical", "the server told, though the tab was closed"
    submit(town, stay, **who)
    decide(town, doctor, "not_suitable")
    stay = look(town, stay, **who)
    assert (stay["status"], stay["clearance"]) == ("not_suitable", "not_suitable")
    assert PaidBack.objects.get().amount == 50000, "the simulator's own books"
    assert FolioLine.objects.filter(kind="refund").count() == 1
    assert not InventoryNight.objects.exclude(sold=0).exists()
    assert list(Message.objects.order_by("-id").values_list("template", flat=True)[:2]) == [
        "refund_done",
        "stay_not_possible",
    ]


def test_cancelled_with_the_refund_that_was_shown(town, retreat, doctor, today):
    stay = book(town, today, start=5)
    who = {"key": stay["access_key"]}
    stay = pay(town, stay, "deposit", outcome="duplicates", **who)
    status, shown = town.api("GET", f"bookings/{stay['reference']}/cancellation-quote", **who)
    assert status == 200
    status, done = town.api("PATCH", f"bookings/{stay['reference']}/cancel", {"reason": "ill"}, **who)
    assert status == 200, done
    town.turn()
    assert look(town, stay, **who)["status"] == "cancelled"
    assert PaidBack.objects.get().amount == 25000 and "25000.00" in str(shown)
    status, again = town.api("PATCH", f"bookings/{stay['reference']}/cancel", {"reason": "ill"}, **who)
    assert status == 409 and PaidBack.objects.count() == 1


def test_a_failed_payment_keeps_the_room_and_pending_comes_through(town, retreat, doctor, today):
    stay = book(town, today, start=9)
    who = {"key": stay["access_key"]}
    assert pay(town, stay, "deposit", outcome="failure", **who)["status"] == "held"
    assert pay(town, stay, "deposit", outcome="pending_success", **who)["status"] == "pending_medical"
    assert FolioLine.objects.filter(kind="payment").count() == 1
