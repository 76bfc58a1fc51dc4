"""The table of the cache, where allauth counts (docs/adr/0010)."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def forget_old(*, at: datetime) -> int:
    """Rows that are over; returns how many went. The cache itself clears up only when it is full."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_cache WHERE expires < %s", [at])
        return int(cursor.rowcount)
