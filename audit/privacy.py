"""What the audit knows of people: who they were when they acted. Names go with the person; what happened stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import ConsentRecord, CorrectionRequest, User
from accounts.privacy import living_with_the_account
from audit.forgetting import blank_events, lawfully
from audit.models import AccessLog, History
from core.actors import SYSTEM
from core.personal_data import Contributor, Person, Registry, Seen

LOOKS = {
    "export asked": "a copy of my data was asked for",
    "export fetched": "my copy was fetched",
    "breach pack": "the list of who saw my records was made",
}


def export_of(person: Person) -> Mapping[str, Any]:
    """What the person herself did, and what was done with her things, without the names of staff."""
    rows = History.objects.filter(Q(actor_id=person.user_id) | Q(subject__in=person.subjects)).order_by("id")[:5000]
    return {
        "what_happened": [
            {
                "at": row.at,
                "about": row.subject,
                "event": row.event.replace("_", " "),
                "by": "myself" if row.actor_id == person.user_id else row.actor_kind,
            }
            for row in rows
        ]
    }


def seen_of(person: Person) -> Sequence[Seen]:
    """Looks at the person's own record (forms are told by medical)."""
    rows = AccessLog.objects.filter(subject=f"person:{person.public_id}").select_related("reader")
    return [
        Seen(
            row.at,
            "You" if row.reader_id == person.user_id else str(row.reader),
            row.reader_role.replace("_", " "),
            LOOKS.get(row.what, row.what),
            row.purpose,
        )
        for row in rows
    ]


def redact(person: Person, at: datetime) -> None:
    """Names and free words leave history and events; the row that says so stays. Runs after everything is nameless."""
    mine = [subject for subject in person.subjects if subject not in person.held]
    with lawfully("erasure (DPDP Act, section 12)", by=SYSTEM, at=at) as pen:
        pen.unname(person.user_id)
        rows = History.objects.filter(subject__in=mine).exclude(event="redacted")
        rows.update(reason="", data={})
        rows.filter(actor_kind="guest").exclude(actor_name="").update(actor_name="")
        blank_events(pen, User, {"pgh_obj_id": person.user_id}, "*")
        for model in (ConsentRecord, CorrectionRequest):
            blank_events(pen, model, {"user_id": person.user_id}, "ip", "user_agent", "wish", "answer", "reference")
        for model, column in living_with_the_account():
            blank_events(pen, model, {f"{column}_id": person.user_id}, "*")


Registry.add(
    Contributor(
        name="audit",
        export=export_of,
        redact=redact,
        seen=seen_of,
        personal={"audit.History": "actor_name reason data"},
        harmless={"audit.AccessLog": "members of staff, and records by their reference; the proof that the law wants"},
    )
)
