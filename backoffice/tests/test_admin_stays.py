"""The list of stays, the page of one, and the deeds on it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.admin.search import find
from bookings.domain import front_desk as desk
from bookings.domain import lifecycle
from bookings.models import StayBooking
from core.actors import SYSTEM
from notifications.domain.sealing import whole
from notifications.models import Message
from payments.models import Refund
from rooms.models import Assignment

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/bookings/staybooking/"


def page(stay, deed="change"):
    return f"{LIST}{stay.pk}/{deed}/"


def shown(client, stay) -> dict[str, str]:
    """The refunds that the cancel page shows, as it would send them back."""
    text = client.get(page(stay, "cancel")).content.decode()
    return dict(re.findall(r'name="(shown_\w+)" value="([^"]+)"', text))


def test_the_page_of_a_stay(stays, desk_of, front_desk, drain):
    stay = stays.confirmed(adults=2)
    drain()
    words = desk_of(front_desk).get(page(stay)).content.decode()
    for wanted in (
        stay.reference,
        "Asha Rao",
        "Clearance: cleared",
        "Rooms and guests",
        "Payment schedule",
        "Timeline",
    ):
        assert wanted in words
    assert "₹5,81,000" in words and "First payment arrived" in words
    work = words[words.index('<div class="bo">') : words.index("</aside>")]
    assert "<input" not in work and "<textarea" not in work, "nothing on it can be typed"
    assert desk_of(front_desk).get(f"{LIST}{stay.reference}/change/").status_code == 200
    for nonsense in ("PW-NOPE", "999999", "9" * 40, "x"):
        assert desk_of(front_desk).get(f"{LIST}{nonsense}/change/").status_code == 404


def test_a_stay_that_is_over_asks_for_no_money(stays, desk_of, front_desk):
    stay = stays.paid()
    where = page(stay)
    asked = r"₹[\d,]+ to go"
    assert re.search(asked, desk_of(front_desk).get(where).content.decode())
    lifecycle.cancel(stay, by=SYSTEM, at=stays.at)
    said = desk_of(front_desk).get(where).content.decode()
    assert not re.search(asked, said) and "Payment schedule" in said


def test_nothing_can_be_typed_added_or_deleted(stays, desk_of, superuser, today):
    """Z6: no add, no change by form, no delete, no bulk deed, for nobody."""
    stay, client = stays.confirmed(), desk_of(superuser)
    before = StayBooking.objects.values().get(pk=stay.pk)
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}add/", {}).status_code == 403
    client.post(page(stay), {"state": "checked_in", "total": "1", "clearance": "cleared"})
    assert client.post(page(stay, "delete"), {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [stay.pk], "post": "yes"})
    assert StayBooking.objects.values().get(pk=stay.pk) == before


def test_the_list_never_counts_all(stays, desk_of, front_desk):
    """D8: a bounded count, the same queries for one stay as for three."""
    client = desk_of(front_desk)
    stays.held()
    with CaptureQueriesContext(connection) as one:
        assert client.get(LIST).status_code == 200
    stays.held(), stays.held()
    with CaptureQueriesContext(connection) as three:
        assert client.get(LIST).status_code == 200
    assert len(one) == len(three) <= 14
    counts = [q["sql"] for q in three if "COUNT(" in q["sql"] and "bookings_staybooking" in q["sql"]]
    assert counts and all("LIMIT 2000" in sql for sql in counts)


def test_filters_live_in_the_address(stays, desk_of, front_desk):
    stays.held(), stays.confirmed()
    client = desk_of(front_desk)
    only = client.get(LIST, {"state__exact": "confirmed"}).context["cl"]
    assert [row.state for row in only.result_list] == ["confirmed"]
    assert client.get(LIST, {"nonsense": "1"}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "hits"),
    [
        ("asha", 1),
        ("RAO", 1),
        ("Asha R", 1),
        ("sha", 0),
        ("guest1@", 1),
        ("GUEST1@example.com", 1),
        ("98765 43210", 1),
        ("+91 98765", 1),
        ("12345", 0),
        ("PW-", 0),
        ("!!!", 0),
        ("' OR 1=1 --", 0),
        ("a:* & b | !c", 0),
    ],
)
def test_search(stays, typed, hits):
    stays.held()
    assert find(StayBooking.objects.all(), typed).count() == hits


def test_search_by_reference_as_people_type_it(stays):
    stay = stays.held()
    for typed in (stay.reference, stay.reference.lower(), stay.reference.replace("-", ""), stay.reference[:6]):
        assert find(StayBooking.objects.all(), typed).get() == stay


@pytest.mark.parametrize(
    ("typed", "index"),
    [
        ("PW-7K3M", "reference"),
        ("asha@", "stay_mail_begins"),
        ("9876543", "stay_phone_begins"),
        ("rao", "stay_name_words"),
    ],
)
def test_each_search_walks_an_index(stays, typed, index):
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        try:
            plan = find(StayBooking.objects.order_by(), typed).explain()
        finally:
            cursor.execute("SET enable_seqscan = on")
    assert index in plan


def test_the_search_of_the_sidebar(stays, desk_of, front_desk, doctor):
    stay, client = stays.confirmed(start=0), desk_of(front_desk)
    made = desk.assign_room(stay.rooms.get(), None, by=SYSTEM, at=stays.at)
    for typed in (stay.reference, made.room.number, "asha"):
        assert client.get("/admin/find/", {"q": typed})["Location"] == page(stay)
    assert client.get("/admin/find/", {"q": "nobody"})["Location"].startswith(LIST)
    assert desk_of(doctor).get("/admin/find/", {"q": "asha"}).status_code == 403


def test_cancel_by_the_guests_wish(stays, desk_of, reservations, drain):
    """The figures stand on the page first; what is done is what was shown."""
    stay = stays.confirmed(start=5)
    client = desk_of(reservations)
    words = client.get(page(stay, "cancel")).content.decode()
    assert "The house cancels" not in words and "₹82,250" in words, "50 % of ₹1,64,500"
    data = {"who": "guest", "reason": "Changed plans", **shown(client, stay)}
    assert client.post(page(stay, "cancel"), {**data, "who": "house"}).status_code == 400
    assert client.post(page(stay, "cancel"), {**data, "reason": ""}).status_code == 400
    stay.refresh_from_db()
    assert stay.state == "confirmed" and not Refund.objects.exists()
    assert client.post(page(stay, "cancel"), data).status_code == 302
    stay.refresh_from_db()
    assert stay.state == "cancelled"
    assert sum(refund.amount for refund in Refund.objects.all()) == 82250


def test_cancel_by_the_house(stays, desk_of, manager):
    stay = stays.confirmed(start=1)
    client = desk_of(manager)
    data = {"who": "house", "reason": "Storm", **shown(client, stay)}
    client.post(page(stay, "cancel"), data)
    assert sum(refund.amount for refund in Refund.objects.all()) == 164500
    assert client.post(page(stay, "cancel"), data).status_code == 409, "twice is a polite refusal"
    assert Refund.objects.count() == 2


def test_a_figure_that_has_changed_is_refused(stays, desk_of, manager):
    stay = stays.confirmed(start=5)
    client = desk_of(manager)
    data = {"who": "guest", "reason": "x", **shown(client, stay)}
    stays.pay(stay, "balance")
    refused = client.post(page(stay, "cancel"), data)
    stay.refresh_from_db()
    assert (refused.status_code, stay.state) == (409, "confirmed")
    assert "Please look again" in refused.content.decode()
    again = {
        "who": "guest",
        "reason": "x",
        **dict(re.findall(r'name="(shown_\w+)" value="([^"]+)"', refused.content.decode())),
    }
    assert client.post(page(stay, "cancel"), again).status_code == 302


def test_rooms_are_assigned_on_the_page(stays, desk_of, reservations, standard):
    stay, client = stays.confirmed(), desk_of(reservations)
    booked, room = stay.rooms.get(), standard.rooms.last()
    form = {f"room_{booked.pk}": str(room.pk), "pinned": "on"}
    assert client.get(page(stay, "assign-room")).status_code == 200
    assert client.post(page(stay, "assign-room"), form).status_code == 302
    made = Assignment.objects.get(active=True)
    assert (made.room, made.pinned) == (room, True)
    assert client.post(page(stay, "assign-room"), {f"room_{booked.pk}": "77777"}).status_code == 400
    assert Assignment.objects.get(active=True) == made


@pytest.mark.parametrize("deed", ["check-in", "check-out", "no-show", "assign-room", "cancel"])
def test_deeds_are_closed_to_others(stays, desk_of, doctor, finance, editor, deed):
    stay = stays.confirmed(start=0)
    for person in (doctor, finance, editor):
        client = desk_of(person)
        assert client.get(page(stay, deed)).status_code == 403
        assert client.post(page(stay, deed), {"who": "guest", "reason": "x"}).status_code == 403
    stay.refresh_from_db()
    assert stay.state == "confirmed" and not Assignment.objects.exists()


def test_buttons_fit_the_state_and_the_person(stays, desk_of, front_desk, finance):
    stay = stays.confirmed(start=0)
    words = desk_of(front_desk).get(page(stay)).content.decode()
    assert page(stay, "check-in") in words and page(stay, "check-out") not in words
    assert page(stay, "check-in") not in desk_of(finance).get(page(stay)).content.decode()


def test_a_preview_is_no_key(stays, desk_of, front_desk):
    """Z4: the signed link of a mail opens the guest's form, so no preview, list or page of the back office shows it."""
    stays.approved()
    client = desk_of(front_desk)
    for message in Message.objects.all():
        assert "/stays/open/" in whole(message)["link"]
        for path in ("preview", "letter", "change"):
            answer = client.get(f"/admin/notifications/message/{message.pk}/{path}/")
            assert answer.status_code == 200 and "/stays/open/" not in answer.content.decode()
    letter = client.get(f"/admin/notifications/message/{message.pk}/letter/")
    assert "sandbox" in letter["Content-Security-Policy"] and "script-src" not in letter["Content-Security-Policy"]
