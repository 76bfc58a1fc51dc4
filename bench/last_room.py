"""Last room, 200 parallel clients over HTTP: one gets it, the others a kind 409."""

from __future__ import annotations

from bench import stack
from bench.client import Client, crowd

CLIENTS, ROUNDS, SLUG = 200, 20, "pema-suite"


def run() -> None:
    connection = stack.database()
    before = stack.deadlocks(connection)
    wins, refused, others, slowest = [], [], {}, []
    for number in range(ROUNDS):
        start = 40 + number * 7
        stack.widen(connection, SLUG, range(start, start + 7), 1)
        token = stack.quote(stack.BASE_URL, SLUG, start)

        def book(client: Client, who: int, token: str = token, number: int = number) -> int:
            return client.post("/api/v1/bookings", stack.booking(token, f"r{number}c{who}@bench.example"))[0]

        sample = crowd(CLIENTS, book, stack.BASE_URL)
        wins.append(sample.statuses.pop(201, 0))
        refused.append(sample.statuses.pop(409, 0))
        for status, many in sample.statuses.items():
            others[status] = others.get(status, 0) + many
        slowest.append(max(sample.times))
        sold = connection.execute(
            "SELECT count(*) FILTER (WHERE sold <> 1) FROM rooms_inventorynight n JOIN rooms_roomtype t "
            "ON t.id = n.room_type_id WHERE t.slug = %s AND night >= current_date + %s AND night < current_date + %s",
            [SLUG, start, start + 7],
        ).fetchone()[0]
        if sold:
            others["wrong nights"] = others.get("wrong nights", 0) + sold
    print("\n## Last room\n")
    print(f"{ROUNDS} rounds of {CLIENTS} clients: {sum(wins)} × 201, {sum(refused)} × 409, others {others or 'none'}.")
    print(f"Rounds with exactly one success: {wins.count(1)} of {ROUNDS}.")
    print(f"Deadlocks: {stack.deadlocks(connection) - before}. Slowest answer {max(slowest):.2f} s.")
    if wins.count(1) != ROUNDS or others:
        raise SystemExit("the last room was not sold exactly once")
