"""The words templates say: rupees, dates, the path of a stay."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.template.loader import render_to_string

from core.templatetags import ui
from core.templatetags.stay_path import stay_path


@pytest.mark.parametrize(
    ("amount", "words"), [("125000.00", "₹1,25,000"), (83000, "₹83,000"), (None, ""), ("", ""), ("much", "")]
)
def test_rupees_take_what_quotes_and_api_carry(amount, words):
    assert ui.inr(amount) == words


def test_dates_are_said_in_words_and_the_zone_is_named():
    assert ui.day(date(2027, 5, 3)) == ui.day("2027-05-03") == "Mon 3 May 2027"
    assert ui.ist(datetime(2027, 5, 3, 13, 0, tzinfo=UTC)) == "Mon 3 May 2027, 6:30 pm IST"
    assert ui.stay_dates(date(2027, 5, 3), date(2027, 5, 10)) == "Mon 3 – Mon 10 May 2027"
    assert ui.stay_dates(date(2026, 12, 28), date(2027, 1, 4)) == "Mon 28 Dec 2026 – Mon 4 Jan 2027"
    assert ui.due_words(date(2027, 5, 3)) == "by Mon 3 May 2027"


def test_the_path_marks_every_day_and_stays_on_its_sheet():
    path = stay_path(7, 3)
    assert [day.number for day in path.days] == [1, 2, 4, 5, 6]
    assert [day.past for day in path.days] == [True, True, False, False, False]
    assert path.today is not None and path.today.number == 3
    assert path.walked and path.ahead
    everything = [path.arrival, *path.days, path.departure]
    assert all(0 <= day.x <= path.width and 0 <= day.y <= path.height for day in everything)


def test_a_long_stay_marks_its_weeks_only():
    assert [day.number for day in stay_path(28).days] == [7, 14, 21]


def test_the_path_speaks_and_carries_no_inline_style():
    drawn = Template("{% load ui %}{% stay_path nights=7 at=3 %}").render(Context())
    assert 'role="img"' in drawn and 'aria-label="7 nights, day 4 of 8"' in drawn
    assert "style=" not in drawn


def test_a_slug_without_a_drawing_gets_the_general_one():
    assert "rooms/any" in ui.art("rooms", "not-drawn-yet")
    assert "rooms/standard" in ui.art("rooms", "standard")


def test_words_from_outside_are_escaped_in_pictures_and_links():
    assert "<script>" not in ui.art("rooms", "standard", alt='"><script>')
    assert "<b>" not in Template('{% load ui %}{% nav_link "nowhere:at-all" "<b>" %}').render(Context())


def test_a_plain_letter_has_its_path_too():
    assert ui.text_path("3 nights") == "O--o--o--O"


def test_one_second_is_one_second():
    """The clock of a held room has a word for one and a word for many, of seconds and of minutes."""
    page = render_to_string("components/hold.html", {"expires_at": datetime(2027, 1, 1, tzinfo=UTC)})
    for name in ("second", "seconds", "minute", "minutes"):
        assert f'data-t-{name}="{{n}} {name}"' in page
    script = Path(finders.find("js/site.js")).read_text()
    assert "left === 1 ? words.tSecond : words.tSeconds" in script
    assert [ui.days_words(n) for n in (1, 2)] == ["1 day", "2 days"]
