"""The first screen and the one search."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from config.tests.api_cast import codes
from core.plain_text import matching
from programs.domain import standing
from programs.models import Program
from rooms.models import InventoryNight, RoomType


def rails(api) -> dict[str, list[str]]:
    given = api().get("home").json()
    assert set(given) == {"currency", "rails"}
    return {rail["code"]: [item["slug"] for item in rail["items"]] for rail in given["rails"]}


def slugs(api, **query) -> list[str]:
    answer = api().get("search", query)
    assert answer.status_code == 200, answer.content
    return [one["slug"] for one in answer.json()["results"]]


def test_rails_without_anything_are_left_out(api, retreat, now):
    assert rails(api) == {
        "starting_soon": ["detox", "weekend-pause"],
        "trial": ["weekend-pause"],
        "weekend": ["weekend-pause"],
    }
    Program.objects.filter(slug="detox").update(featured=True)
    standing.demand({}, {RoomType.objects.get(slug="standard").pk: 2}, at=now)
    more = rails(api)
    assert (more["featured"], more["trending"]) == (["detox"], ["standard"])
    Program.objects.filter(slug="weekend-pause").update(published=False)
    InventoryNight.objects.update(closed=True)
    assert rails(api) == {"featured": ["detox"], "trending": ["standard"]}
    card = api().get("home").json()["rails"][0]["items"][0]
    assert card == {
        "kind": "program", "slug": "detox", "name": "Detox", "tagline": "", "price_from": "47000.00",
        "rating": {"average": None, "count": 0},
    }  # fmt: skip


def test_an_empty_house_has_no_rails(api):
    assert api().get("home").json()["rails"] == []
    assert api().get("search").json()["results"] == []


def test_the_first_screen_is_cached(api, retreat):
    first = api().get("home")
    assert api().get("home", **{"If-None-Match": first["ETag"]}).status_code == 304
    assert "no-store" in api().get("search")["Cache-Control"]


def test_search_narrows(api, retreat):
    RoomType.objects.filter(slug="pema-suite").update(amenities=["Sea view", "Bath"], max_people=6)
    everything = ["detox", "weekend-pause", "pema-suite", "standard"]
    assert sorted(slugs(api)) == sorted(everything)
    assert slugs(api, q="PAUSE week") == ["weekend-pause"]
    assert slugs(api, q="suite") == ["pema-suite"]
    assert slugs(api, q="%' OR 1=1 --") == []
    assert slugs(api, amenities="sea view, bath") == ["pema-suite"]
    assert slugs(api, amenities="sea view,sauna") == []
    assert set(slugs(api, capacity="5")) == {"detox", "weekend-pause", "pema-suite"}
    assert slugs(api, capacity="7") == []
    assert set(slugs(api, max_price="47000")) == {"detox", "weekend-pause", "standard"}
    assert slugs(api, max_price="46999.99") == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("detx", ["detox"]),
        ("DETÓX", ["detox"]),
        ("wekend", ["weekend-pause"]),
        ("pauze", ["weekend-pause"]),
        ("pêma suitte", ["pema-suite"]),
        ("silence", ["detox"]),
        ("standart", ["standard"]),
        ("hospital", []),
        ("xq", []),
    ],
)
def test_small_mistakes_and_accents_are_forgiven(api, retreat, typed, found):
    """The words of a summary count as well as the name."""
    Program.objects.filter(slug="detox").update(summary="Five days of silence, broth and warm oil.")
    assert slugs(api, q=typed) == found
    assert [one["slug"] for one in api().get("programs", {"search": typed}).json()["results"]] == [
        slug for slug in found if slug in ("detox", "weekend-pause")
    ]


def test_the_closest_name_comes_first(api, retreat):
    Program.objects.filter(slug="weekend-pause").update(summary="A little detox for busy people.")
    assert slugs(api, q="detox") == ["detox", "weekend-pause"]
    Program.objects.filter(slug="weekend-pause").update(name="Detox", summary="")
    Program.objects.filter(slug="detox").update(name="Long rest", summary="A slow detox.")
    assert slugs(api, q="detox") == ["weekend-pause", "detox"]


def test_words_are_found_by_an_index(retreat):
    """D8: the plan walks the trigrams, however many programs there are."""
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL enable_seqscan = off")
        for rows, fields in ((Program.objects, ("name", "tagline", "summary")),
                             (RoomType.objects, ("name", "tagline", "description"))):  # fmt: skip
            plan = matching(rows.all(), ["detx"], *fields).order_by().explain()
            assert "_said" in plan, plan


def test_search_comes_in_pages(api, retreat):
    first = api().get("search", {"page_size": 3}).json()
    assert (first["count"], len(first["results"]), first["previous"]) == (4, 3, None)
    second = api().get("search", {"page_size": 3, "page": 2}).json()
    assert len(second["results"]) == 1
    assert api().get("search", {"page": "nonsense"}).status_code == 400
    assert api().get("search", {"page": 9}).status_code == 404


def test_search_with_dates_tells_what_is_free(api, retreat, today):
    arrival = today + timedelta(30)
    InventoryNight.objects.filter(room_type__slug="standard", night=arrival).update(closed=True)
    dates = {"check_in_date": arrival.isoformat(), "check_out_date": (arrival + timedelta(10)).isoformat()}
    results = api().get("search", dates).json()["results"]
    assert {one["slug"]: one["available"] for one in results} == {"detox": True, "standard": False, "pema-suite": True}
    assert all(one["available"] is None for one in api().get("search").json()["results"])


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"capacity": "0"}, "bad_number"),
        ({"capacity": "x"}, "bad_number"),
        ({"capacity": "٣"}, "bad_number"),
        ({"max_price": "-1"}, "bad_amount"),
        ({"max_price": "NaN"}, "bad_amount"),
        ({"max_price": "1e9"}, "bad_amount"),
        ({"q": "x" * 81}, "too_long"),
        ({"amenities": "x" * 201}, "too_long"),
        ({"check_in_date": "2999-01-01"}, "bad_date"),
        ({"check_in_date": "2027-02-30", "check_out_date": "2027-03-02"}, "bad_date"),
        ({"check_in_date": "2999-01-05", "check_out_date": "2999-01-01"}, "dates_reversed"),
        ({"check_in_date": "2020-01-01", "check_out_date": "2020-01-05"}, "past_date"),
        ({"check_in_date": "2999-01-01", "check_out_date": "2999-12-31"}, "too_long"),
    ],
)
def test_bad_wishes(api, retreat, query, code):
    """I12"""
    answer = api().get("search", query)
    assert (answer.status_code, codes(answer)) == (400, [code])


def test_a_null_character_finds_nothing(api, retreat):
    assert api().get("search", {"q": "\0"}).status_code in (200, 400)


def test_both_cost_the_same_for_one_and_for_many(api, retreat, today, django_assert_max_num_queries):
    """D8"""
    arrival = today + timedelta(30)
    dates = {"check_in_date": arrival.isoformat(), "check_out_date": (arrival + timedelta(5)).isoformat()}
    kind = Program.objects.first().type
    for number in range(4):
        Program.objects.create(property=retreat, type=kind, slug=f"p-{number}", name="P", min_nights=number + 2)
        RoomType.objects.create(property=retreat, slug=f"r-{number}", name="R", category="room")
    with django_assert_max_num_queries(7):
        assert api().get("home").status_code == 200
    with django_assert_max_num_queries(7):
        assert api().get("search", dates).json()["count"] == 12
    with django_assert_max_num_queries(8):
        assert api().get("search", {**dates, "q": "p"}).json()["count"] == 6
