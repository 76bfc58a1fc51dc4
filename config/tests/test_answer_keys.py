"""What each role reads of each call stands in a list: a new field is let out on purpose or not at all.

`PEMA_RECORD_KEYS=1 make test ARGS="config/tests/test_answer_keys.py"` writes the file anew; read its difference before
it is committed.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bookings.api import shapes
from config.tests import routing
from config.tests.routing import OWN

pytestmark = pytest.mark.django_db
KEPT = Path(__file__).with_name("answer_keys.json")
# Ways in which other makers' APIs are asked for more than they show.
MORE = ("", "?fields=__all__&_fields=password&expand=user,folio,medical&include=*&depth=3&all=1")
# A map whose keys are data (dates, codes): what stands below one stands below all.
FREE = {"days", "by_status", "answers", "counts"}


@pytest.fixture
def town(retreat, stays, guest, other_guest, now):
    logging.disable(logging.CRITICAL)
    yield routing.world(retreat, stays, guest, other_guest, at=now)
    logging.disable(logging.NOTSET)


def keys(value: Any, at: str = "") -> Iterator[str]:
    """Every path of keys in an answer; the places of a list are one."""
    if isinstance(value, list):
        for one in value:
            yield from keys(one, f"{at}[]")
    elif isinstance(value, dict):
        for name, one in value.items():
            here = f"{at}.*" if at.rpartition(".")[2] in FREE else f"{at}.{name}".lstrip(".")
            yield here
            yield from keys(one, here)


def read_all(town, kind: str = "api/") -> dict[str, dict[str, list[str]]]:
    """call -> role -> keys; what is asked for in the question changes nothing."""
    found: dict[str, dict[str, list[str]]] = {}
    for route in routing.of("api/"):
        for role in routing.CALLERS:
            if not route.path.startswith(kind) or "GET" not in route.methods or not routing.may(route, role, OWN):
                continue
            seen = set()
            for query in MORE:
                answer = town.call(route, role, OWN, "GET", query=query)
                if answer.status_code == 200 and "json" in answer.headers.get("Content-Type", ""):
                    seen |= set(keys(json.loads(answer.content)))
            if seen and "schema" not in route.path:
                found.setdefault(route.path, {})[role] = sorted(seen)
    return found


def grouped(found: dict[str, dict[str, list[str]]]) -> dict[str, dict[str, list[str]]]:
    """Roles that read the same stand together."""
    made: dict[str, dict[str, list[str]]] = {}
    for call, by_role in sorted(found.items()):
        alike: dict[tuple[str, ...], list[str]] = {}
        for role, seen in by_role.items():
            alike.setdefault(tuple(seen), []).append(role)
        made[call] = {", ".join(roles): list(seen) for seen, roles in alike.items()}
    return made


def surplus(found: dict[str, dict[str, list[str]]]) -> list[str]:
    """Fields that somebody reads and the file does not know."""
    kept = json.loads(KEPT.read_text())
    known = {
        (call, role): set(seen)
        for call, by_role in kept.items()
        for roles, seen in by_role.items()
        for role in roles.split(", ")
    }
    return [
        f"GET /{call} as {role}: {one}"
        for call, by_role in found.items()
        for role, seen in by_role.items()
        for one in seen
        if one not in known.get((call, role), set())
    ]


def test_nobody_reads_a_field_that_is_not_on_the_list(town):
    """Z13: property read, with and without asking for more."""
    found = read_all(town)
    if os.environ.get("PEMA_RECORD_KEYS"):
        KEPT.write_text(json.dumps(grouped(found), indent=1, ensure_ascii=False) + "\n")
    assert len(found) > 30
    assert surplus(found) == []


def test_a_field_that_slips_in_is_found(town, monkeypatch):
    """Z13: the control."""
    monkeypatch.setattr(shapes.BookingShape, "data", {"doctor": "Dr. Iyer"})
    found = surplus(read_all(town, "api/v1/bookings/<str:reference>"))
    assert found and all(one.endswith(": doctor") for one in found)
