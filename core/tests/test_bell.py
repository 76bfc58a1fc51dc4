"""Q3: a broker that takes calls and never answers holds up no guest."""

import socket
import time

import pytest
from celery import current_app

from core import tasks


@pytest.fixture
def hanging_broker(monkeypatch):
    server = socket.create_server(("127.0.0.1", 0))
    address = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
    monkeypatch.setattr(tasks, "_asleep_until", 0.0)
    real = current_app.connection_for_write
    monkeypatch.setattr(current_app, "connection_for_write", lambda **more: real(address, **more), raising=False)
    yield
    server.close()


def test_the_first_bell_waits_little_and_the_next_ones_not_at_all(hanging_broker):
    began = time.monotonic()
    tasks.ring_bell("refund", 1)
    first, began = time.monotonic() - began, time.monotonic()
    for number in range(20):
        tasks.ring_bell("refund", number)
    assert first < 6 and time.monotonic() - began < 0.1
