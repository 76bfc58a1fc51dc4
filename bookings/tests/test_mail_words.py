"""What mails and calendar files say: hours as people write them, ways of paying in words, no key where many look."""

from datetime import UTC, datetime, time

import pytest
from icalendar import Calendar

from bookings.domain import confirming, lifecycle
from bookings.domain.words import clock, context, moment
from core.actors import GUEST_LINK
from notifications.models import Message
from payments.models import Payment

pytestmark = pytest.mark.django_db(transaction=True)


def test_hours_and_numbers_as_people_write_them(stays, retreat):
    retreat.phone = "+918915550100"
    retreat.save()
    stay = stays.paid()
    stay.property.refresh_from_db()
    words = context(stay)
    assert (words["check_in_time"], words["check_out_time"]) == ("2:00 pm", "11:00 am")
    assert words["property"]["phone"] == "+91 891 555 0100"
    assert moment(datetime(2027, 5, 3, 11, 0, tzinfo=UTC), "Asia/Kolkata") == "Mon 3 May 2027, 4:30 pm IST"
    assert [clock(time(hour)) for hour in (0, 12, 13)] == ["12:00 am", "12:00 pm", "1:00 pm"]


@pytest.mark.parametrize(
    ("mode", "said"), [("CC", "to your credit card"), ("UPI", "to your UPI account"), ("", "to your account")]
)
def test_a_refund_says_where_it_goes_in_words(stays, now, mode, said):
    stay = stays.paid()
    Payment.objects.update(mode=mode)
    lifecycle.cancel(stay, by=GUEST_LINK, by_house=True, at=now)
    rows = Message.objects.get(template="stay_cancelled").context["refund_rows"]
    assert [row["label"] for row in rows] == [said]
    assert Payment.objects.get().txnid not in str(rows)


def test_a_calendar_file_opens_nothing_by_itself(stays, retreat, now):
    """Calendars are shared: the address asks who is there. Commas of the place are escaped (RFC 5545 3.3.11)."""
    retreat.address = "Healing Hills\nRushikonda,  Visakhapatnam"
    retreat.save()
    stay = stays.paid()
    stay.property.refresh_from_db()
    text = confirming.calendar_file(stay, at=now)
    plain = text.replace("\r\n ", "")
    assert "/stays/open/" not in plain and f"/stays/find?reference={stay.reference}" in plain
    assert "LOCATION:Pema Wellness\\, Healing Hills\\, Rushikonda\\,  Visakhapatnam" in plain
    assert "from 2:00 pm" in str(Calendar.from_ical(text).walk("VEVENT")[0]["description"])
