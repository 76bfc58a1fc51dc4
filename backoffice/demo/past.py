"""Years of stays behind us, by set-based writes: for load tests, up to millions.

Every room is sold slot after slot of six nights, backwards in time from where the planned year begins, so no night is
oversold. Each stay has its folio, lines, payment, guests and a history row; forms and stock of long ago are not needed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from audit.models import History
from backoffice.demo.names import INDIAN_FAMILY, INDIAN_GIVEN
from backoffice.demo.year import REACH
from bookings.domain import ratecard
from bookings.domain.placing import terms_of
from bookings.domain.quote import quote
from bookings.domain.request import RoomRequest, StayRequest
from bookings.models import BookedRoom, Guest, StayBooking
from core.nights import Nights
from payments.models import Folio, FolioLine, Instalment, Payment, Refund
from rooms.models import Property, Room

SOURCE = "history"
BATCH = 50_000
SLOT = 6  # nights between one arrival and the next in the same room
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PROGRAMS = {3: "weekend-pause", 4: "stress-relief", 5: "detox"}  # by nights

# One row per stay, with everything that the inserts below need. h1, h2: seeded bits.
DRAFT = """
CREATE TEMP TABLE demo_past ON COMMIT DROP AS
SELECT x.*, x.check_in + x.nights AS check_out, x.unit * x.nights AS total,
       ((x.check_in - x.lead)::timestamp + interval '11 hours' + x.h1 %% 36000 * interval '1 second')
           AT TIME ZONE 'Asia/Kolkata' AS created_at
FROM (
    SELECT n.i, n.h1, n.h2, n.u, f.folio0 + n.i AS folio_id, f.booking0 + n.i AS booking_id, f.room0 + n.i AS room_id,
           f.payment0 + n.i AS payment_id, 3 + n.h1 %% 3 AS nights, 1 + n.h2 %% 2 AS adults, 10 + n.h2 %% 60 AS lead,
           %(base)s::date - (n.i / %(count)s + 1) * %(slot)s AS check_in,
           (n.h1 / 64) %% 10 = 0 AS cancelled,
           r.type_id, r.type_name, CASE WHEN n.h2 %% 2 = 0 THEN r.single ELSE r.double END AS unit,
           g.given || ' ' || g.family AS name,
           lower(g.given || '.' || g.family) || '.h' || n.i || '@guests.example' AS mail,
           'PW-' || g.code AS reference
    FROM (
        SELECT i, u, ('x' || substr(u, 1, 7))::bit(28)::int AS h1, ('x' || substr(u, 9, 7))::bit(28)::int AS h2
        FROM (SELECT i, md5(%(seed)s || ':' || i) AS u FROM generate_series(%(first)s, %(last)s) AS i) AS seeded
    ) AS n
    CROSS JOIN (
        SELECT %(folio0)s AS folio0, %(booking0)s AS booking0, %(room0)s AS room0, %(payment0)s AS payment0
    ) AS f
    JOIN (
        SELECT row_number() OVER (ORDER BY m.number) - 1 AS place, t.id AS type_id, t.name AS type_name,
               b.single, b.double
        FROM rooms_room AS m
        JOIN rooms_roomtype AS t ON t.id = m.room_type_id AND t.property_id = %(property)s
        JOIN programs_rateband AS b ON b.room_type_id = t.id AND b.nights_min <= 3 AND b.nights_max >= 5 AND b.active
            AND b.program_id IS NULL AND b.season_from IS NULL
    ) AS r ON r.place = n.i %% %(count)s
    CROSS JOIN LATERAL (
        SELECT (%(given)s::text[])[1 + n.h1 %% %(givens)s] AS given,
               (%(family)s::text[])[1 + n.h2 %% %(families)s] AS family,
               (SELECT string_agg(substr(%(alphabet)s, 1 + get_byte(decode(n.u, 'hex'), k) %% 32, 1), '' ORDER BY k)
                FROM generate_series(4, 13) AS k) AS code
    ) AS g
) AS x
"""

LOCAL = "AT TIME ZONE 'Asia/Kolkata'"
TAXED = """FROM (
    SELECT t.*, round(taxable * 9 / 100, 2) AS half
    FROM (SELECT p.*, round(p.total * 100 / 118, 2) AS taxable FROM demo_past AS p) AS t
) AS taxed"""
ENDED = f"CASE WHEN cancelled THEN created_at + interval '2 days' ELSE (check_out + time '10:00') {LOCAL} END"
PAID = "created_at + interval '6 minutes'"
FILLED = (StayBooking, BookedRoom, Guest, Folio, FolioLine, Instalment, Payment, Refund, History)
STATE = "CASE WHEN cancelled THEN 'cancelled' ELSE 'completed' END"


def load(retreat: Property, *, today: date, bookings: int, seed: int) -> int:
    """Add `bookings` past stays behind those that are there; returns how many were added."""
    there = StayBooking.objects.filter(source=SOURCE).order_by("pk")
    first, newest = there.count(), there.first()
    base = newest.check_in + timedelta(days=SLOT) if newest else today - timedelta(days=REACH + 31)
    for start in range(first, first + bookings, BATCH):
        with transaction.atomic(), _without_events():
            _batch(retreat, start, min(start + BATCH, first + bookings) - 1, base, seed)
    with connection.cursor() as cursor:
        for model in FILLED:
            cursor.execute(f"ANALYZE {model._meta.db_table}")
    return bookings


@contextmanager
def _without_events() -> Iterator[None]:
    """What is brought over from an earlier system has no changes of ours to tell: no events for a million rows."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with deferred checks to come cannot be altered
        for model in FILLED:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in FILLED:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} ENABLE TRIGGER USER")


def _batch(retreat: Property, first: int, last: int, base: date, seed: int) -> None:
    count = last - first + 1
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS demo_past")
        cursor.execute(
            DRAFT,
            {
                "seed": str(seed),
                "first": first,
                "last": last,
                "property": retreat.pk,
                "count": Room.objects.filter(room_type__property=retreat).count(),
                "slot": SLOT,
                "base": base,
                "given": INDIAN_GIVEN,
                "givens": len(INDIAN_GIVEN),
                "family": INDIAN_FAMILY,
                "families": len(INDIAN_FAMILY),
                "alphabet": ALPHABET,
                "folio0": _reserve(cursor, Folio, count) - first,
                "booking0": _reserve(cursor, StayBooking, count) - first,
                "room0": _reserve(cursor, BookedRoom, count) - first,
                "payment0": _reserve(cursor, Payment, count) - first,
            },
        )
        cursor.execute("ANALYZE demo_past")
    _bookings(retreat)
    _money()
    _insert(
        History,
        {
            "subject": "'booking:' || reference",
            "at": ENDED,
            "actor_kind": "'system'",
            "actor_name": "'Pema'",
            "event": "'brought over'",
            "to_state": STATE,
            "reason": "'from the earlier system'",
        },
    )


def _bookings(retreat: Property) -> None:
    _insert(
        Folio,
        {
            "id": "folio_id",
            "subject": "'booking:' || reference",
            "payer_name": "name",
            "payer_email": "mail",
            "created_at": "created_at",
        },
    )
    programs = {nights: retreat.programs.get(slug=slug).pk for nights, slug in PROGRAMS.items()}
    _insert(
        StayBooking,
        {
            "id": "booking_id",
            "reference": "reference",
            "property_id": str(retreat.pk),
            "program_id": f"CASE nights WHEN 3 THEN {programs[3]} WHEN 4 THEN {programs[4]} ELSE {programs[5]} END",
            "folio_id": "folio_id",
            "contact_name": "name",
            "contact_email": "mail",
            "check_in": "check_in",
            "check_out": "check_out",
            "state": STATE,
            "clearance": "CASE nights WHEN 3 THEN 'not_needed' ELSE 'cleared' END",
            "total": "total",
            "terms": "%s::jsonb",
            "source": f"'{SOURCE}'",
            "created_at": "created_at",
            "approved_at": "CASE WHEN cancelled THEN NULL ELSE created_at + interval '1 day' END",
            "checked_in_at": f"CASE WHEN cancelled THEN NULL ELSE (check_in + time '14:20') {LOCAL} END",
            "ended_at": ENDED,
        },
        params=[json.dumps(_terms(retreat))],
    )
    _insert(
        BookedRoom,
        {
            "id": "room_id",
            "booking_id": "booking_id",
            "key": "md5(u || 'room')::uuid",
            "room_type_id": "type_id",
            "adults": "adults",
            "price": "total",
        },
    )
    _insert(
        Guest,
        {
            "booking_id": "booking_id",
            "room_id": "room_id",
            "name": "CASE k WHEN 0 THEN name ELSE 'Guest 2' END",
            "kind": "'adult'",
            "participates": "true",
            "position": "k",
        },
        source="FROM demo_past, generate_series(0, adults - 1) AS k",
    )


def _money() -> None:
    _insert(
        Instalment,
        {
            "folio_id": "folio_id",
            "milestone": "'full'",
            "paid_total": "total",
            "opened_at": "created_at",
            "position": "0",
        },
    )
    _insert(
        Payment,
        {
            "id": "payment_id",
            "public_id": "md5(u || 'payment')::uuid",
            "folio_id": "folio_id",
            "gateway": "'payu'",
            "txnid": "'PWH' || substr(reference, 4) || lpad(to_hex(i), 8, '0')",
            "milestone": "'full'",
            "amount": "total",
            "state": "'captured'",
            "gateway_id": "'H' || i",
            "mode": "(ARRAY['UPI', 'CC', 'NB', 'DC'])[1 + h1 %% 4]",
            "created_at": "created_at",
            "captured_at": PAID,
            "applied_at": PAID,
            "refund_reserved": "CASE WHEN cancelled THEN total ELSE 0 END",
        },
    )
    _insert(
        Refund,
        {
            "key": "folio_id || ':ended:' || payment_id",
            "work_state": "'done'",
            "due_at": ENDED,
            "done_at": f"{ENDED} + interval '1 day'",
            "created_at": ENDED,
            "public_id": "md5(u || 'refund')::uuid",
            "folio_id": "folio_id",
            "payment_id": "payment_id",
            "amount": "total",
            "reason": "'cancelled'",
            "state": "'done'",
            "token": "'RFH' || substr(reference, 4) || lpad(to_hex(i), 8, '0')",
            "settled_at": f"{ENDED} + interval '1 day'",
        },
        source="FROM demo_past WHERE cancelled",
    )
    _lines()


def _lines() -> None:
    """What was sold and what was paid; a cancelled stay is taken off the bill and paid back."""
    _insert(
        FolioLine,
        {
            "folio_id": "folio_id",
            "kind": "'charge'",
            "code": "'room'",
            "description": "type_name || ', ' || nights || ' nights'",
            "quantity": "nights",
            "unit_amount": "unit",
            "amount": "total",
            "taxable": "taxable",
            "gst_rate": "18",
            "cgst": "half",
            "sgst": "half",
            "round_off": "total - taxable - 2 * half",
            "why": "type_name || ', 3-7 nights, GST 18 %%'",
            "key": "folio_id || ':sold:0'",
            "posted_at": "created_at",
        },
        source=TAXED,
    )
    plain = {"folio_id": "folio_id", "quantity": "1"}
    _insert(
        FolioLine,
        plain
        | {
            "kind": "'payment'",
            "code": "'payment'",
            "description": "'Payment received (payu)'",
            "unit_amount": "-total",
            "amount": "-total",
            "key": "folio_id || ':payment:' || payment_id",
            "posted_at": PAID,
        },
    )
    for kind, code, words, amount in (
        ("adjustment", "reversal", "Stay taken off the bill", "-total"),
        ("refund", "refund", "Refund to source", "total"),
    ):
        _insert(
            FolioLine,
            plain
            | {
                "kind": f"'{kind}'",
                "code": f"'{code}'",
                "description": f"'{words}'",
                "unit_amount": amount,
                "amount": amount,
                "why": "'cancelled'",
                "key": f"folio_id || ':ended:{code}'",
                "posted_at": ENDED,
            },
            source="FROM demo_past WHERE cancelled",
        )


def _insert(
    model: type[models.Model],
    values: dict[str, str],
    *,
    source: str = "FROM demo_past",
    params: list[Any] | None = None,
) -> None:
    """INSERT … SELECT with SQL expressions per column; columns not named get the model's own default."""
    columns, expressions, bound = [], [], list(params or [])
    for field in model._meta.concrete_fields:
        if field.column in values:
            columns.append(field.column)
            expressions.append(values[field.column])
    for field in model._meta.concrete_fields:
        if field.column not in values and not field.primary_key and not field.null:
            columns.append(field.column)
            expressions.append("%s")
            bound.append(field.get_db_prep_save(field.get_default(), connection))
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({names}) SELECT {', '.join(expressions)} {source}",
            bound,
        )


def _reserve(cursor: Any, model: type[models.Model], count: int) -> int:
    """The first of `count` keys that nobody else will be given."""
    table = model._meta.db_table
    cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
    first = cursor.fetchone()[0]
    cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, first + count])
    return int(first)


def _terms(retreat: Property) -> dict[str, Any]:
    """Terms of a stay that was paid at once."""
    card = ratecard.load(retreat)
    now = timezone.now()
    start = now.date() + timedelta(days=30)
    nights = Nights(start, start + timedelta(days=3))
    priced = quote(StayRequest("weekend-pause", nights, (RoomRequest("pema-suite", 1),)), card, at=now)
    return dict(terms_of(priced))
