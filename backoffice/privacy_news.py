"""News of the privacy desk: into the history, into letters, onto a desk; in the transaction of what happened."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from accounts.models import CorrectionRequest, User
from accounts.signals import privacy_news
from audit.record import changed, looked
from core.admin import Subjects
from notifications.domain import messages
from notifications.domain.desk import Elsewhere, ask_staff, settled
from rooms.queries import signs

TASKS = {
    "correction asked": ("management", "A guest asks for a correction%(about)s. Please answer within 30 days."),
    "card numbers found": ("finance", "Card numbers stand in free text. Please run scan_cards and take them out."),
}
SETTLED = ("correction answered",)
LOOKED = {"export asked": "a copy of one's own data", "export fetched": "a copy of one's own data"}


Subjects.add("correction", "admin:privacy_answer")
Elsewhere.ends(
    "correction",
    deed=_("Answer"),
    refusal=_("This ends when the guest has her answer. Open the wish from the task and answer it there."),
)


@receiver(privacy_news)
def on_privacy_news(
    sender: Any,
    event: str,
    user_id: int | None,
    subject: str,
    at: Any,
    by: Any,
    data: dict[str, Any],
    letter: str,
    to: str,
    name: str,
    context: dict[str, Any],
    **kwargs: Any,
) -> None:
    if by.kind == "guest" and by.user_id:
        by = type(by)(by.kind, by.user_id)  # who she was is told by the account, for as long as it has a name
    changed(subject, event, by=by, at=at, **data)
    if event in LOOKED and user_id:
        looked(User.objects.get(pk=user_id), subject, what=event, purpose=LOOKED[event], role="guest", at=at)
    if event in TASKS:
        desk, words = TASKS[event]
        words = words % {"about": _about(data.get("about", ""))}
        ask_staff(desk, words, key=f"privacy:{event}:{subject}:{at:%Y%m%d}"[:120], subject=subject, at=at)
    if event in SETTLED:
        settled(subject, user_id=by.user_id, at=at)
    if letter and to:
        _write(letter, subject, to, name, context, at)


def _about(code: str) -> str:
    """What the wish is about; the wish itself is read on the privacy desk only."""
    return f" ({CorrectionRequest.About(code).label})" if code else ""


def _write(letter: str, subject: str, to: str, name: str, context: dict[str, Any], at: Any) -> None:
    messages.promise(
        letter,
        key=f"{letter}:{subject}:{at.isoformat()}"[:120],
        subject_of=subject,
        recipient=to,
        recipient_name=name,
        context={"guest_name": name, "property": signs(), **context},
        at=at,
    )
