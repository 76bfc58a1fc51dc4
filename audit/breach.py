"""Who saw or changed what between two instants: the list for a breach, by person, by member of staff, or both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from audit.models import AccessLog, History
from core.archives import zipped
from core.errors import Invalid
from core.sheets import lines

HEADING = ("at (UTC)", "kind", "who", "account", "role", "what", "record", "why", "request")
SHOWN = 200
MOST = 1_000_000  # rows of each table in one pack
AT_ONCE = 2_000  # rows that are in memory at a time
LONGEST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Question:
    """`subjects`: records of the persons meant (empty: anybody's); `staff_id`: one member of staff (None: anybody)."""

    since: datetime
    until: datetime
    subjects: tuple[str, ...] = ()
    staff_id: int | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """One line of the answer."""

    at: datetime
    kind: str
    who: str
    account: str
    role: str
    what: str
    record: str
    why: str
    request: str

    def cells(self) -> Sequence[str]:
        at = self.at.strftime("%Y-%m-%d %H:%M:%S")
        return (at, self.kind, self.who, self.account, self.role, self.what, self.record, self.why, self.request)


def check(question: Question) -> Question:
    """Raises Invalid("bad_range"). A question without a person is one about everybody, between its two instants."""
    if question.until <= question.since or (question.until - question.since).days > LONGEST_DAYS:
        raise Invalid("bad_range", "The end comes after the beginning, at most ten years later.", attr="until")
    return question


def looks(question: Question) -> QuerySet[AccessLog]:
    """Reads, the newest first."""
    rows = AccessLog.objects.filter(at__gte=question.since, at__lt=question.until)
    if question.subjects:
        rows = rows.filter(subject__in=question.subjects)
    if question.staff_id is not None:
        rows = rows.filter(reader_id=question.staff_id)
    return rows.order_by("-at", "-id")


def changes(question: Question) -> QuerySet[History]:
    """Changes, the newest first."""
    rows = History.objects.filter(at__gte=question.since, at__lt=question.until)
    if question.subjects:
        rows = rows.filter(subject__in=question.subjects)
    if question.staff_id is not None:
        rows = rows.filter(actor_id=question.staff_id)
    return rows.defer("data").order_by("-at", "-id")


def preview(question: Question) -> tuple[list[Trace], list[Trace]]:
    """The newest reads and changes, at most 200 each."""
    people = People()
    reads, moves = looks(question)[:SHOWN], changes(question)[:SHOWN]
    return list(people.told(reads, People.look)), list(people.told(moves, People.change))


def pack(question: Question, *, made_by: str, at: datetime, most: int = MOST) -> Iterator[bytes]:
    """A zip with reads.csv, changes.csv and a note of what was asked, in pieces: made while it is sent.

    Of each table the newest `most` rows; what was left out is said in the last line of the table and in the note.
    """
    people = People()
    reads = _Sheet("reads.csv", looks(question), people, People.look, most)
    moves = _Sheet("changes.csv", changes(question), people, People.change, most)

    def note() -> Iterator[bytes]:  # the last member: only now it is known what was left out
        yield _about(question, made_by, at, (reads, moves)).encode()

    return zipped([(reads.name, reads.lines()), (moves.name, moves.lines()), ("about.txt", note())])


class People:
    """Names of accounts, asked for together, a few thousand rows at a time."""

    MOST_KNOWN = 10_000

    def __init__(self) -> None:
        self.known: dict[int, tuple[str, str]] = {}

    def told(self, rows: Iterable[Any], word: Callable[[People, Any], Trace]) -> Iterator[Trace]:
        """Each row in the words of the answer: `word` is `People.look` or `People.change`."""
        rows = iter(rows)
        while some := list(islice(rows, AT_ONCE)):
            self.meet({getattr(row, "reader_id", None) or getattr(row, "actor_id", None) for row in some})
            for row in some:
                yield word(self, row)

    def meet(self, ids: set[int | None]) -> None:
        """Ask for the names that are not known yet, in one query."""
        if len(self.known) > self.MOST_KNOWN:
            self.known.clear()
        if new := {pk for pk in ids if pk is not None} - self.known.keys():
            users = User.objects.filter(pk__in=new).only("email", "first_name", "last_name")
            self.known |= {user.pk: (str(user), user.email) for user in users}

    def of(self, user_id: int | None) -> tuple[str, str]:
        return self.known.get(user_id, ("", "")) if user_id is not None else ("", "")

    def look(self, row: AccessLog) -> Trace:
        name, mail = self.of(row.reader_id)
        kind = "refused" if row.what == "refused" else "read"
        return Trace(row.at, kind, name, mail, row.reader_role, row.what, row.subject, row.purpose, row.request_id)

    def change(self, row: History) -> Trace:
        name, mail = self.of(row.actor_id)
        moved = " -> ".join(state for state in (row.from_state, row.to_state) if state)
        what = f"{row.event} ({moved})" if moved else row.event
        return Trace(
            row.at,
            "change",
            name or row.actor_name,
            mail,
            row.actor_kind,
            what,
            row.subject,
            row.reason,
            row.request_id,
        )


class _Sheet:
    """One table of the pack, and whether it had to be cut."""

    def __init__(
        self, name: str, rows: QuerySet[Any], people: People, word: Callable[[People, Any], Trace], most: int
    ) -> None:
        self.name, self.rows, self.people, self.word, self.most = name, rows, people, word, most
        self.written = 0
        self.cut = False

    def lines(self) -> Iterator[bytes]:
        return lines(HEADING, self._cells())

    def _cells(self) -> Iterator[Sequence[str]]:
        rows = self.rows[: self.most + 1].iterator(chunk_size=AT_ONCE)
        for trace in self.people.told(rows, self.word):
            if self.written == self.most:
                self.cut = True
                yield ("", "CUT", self.words())
                return
            self.written += 1
            yield trace.cells()

    def words(self) -> str:
        if self.cut:
            return f"Only the newest {self.most:,} rows are in {self.name}. Ask for fewer days to get the older ones."
        return f"{self.name}: complete, rows: {self.written:,}"


def _about(question: Question, made_by: str, at: datetime, sheets: Iterable[_Sheet]) -> str:
    records = "\n".join(question.subjects) or "everybody's"
    return (
        f"Who saw or changed what between {question.since:%Y-%m-%d %H:%M} and {question.until:%Y-%m-%d %H:%M} UTC\n"
        f"Made on {at:%Y-%m-%d %H:%M} UTC by {made_by}\n"
        f"{chr(10).join(sheet.words() for sheet in sheets)}\n"
        f"Member of staff: {question.staff_id if question.staff_id is not None else 'anybody'}\nRecords:\n{records}\n"
    )
