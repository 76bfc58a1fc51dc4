"""How far a member of staff sees: the properties she works for, or the whole house. Deny by default.

Apps that stand below `rooms`, or beside it, cannot ask for a property; here they ask for a reach, and `rooms` answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Exists, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast


@dataclass(frozen=True, slots=True)
class Reach:
    """`whole`: every property, and what belongs to none; else the properties with these `keys`, maybe none."""

    whole: bool
    keys: frozenset[int] = frozenset()

    def covers(self, property_id: int | None) -> bool:
        """True when things of this property may be seen."""
        return self.whole or property_id in self.keys

    def q(self, path: Path) -> Q:
        """The condition that keeps rows within this reach; `path` leads from the row to its property."""
        if self.whole:
            return Q()
        return path(self) if callable(path) else Q(**{f"{path}__in": self.keys})

    def rows(self, rows: QuerySet[Any], path: Path) -> QuerySet[Any]:
        """`rows` within this reach."""
        return rows if self.whole else rows.filter(self.q(path))


Path = str | Callable[[Reach], Q]
NOWHERE = Reach(False)


class Reaches:
    """Filled by the app that knows: who works where, and to which property a subject (`booking:PW-…`) belongs."""

    ask: ClassVar[Callable[[Any], Reach]] = staticmethod(lambda user: NOWHERE)
    subjects: ClassVar[dict[str, tuple[Callable[[], QuerySet[Any]], str, str]]] = {}

    @classmethod
    def subject(cls, kind: str, rows: Callable[[], QuerySet[Any]], *, key: str, path: str) -> None:
        """Subjects `kind:<key>` are rows of `rows()`, whose property is at `path`."""
        cls.subjects[kind] = (rows, key, path)


def reach_of(user: Any) -> Reach:
    """What this person sees as a member of staff; nothing for guests and for nobody."""
    if not (user.is_authenticated and user.is_active and user.is_staff):
        return NOWHERE
    return Reaches.ask(user)


def by_subject(column: str) -> Callable[[Reach], Q]:
    """The path of rows that know their owner by a text `kind:key` in `column` only; other kinds belong to the house."""

    def within(reach: Reach) -> Q:
        found = Q(pk__in=[])
        for kind, (rows, key, path) in Reaches.subjects.items():
            named = Func(OuterRef(column), Value(len(kind) + 2), function="substr", output_field=TextField())
            mine = rows().alias(named=Cast(key, TextField())).order_by()
            owned = mine.filter(**{"named": named, f"{path}__in": reach.keys})
            found |= Q(**{f"{column}__startswith": f"{kind}:"}) & Q(Exists(owned))
        return found

    return within
