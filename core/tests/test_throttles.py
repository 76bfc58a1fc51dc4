"""Limits of politeness: counted together, and never in the way."""

import threading
from datetime import timedelta

import pytest
import redis
from django.utils import timezone

from core.api.throttles import PoliteThrottle, rate


def test_rates():
    assert rate("300/min") == (300, 60) and rate("5/hour") == (5, 3600)


def test_threads_share_one_client(monkeypatch, settings):
    """Two clients made at once would be one thrown away with its connections in use."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    made, real = [], redis.Redis.from_url

    def slow(*args, **kwargs):
        threading.Event().wait(0.02)
        made.append(1)
        return real(*args, **kwargs)

    monkeypatch.setattr(PoliteThrottle, "_redis", None)
    monkeypatch.setattr(redis.Redis, "from_url", slow)
    threads = [threading.Thread(target=PoliteThrottle._client) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(made) == 1


def test_an_ailing_counter_steps_aside(monkeypatch):
    """Q3: whatever the broker's library raises, the caller is let through."""

    class Broken:
        def pipeline(self):
            raise ValueError("I/O operation on closed file")

    monkeypatch.setattr(PoliteThrottle, "_redis", Broken())
    monkeypatch.setattr(PoliteThrottle, "_asleep_until", 0.0)
    assert PoliteThrottle._count("ip:1", 60) == 0


@pytest.mark.parametrize("path", ["programs", "home", "room-availability", "search"])
def test_public_reads_count_a_token_for_its_holder(api, guest, retreat, settings, path):
    """Whoever is signed in has her own limit everywhere, and does not use up that of her address."""
    settings.RATE_LIMIT_TOKEN, settings.RATE_LIMIT_ANON = "300/min", "60/min"
    when = timezone.localdate() + timedelta(days=60)
    query = {"check_in_date": when.isoformat(), "check_out_date": (when + timedelta(days=3)).isoformat()}
    asked = query if path == "room-availability" else {}
    assert api().get(path, asked)["RateLimit-Limit"] == "60"
    assert api(guest).get(path, asked)["RateLimit-Limit"] == "300"
    answer = api(Authorization="Bearer nothing").get(path, asked)
    assert (answer.status_code, answer["RateLimit-Limit"]) == (200, "60")
