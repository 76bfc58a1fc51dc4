"""What the house knows of a person. Each app says it for its own tables; `accounts` asks them all.

An app registers one Contributor (in its `privacy.py`, loaded when the app is ready): what belongs into the person's own
copy, what the law or an open matter keeps, how the rest is made nameless, and which tables it answers for. The lowest
app can therefore carry out a wish that touches every table without knowing one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar

from django.db.models import Count, Min, QuerySet

NAMELESS = "Erased guest"
NO_MAIL = "erased@erased.invalid"


@dataclass(frozen=True, slots=True)
class Person:
    """Whose data is meant. `email` is empty unless its owner has proven it, so that nobody collects another's stays.

    `contacts`: her proven number, and addresses and numbers that were proven hers before and are nobody else's now.
    """

    user_id: int
    public_id: str
    name: str
    email: str = ""
    subjects: tuple[str, ...] = ()  # "booking:PW-…", "form:…": filled by `with_subjects`
    contacts: tuple[str, ...] = ()
    held: frozenset[str] = frozenset()  # subjects whose rows stay as they are for now


@dataclass(frozen=True, slots=True)
class Hold:
    """Something that stays after an erasure, and why.

    With `data` the rows become nameless all the same, and `data` is kept sealed in a place of its own until `until`;
    without it the rows of `subject` stay as they are until the matter is closed.
    """

    code: str
    subject: str
    words: str
    until: date | None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """What a retention rule would take away now."""

    count: int
    oldest: datetime | None = None
    more: bool = False  # counting was stopped at `count`

    @property
    def words(self) -> str:
        """The number as people read it: "12", "1,000+"."""
        return f"{self.count:,}{'+' if self.more else ''}"


@dataclass(frozen=True, slots=True)
class Rule:
    """How long one kind of data is kept. `days` and `basis` are the house's proposal; the table decides.

    `rows(before)` is what is older by its `column`, which needs an index: a desk counts with a stop. `purge(before)`
    takes it away and returns how much.
    """

    code: str
    title: str
    days: int
    basis: str
    rows: Callable[[datetime], QuerySet[Any]]
    column: str
    purge: Callable[[datetime], int]

    def look(self, before: datetime, *, most: int | None = None) -> Found:
        """Count what is older, and find the oldest: one query, and no more than `most` rows when that is given."""
        rows = self.rows(before).order_by(self.column)
        if most is not None:
            rows = rows[: most + 1]
        found = rows.aggregate(count=Count("pk"), oldest=Min(self.column))
        if most is None or found["count"] <= most:
            return Found(found["count"], found["oldest"])
        return Found(most, found["oldest"], more=True)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A consent that another app keeps, for the person's own page."""

    ref: str
    title: str
    text: str
    version: str
    given_at: datetime
    withdrawn_at: datetime | None = None
    follows: str = ""  # what a withdrawal means


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at a record of the person, in plain words."""

    at: datetime
    who: str
    role: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Contributor:
    """What one app knows of people. `personal`: model -> the fields that hold it ("*" all); `harmless`: model -> why
    its texts hold nothing of a person; `free_text`: columns ("app.Model.field") that people type into."""

    name: str
    export: Callable[[Person], Mapping[str, Any]] = lambda person: {}
    subjects: Callable[[Person], Sequence[str]] = lambda person: ()
    holds: Callable[[Person, datetime], Sequence[Hold]] = lambda person, at: ()
    erase: Callable[[Person, datetime], None] = lambda person, at: None
    redact: Callable[[Person, datetime], None] = lambda person, at: None  # after all have erased: what was written down
    agreements: Callable[[Person], Sequence[Agreement]] = lambda person: ()
    withdraw: Callable[[Person, str, datetime], None] | None = None
    seen: Callable[[Person], Sequence[Seen]] = lambda person: ()
    rules: tuple[Rule, ...] = ()
    personal: Mapping[str, str] = field(default_factory=dict)
    harmless: Mapping[str, str] = field(default_factory=dict)
    free_text: tuple[str, ...] = ()


class Registry:
    """All contributors, in the order of the layers: the lowest app first."""

    contributors: ClassVar[dict[str, Contributor]] = {}

    @classmethod
    def add(cls, contributor: Contributor) -> None:
        cls.contributors[contributor.name] = contributor

    @classmethod
    def upwards(cls) -> list[Contributor]:
        return list(cls.contributors.values())

    @classmethod
    def downwards(cls) -> list[Contributor]:
        """The top of the house first, as an erasure goes: what points at something goes before it."""
        return list(reversed(cls.contributors.values()))


def with_subjects(person: Person) -> Person:
    """The person with everything that is hers by name, asked from all apps."""
    found = [subject for one in Registry.upwards() for subject in one.subjects(person)]
    return replace(person, subjects=tuple(dict.fromkeys(found)))


def everything_of(person: Person) -> dict[str, Any]:
    """The person's own data by app; apps that know nothing are left out."""
    found = {one.name: dict(one.export(person)) for one in Registry.upwards()}
    return {name: data for name, data in found.items() if data}


def holds_of(person: Person, *, at: datetime) -> list[Hold]:
    """What would stay if the person were erased now."""
    return [hold for one in Registry.upwards() for hold in one.holds(person, at)]


def erase(person: Person, holds: Sequence[Hold], *, at: datetime) -> None:
    """Make the person nameless everywhere, except for the rows of `holds`. Safe to repeat."""
    person = replace(person, held=frozenset(hold.subject for hold in holds if not hold.data))
    for one in Registry.downwards():
        one.erase(person, at)
    for one in Registry.downwards():
        one.redact(person, at)


def agreements_of(person: Person) -> list[tuple[str, Agreement]]:
    """Consents that apps above keep, each with the name of its app; the newest first."""
    found = [(one.name, agreement) for one in Registry.upwards() for agreement in one.agreements(person)]
    return sorted(found, key=lambda pair: pair[1].given_at, reverse=True)


def seen_of(person: Person) -> list[Seen]:
    """Who looked at the person's records; the newest first."""
    found = [seen for one in Registry.upwards() for seen in one.seen(person)]
    return sorted(found, key=lambda seen: seen.at, reverse=True)


def rules() -> dict[str, Rule]:
    """All retention rules by their code."""
    return {rule.code: rule for one in Registry.upwards() for rule in one.rules}
