"""Whatever stands in the question: nobody reads other people's rows by it, and nothing breaks."""

from __future__ import annotations

import logging
import os
import random
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from drf_spectacular.generators import SchemaGenerator

from accounts.roles import DOCTOR, FINANCE, FRONT_DESK, MANAGER, RESERVATIONS
from backoffice.doors import NOBODY, PERSON
from config.tests import routing
from config.tests.routing import OWN
from config.tests.second_house import FOREIGN, STRANGER
from core.reach import Reach

pytestmark = pytest.mark.django_db
SEED = int(os.environ.get("PEMA_SEED", "20261121"))
ASKERS = (NOBODY, PERSON, DOCTOR, FRONT_DESK, RESERVATIONS, FINANCE, MANAGER)
# Names that carelessly written lists hand on to the ORM, and those of other makers' lists.
NAMES = [
    *("search", "q", "ordering", "order_by", "o", "e", "page", "p", "cursor", "limit", "page_size", "format", "all"),
    *("fields", "expand", "include", "with", "select", "_connector", "_negated", "user", "user_id", "user__email"),
    *("user__password__startswith", "owner", "folio__owner_id", "folio__owner__email__icontains", "property"),
    *("property__slug", "property__id__exact", "booking", "booking__user__email", "reference", "reference__in"),
    *("guests__name__icontains", "contact_email", "contact_email__contains", "id", "pk__gt", "state", "status", "of"),
    *("is_staff", "as", "impersonate", "tenant", "scope", "role", "who", "subject", "subject__startswith", "by"),
    *("from", "to", "start", "end", "since", "day", "date", "created_at__gte", "kind", "type", "for", "_popup"),
]


@pytest.fixture
def town(retreat, stays, guest, other_guest, now):
    logging.disable(logging.CRITICAL)
    yield routing.world(retreat, stays, guest, other_guest, at=now)
    logging.disable(logging.NOTSET)


def values(town) -> list[str]:
    """What to look for: other people's words and numbers, and what breaks careless look-ups."""
    far = [town.other, town.near]
    theirs = [one for things in far for one in (things.stay.reference, things.owner.email, str(things.owner.pk))]
    theirs += [str(things.stay.pk) for things in far] + [str(things.property.pk) for things in far]
    odd = ["", "1", "-1", "0", "true", "*", "%", "'", "' OR 1=1 --", "\x00", "9" * 30, "[]", '{"a": 1}', "null"]
    odd += [
        "-user__password",
        "password",
        "user__email",
        "?",
        "../",
        "2027-02-30",
        "2026-01-01",
        "9999-12-31",
        "ü",
        "😀",
    ]
    return [FOREIGN, STRANGER, *theirs, *[f"bookings.staybooking:{things.stay.pk}" for things in far], *odd]


def lists():
    """The routes that show several rows: GET without a parameter, in the API and in the back office."""
    for route in routing.of("api/", "admin/", ""):
        if "GET" in route.methods and "<" not in route.path and "?P" not in route.path:
            yield route


def names_at(route, schema) -> list[str]:
    """What the call says it takes, and what the list of the admin filters by, beside what everybody tries."""
    operation = schema["paths"].get(f"/{route.path}", {}).get("get", {})
    page = getattr(route.callback, "model_admin", None)
    own = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
    if page is not None and page in admin.site._registry.values():
        own += [f"{one[0] if isinstance(one, tuple) else one}__exact" for one in page.list_filter if one]
    return own * 3 + NAMES


def mixes(town, count: int) -> list[str]:
    """`count` questions of one to four parts each, at every list in turn, by those who may ask there; the leaks."""
    chance, found, schema = random.Random(SEED), list(lists()), SchemaGenerator().get_schema(request=None, public=True)
    asked, terms = 0, values(town)
    while asked < count:
        for route in found:
            able = [role for role in ASKERS if routing.may(route, role, OWN)]
            if not able or asked == count:
                continue
            role, known = chance.choice(able), names_at(route, schema)
            parts = [(chance.choice(known), chance.choice(terms)) for _ in range(chance.randint(1, 4))]
            query = "?" + urlencode(parts)
            answer = town.call(route, role, OWN, "GET", query=query)
            here = f"GET /{route.path}{query} as {role}: {answer.status_code}"
            if answer.status_code >= 500:
                town.leaks.append(f"{here} breaks")
            if answer.wrote:
                town.leaks.append(f"{here} writes {answer.wrote}")
            echoed = query.lower()
            if FOREIGN not in echoed and STRANGER not in echoed:  # else the page may repeat what was looked for
                town.read(here, route, role, answer)
            asked += 1
    print(f"{asked} questions at {len(found)} lists, seed {SEED}: {len(town.leaks)} leaks")
    return town.leaks


def test_odd_questions_show_nothing_of_others(town):
    """Z8, I1: each list is asked at least twice."""
    assert mixes(town, 2 * len(list(lists()))) == []


def test_a_list_that_forgets_whose_rows_it_shows_is_found(town, monkeypatch):
    """Z8: the control."""
    monkeypatch.setattr(Reach, "rows", lambda self, rows, path: rows)
    assert any("something of the other property" in one for one in mixes(town, len(list(lists()))))


@pytest.mark.drill
@pytest.mark.parametrize("count", [int(os.environ.get("DRILL_MIXES", "10000"))])
def test_ten_thousand_odd_questions(town, count):
    """Z8: 10,000 mixes."""
    assert mixes(town, count) == []
