"""The contract: each call is there as it was promised, and the schema says all that a client has to know."""

import json
import re

import jsonschema_rs
import pytest
from django.core.management import call_command

CALLS = """
POST auth/register | POST auth/login | POST auth/refresh | POST auth/logout | GET auth/me | PATCH auth/me
POST auth/otp | POST auth/otp/verify | POST auth/password/forgot | POST auth/password/reset
GET auth/sessions | DELETE auth/sessions/{} | POST auth/google
GET companions | POST companions | PATCH companions/{} | DELETE companions/{} | POST devices | DELETE devices/{}
GET me/export | POST me/erasure
GET programs | GET programs/{} | GET program-types | GET rooms | GET room-types | GET room-types/{}
GET room-availability | GET availability-calendar | GET search | GET home
POST bookings/estimate | POST bookings | GET bookings | GET bookings/{} | GET bookings/{}/cancellation-quote
PATCH bookings/{}/cancel | POST bookings/{}/extend-hold | GET bookings/{}/timeline | GET bookings/{}/calendar.ics
POST bookings/claim | POST reviews | GET reviews/{} | PATCH reviews/{} | DELETE reviews/{}
GET room-types/{}/reviews | GET programs/{}/reviews | GET favourites | GET favourites/{}/{} | PUT favourites/{}/{}
DELETE favourites/{}/{} | POST payments/initiate | POST payments/webhook | POST payments/webhooks/payu
GET payments | GET payments/{} | GET bookings/{}/medical-forms | GET medical-forms/{} | PUT medical-forms/{}
POST medical-forms/{}/submit | GET medical-forms/{}/questions | POST medical-forms/{}/answers
GET medical-forms/{}/access-log | GET doctor/reviews | GET doctor/reviews/{} | POST doctor/reviews/{}/decision
POST doctor/reviews/{}/questions | GET admin/bookings | GET admin/dashboard | POST admin/programs
PUT admin/programs/{} | POST admin/rooms | POST admin/bookings/{}/check-in | POST admin/bookings/{}/check-out
POST admin/bookings/{}/no-show | POST admin/bookings/{}/assign-room
"""
# POSTs that neither create a thing of ours nor move money, or that repeat themselves safely.
WITHOUT_KEY = re.compile(r"/(auth/.*|payments/webhooks?(/\w+)?|bookings/estimate|bookings/claim|devices)$")


@pytest.fixture(scope="module")
def schema(tmp_path_factory, django_db_blocker):
    path = tmp_path_factory.mktemp("schema") / "openapi.json"
    with django_db_blocker.unblock():
        call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", "--file", str(path))
    return json.loads(path.read_text())


@pytest.fixture(scope="module")
def operations(schema):
    return [
        (method.upper(), path, operation)
        for path, found in schema["paths"].items()
        for method, operation in found.items()
        if path.startswith("/api/v1/")
    ]


def test_every_promised_call_is_there(operations):
    promised = {tuple(call.split()) for call in re.split(r"[|\n]", CALLS.strip()) if call.strip()}
    assert len(promised) > 70
    there = {(method, re.sub(r"\{\w+\}", "{}", path.removeprefix("/api/v1/"))) for method, path, _ in operations}
    assert not promised - there


def test_every_operation_says_who_may_call(operations):
    assert [
        f"{method} {path}" for method, path, one in operations if not one.get("x-roles") or "x-scope" not in one
    ] == []


def test_every_limited_answer_carries_the_limits(operations):
    for method, path, one in operations:
        if "429" in one["responses"]:
            for status, answer in one["responses"].items():
                assert "RateLimit-Remaining" in answer["headers"], f"{method} {path} {status}"
            assert "Retry-After" in one["responses"]["429"]["headers"]


def test_what_creates_takes_an_idempotency_key(operations):
    missing = []
    for method, path, one in operations:
        names = {parameter["name"] for parameter in one.get("parameters", [])}
        if method == "POST" and "Idempotency-Key" not in names and not WITHOUT_KEY.search(path):
            missing.append(path)
    assert missing == []


def test_every_exchange_has_an_example_that_is_true(schema, operations):
    """The examples come from real calls (`config/tests/examples.py`); each holds against its own schema."""
    checked, lacking = 0, []
    for method, path, one in operations:
        answers = [one["responses"][status] for status in one["responses"] if status.startswith("2")]
        bodies = [part.get("content", {}).get("application/json") for part in answers]
        if any(bodies) and not any(body and "example" in body for body in bodies):
            lacking.append(f"{method} {path}")
        asked = one.get("requestBody", {}).get("content", {}).get("application/json")
        if asked is not None and "example" not in asked:
            lacking.append(f"{method} {path}: request")
        for body in (asked, *bodies):
            if body and "example" in body:
                whole = {**body["schema"], "components": {"schemas": _strict(schema["components"]["schemas"])}}
                jsonschema_rs.validator_for(whole).validate(body["example"])
                checked += 1
    assert checked > 80 and not lacking


def test_the_files_for_integrators_are_up_to_date(db):
    call_command("api_docs", "--check")


def _strict(schemas):
    """OpenAPI 3.0's `nullable` in JSON Schema's words."""

    def walk(node):
        if isinstance(node, list):
            return [walk(one) for one in node]
        if not isinstance(node, dict):
            return node
        made = {key: walk(value) for key, value in node.items()}
        if made.pop("nullable", False):
            return {"anyOf": [made, {"type": "null"}]}
        return made

    return walk(schemas)
