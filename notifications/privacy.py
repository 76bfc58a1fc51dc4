"""What notifications knows of people: to whom a message went, and what it said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from audit.forgetting import blank_events, lawfully
from core import work
from core.actors import SYSTEM
from core.personal_data import NO_MAIL, Contributor, Person, Registry, Rule
from notifications.domain import codes
from notifications.models import MailboxItem, Message, StaffTask
from notifications.webhooks import events
from notifications.webhooks.models import WebhookEvent

PERSONAL = {
    "notifications.Message": "recipient recipient_name context attachments sealed last_error",
    "notifications.MailboxItem": "recipients subject text html attachments",
    "notifications.WebhookEvent": "data",
    "notifications.WebhookAttempt": "answer",
}


def messages_to_forget(person: Person) -> QuerySet[Message]:
    """Those, and what went to her number and to her addresses of before."""
    return _messages(person, person.contacts)


def messages_of(person: Person) -> QuerySet[Message]:
    """Messages about the person's own things, and to an address that she has proven to be hers."""
    return _messages(person, ())


def _messages(person: Person, contacts: Sequence[str]) -> QuerySet[Message]:
    """By what it is about, or by where it went: `message_to` is the index of recipients in small letters."""
    to = {one.lower() for one in (person.email, *contacts) if one}
    rows = Message.objects.alias(to=Lower("recipient"))
    return rows.filter(Q(subject_of__in=person.subjects) | Q(to__in=to))


def export_of(person: Person) -> Mapping[str, Any]:
    """Which messages were promised and sent; their words are in the person's own mailbox."""
    rows = messages_of(person).order_by("id")
    shown = [
        {
            "kind": row.template.replace("_", " "),
            "to": row.recipient,
            "promised_at": row.created_at,
            "sent_at": row.sent_at,
        }
        for row in rows
    ]
    return {"messages": shown} if shown else {}


def erase(person: Person, at: datetime) -> None:
    """Messages lose recipient and words; what has not gone yet does not go. A last farewell is promised afterwards."""
    events.make_nameless(set(person.subjects) - person.held)
    mine = messages_to_forget(person).exclude(subject_of__in=person.held)
    addresses = {one for one in mine.values_list("recipient", flat=True) if one}
    mine.filter(work_state="pending").update(work_state="done", done_at=at)
    empty(mine)
    for address in {*addresses, *person.contacts, *([person.email] if person.email else [])}:
        _empty_mailbox(MailboxItem.objects.filter(recipients__icontains=address))


def redact(person: Person, at: datetime) -> None:
    """What the events kept of recipients and words, where there are events."""
    rows = list(messages_to_forget(person).exclude(subject_of__in=person.held).values_list("pk", flat=True))
    with lawfully("erasure of messages (DPDP Act, section 12)", by=SYSTEM, at=at) as pen:
        blank_events(pen, Message, {"pgh_obj_id__in": rows}, *PERSONAL["notifications.Message"].split())


def empty(rows: QuerySet[Message]) -> int:
    """Take recipient and words out of messages; that one was sent, and when, stays."""
    return rows.update(recipient=NO_MAIL, recipient_name="", context={}, attachments=[], sealed="", last_error="")


def _empty_mailbox(items: QuerySet[MailboxItem]) -> int:
    for file in items.exclude(file="").values_list("file", flat=True):
        Path(file).unlink(missing_ok=True)
    return items.delete()[0]


def _sent(before: datetime) -> QuerySet[Message]:
    return Message.objects.filter(created_at__lt=before).exclude(work_state="pending").exclude(recipient=NO_MAIL)


RULES = (
    Rule(
        "messages",
        "Words and recipients of messages",
        730,
        "What was said about a stay can be shown for two years (consumer complaints).",
        _sent,
        "created_at",
        lambda before: empty(_sent(before)),
    ),
    Rule(
        "mailbox",
        "The practice mailbox (not in production)",
        90,
        "Only for looking at.",
        lambda before: MailboxItem.objects.filter(at__lt=before),
        "at",
        lambda before: _empty_mailbox(MailboxItem.objects.filter(at__lt=before)),
    ),
    Rule(
        "webhooks",
        "What other systems were told, and their answers",
        90,
        "To find out what another system has got, and send it again.",
        lambda before: WebhookEvent.objects.filter(created_at__lt=before),
        "created_at",
        lambda before: events.forget_before(before),
    ),
    Rule(
        "staff-tasks",
        "Finished tasks of the house",
        730,
        "What was done about a stay can be shown for two years.",
        lambda before: StaffTask.objects.filter(done_at__lt=before),
        "done_at",
        lambda before: StaffTask.objects.filter(done_at__lt=before).delete()[0],
    ),
)

Registry.add(
    Contributor(
        name="notifications",
        export=export_of,
        erase=erase,
        redact=redact,
        rules=RULES,
        personal=PERSONAL,
        harmless={
            "notifications.StaffTask": "names things by their reference, never people",
            "notifications.WebhookSubscription": "another system's address",
            "notifications.WebhookDelivery": "that another system was told, not what",
        },
    )
)


def sweep_farewells() -> int:
    """The last letter to somebody who was erased is emptied as soon as it has gone, or cannot go."""
    gone = Message.objects.filter(template="privacy_erased").exclude(work_state="pending").exclude(recipient=NO_MAIL)
    return empty(gone)


def sweep_codes() -> int:
    """To whom a one-time code went is nobody's business once the code opens nothing: it is said in no one's name."""
    over = Message.objects.filter(template=codes.TEMPLATE, expires_at__lte=timezone.now())
    return empty(over.exclude(recipient=NO_MAIL).exclude(work_state="pending"))


work.Registry.add_sweep("farewells", sweep_farewells)
work.Registry.add_sweep("codes that are over", sweep_codes)
