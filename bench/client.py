"""A small HTTP client with kept connections, and a crowd of threads that use it."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median, quantiles
from urllib.parse import urlsplit


class Client:
    """One kept connection to the site."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)

    def get(self, path: str) -> int:
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        response.read()
        return response.status

    def post(self, path: str, body: dict) -> tuple[int, dict]:
        self.connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        response = self.connection.getresponse()
        raw = response.read()
        try:
            return response.status, json.loads(raw)
        except ValueError:
            return response.status, {}


@dataclass
class Sample:
    """What one measurement found; times in seconds."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    @property
    def p50(self) -> float:
        return median(self.times) * 1000

    @property
    def p99(self) -> float:
        return quantiles(self.times, n=100)[98] * 1000


def crowd(count: int, act: Callable[[Client, int], int], base: str, *, seconds: float | None = None) -> Sample:
    """`count` clients act at once: each once, or again and again for `seconds`. `act` returns the status."""
    sample, lock, gate = Sample(), threading.Lock(), threading.Barrier(count + 1)

    def run(number: int) -> None:
        client, turn = Client(base), number
        times: list[float] = []
        seen: dict[int, int] = {}
        gate.wait()
        end = None if seconds is None else time.perf_counter() + seconds
        while True:
            begun = time.perf_counter()
            status = act(client, turn)
            times.append(time.perf_counter() - begun)
            seen[status] = seen.get(status, 0) + 1
            turn += count
            if end is None or time.perf_counter() >= end:
                break
        with lock:
            sample.times.extend(times)
            for status, many in seen.items():
                sample.statuses[status] = sample.statuses.get(status, 0) + many

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    gate.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    sample.seconds = time.perf_counter() - begun
    return sample
