"""Who saw or changed what between two instants: the list for a breach, by person, by member of staff, or both."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import User
from audit.models import AccessLog, History
from core.errors import Invalid
from core.sheets import lines

HEADING = ("at (UTC)", "kind", "who", "account", "role", "what", "record", "why", "request")
SHOWN = 200
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
    """Raises Invalid("empty_question" | "bad_range"): without a person or a member of staff it would be everybody."""
    if not question.subjects and question.staff_id is None:
        raise Invalid("empty_question", "Name a person, a member of staff, or both.")
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
        rows = rows.filter(Q(actor_id=question.staff_id))
    return rows.order_by("-at", "-id")


def preview(question: Question) -> tuple[list[Trace], list[Trace]]:
    """The newest reads and changes, at most 200 each."""
    people = People()
    return (
        [people.look(row) for row in looks(question)[:SHOWN]],
        [people.change(row) for row in changes(question)[:SHOWN]],
    )


def pack(question: Question, *, made_by: str, at: datetime) -> bytes:
    """A zip with reads.csv, changes.csv and a note of what was asked; written row by row."""
    people = People()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about.txt", _about(question, made_by, at))
        _write(archive, "reads.csv", (people.look(row) for row in looks(question).iterator(chunk_size=5000)))
        _write(archive, "changes.csv", (people.change(row) for row in changes(question).iterator(chunk_size=5000)))
    return target.getvalue()


class People:
    """Names of accounts, asked for once each."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[str, str]] = {}

    def of(self, user_id: int | None) -> tuple[str, str]:
        if user_id is None:
            return "", ""
        if user_id not in self.known:
            user = User.objects.filter(pk=user_id).only("email", "first_name", "last_name").first()
            self.known[user_id] = (str(user), user.email) if user else ("", "")
        return self.known[user_id]

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


def _write(archive: zipfile.ZipFile, name: str, traces: Iterator[Trace]) -> None:
    with archive.open(name, "w") as file:
        for line in lines(HEADING, (trace.cells() for trace in traces)):
            file.write(line)


def _about(question: Question, made_by: str, at: datetime) -> str:
    records = "\n".join(question.subjects) or "everybody's"
    return (
        f"Who saw or changed what between {question.since:%Y-%m-%d %H:%M} and {question.until:%Y-%m-%d %H:%M} UTC\n"
        f"Made on {at:%Y-%m-%d %H:%M} UTC by {made_by}\n"
        f"Member of staff: {question.staff_id if question.staff_id is not None else 'anybody'}\nRecords:\n{records}\n"
    )
