"""A list that is shown up to a limit and says so: "100+" instead of counting a whole table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Few:
    """The first rows of a query, and whether there are more."""

    rows: list[Any]
    more: bool

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def words(self) -> str:
        """How many, as people read it: "12", "100+"."""
        return f"{len(self.rows):,}{'+' if self.more else ''}"


def few(rows: QuerySet[Any], most: int) -> Few:
    """The first `most` rows, by one query that reads no more than one row beyond them."""
    found = list(rows[: most + 1])
    return Few(found[:most], len(found) > most)
