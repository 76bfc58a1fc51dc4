"""The long lists of the API over a million rows: page 1 and page 1,000, signed in as whoever sees them all."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from statistics import quantiles
from urllib.parse import urlsplit

from bench import stack
from bench.availability import prepared

SIZE, TURNS = 1_000_000, 200
LISTS = (
    ("bookings, of the house", "bookings?page_size=20&page={page}"),
    ("bookings, one state", "bookings?status=completed&page={page}"),
    ("admin/bookings", "admin/bookings?page={page}"),
    ("payments, of the house", "payments?page={page}"),
    ("programs/…/reviews", "programs/weekend-pause/reviews?page={page}"),
    ("room-types/…/reviews", "room-types/{room}/reviews?page={page}"),
    ("home", "home"),
)
STAFF = "bench-lists@pema.example"
TOKEN = f"""
from django.contrib.auth.models import Group
from django.utils import timezone
from accounts.domain import tokens
from accounts.models import User
user, _ = User.objects.get_or_create(email="{STAFF}", defaults={{"is_staff": True, "is_superuser": True}})
print(tokens.issue(user, at=timezone.now()).access)
"""
REVIEWS = """
INSERT INTO bookings_guestreview (public_id, booking_id, program_id, room_type_id, rating, text, author, show_name,
    state, written_at, changed_at, published_at, decline_reason, reply)
SELECT gen_random_uuid(), b.id, b.program_id, r.room_type_id, 3 + b.id % 3, 'Quiet and kind.', 'A. B.', true,
    'published', b.ended_at, b.ended_at, b.ended_at, '', ''
FROM bookings_staybooking b JOIN bookings_bookedroom r ON r.booking_id = b.id AND r.position = 0
WHERE b.state = 'completed'
ON CONFLICT DO NOTHING
"""


def run(size: int = SIZE) -> None:
    url = prepared(size)
    with stack.database(url) as connection:
        few = "SELECT count(*) < 1000 FROM (SELECT 1 FROM bookings_guestreview LIMIT 1000) AS seen"
        if connection.execute(few).fetchone()[0]:  # the demo's own
            print("writing a review for each stay that is over ...", flush=True)
            connection.execute("ALTER TABLE bookings_guestreview DISABLE TRIGGER USER")
            connection.execute(REVIEWS)
            connection.execute("ALTER TABLE bookings_guestreview ENABLE TRIGGER USER")
            connection.execute("VACUUM ANALYZE bookings_guestreview")
        counted = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("bookings_staybooking", "payments_payment", "bookings_guestreview")
        }
        room = connection.execute(
            "SELECT t.slug FROM rooms_roomtype t JOIN bookings_guestreview r ON r.room_type_id = t.id "
            "WHERE r.id = (SELECT min(id) FROM bookings_guestreview)"
        ).fetchone()[0]
    token = _token(url)
    with stack.server(url) as base:
        print("\n## Long lists: " + ", ".join(f"{count:,} {table}" for table, count in counted.items()) + "\n")
        print(f"| list | page | p50 ms | p95 ms ({TURNS} calls, one client) |\n|---|---|---|---|")
        for name, path in LISTS:
            for page in (1, 1000) if "{page}" in path else (1,):
                print(_row(base, name, path.format(page=page, room=room), page, token), flush=True)


def _row(base: str, name: str, path: str, page: int, token: str) -> str:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
    times, bad = [], set()
    for turn in range(TURNS + 20):
        begun = time.perf_counter()
        connection.request("GET", f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        answer.read()
        if turn >= 20:
            times.append((time.perf_counter() - begun) * 1000)
        if answer.status != 200:
            bad.add(answer.status)
    steps = quantiles(times, n=100)
    return f"| {name} | {page:,} | {steps[49]:.1f} | {steps[94]:.1f} |{f' {bad}' if bad else ''}"


def _token(url: str) -> str:
    environment = {**os.environ, "DATABASE_URL": url, "DATABASE_POOL_MAX": "0"}
    command = [sys.executable, "manage.py", "shell", "-c", TOKEN]
    said = subprocess.run(command, env=environment, cwd=stack.ROOT, check=True, capture_output=True, text=True)
    return said.stdout.split()[-1]
