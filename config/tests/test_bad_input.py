"""Bad input at every door of the API: a clear 4xx, never a fault of ours, and nothing written.

The doors come from the URL resolver, the field names from the schema: a new call is tried without being listed here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator

from accounts.models import Companion, User
from config.tests.api_cast import BASE, Api

METHODS = ("get", "post", "put", "patch", "delete", "options", "head")
REFERENCES = ("PW-0000000000", "pw-ooooooooo0", "PW-%27OR1=1--", "x" * 500, "..%2F..%2Fetc", "€", "PW-0000000000%0A")
UUIDS = ("00000000-0000-0000-0000-000000000000", "1", "x" * 500, "{}", "%F0%9F%92%A9")
SLUGS = ("no-such", "x" * 500, "a b", "1", "..")
WRONG = (
    None, True, False, 0, -1, 1.5, 10**17, 10**400, "", " ", "x", "NaN", "-1", "1e400", "٣", "'; DROP TABLE x;--",
    "{{7*7}}", "<script>alert(1)</script>", "2027-02-30", "9999-12-31", "x" * 20_000, "‮\ufeff", [], [[]], {}, [None],
    {"$ne": 1}, ["x"] * 200,
)  # fmt: skip
RAW = (
    b"", b"{", b"[]", b"null", b'"text"', b"1", b"[1]", b'{"a": NaN}', b'{"a": Infinity}', b'{"a": 1e999}',
    b'{"a": "\\u0000"}', b'{"a": "\\ud800"}', b"\xff\xfe\x00", b'{"a": ' * 500 + b"1" + b"}" * 500, b"[" * 100_000,
    b'{"a": ' + b"9" * 10_000 + b"}", b'{"a": 1, "a": 2}', b"a=1&b=2",
)  # fmt: skip
QUERIES = (
    {"page": "x"}, {"page": "-1"}, {"page": "9" * 400}, {"page_size": "x"}, {"page_size": "-5"}, {"when": "x" * 9999},
    {"status": "'"}, {"search": "%' OR 1=1--"}, {"search": "\\"}, {"search": "\u202e😀" * 50}, {"from": "x"},
    {"check_in_date": "x", "check_out_date": "[]"}, {"month": "x"}, {"adults": "x"}, {"order_by": "user__password"},
    {"id__in": "1,2"}, {"_connector": "OR"}, {"type": "x' --"}, {"format": "xml"}, {"fields": "password"},
)  # fmt: skip
WATCHED = (
    "bookings.StayBooking", "bookings.BookedRoom", "payments.Payment", "payments.Refund", "payments.FolioLine",
    "payments.GatewayEvent", "medical.MedicalForm", "medical.Decision", "medical.Clarification", "medical.Consent",
    "programs.Program", "rooms.Room", "rooms.Assignment", "rooms.InventoryNight", "audit.History",
)  # fmt: skip
# What a lone well-formed call does without a body, or writes down about the person who calls.
QUIET = {"auth/register", "auth/sessions", "me/export", "me/erasure"}


def routes() -> list[str]:
    """Every address of the API below /api/v1/, as patterns."""
    found = set()
    for pattern in get_resolver("config.api_urls").url_patterns:
        for inner in getattr(pattern, "url_patterns", [pattern]):
            found.add(str(inner.pattern))
    return sorted(found - {"schema"})


def addresses(route: str) -> Iterator[str]:
    """The route with each of the bad values for what stands in it."""
    kind = re.search(r"<(\w+):(\w+)>", route)
    if kind is None:
        yield route
        return
    for value in {"uuid": UUIDS, "slug": SLUGS}.get(kind[1], REFERENCES):
        yield route[: kind.start()] + value + route[kind.end() :]


@pytest.fixture
def real(stays, guest):
    """Real things, so that bad bodies reach the verbs behind real addresses."""
    stay = stays.in_review(user=guest)
    form = stays.form(stay)
    payment = stay.folio.payments.get()
    values = {"reference": stay.reference, "form_id": form.public_id, "public_id": payment.public_id, "slug": "detox"}
    values |= dict.fromkeys(("session_id", "pack_id", "device_id"), uuid4()) | {"kind": "program"}
    values["companion_id"] = Companion.objects.create(user=guest, name="Ila Rao", relation="child").public_id

    def fill(route: str) -> str:
        return re.sub(r"<\w+:(\w+)>", lambda match: str(values[match[1]]), route)

    return fill


@pytest.fixture
def callers(guest, doctor, front_desk, db) -> list[Api]:
    """Nobody, the guest, her doctor, the desk, and one who may do everything."""
    boss = User.objects.create_superuser("boss@pema.example", "a-long-enough-password", first_name="Boss")
    return [Api(), Api(guest), Api(doctor), Api(front_desk), Api(boss)]


@pytest.fixture
def unchanged():
    """Nothing in the tables that matter has changed."""

    def rows() -> dict[str, list]:
        return {name: list(apps.get_model(name).objects.order_by("pk").values()) for name in WATCHED}

    return rows


def send(caller: Api, method: str, path: str, raw: bytes | None = None, query: dict | None = None):
    kind = {} if raw is None else {"data": raw, "content_type": "application/json"}
    if query:
        path += "?" + "&".join(f"{name}={value}" for name, value in query.items())
    return getattr(caller.client, method)(BASE + path, headers=caller.headers, **kind)


def fine(answer, told: str) -> None:
    """A refusal in the one shape, or an answer; never a fault."""
    assert answer.status_code < 500, f"{told}: {answer.status_code} {answer.content[:300]!r}"
    if answer.status_code >= 400 and answer.content:
        assert answer.json()["errors"], told


@pytest.mark.parametrize("route", routes())
def test_odd_addresses_and_methods(route, callers, retreat, unchanged):
    """Z7, I12: unknown references, broken ids, wrong methods."""
    before = unchanged()
    for path in addresses(route):
        for method in METHODS:
            for caller in (callers[0], callers[1], callers[-1]):
                fine(send(caller, method, path), f"{method} {path[:80]}")
    if route not in QUIET:
        assert unchanged() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("route", [route for route in routes() if not route.startswith("payments/webhook")])
def test_broken_bodies(route, callers, real, unchanged):
    """I12: what is no JSON object is refused before anything happens."""
    before = unchanged()
    empty_is_fine = re.search(r"(check-in|check-out|no-show|-room|extend-hold|cancel|export|erasure)$", route)
    for raw in RAW:
        if empty_is_fine and raw in (b"", b'{"a": 1, "a": 2}'):
            continue
        for method in ("post", "put", "patch"):
            for caller in (callers[0], callers[1], callers[-1]):
                answer = send(caller, method, real(route), raw)
                fine(answer, f"{method} {route} {raw[:40]!r}")
                if raw and not raw.startswith(b'{"a": 1, '):
                    assert answer.status_code >= 400, f"{method} {route} took {raw[:40]!r}"
    assert unchanged() == before


def bodies() -> dict[str, tuple[str, list[str]]]:
    """Route -> its method with a body and the names of that body's fields, from the schema."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    parts = schema["components"]["schemas"]
    found = {}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content and "$ref" in content["schema"]:
                name = content["schema"]["$ref"].split("/")[-1]
                found[path.removeprefix(BASE)] = method, sorted(parts[name].get("properties", {}))
    return found


FIELDS = bodies()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("route", [route for route in routes() if re.sub(r"<\w+:(\w+)>", r"{\1}", route) in FIELDS])
def test_wrong_values_in_every_field(route, callers, real, unchanged):
    """I12, P19, B13: each field of each body with each wrong value, alone and all at once."""
    before = unchanged()
    method, names = FIELDS[re.sub(r"<\w+:(\w+)>", r"{\1}", route)]
    assert names
    caller = callers[2] if route.startswith("doctor/") else callers[-1] if route.startswith("admin/") else callers[1]
    if route == "auth/logout":
        return  # a sign-out with anything is a sign-out
    for value in WRONG:
        try:
            tries = [json.dumps({name: value}).encode() for name in names]
            tries.append(json.dumps(dict.fromkeys(names, value)).encode())
        except ValueError:
            continue
        for raw in tries:
            fine(send(caller, method, real(route), raw), f"{method} {route} {raw[:80]!r}")
    if not re.search(
        r"(check-in|cancel|assign-room|questions|auth/me|auth/proof)$", route
    ):  # some are good bodies there
        assert unchanged() == before


@pytest.mark.parametrize(
    "route", ["auth/login", "bookings/estimate", "bookings", "payments/initiate", "bookings/claim"]
)
def test_a_body_of_more_than_a_megabyte(route, callers, retreat, unchanged):
    """D3"""
    before = unchanged()
    raw = json.dumps({"quote": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 10)}).encode()
    for caller in callers:
        answer = send(caller, "post", route, raw)
        assert answer.status_code in (413, 401)
    assert unchanged() == before


@pytest.mark.parametrize("route", routes())
def test_odd_questions(route, callers, retreat):
    """I1, D2: whatever stands in the query string."""
    path = next(addresses(route))
    for query in QUERIES:
        for caller in (callers[0], callers[1], callers[-1]):
            fine(send(caller, "get", path, query=query), f"{route} {query}")


BAD_WISHES = [
    ({"check_in_date": "2020-01-01"}, "past_date"),
    ({"check_in_date": "9998-01-01", "check_out_date": "9998-01-09"}, "beyond_horizon"),
    ({"check_out_date": "9999-12-31"}, "too_long"),
    ({"check_in_date": "2027-02-30"}, "invalid"),
    ({"check_in_date": 20270201}, "invalid"),
    ({"program": "no-such"}, "unknown_program"),
    ({"program": "a b"}, "invalid"),
    ({"rooms": []}, "empty"),
    ({"rooms": [{"room_type": "no-such", "adults": 1}]}, "unknown_room_type"),
    ({"rooms": [{"room_type": "standard", "adults": 0}]}, "no_adult"),
    ({"rooms": [{"room_type": "standard", "adults": 3}]}, "occupancy"),
    ({"rooms": [{"room_type": "standard", "adults": 1, "children_ages": [-1]}]}, "min_value"),
    ({"rooms": [{"room_type": "standard", "adults": 1, "children_ages": [1, 1, 1]}]}, "occupancy"),
    ({"rooms": [{"room_type": "standard", "adults": 1, "caregiver": "sharing"}]}, "caregiver_without_child"),
    ({"rooms": [{"room_type": "standard", "adults": 1}] * 6}, "room_count"),
    ({"add_ons": [{"code": "no-such", "quantity": 1}]}, "unknown_extra"),
    ({"add_ons": [{"code": "airport-transfer", "quantity": 0}]}, "min_value"),
    ({"add_ons": [{"code": "airport-transfer", "quantity": 11}]}, "extra_quantity"),
    ({"add_ons": [{"code": "airport-transfer", "quantity": 1}] * 2}, "extra_twice"),
    ({"coupon": "FREE"}, "unknown_coupon"),
]


@pytest.mark.parametrize(("change", "code"), BAD_WISHES)
def test_wishes_that_cannot_be(api, retreat, wish, change, code):
    """B5, B14, D1: each with its own code and, where there is one, its field."""
    answer = api().post("bookings/estimate", {**wish(), **change})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == code


def test_boundaries_of_the_stay(api, retreat, wish, today):
    """B14: min stay, max stay, horizon at -1, 0, +1."""
    for start, nights, status in (
        (30, 4, 400),
        (30, 5, 200),
        (30, 21, 200),
        (30, 22, 400),
        (365, 5, 200),
        (366, 5, 400),
    ):
        assert api().post("bookings/estimate", wish(start=start, nights=nights)).status_code == status
    reversed_dates = api().post("bookings/estimate", wish(nights=-3))
    assert reversed_dates.json()["errors"][0]["code"] == "dates_reversed"
    assert api().post("bookings/estimate", wish(nights=0)).status_code == 400


def test_a_month_at_the_end_of_the_calendar(client, retreat):
    answer = client.get("/api/v1/availability-calendar?room_type=standard&month=9999-12")
    assert answer.status_code == 400 and answer.json()["errors"][0]["code"] == "bad_month"


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/docs", "/redoc"])
def test_the_pages_of_the_schema_know_get_only(client, page):
    assert client.options(page).status_code == 405


@pytest.mark.parametrize("name", ["room-availability", "availability-calendar"])
def test_a_wrong_method_at_a_plain_read_is_told_so_in_json(retreat, name):
    answer = Client(enforce_csrf_checks=True).post(f"/api/v1/{name}", {})
    assert answer.status_code == 405 and answer.json()["errors"][0]["code"] == "method_not_allowed"
