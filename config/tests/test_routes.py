"""Who may call what: every address against every role, its own and somebody else's objects, every verb."""

from __future__ import annotations

import logging
from itertools import product

import pytest
from django.http import HttpResponse
from django.urls import URLResolver, path
from django.urls.resolvers import RegexPattern

from accounts.domain import companions
from accounts.models import Companion
from backoffice.doors import PERSON, routes, undeclared
from config.tests import routing
from core.doors import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet():
    """Thousands of refusals are no news."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def town_of_two(retreat, stays, guest, other_guest, now):
    return routing.world(retreat, stays, guest, other_guest, at=now)


def play(world, kinds, *, every=False):
    for turn, route in enumerate(routing.of(*kinds)):
        for role, whose, verb in routing.calls(route, turn, every=every):
            world.judge(route, role, whose, verb)
    print(f"{world.sent} requests")
    return world.leaks


def told(leaks):
    """Fails with every leak by its name."""
    if leaks:
        pytest.fail(f"{len(leaks)} leaks\n" + "\n".join(leaks), pytrace=False)


def test_every_address_is_declared():
    """Z1: a new address without a word about who may call it fails here, by its name."""
    assert undeclared() == []
    assert len(routes()) > 250


def test_a_planted_address_is_found():
    """Z1: the guard above would see it."""
    planted = [path("secret-door", lambda request: HttpResponse(), name="secret")]
    assert undeclared(URLResolver(RegexPattern(r"^/"), planted)) == ["/secret-door (secret)"]


def test_every_object_is_there_for_each_owner(town_of_two):
    """Z1: an address whose parameter names nothing real would be refused for the wrong reason."""
    unreal = [
        f"/{route.path} ({route.name}), {whose}"
        for route in routes()
        if route.door.scope in (Scope.OWN, Scope.ASSIGNED, Scope.PROPERTY) and "<" in route.path
        for whose in (routing.OWN, routing.NEAR, routing.OTHER)
        if not town_of_two.address(route, whose)[1]
    ]
    assert unreal == []


def test_the_api_lets_in_whom_it_declares(town_of_two):
    """Z1, Z7: other people's objects are 404, refused calls write nothing, no answer shows another's words."""
    told(play(town_of_two, ["api/"]))


def test_the_pages_let_in_whom_they_declare(town_of_two):
    """Z1, Z7, I8."""
    told(play(town_of_two, ["", "sandbox/"]))


def test_the_back_office_lets_in_whom_it_declares(town_of_two):
    """Z1, Z4, Z6, Z7."""
    told(play(town_of_two, ["admin/"]))


def test_a_planted_hole_is_found(town_of_two, monkeypatch):
    """Z1: the control. Where a look-up forgets whose object it is, the neighbour's and the far one are reported."""
    monkeypatch.setattr(companions, "find", lambda user, public_id: Companion.objects.get(public_id=public_id))
    route = next(one for one in routes() if one.path == "api/v1/companions/<uuid:companion_id>")
    for whose, verb in product((routing.OWN, routing.NEAR, routing.OTHER), ("GET", "DELETE")):
        town_of_two.judge(route, PERSON, whose, verb)
    found = "\n".join(town_of_two.leaks)
    assert "own" not in found and found.count("is let in") == 4 and found.count("writes") == 2


PARTS = [("api/", 0, 1), ("", 0, 1), ("sandbox/", 0, 1), *(("admin/", part, 8) for part in range(8))]


@pytest.mark.drill
@pytest.mark.parametrize(("kind", "part", "parts"), PARTS)
def test_every_combination(town_of_two, kind, part, parts):
    """Z1, Z7, I8: routes x roles x own, a neighbour's and another property's x all verbs."""
    mine = [route for turn, route in enumerate(routing.of(kind)) if turn % parts == part]
    for route in mine:
        for role, whose, verb in routing.calls(route, 0, every=True):
            town_of_two.judge(route, role, whose, verb)
    print(f"{kind or 'pages'} {part}: {len(mine)} addresses, {town_of_two.sent} requests")
    told(town_of_two.leaks)
