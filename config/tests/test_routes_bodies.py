"""Somebody else's objects in what a call carries: in its address, in its body, in the lists within its body."""

from __future__ import annotations

import json
import logging
import re

import pytest
from django.conf import settings
from drf_spectacular.generators import SchemaGenerator

from accounts.roles import MANAGER
from backoffice.doors import NOBODY, PERSON, routes
from bookings.models import Guest, StayBooking
from config.tests import routing
from config.tests.belongings import Things, keyed, names_no_object
from config.tests.routing import ALIKE, NEAR, OTHER, OWN

pytestmark = pytest.mark.django_db
# Fields that name an object of somebody. Keys and codes are not among them: who holds one is who it is for.
NAMING = {"booking", "companion", "question"}
WRITING = ("POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def town(retreat, stays, guest, other_guest, now):
    logging.disable(logging.CRITICAL)
    yield routing.world(retreat, stays, guest, other_guest, at=now)
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def schema(django_db_blocker):
    with django_db_blocker.unblock():
        return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))


@pytest.fixture(scope="module")
def examples():
    return json.loads(settings.API_EXAMPLES.read_text())


def operations(schema):
    """(route, verb, operation) of every call of the API that writes."""
    known = {"/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path): route for route in routes()}
    for path, found in schema["paths"].items():
        for verb, operation in found.items():
            if path in known and verb.upper() in WRITING:
                yield known[path], verb.upper(), operation


def shape_of(schema, operation):
    """The shape of what the call carries; empty where it carries nothing."""
    content = operation.get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("schema", {})


def body(schema, shape, example, things: Things, quote: str):
    """A body like the example, with every name of an object replaced by that of `things`, in nested lists too."""
    while "$ref" in shape or "allOf" in shape:
        shape = shape["allOf"][0] if "allOf" in shape else schema["components"]["schemas"][shape["$ref"].split("/")[-1]]
    if shape.get("type") == "array":
        rows = example or ([{}] if names(schema, shape["items"]) else [])
        return [body(schema, shape["items"], row, things, quote) for row in rows]
    if not isinstance(shape.get("properties"), dict):
        return example
    made = dict(example or {})
    for name, inner in shape["properties"].items():
        if name in NAMING and not inner.get("readOnly") and ("properties" not in inner):
            made[name] = things.in_body(name, made.get(name))
        elif name == "quote":
            made[name] = quote
        elif name in made or names(schema, inner):
            made[name] = body(schema, inner, made.get(name), things, quote)
    return made


def names(schema, shape, seen=frozenset()) -> set[str]:
    """The fields of a shape, at any depth, that name an object of somebody."""
    text = json.dumps(shape)
    inner = set(re.findall(r'"#/components/schemas/(\w+)"', text)) - seen
    deeper = [names(schema, schema["components"]["schemas"][one], seen | inner) for one in inner]
    return {name for name in NAMING if f'"{name}": {{' in text}.union(*deeper)


def refused_and_unchanged(answer, what):
    assert 400 <= answer.status_code < 500, f"{what}: {answer.status_code} {answer.content[:300]!r}"
    assert answer.wrote == [], f"{what}: {answer.status_code} writes {answer.wrote}"


def test_a_good_body_opens_nothing_of_others(town, schema, examples, stays):
    """Z1: with a body that would pass, somebody else's object is refused and stays as it was."""
    tried, quote = 0, stays.quote(start=150)
    for route, verb, operation in operations(schema):
        if names_no_object(route) or keyed(route) or route.door.scope in ALIKE:
            continue
        example = (examples.get(operation["operationId"]) or {}).get("request")
        for whose in (NEAR, OTHER):
            sent = body(schema, shape_of(schema, operation), example, town.own, quote)
            for role in (PERSON, NOBODY):
                answer = town.call(route, role, whose, verb, sent)
                refused_and_unchanged(answer, f"{verb} /{route.path} as {role}, {whose}")
                tried += 1
    assert tried > 50


def test_the_body_names_what_is_not_ones_own(town, schema, examples, stays):
    """Z1: body and nested lists; the address is one's own, what the body names is somebody else's."""
    tried, quote = {}, stays.quote(start=150)
    for route, verb, operation in operations(schema):
        shape = shape_of(schema, operation)
        found = names(schema, shape)
        if not found or route.path.startswith("api/v1/admin/"):
            continue
        example = (examples.get(operation["operationId"]) or {}).get("request")
        for whose in (NEAR, OTHER):
            sent = body(schema, shape, example, getattr(town, whose), quote)
            refused_and_unchanged(town.call(route, PERSON, OWN, verb, sent), f"{verb} /{route.path}, {whose}: {sent}")
            tried[operation["operationId"]] = found
    assert {"bookings_create", "payments_initiate", "reviews_create", "medical_forms_answers"} <= set(tried)
    assert tried["bookings_create"] == {"companion"}


def test_the_same_body_with_ones_own_is_taken(town, schema, examples, stays):
    """Z1: the control of the test above. The companion in the list is why it was refused, and nothing else."""
    route, verb, operation = next(one for one in operations(schema) if one[2]["operationId"] == "bookings_create")
    sent = body(schema, shape_of(schema, operation), None, town.own, stays.quote(start=150))
    assert len(sent["guests"]) == 1
    answer = town.call(route, PERSON, OWN, verb, sent)
    assert answer.status_code == 201 and answer.json()["guests"][0]["name"] == "home Mate"
    assert not Guest.objects.filter(name__contains="Mate").exists()  # the call is taken back afterwards


def test_staff_give_no_room_of_another_property(town):
    """Z1, Z4: the stay is of one's own property, the room is not; and the other way round."""
    route = next(one for one in routes() if one.path == "api/v1/admin/bookings/<str:reference>/assign-room")
    for whose, things in ((OWN, town.other), (OTHER, town.own)):
        answer = town.call(route, MANAGER, whose, "POST", {"room": things.room_number()})
        refused_and_unchanged(answer, f"{whose} stay, room {things.room_number()}")


def test_no_address_takes_the_row_number_of_a_stay(town):
    """Z9: a stay is called by its random reference only; its number in the database opens nothing."""
    numbers = [str(town.own.stay.pk), str(town.own.stay.folio.pk)]
    tried = 0
    for route in routes():
        if "<str:reference>" not in route.path:
            continue
        for number in numbers:
            for role in town.clients:
                path = "/" + route.path.replace("<str:reference>", number)
                path = re.sub(r"<\w+:form_id>", str(town.own.stay.medical_forms.get().public_id), path)
                path = path.replace("<int:number>", "1").replace("<slug:deed>", "check-out")
                headers = town.bearers[role] if route.path.startswith("api/") else {}
                answer = town.clients[role].get(path, headers=headers)
                assert routing.refused(answer), f"{path} as {role}: {answer.status_code}"
                tried += 1
    assert tried > 200
    assert StayBooking.objects.filter(reference__in=numbers).count() == 0
