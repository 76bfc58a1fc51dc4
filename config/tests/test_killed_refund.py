"""R3: the worker dies in the middle of a refund, for real (SIGKILL); the simulator counts what was paid back."""

from __future__ import annotations

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

from bookings.domain import lifecycle
from config.tests.cast import Stays
from core.actors import GUEST_LINK
from payments.domain import capture
from payments.models import FolioLine, Payment, Refund
from payments.simulator.models import Refund as PaidBack
from payments.simulator.models import Transaction

pytestmark = [pytest.mark.django_db(transaction=True)]
ROOT = Path(django_settings.BASE_DIR)
POINTS = (
    "refund.before_sent",
    "refund.before_call",
    "refund.after_call",
    "refund.after_accepted",
    "refund.after_status",
    "refund.before_settle",
    "refund.after_settle",
)


@pytest.fixture
def payu(live_server, settings):
    """The real adapter, talking HTTP to the simulator on the live server."""
    settings.SITE_URL = live_server.url
    settings.PAYU_COMMAND_URL = f"{live_server.url}/sandbox/payu/merchant/postservice.php?form=2"
    settings.PAYU_SIM_REFUND_SECONDS = 0
    return settings.PAYU_COMMAND_URL


@pytest.fixture
def cancelled(payu, retreat, doctor, now):
    """A stay that was paid through the simulator and cancelled: one refund is promised."""
    stays = Stays(retreat, None, now)
    stay = stays.held()
    payment = stays.started(stay, "deposit")
    Transaction.objects.create(
        txnid=payment.txnid,
        amount=payment.amount,
        amount_text=str(payment.amount),
        productinfo="Stay",
        firstname="Asha",
        email="asha@example.com",
        phone="9",
        surl="http://127.0.0.1/x",
        furl="http://127.0.0.1/x",
        state=Transaction.State.CAPTURED,
        unmapped="captured",
        mode="CC",
        settled_at=now,
    )
    capture.confirm(payment, at=now)
    lifecycle.cancel(stay, by=GUEST_LINK, at=now)
    assert Payment.objects.get().state == "captured" and Refund.objects.get().state == "promised"
    return stay


def worker(payu: str, crashpoint: str = "") -> int:
    """One drain of the promises in a process of its own; its exit code (-9 when it was killed)."""
    database = connection.settings_dict
    address = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    environment = {
        **os.environ,
        "PEMA_ENV": "test",
        "DATABASE_URL": f"postgres://{address}",
        "PAYU_COMMAND_URL": payu,
        "PAYU_SIM_REFUND_SECONDS": "0",
        "SITE_URL": payu.split("/sandbox")[0],
        "EMAIL_URL": "memorymail://",
        "PEMA_CRASHPOINT": crashpoint,
    }
    command = [sys.executable, str(ROOT / "manage.py"), "work_promises"]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, timeout=120).returncode


def ninety_seconds_pass() -> None:
    """The lease runs out and the safe wait is over."""
    ago = timezone.now() - timedelta(seconds=90)
    Refund.objects.filter(lease_until__isnull=False).update(lease_until=ago)
    Refund.objects.update(due_at=ago)
    Refund.objects.filter(sent_at__isnull=False).update(sent_at=ago)


def kill_and_recover(payu: str, point: str) -> None:
    code = worker(payu, point)
    if code != -signal.SIGKILL and point in ("refund.after_status", "refund.before_settle", "refund.after_settle"):
        ninety_seconds_pass()  # the point lies on the second visit
        code = worker(payu, point)
    assert code == -signal.SIGKILL, f"{point} was never reached"
    for _ in range(4):
        ninety_seconds_pass()
        assert worker(payu) == 0
        if Refund.objects.get().work_state == "done":
            break
    refund = Refund.objects.get()
    assert (refund.state, refund.work_state) == ("done", "done"), refund.last_error
    assert PaidBack.objects.count() == 1, "the simulator's own books"
    assert PaidBack.objects.get().token == refund.token
    assert FolioLine.objects.filter(kind="refund").count() == 1


@pytest.mark.parametrize("point", ["refund.before_call", "refund.after_call", "refund.before_settle"])
def test_a_killed_worker_pays_back_once(cancelled, payu, point):
    """R3, at the three most dangerous points."""
    kill_and_recover(payu, point)


@pytest.mark.drill
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("trial", range(10))
def test_killed_everywhere_many_times(cancelled, payu, point, trial):
    """R3, at every marked point, ten times each."""
    kill_and_recover(payu, point)


def test_the_twin_that_forgets_its_token_pays_twice(cancelled, payu):
    """Negative control: a worker that begins anew with a new token after a crash doubles the refund."""
    assert worker(payu, "refund.after_call") == -signal.SIGKILL
    ninety_seconds_pass()
    Refund.objects.update(token="ANEWTOKEN", state="promised", amount=Refund.objects.get().amount - 1)
    Payment.objects.update(amount=2 * Payment.objects.get().amount)
    Transaction.objects.update(amount=100000)
    assert worker(payu) == 0
    assert PaidBack.objects.count() == 2
