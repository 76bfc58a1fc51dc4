"""The catalogue over the API: published only, cached, with ETags, in a constant number of queries."""

import pytest

from programs.models import Program
from rooms.models import RoomType

PROGRAM = {
    "slug", "name", "type", "tagline", "summary", "min_nights", "max_nights", "min_age", "max_age",
    "needs_medical_review", "featured", "price_from", "currency", "rating",
}  # fmt: skip
ROOM_TYPE = {
    "slug", "name", "category", "tagline", "description", "size_sqm", "view", "bed", "total", "occupancy",
    "price_bands", "payment_plan", "amenities", "photos", "currency", "rating",
}  # fmt: skip


def test_programs(api, retreat):
    Program.objects.filter(slug="weekend-pause").update(published=False)
    given = api().get("programs").json()
    assert set(given) == {"count", "next", "previous", "results"}
    assert [program["slug"] for program in given["results"]] == ["detox"]
    assert set(given["results"][0]) == PROGRAM
    assert given["results"][0]["price_from"] == "47000.00"
    full = api().get("programs/detox").json()
    assert set(full) == PROGRAM | {"sections", "day", "included", "suits", "contraindications"}
    assert api().get("programs/weekend-pause").status_code == 404
    assert api().get("programs/no-such").status_code == 404


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ({"type": "lite"}, ["weekend-pause"]),
        ({"category": "medical"}, ["detox"]),
        ({"search": "pause"}, ["weekend-pause"]),
        ({"search": "PAUSE week"}, ["weekend-pause"]),
        ({"search": "nothing like this"}, []),
        ({"type": "no-such-type"}, []),
        ({"search": "%' OR 1=1 --"}, []),
        ({"order_by": "property__name", "user__password": "x"}, ["detox", "weekend-pause"]),
    ],
)
def test_programs_are_narrowed(api, retreat, query, slugs):
    """I1: odd parameters are ignored."""
    answer = api().get("programs", query)
    assert answer.status_code == 200
    assert sorted(program["slug"] for program in answer.json()["results"]) == slugs


def test_program_types(api, retreat):
    assert {one["slug"] for one in api().get("program-types").json()["results"]} == {"medical", "lite"}


def test_room_types(api, retreat):
    given = api().get("room-types").json()
    assert given["count"] == 2
    standard = next(one for one in given["results"] if one["slug"] == "standard")
    assert set(standard) == ROOM_TYPE
    assert standard["total"] == 3
    assert standard["occupancy"] == {"adults": 2, "children": 2, "people": 4}
    assert [(band["single"], band["double"]) for band in standard["price_bands"]] == [("47000.00", "83000.00")]
    assert standard["payment_plan"] == {"kind": "deposit", "deposit": "50000.00"}
    assert api().get("rooms").json() == given
    assert api().get("room-types/standard").json() == standard
    assert api().get("room-types/tent").status_code == 404


def test_lists_cost_the_same_for_one_and_for_three(api, retreat, django_assert_num_queries):
    """D8"""
    with django_assert_num_queries(3):
        api().get("room-types")
    with django_assert_num_queries(6):
        api().get("programs")
    for number in range(3):
        RoomType.objects.create(property=retreat, slug=f"type-{number}", name="Type", category="room")
        Program.objects.create(
            property=retreat, type=Program.objects.first().type, slug=f"program-{number}", name="Program"
        )
    with django_assert_num_queries(3):
        assert api().get("room-types").json()["count"] == 5
    with django_assert_num_queries(6):
        assert api().get("programs").json()["count"] == 5


@pytest.mark.parametrize("path", ["programs", "programs/detox", "program-types", "rooms", "room-types"])
def test_unchanged_is_304(api, retreat, path):
    first = api().get(path)
    assert first["Cache-Control"] == "max-age=60, public" or set(first["Cache-Control"].split(", ")) == {
        "public",
        "max-age=60",
    }
    again = api().get(path, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Program.objects.update(name="New name")
    RoomType.objects.update(name="New name")
    if path != "program-types":
        changed = api().get(path, **{"If-None-Match": first["ETag"]})
        assert changed.status_code == 200
        assert changed["ETag"] != first["ETag"]


def test_a_bad_token_does_not_close_the_catalogue(api, retreat):
    assert api(Authorization="Bearer nonsense").get("programs").status_code == 200


def test_head_tells_what_get_would(api, retreat):
    got = api().get("programs")
    head = api().client.head("/api/v1/programs")
    assert head.status_code == 200 and head["ETag"] == got["ETag"]
    assert api().client.head("/api/v1/programs", headers={"If-None-Match": got["ETag"]}).status_code == 304
