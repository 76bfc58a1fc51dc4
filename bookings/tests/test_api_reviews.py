"""Reviews and favourites over the API: whose they are, what a refusal leaves alone, what everybody may read."""

from __future__ import annotations

import pytest

from bookings.domain import access, favourites, reviews
from bookings.models import Favourite, GuestReview
from bookings.tests import reviews as made
from bookings.tests.reviews import EDITOR
from config.tests.api_cast import codes
from core.actors import GUEST_LINK
from programs.models import Program

pytestmark = pytest.mark.django_db(transaction=True)
PUBLIC = {"id", "program", "room_type", "rating", "text", "author", "published_at", "reply", "replied_at"}
OWN = PUBLIC | {"booking", "status", "show_name", "decline_reason", "written_at", "changed_at"}


def body(stay, **more):
    return {"booking": stay.reference, "rating": 5, "text": "Quiet and kind.", **more}


def test_a_guest_writes_changes_and_takes_away(api, stays, guest):
    stay = made.over(stays, user=guest)
    answer = api(guest).post("reviews", body(stay, show_name=True))
    assert (answer.status_code, set(answer.json())) == (201, OWN)
    assert (answer.json()["status"], answer.json()["author"]) == ("waiting", "Asha R.")
    path = f"reviews/{answer.json()['id']}"
    assert api(guest).get(path)["Cache-Control"] == "no-store"
    assert api(guest).get("reviews").json()["count"] == 1
    assert codes(api(guest).post("reviews", body(stay))) == ["already_reviewed"]
    reviews.publish(GuestReview.objects.get(), by=EDITOR, at=stays.at)
    changed = api(guest).patch(path, {"rating": 3})
    assert (changed.json()["rating"], changed.json()["status"]) == (3, "waiting")
    assert changed.json()["text"] == "Quiet and kind."
    assert api(guest).delete(path).status_code == 204
    assert api(guest).get(path).status_code == 404
    assert not GuestReview.objects.exists()


def test_the_holder_of_a_link_needs_no_account(api, stays):
    stay, other = made.over(stays), made.over(stays, start=60)
    holder = api(**{"X-Stay-Key": access.key(stay.reference)})
    assert codes(holder.post("reviews", body(other))) == ["unknown_booking"]
    answer = holder.post("reviews", body(stay))
    assert answer.status_code == 201
    assert holder.get(f"reviews/{answer.json()['id']}").status_code == 200
    assert api().get(f"reviews/{answer.json()['id']}").status_code == 404


def test_other_peoples_are_simply_not_there(api, stays, guest, other_guest, front_desk):
    """Z1: stays and reviews of others answer 404, and nothing changes."""
    stay = made.over(stays, user=guest)
    for stranger in (api(other_guest), api(), api(front_desk)):
        assert codes(stranger.post("reviews", body(stay))) == ["unknown_booking"]
    assert not GuestReview.objects.exists()
    review = reviews.write(stay, rating=5, text="Mine.", by=GUEST_LINK, at=stays.at)
    path = f"reviews/{review.public_id}"
    for stranger in (api(other_guest), api(), api(front_desk)):
        assert stranger.get(path).status_code == 404
        assert stranger.patch(path, {"rating": 1}).status_code == 404
        assert stranger.delete(path).status_code == 404
    reviews.publish(review, by=EDITOR, at=stays.at)
    assert set(api(other_guest).get(path).json()) == PUBLIC
    assert api(other_guest).patch(path, {"rating": 1}).status_code == 404
    review.refresh_from_db()
    assert (review.rating, review.text, review.state) == (5, "Mine.", "published")
    assert api(other_guest).get("reviews").json()["count"] == 0


def test_before_the_end_nothing_is_taken(api, stays, guest):
    """Z11"""
    stay = stays.confirmed(user=guest)
    answer = api(guest).post("reviews", body(stay))
    assert (answer.status_code, codes(answer)) == (409, ["not_completed"])
    assert not GuestReview.objects.exists()


@pytest.mark.parametrize("change", [{"rating": 0}, {"rating": 6}, {"rating": "x"}, {"text": ""}, {"text": "x" * 1001}])
def test_bad_words(api, stays, guest, change):
    stay = made.over(stays, user=guest)
    assert api(guest).post("reviews", body(stay, **change)).status_code == 400
    assert not GuestReview.objects.exists()


def test_the_same_key_writes_once(api, stays, guest):
    stay = made.over(stays, user=guest)
    first, second = (api(guest).post("reviews", body(stay), **{"Idempotency-Key": "k1"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert GuestReview.objects.count() == 1


def test_what_everybody_reads(api, stays, django_assert_num_queries):
    """D8: newest first, in pages, with an ETag, at the same cost for one and for three."""
    made.published(stays, rating=5, show_name=False)
    with django_assert_num_queries(3):
        assert api().get("programs/detox/reviews").json()["count"] == 1
    for number in (1, 2):
        made.published(stays, rating=4, start=30 + 20 * number, text=f"Words {number}")
    made.written(stays, start=90)
    with django_assert_num_queries(3):
        answer = api().get("programs/detox/reviews")
    rows = answer.json()["results"]
    assert [row["author"] for row in rows] == ["Asha R.", "Asha R.", ""]
    assert all(set(row) == PUBLIC for row in rows)
    assert api().get("programs/detox/reviews", **{"If-None-Match": answer["ETag"]}).status_code == 304
    assert api().get("room-types/standard/reviews", {"page_size": 1, "page": 3}).json()["results"] == rows[2:]
    assert api().get("room-types/pema-suite/reviews").json()["results"] == []
    assert api().get("programs/no-such/reviews").status_code == 404
    rating = {"average": "4.3", "count": 3}
    assert api().get("programs/detox").json()["rating"] == rating
    assert api().get("room-types/standard").json()["rating"] == rating
    found = {one["slug"]: one["rating"] for one in api().get("search").json()["results"]}
    assert (found["detox"], found["pema-suite"]) == (rating, {"average": None, "count": 0})


def test_saving_twice_is_saving_once(api, retreat, guest, other_guest):
    mine, path = api(guest), "favourites/program/detox"
    assert codes(mine.get(path)) == ["not_saved"]
    first, second = mine.put(path), mine.put(path)
    assert (first.status_code, first.json()) == (200, second.json())
    assert mine.put("favourites/room_type/standard").json()["kind"] == "room_type"
    assert mine.put("favourites/room-type/standard").json()["kind"] == "room_type"  # as it was called before
    assert mine.get(path).json() == first.json()
    assert [one["slug"] for one in mine.get("favourites").json()["results"]] == ["standard", "detox"]
    assert Favourite.objects.count() == 2
    assert api(other_guest).get("favourites").json()["count"] == 0
    assert api(other_guest).delete(path).status_code == 204
    assert Favourite.objects.count() == 2
    assert [mine.delete(path).status_code for _ in range(2)] == [204, 204]
    assert Favourite.objects.get().room_type.slug == "standard"


@pytest.mark.parametrize(
    ("path", "code"),
    [("session/detox", "unknown_kind"), ("space/hall", "unknown_kind"), ("program/no-such", "unknown_favourite")],
)
def test_what_cannot_be_saved(api, retreat, guest, path, code):
    for deed in (api(guest).get, api(guest).put, api(guest).delete):
        answer = deed(f"favourites/{path}")
        assert (answer.status_code, codes(answer)) == (404, [code])
    assert api().put("favourites/program/detox").status_code == 401
    assert not Favourite.objects.exists()


def test_what_is_off_sale_leaves_the_list_and_can_be_forgotten(api, retreat, guest):
    api(guest).put("favourites/program/detox")
    Program.objects.filter(slug="detox").update(published=False)
    assert api(guest).get("favourites").json()["count"] == 0
    assert api(guest).put("favourites/program/detox").status_code == 404
    assert api(guest).delete("favourites/program/detox").status_code == 204
    assert not Favourite.objects.exists()


def test_there_is_an_end_to_saving(retreat, guest, now, monkeypatch):
    monkeypatch.setattr(favourites, "MOST", 1)
    favourites.merge(guest, [("program", "detox"), ("room-type", "standard"), ("space", "x")], at=now)
    assert Favourite.objects.count() == 1
