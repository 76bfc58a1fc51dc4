"""What medical knows of people. Answers leave it here for two readers only: the guest herself, and nobody after her."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from accounts.domain.privacy import retention
from accounts.models import User
from bookings.privacy import stays_of
from bookings.states import HOLDS_STOCK
from core.actors import SYSTEM, Actor
from core.errors import Missing
from core.personal_data import Agreement, Contributor, Hold, Person, Registry, Rule, Seen
from medical.domain import consents, forgetting, reading
from medical.models import Consent, MedicalForm
from medical.sealed import unseal

CODE = "medical-records"


def forms_of(person: Person) -> QuerySet[MedicalForm]:
    """All forms of the person's stays, those of her party too: she has filled them in, but they are not all hers."""
    return MedicalForm.objects.filter(booking__in=stays_of(person)).select_related("guest", "booking", "questionnaire")


def own_forms(person: Person) -> list[MedicalForm]:
    """The forms about the person herself: the guest on the form bears her name."""
    return [form for form in forms_of(person) if form.guest.name.casefold() in _names(person, form)]


def _names(person: Person, form: MedicalForm) -> set[str]:
    return {name.casefold() for name in (person.name, form.booking.contact_name) if name}


def export_of(person: Person) -> Mapping[str, Any]:
    """The person's own answers, opened; questions, decisions without the doctor's notes, agreements."""
    found = [_form(form) for form in own_forms(person)]
    return {"guest_forms": found} if found else {}


def _form(form: MedicalForm) -> dict[str, Any]:
    return {
        "stay": form.booking.reference,
        "standing": form.get_state_display(),
        "sent_at": form.submitted_at,
        "answers": {
            section.title: {answer.label: answer.value for answer in section.answers} for section in reading.shown(form)
        },
        "questions": [
            {"question": one["question"], "answer": one["answer"], "asked_at": one["asked_at"]}
            for one in reading.questions_of(form)
        ],
        "decisions": [
            {"outcome": one.get_outcome_display(), "words": one.guest_words, "conditions": one.conditions, "at": one.at}
            for one in form.decisions.all()
        ],
        "clinical_notes": [note for note in (unseal(one, "note", default="") for one in form.decisions.all()) if note],
        "agreements": [
            {"words": one.text, "version": one.text_version, "given_at": one.given_at, "withdrawn_at": one.withdrawn_at}
            for one in form.consents.all()
        ],
    }


def subjects_of(person: Person) -> Sequence[str]:
    return [form.subject for form in forms_of(person)]


def agreements_of(person: Person) -> Sequence[Agreement]:
    """The agreement that a doctor may read the form, one for each of the person's forms: the newest."""
    found = []
    for form in forms_of(person).prefetch_related("consents"):
        newest = max(form.consents.all(), key=lambda one: one.given_at, default=None)
        if newest is not None:
            found.append(
                Agreement(
                    ref=str(form.public_id),
                    title=f"Guest form of {form.guest.name}, stay {form.booking.reference}",
                    text=newest.text,
                    version=newest.text_version,
                    given_at=newest.given_at,
                    withdrawn_at=newest.withdrawn_at,
                    follows=consents.what_follows(form),
                )
            )
    return found


def withdraw(person: Person, ref: str, at: datetime) -> None:
    """By the person's own click. Raises Missing for a form that is not of her stays."""
    form = next((one for one in forms_of(person) if str(one.public_id) == ref), None)
    if form is None:
        raise Missing("no_such_agreement", "There is no such agreement.")
    user = User.objects.get(pk=person.user_id)
    consents.withdraw(form, by=Actor.of(user, "guest"), at=at)


def seen_of(person: Person) -> Sequence[Seen]:
    """Who opened the forms of the person's stays."""
    roles = {"medical_lead": "Lead of our doctors", "doctor": "Doctor"}
    return [
        Seen(one["at"], one["who"], roles.get(one["role"], one["role"]), "the answers of a guest form", one["purpose"])
        for form in forms_of(person)
        for one in reading.readers_of(form)
    ]


def holds_of(person: Person, at: datetime) -> Sequence[Hold]:
    """A form that a doctor has read is a medical record: kept, closed and sealed, as long as the table says."""
    days = retention.days(CODE)
    found = []
    for form in forms_of(person).filter(submitted_at__isnull=False).exclude(answers=""):
        until = kept_until(form, days)
        if until > at.date() or form.booking.state in HOLDS_STOCK:
            words = (
                f"The guest form of {form.booking.reference}, as rules for medical records want it. Nobody reads it."
            )
            found.append(Hold("medical", form.subject, words, until))
    return found


def kept_until(form: MedicalForm, days: int) -> date:
    """The record's last day: counted from the end of the stay, or from the sending when that was later."""
    sent = form.submitted_at.date() if form.submitted_at else form.created_at.date()
    return max(form.booking.check_out, sent) + timedelta(days=days)


def erase(person: Person, at: datetime) -> None:
    """Drafts and records whose time is over go; held records stay sealed, and no doctor opens them any more."""
    Consent.objects.filter(form__in=forms_of(person)).update(ip=None, user_agent="")
    gone = [form for form in forms_of(person) if form.subject not in person.held]
    forgetting.forget(MedicalForm.objects.filter(pk__in=[form.pk for form in gone]), why="erasure", by=SYSTEM, at=at)
    over = forms_of(person).exclude(booking__state__in=HOLDS_STOCK).filter(consent_withdrawn_at__isnull=True)
    MedicalForm.objects.filter(pk__in=[form.pk for form in over]).update(consent_withdrawn_at=at)


def _old(before: datetime) -> QuerySet[MedicalForm]:
    """Records whose stay ended, and which were sent, before; forms that were never sent count from their stay."""
    kept = MedicalForm.objects.filter(created_at__lt=before).exclude(answers="", flags="")
    rows = kept.exclude(booking__state__in=HOLDS_STOCK)
    sent_before = Q(submitted_at__lt=before) | Q(submitted_at__isnull=True)
    return rows.filter(sent_before, booking__check_out__lt=before.date())


RULES = (
    Rule(
        CODE,
        "Guest forms, questions, decisions and notes of doctors",
        3 * 365,
        "Indian Medical Council Regulations 2002, 1.3.1: three years from the end of the treatment.",
        _old,
        "created_at",
        lambda before: forgetting.forget(_old(before), why="retention", by=SYSTEM, at=None),
    ),
)

Registry.add(
    Contributor(
        name="medical",
        export=export_of,
        subjects=subjects_of,
        holds=holds_of,
        erase=erase,
        agreements=agreements_of,
        withdraw=withdraw,
        seen=seen_of,
        rules=RULES,
        personal={
            "medical.MedicalForm": "answers flags",
            "medical.Clarification": "question answer",
            "medical.Decision": "guest_words conditions note",
            "medical.ArrivalExamination": "note",
            "medical.Consent": "ip user_agent",
        },
        harmless={
            "medical.Questionnaire": "questions, no answers",
            "medical.RedFlagRule": "rules",
        },
    )
)
