"""The one lawful exception to "history only grows": blanking a person's details after an erasure.

A redaction writes its own history row first and names it to the database for the rest of the block; the triggers of the
event tables and of the history ask for that row before they let an UPDATE through. Nothing can be deleted, and what
happened, when and to which row stays. Outside the block everything is refused as ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Func, JSONField, Model, Value

from audit.events import event_models, events_of, kept_fields
from audit.models import History
from audit.record import changed
from core.actors import Actor

__all__ = ["Pen", "event_models", "events_of", "kept_fields", "opened"]
SETTING = "pema.redaction"


@dataclass(slots=True)
class Pen:
    """What may be done inside `opened`; it counts the rows that it blanked."""

    rows: int = 0

    def blank(self, model: type[Model], *, values: dict[str, Any], **which: Any) -> int:
        """Set `values` in the events of `model` that `which` finds (fields of the row, such as `user_id=7`).

        Fields that events do not keep are passed over. Returns the number of events.
        """
        event = events_of(model)
        kept = {name for field in kept_fields(event) for name in (field.name, field.attname)}
        changes = {name: value for name, value in values.items() if name in kept}
        done = event._default_manager.filter(**which).update(**changes) if changes else 0
        self.rows += done
        return done

    def unname(self, user_id: int) -> int:
        """Take the name of an actor out of every trail and history row; the number of the account stays."""
        nameless: Any = Func(
            F("pgh_context"), Value(["name"]), Value("", JSONField()), function="jsonb_set", output_field=JSONField()
        )
        done = History.objects.filter(actor_id=user_id).exclude(actor_name="").update(actor_name="")
        for event in event_models():
            rows: Any = event._default_manager
            done += rows.filter(pgh_context__user=user_id).update(pgh_context=nameless)
        self.rows += done
        return done

    def blank_history(self, subject: str) -> int:
        """Empty the reasons and data of the history rows of `subject`; the moves stay."""
        done = History.objects.filter(subject=subject).exclude(event="redacted").update(reason="", data={})
        self.rows += done
        return done


@contextmanager
def opened(subject: str, *, by: Actor, at: datetime, reason: str) -> Iterator[Pen]:
    """Open history for blanking details of `subject` (`user:12`), for this block and this transaction.

    Leaves a history row "redacted" with who and why; without the transaction's commit nothing is left of either.
    """
    with transaction.atomic():
        row = changed(subject, "redacted", by=by, at=at, reason=reason)
        _say(str(row.pk))
        pen = Pen()
        try:
            yield pen
        finally:
            if not connection.needs_rollback:
                _say("")


def _say(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, value])
