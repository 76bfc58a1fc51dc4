"""Availability for 7 nights and 8 types, and how it grows with bookings. All sizes in one run, in turn."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, timedelta
from statistics import median
from urllib.parse import urlsplit

from bench import stack
from bench.client import Sample, crowd

SIZES = (10_000, 100_000, 1_000_000)
CLIENTS, SECONDS, TURNS = 16, 4, 5


def run(sizes: tuple[int, ...] = SIZES) -> None:
    arrival = date.today() + timedelta(30)
    path = f"/api/v1/room-availability?check_in_date={arrival}&check_out_date={arrival + timedelta(7)}"
    with ExitStack() as servers:
        bases = {}
        for size in sizes:
            url = prepared(size)
            bases[size] = servers.enter_context(stack.server(url))
        crowds: dict[int, list[Sample]] = {size: [] for size in sizes}
        singles: dict[int, list[float]] = {size: [] for size in sizes}
        for base in bases.values():
            crowd(CLIENTS, lambda client, turn: client.get(path), base, seconds=1)
        for _ in range(TURNS):
            for size, base in bases.items():
                crowds[size].append(crowd(CLIENTS, lambda client, turn: client.get(path), base, seconds=SECONDS))
                singles[size].append(crowd(1, lambda client, turn: client.get(path), base, seconds=2).p50)
        _print(crowds, singles)


def prepared(size: int) -> str:
    """A database with that many bookings, made on first use; its address."""
    name = f"pema_bench_{size}"
    parts = urlsplit(stack.DATABASE_URL)
    url = parts._replace(path=f"/{name}").geturl()
    with stack.database() as connection:
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not exists:
            print(f"preparing {size} bookings ...", flush=True)
            connection.execute(f'CREATE DATABASE "{name}"')
    if not exists:
        stack.manage(url, "migrate")
        stack.manage(url, "load_demo", "--bookings", str(size))
        with stack.database(url) as connection:
            connection.execute("VACUUM ANALYZE")
    return url


def _print(crowds: dict[int, list[Sample]], singles: dict[int, list[float]]) -> None:
    print("\n## Availability, 7 nights, 8 types, 2 web workers\n")
    print(f"| bookings | requests/s ({CLIENTS} clients) | p50 ms | p99 ms | p50 ms, one client | against the first |")
    print("|---|---|---|---|---|---|")
    first = None
    for size, samples in crowds.items():
        rate = median(sample.rate for sample in samples)
        p50, p99 = median(s.p50 for s in samples), median(s.p99 for s in samples)
        single = median(singles[size])
        first = first or (p50, single)
        ratio = f"{p50 / first[0]:.2f} × / {single / first[1]:.2f} ×"
        bad = {status for sample in samples for status in sample.statuses if status != 200}
        print(f"| {size:,} | {rate:.0f} | {p50:.2f} | {p99:.2f} | {single:.2f} | {ratio} | {bad or ''}")


def client_limit() -> None:
    """What this client itself can do against the smallest answer of the same server."""
    sample = crowd(CLIENTS, lambda client, turn: client.get("/health/live"), stack.BASE_URL, seconds=3)
    print(f"\nClient and server with the smallest answer: {sample.rate:.0f} requests/s.")
