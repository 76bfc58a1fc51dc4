"""Where the stack under measurement is, and its database."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import psycopg

from bench.client import Client

ROOT = Path(__file__).resolve().parent.parent
BASE_URL = os.environ.get("BASE_URL", "http://127.0.0.1:8000")
DATABASE_URL = os.environ.get("DATABASE_URL", "")


def database(url: str = "") -> psycopg.Connection:
    return psycopg.connect(url or DATABASE_URL, autocommit=True)


def deadlocks(connection: psycopg.Connection) -> int:
    """Deadlocks that PostgreSQL has counted in this database."""
    connection.execute("SELECT pg_stat_force_next_flush()")
    row = connection.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").fetchone()
    return int(row[0])


def widen(connection: psycopg.Connection, slug: str, nights: range, capacity: int) -> None:
    """Make room for a measurement: the nights (days from today) of a type get this capacity and nothing sold."""
    today = date.today()
    connection.execute(
        "UPDATE rooms_inventorynight n SET capacity = %s, sold = 0, blocked = 0 FROM rooms_roomtype t "
        "WHERE n.room_type_id = t.id AND t.slug = %s AND night >= %s AND night < %s",
        [capacity, slug, today + timedelta(nights.start), today + timedelta(nights.stop)],
    )


def wish(slug: str, start: int, length: int) -> dict:
    """The body of an estimate: one room, two adults, `start` days from today."""
    arrival = date.today() + timedelta(start)
    return {
        "program": "detox",
        "check_in_date": f"{arrival}",
        "check_out_date": f"{arrival + timedelta(length)}",
        "rooms": [{"room_type": slug, "adults": 2, "children_ages": []}],
        "add_ons": [],
        "coupon": None,
    }


def quote(base: str, slug: str, start: int, length: int = 7) -> str:
    status, answer = Client(base).post("/api/v1/bookings/estimate", wish(slug, start, length))
    if status != 200:
        raise SystemExit(f"the estimate answered {status}: {answer}")
    return answer["quote"]


def booking(token: str, mail: str) -> dict:
    return {"quote": token, "guest": {"name": "Bench Guest", "email": mail, "phone": "+919800000000"}, "guests": []}


@contextmanager
def server(database_url: str) -> Iterator[str]:
    """A web server of two workers on a free port, on another database; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "DATABASE_URL": database_url, "DATABASE_POOL_MAX": "8"}
    environment["SITE_URL"] = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "8", "--log-level", "error", "config.wsgi:application"]
    running = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        _until_ready(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(20)


def _until_ready(base: str) -> None:
    for _ in range(200):
        try:
            if Client(base).get("/health/live") == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"{base} does not answer")


def manage(database_url: str, *words: str) -> None:
    environment = {**os.environ, "DATABASE_URL": database_url, "DATABASE_POOL_MAX": "0"}
    subprocess.run([sys.executable, "manage.py", *words], env=environment, cwd=ROOT, check=True, capture_output=True)
