"""The two verbs of the audit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from audit.models import AccessLog, History
from core.actors import Actor
from core.request_id import current


def changed(
    subject: str,
    event: str,
    *,
    by: Actor,
    at: datetime,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    **data: Any,
) -> History:
    """Write one history row in the transaction that makes the change."""
    return History.objects.create(
        subject=subject,
        event=event,
        at=at,
        actor_kind=by.kind,
        actor_id=by.user_id,
        actor_name=by.name[:160],
        from_state=from_state,
        to_state=to_state,
        reason=reason[:300],
        data=data,
        request_id=current(),
    )


def looked(reader: Any, subject: str, *, what: str, purpose: str, role: str = "", at: datetime) -> AccessLog:
    """Write down that `reader` opened a protected record (domain.md §8: each read is logged with purpose)."""
    return AccessLog.objects.create(
        reader=reader, reader_role=role, subject=subject, what=what, purpose=purpose, at=at, request_id=current()
    )
