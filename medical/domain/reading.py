"""How an answer leaves this app: opened for somebody who may, and written into the access log."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from accounts.models import User
from audit.models import AccessLog
from audit.record import looked
from bookings.domain.words import day
from core.errors import Missing
from medical.domain import flags, questionnaires
from medical.domain.forms import answers_of
from medical.models import MedicalForm
from medical.permissions import is_lead, may_review
from medical.sealed import unseal


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer for the eye: label left, value right."""

    link_id: str
    label: str
    value: str
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    answers: list[Shown]


@dataclass(frozen=True, slots=True)
class Record:
    """Everything a reviewer sees of one form."""

    form: MedicalForm
    sections: list[Section]
    flags: list[dict[str, Any]]
    derived: dict[str, Any]
    questions: list[dict[str, Any]]
    decisions: list[dict[str, Any]] = field(default_factory=list)


def open_for(reader: User, form: MedicalForm, *, purpose: str, at: datetime) -> Record:
    """Open a form for its doctor or a lead, and log the read.

    Raises Missing("no_such_form") for everybody else (the attempt is logged too), core.crypto.DecryptionError when
    a value was tampered with.
    """
    if not may_review(reader, form):
        if reader.is_authenticated:
            looked(reader, form.subject, what="refused", purpose=purpose, at=at)
        raise Missing("no_such_form", "There is no such form.")
    role = "medical_lead" if is_lead(reader) else "doctor"
    looked(reader, form.subject, what="answers", purpose=purpose, role=role, at=at)
    raised = unseal(form, "flags", default=[])
    return Record(
        form=form,
        sections=shown(form, flagged={flag["link_id"] for flag in raised}),
        flags=raised,
        derived={key: str(value) for key, value in flags.derived(answers_of(form), on=at.date()).items()},
        questions=questions_of(form),
        decisions=[
            {
                "outcome": decision.get_outcome_display(),
                "by": str(decision.doctor),
                "at": decision.at,
                "guest_words": decision.guest_words,
                "conditions": decision.conditions,
                "note": unseal(decision, "note", default=""),
            }
            for decision in form.decisions.select_related("doctor")
        ],
    )


def shown(form: MedicalForm, *, flagged: set[str] = frozenset()) -> list[Section]:  # type: ignore[assignment]
    """The answered questions by section, each with what was asked because of it; flagged ones first; empty sections
    are left out."""
    answers = answers_of(form)
    found = []
    for group in questionnaires.sections(form.questionnaire.definition):
        families: dict[str, list[Shown]] = {}
        family_of: dict[str, str] = {}
        for item in questionnaires.questions(group["item"]):
            link = item["linkId"]
            family_of[link] = _family(item, family_of)
            if link in answers:
                row = Shown(link, item["text"], words(item, answers[link]), link in flagged)
                families.setdefault(family_of[link], []).append(row)
        if families:
            ordered = sorted(families.values(), key=lambda rows: not any(row.flagged for row in rows))
            found.append(Section(group["text"], [row for rows in ordered for row in rows]))
    return found


def _family(item: dict[str, Any], known: dict[str, str]) -> str:
    """The question of this section that this one follows up, as the conditions say; itself when it stands alone."""
    asked = (condition["question"] for condition in item.get("enableWhen", []))
    return next((known[link] for link in asked if link in known), item["linkId"])


def words(item: dict[str, Any], value: Any) -> str:
    """An answer in words: Yes, the option's text, a number with its unit, a date with its weekday."""
    if isinstance(value, list):
        return ", ".join(words(item, one) for one in value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if item["type"] == "date":
        return day(date.fromisoformat(value))
    text = dict(questionnaires.options(item)).get(value, str(value))
    return f"{text} {questionnaires.unit(item)}".strip()


def questions_of(form: MedicalForm) -> list[dict[str, Any]]:
    """Questions and answers between doctor and guest, oldest first; the doctor may be named to the guest."""
    return [
        {
            "id": str(row.public_id),
            "question": unseal(row, "question"),
            "answer": unseal(row, "answer", default=""),
            "asked_at": row.asked_at,
            "answered_at": row.answered_at,
            "doctor": str(row.doctor),
        }
        for row in form.clarifications.select_related("doctor")
    ]


def readers_of(form: MedicalForm) -> list[dict[str, Any]]:
    """Who opened this form, for the guest: name, role, when, why. Refused attempts are not reads."""
    rows = AccessLog.objects.filter(subject=form.subject).exclude(what="refused").select_related("reader")
    return [
        {"who": str(row.reader), "role": row.reader_role, "at": row.at, "what": row.what, "purpose": row.purpose}
        for row in rows
    ]
