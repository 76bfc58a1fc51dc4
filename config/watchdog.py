"""A worker that has fallen silent ends itself, so that whoever looks after it starts a new one.

kombu forgets a message that it could not ack or reject because the broker was away at that moment, but goes on counting
it against the prefetch limit: after as many such messages as there are processes the worker waits for ever, while its
main loop still answers pings. Beat sends something every 15 seconds, so silence with nothing at work means just that.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import Any

from celery.signals import task_received, worker_ready
from celery.worker import state

log = logging.getLogger(__name__)

SILENCE = 90.0  # seconds; beat rings every 15
LOOK = 5.0

_heard = time.monotonic()


@task_received.connect
def _hear(**kwargs: Any) -> None:
    global _heard
    _heard = time.monotonic()


def deaf(*, heard: float, now: float, busy: int) -> bool:
    """True when nothing has come in for SILENCE seconds although nothing is at work."""
    return not busy and now - heard > SILENCE


@worker_ready.connect
def _watch(**kwargs: Any) -> None:
    _hear()
    threading.Thread(target=_look, name="watchdog", daemon=True).start()


def _look() -> None:
    while True:
        time.sleep(LOOK)
        if deaf(heard=_heard, now=time.monotonic(), busy=len(state.active_requests)):
            log.critical("no task for %.0f s: this worker is deaf and ends itself", SILENCE)
            os._exit(70)
