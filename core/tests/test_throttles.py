"""Limits of politeness: counted together, and never in the way."""

import threading

import redis

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
