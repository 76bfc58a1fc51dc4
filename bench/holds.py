"""Holds a second: spread over types, and on one hot type."""

from __future__ import annotations

from bench import stack
from bench.client import Client, crowd

CLIENTS, SECONDS = 8, 10
SPREAD = ("standard", "premium-balcony", "premium-garden", "executive")


def run() -> None:
    connection = stack.database()
    print("\n## Holds\n")
    print("| where | holds/s | p50 ms | p99 ms | statuses |\n|---|---|---|---|---|")
    for label, slugs in (("four types", SPREAD), ("one hot type", SPREAD[:1])) * 2:
        _one(connection, label, slugs)


def _one(connection, label: str, slugs: tuple[str, ...]) -> None:
    for slug in SPREAD:
        stack.widen(connection, slug, range(200, 207), 30000)
    tokens = [stack.quote(stack.BASE_URL, slug, 200) for slug in slugs]
    run_id = connection.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint").fetchone()[0]

    def hold(client: Client, turn: int) -> int:
        mail = f"h{run_id}-{turn}@bench.example"
        return client.post("/api/v1/bookings", stack.booking(tokens[turn % len(tokens)], mail))[0]

    sample = crowd(CLIENTS, hold, stack.BASE_URL, seconds=SECONDS)
    print(f"| {label} | {sample.rate:.0f} | {sample.p50:.1f} | {sample.p99:.1f} | {sample.statuses} |", flush=True)
