"""Bad input at the guest's own pages: a clear 4xx or a page that says how to go on, never a fault of ours."""

from __future__ import annotations

import re
import uuid

import pytest
from django.urls import get_resolver

from bookings.domain import access as links
from core.errors import Conflict, Unavailable
from payments.models import GatewayEvent, Payment, Refund

pytestmark = pytest.mark.django_db(transaction=True)
DOORS = ("accounts.web.urls", "payments.web.urls", "bookings.web.urls_stays", "medical.web.urls")
WRONG = (
    "",
    "x",
    "\x00",
    "-1",
    "1e400",
    "NaN",
    "‮\ufeff😀",
    "' OR 1=1--",
    "{{7*7}}",
    "x" * 30_000,
    "99999999999999999999",
)
FIELDS = (
    "email", "password", "current", "first_name", "reference", "milestone", "expected_refund", "reason", "next",
    "answer", "question", "agree", "then", "autosave", "q1", "q2", "q3", "q4", "q5", "txnid", "hash", "status",
    "amount", "key", "last_name", "code", "name", "relation", "birth_date", "diet", "phone", "reminders",
)  # fmt: skip
NOBODYS = "5d0c0f6c-0000-4000-8000-000000000000"  # an id of nothing
METHODS = ("put", "patch", "delete", "options", "trace")


@pytest.fixture
def stay(stays, client):
    made = stays.paid()
    client.get(links.link(made.reference).removeprefix("http://testserver"))
    return made


def addresses(stay) -> list[str]:
    """Every page of the guest's own, with values that fit."""
    fit = {
        "reference": stay.reference,
        "form_id": str(stay.medical_forms.get().public_id),
        "public_id": str(stay.folio.payments.get().public_id),
        "number": "1",
        "signed": links.key(stay.reference),
        "page": "stay",
        "uidb64": "MQ",
        "token": "x-y",
    }
    found = []
    for door in DOORS:
        for pattern in get_resolver(door).url_patterns:
            found.append(
                "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: fit.get(part.group(1), NOBODYS), str(pattern.pattern))
            )
    assert len(found) > 25
    return found


def test_nonsense_in_every_field_is_answered_calmly(client, stay):
    """I12: no 5xx, and no money moves."""
    before = (Payment.objects.count(), Refund.objects.count(), stay.state)
    for address in addresses(stay):
        for value in WRONG:
            answer = client.post(address, dict.fromkeys(FIELDS, value))
            assert answer.status_code < 500, (address, value)
        assert client.post(address, b"\xff\xfe\x00", content_type="application/json").status_code < 500, address
        for query in ({"page": "x"}, {"payment": "x"}, {"payment": str(uuid.uuid4())}, {"next": "//evil.example"}):
            assert client.get(address, query).status_code < 500, (address, query)
        for method in METHODS:
            assert getattr(client, method)(address).status_code < 500, (method, address)
    stay.refresh_from_db()
    assert (Payment.objects.count(), Refund.objects.count(), stay.state) == before
    assert not GatewayEvent.objects.exists()


@pytest.mark.parametrize("reference", ["PW-0000000000", "x" * 500, "pw-ooooooooo0", "€", "..", "PW-0000000000%0A"])
def test_references_that_are_none_are_404(client, retreat, reference):
    for rest in ("", "/pay", "/cancel", "/claim", "/calendar.ics", "/form"):
        assert client.get(f"/stays/{reference}{rest}").status_code == 404, rest


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Unavailable("busy", "Many people are booking at this moment."), 503),
        (Conflict("conflict", "Somebody else was a moment faster."), 409),
    ],
)
def test_a_refusal_that_no_page_expected_says_what_happened_and_leads_back(client, stay, monkeypatch, error, status):
    from bookings import queries

    def refuse(*args, **kwargs):
        raise error

    monkeypatch.setattr(queries, "facts", refuse)
    answer = client.get(f"/stays/{stay.reference}")
    assert answer.status_code == status
    text = answer.content.decode()
    assert error.message in text and "Nothing was changed and nothing was charged" in text and 'href="/stays"' in text
    assert ("Retry-After" in answer) == (status == 503)
