"""B17: the server dies while it books, for real (SIGKILL); a retry with the same key ends with one booking."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from accounts.models import IdempotencyKey
from bookings.models import StayBooking
from payments.models import Folio
from rooms.models import InventoryNight

pytestmark = [pytest.mark.django_db(transaction=True)]
ROOT = Path(django_settings.BASE_DIR)
POINTS = ("idempotency.before_store", "idempotency.after_store")
ONE_CALL = """
import contextlib, json, sys
from types import SimpleNamespace
import django
django.setup()
if sys.argv[1] == "twin":  # effect and answer apart, and nothing that makes the effect unique
    from accounts.api import idempotency
    from accounts.domain import idempotency as keys
    from django.utils.crypto import get_random_string
    idempotency.transaction = SimpleNamespace(atomic=contextlib.nullcontext)
    keys.effect_key = lambda scope, key, print_: get_random_string(20)
from django.test import Client
answer = Client().post("/api/v1/bookings", sys.argv[2], content_type="application/json",
                       headers={"Idempotency-Key": "one-key"})
print(json.dumps([answer.status_code, answer.json()]))
"""


def call(body: dict, crashpoint: str = "", *, twin: bool = False) -> tuple[int, dict]:
    """One request in a process of its own: (status, answer), or (-9, {}) when it was killed."""
    database = connection.settings_dict
    address = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    environment = {
        **os.environ,
        "PEMA_ENV": "test",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ALLOWED_HOSTS": "testserver",
        "DATABASE_URL": f"postgres://{address}",
        "EMAIL_URL": "memorymail://",
        "PEMA_CRASHPOINT": crashpoint,
    }
    command = [sys.executable, "-c", ONE_CALL, "twin" if twin else "real", json.dumps(body)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, timeout=120)
    if done.returncode == 0:
        return tuple(json.loads(done.stdout.splitlines()[-1]))
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
    return -9, {}


@pytest.fixture
def body(stays, wish, api):
    quote = api().post("bookings/estimate", wish()).json()["quote"]
    contact = {"name": "Asha Rao", "email": "asha@example.com", "phone": "+919876543210"}
    return {"quote": quote, "guest": contact}


def ninety_seconds_pass() -> None:
    IdempotencyKey.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


def killed_and_tried_again(body: dict, point: str) -> None:
    assert call(body, point) == (-9, {})
    assert StayBooking.objects.count() == Folio.objects.count() == 0, "neither the effect nor its answer is kept"
    assert not InventoryNight.objects.filter(sold__gt=0).exists()
    status, told = call(body)
    assert (status, told["errors"][0]["code"]) == (409, "idempotency_in_flight")
    ninety_seconds_pass()
    first, again = call(body), call(body)
    assert first[0] == 201 and again == first
    assert StayBooking.objects.count() == 1 and StayBooking.objects.get().reference == first[1]["reference"]


def test_a_killed_booking_is_made_once(body):
    """B17, at the more dangerous point; the other one, many times over, is in the drill."""
    killed_and_tried_again(body, POINTS[1])


@pytest.mark.drill
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("trial", range(int(os.environ.get("DRILL_KILLS", "20"))))
def test_killed_bookings_many_times(body, point, trial):
    """B17."""
    killed_and_tried_again(body, point)


def test_the_twin_without_its_guards_books_twice(body):
    """B17: the negative control."""
    assert call(body, POINTS[0], twin=True)[0] == -9
    ninety_seconds_pass()
    assert call(body, twin=True)[0] == 201
    assert StayBooking.objects.count() == 2
