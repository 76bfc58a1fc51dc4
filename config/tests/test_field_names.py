"""A refusal names the field that the client sent, or none."""

import re

import pytest
from django.core.management import call_command

from core.api.refusals import heard

NAMED_BY_THE_FORM = ("medical_forms_update", "medical_forms_submit")  # bad answers: by the linkId of the question


@pytest.fixture(scope="module")
def operations(django_db_blocker, tmp_path_factory):
    import json

    path = tmp_path_factory.mktemp("schema") / "openapi.json"
    with django_db_blocker.unblock():
        call_command("spectacular", "--format", "openapi-json", "--file", str(path))
    schema = json.loads(path.read_text())
    return {
        one["operationId"]: (one, schema["components"]["schemas"])
        for found in schema["paths"].values()
        for one in found.values()
    }


def test_every_recorded_refusal_names_a_field_of_its_call(operations):
    strange = {}
    for name, statuses in heard().items():
        operation, shapes = operations[name]
        known = {one["name"] for one in operation.get("parameters", [])}
        asked = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        known |= set(shapes.get(asked.get("$ref", "").rpartition("/")[2], {}).get("properties", {}))
        for bodies in statuses.values():
            for code, body in bodies.items():
                attrs = {error["attr"] for error in body["errors"]} - {None}
                odd = {attr for attr in attrs if attr.split(".")[0] not in known or "non_field" in attr}
                if odd and not (name in NAMED_BY_THE_FORM and code in ("bad_answers", "required")):
                    strange[name, code] = odd
    assert heard() and not strange


@pytest.mark.parametrize(
    ("path", "body", "attr"),
    [
        ("auth/otp", {"channel": "sms", "to": "12"}, "to"),
        ("auth/otp", {"channel": "sms", "to": "+1 212 555 2368"}, "to"),
        ("auth/otp", {"channel": "email", "to": "nobody"}, "to"),
    ],
)
def test_who_signs_in_by_code_sent_to(api, path, body, attr):
    refused = api().post(path, body)
    assert (refused.status_code, refused.json()["errors"][0]["attr"]) == (400, attr)


@pytest.mark.parametrize(
    ("verb", "path", "body", "attr"),
    [
        ("post", "auth/email", {"email": "nobody"}, "email"),
        ("post", "auth/phone", {"phone": "12"}, "phone"),
        ("post", "auth/proof", {}, None),
        ("patch", "auth/me", {"communication_preferences": {"reminders": {"sms": True}}}, "communication_preferences"),
        ("patch", "auth/me", {"phone": "x1"}, "phone"),
        ("put", "me/consents", {"consents": {"nonsense": True}}, "consents"),
    ],
)
def test_who_is_signed_in(api, guest, verb, path, body, attr):
    guest.phone = ""
    guest.save(update_fields=["phone"])
    refused = getattr(api(guest), verb)(path, body)
    assert (refused.status_code, refused.json()["errors"][0]["attr"]) == (400, attr)


def test_a_wish_inside_a_quote_is_the_quote(api, stays, retreat):
    quote = stays.quote(start=30)
    retreat.programs.filter(slug="detox").update(published=False)
    refused = api().post(
        "bookings", {"quote": quote, "guest": {"name": "Asha", "email": "asha@example.com", "phone": "+919876543210"}}
    )
    assert refused.status_code in (400, 409)
    assert re.fullmatch("quote|None", str(refused.json()["errors"][0]["attr"]))
