"""Operations, the schema, and the errors of the whole API."""

import ast
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client
from django.urls import get_resolver

from config import health
from core.api.codes import CODES
from core.api.plain import error_body
from core.errors import Invalid

RAISERS = {
    "DomainError", "Invalid", "NotAllowed", "Missing", "Conflict", "TooMany", "Unavailable", "NotSignedIn", "Mismatch",
    "QuoteStale", "ForgedCallback", "SoldOut", "BadAnswers",
}  # fmt: skip
BEHIND_THE_API = (
    "accounts/domain", "accounts/api", "bookings/domain", "bookings/api", "bookings/queries", "bookings/permissions.py",
    "payments/domain/attempts.py", "payments/domain/folio.py", "payments/domain/inbox.py", "payments/api",
    "payments/gateways/registry.py", "payments/gateways/payu/adapter.py", "medical/domain", "medical/api",
    "programs/api", "programs/domain", "rooms/domain/assignments.py", "rooms/domain/building.py",
    "rooms/domain/inventory.py", "backoffice/api", "core/money.py", "core/nights.py", "core/db.py", "core/api",
)  # fmt: skip
NOT_OVER_THE_API = {
    "bad_days",
    "no_such_rule",  # refusals of pages: the admin's screens, the guest's privacy page
    *("examined", "program_needed", "txnid_used", "not_assigned", "bad_range", "no_such_person", "released"),
    *("unknown_about", "empty_wish", "too_many_open", "nothing_to_withdraw", "no_such_agreement"),
}


@pytest.fixture(scope="module")
def schema(tmp_path_factory, django_db_blocker):
    path = tmp_path_factory.mktemp("schema") / "openapi.json"
    with django_db_blocker.unblock():
        call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", "--file", str(path))
    return json.loads(path.read_text())


def test_health(client, db):
    for path in ("/health", "/health/ready"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        given = answer.json()
        assert given["checks"]["database"]["status"] == "ok"
        assert {"due", "dead", "oldest_due_seconds"} <= set(given["checks"]["promises"])
    assert client.get("/health/live").json() == {"status": "ok"}
    assert client.post("/health").status_code == 405


def test_without_a_database_the_house_is_closed(client, db, monkeypatch):
    def broken():
        raise DatabaseError("gone")

    monkeypatch.setattr(health, "database", broken)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (503, "down")
    assert answer["Retry-After"] == "5"
    assert "gone" not in answer.content.decode()


def test_late_promises_are_seen(client, db, now):
    from datetime import timedelta

    from notifications.models import Message

    Message.objects.create(key="x", template="x", recipient="a@example.com", due_at=now - timedelta(minutes=10))
    given = client.get("/health").json()
    assert given["status"] == "degraded"
    assert given["checks"]["promises"]["oldest_due_seconds"] > 500


def test_the_pages_of_the_schema(client, db, schema):
    for path in ("/api/v1/schema", "/openapi.json"):
        assert client.get(path).json()["paths"].keys() == schema["paths"].keys()
    for path in ("/docs", "/redoc"):
        page = client.get(path)
        assert page.status_code == 200
        assert not re.findall(r'(?:src|href)="https?://', page.content.decode()), "from sidecar files only"


def test_every_route_is_in_the_schema(schema):
    """A call without a description is a call that nobody can rely on."""
    routes = set()
    for pattern in get_resolver("config.api_urls").url_patterns:
        for inner in getattr(pattern, "url_patterns", [pattern]):
            routes.add("/api/v1/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(inner.pattern)))
    routes.discard("/api/v1/schema")
    assert len(routes) > 45
    assert routes <= set(schema["paths"])


def test_every_operation_is_complete(schema):
    seen = set()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert operation["operationId"] not in seen
            seen.add(operation["operationId"])
            assert operation.get("description"), f"{method} {path}"
            assert any(status.startswith("2") for status in operation["responses"])
            if path.startswith("/api/v1/"):
                refusals = [status for status in operation["responses"] if status.startswith(("4", "5"))]
                assert refusals, f"{method} {path} says nothing about refusals"


def test_every_code_is_listed():
    """api.md: codes are stable and listed in the schema."""
    found = {}
    for place in BEHIND_THE_API:
        path = Path(settings.BASE_DIR) / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            for node in ast.walk(ast.parse(file.read_text())):
                name = getattr(getattr(node, "func", None), "id", getattr(getattr(node, "func", None), "attr", ""))
                if isinstance(node, ast.Call) and name in RAISERS and node.args:
                    code = node.args[0]
                    if isinstance(code, ast.Constant) and re.fullmatch(r"[a-z_]+", str(code.value)):
                        found[code.value] = f"{file}:{node.lineno}"
    assert len(found) > 60
    unknown = {code: where for code, where in found.items() if code not in CODES and code not in NOT_OVER_THE_API}
    assert not unknown


def test_one_shape_for_every_refusal(client, db):
    """Unknown addresses, NUL in the address, other methods, other media types: the same JSON."""
    strict = Client(raise_request_exception=False)
    answers = [
        strict.get("/api/v1/nothing"),
        strict.get("/api/v1/programs/"),
        strict.get("/api/v1/programs?search=a%00b"),
        strict.delete("/api/v1/programs"),
        strict.post("/api/v1/auth/login", "a=1", content_type="application/x-www-form-urlencoded"),
        strict.post("/api/v1/auth/login", "{", content_type="application/json"),
        strict.get("/api/v1/auth/me"),
        strict.get("/api/v1/room-availability"),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 400, 405, 415, 400, 401, 400]
    for answer in answers:
        body = answer.json()
        assert set(body) == {"type", "errors"}
        assert all(set(error) == {"code", "detail", "attr"} for error in body["errors"])
    assert set(error_body(Invalid("x", "y"))) == {"type", "errors"}


def test_a_wrong_host_is_refused(db):
    answer = Client(raise_request_exception=False).get("/api/v1/programs", headers={"Host": "evil.example"})
    assert answer.status_code == 400
