"""Q1: the worker dies between sending a webhook and noting it, for real (SIGKILL); the receiver counts by id."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.utils import timezone

from notifications.sandbox_crm import intake
from notifications.sandbox_crm.models import Received
from notifications.tests.receivers import listener
from notifications.webhooks import events
from notifications.webhooks.catalogue import DATA_KEYS
from notifications.webhooks.models import WebhookAttempt, WebhookDelivery

pytestmark = [pytest.mark.django_db(transaction=True)]
ROOT = Path(django_settings.BASE_DIR)


def worker(site: str, crashpoint: str = "") -> int:
    """One drain of the promises in a process of its own; its exit code (-9 when it was killed)."""
    database = connection.settings_dict
    address = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    environment = {
        **os.environ,
        "PEMA_ENV": "test",
        "DATABASE_URL": f"postgres://{address}",
        "SITE_URL": site,
        "OUTSIDE_ALLOWED": site.removeprefix("http://"),
        "EMAIL_URL": "memorymail://",
        "PEMA_CRASHPOINT": crashpoint,
    }
    command = [sys.executable, str(ROOT / "manage.py"), "work_promises"]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, timeout=120).returncode


@pytest.mark.parametrize(("point", "arrivals"), [("webhook.before_send", 1), ("webhook.after_send", 2)])
def test_a_killed_worker_tells_again_under_the_same_id(live_server, settings, now, point, arrivals):
    """Killed after the answer came and before it was noted: sent again, and the receiver knows it by its id."""
    settings.OUTSIDE_ALLOWED = [live_server.url.removeprefix("http://")]
    _, secret = listener(now, url=f"{live_server.url}/sandbox/crm")
    intake.trust(secret)
    with transaction.atomic():
        data = dict.fromkeys(DATA_KEYS[1:])
        event = events.announce("booking.held", key="k", subject="booking:PW-1", data=data, at=now)
    assert worker(live_server.url, point) == -signal.SIGKILL
    row = WebhookDelivery.objects.get()
    assert (row.work_state, row.attempts) == ("pending", 1) and not WebhookAttempt.objects.exists()
    assert worker(live_server.url) == 0
    assert WebhookDelivery.objects.get().attempts == 1, "nobody takes it before the lease is over"
    WebhookDelivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert worker(live_server.url) == 0
    assert WebhookDelivery.objects.get().work_state == "done"
    calls = list(Received.objects.order_by("id"))
    assert [call.problem for call in calls] == [""] * arrivals
    assert {call.event_id for call in calls} == {event.public_id}
    assert [call.again for call in calls] == [False, True][:arrivals]
