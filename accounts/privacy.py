"""What accounts knows of people: the profile, companions, devices, sessions, keys, consents, wishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import models

from accounts.domain.privacy import consents, erasure, export  # noqa: F401 - their promises register here
from accounts.domain.privacy.purposes import BY_CODE
from accounts.domain.privacy.who import subject_of
from accounts.models import CorrectionRequest, ExportPack, IdempotencyKey, RefreshToken, User
from core.actors import SYSTEM
from core.personal_data import Contributor, Person, Registry, Rule

KEPT_OF_USER = frozenset({"id", "password", "public_id", "email", "session_epoch", "date_joined"})


def export_of(person: Person) -> Mapping[str, Any]:
    """Everything the person told us about herself; the names of companions as she wrote them down."""
    user = User.objects.get(pk=person.user_id)
    profile = {
        field.name: getattr(user, field.name)
        for field in User._meta.concrete_fields
        if field.name not in {"id", "password", "session_epoch", "is_superuser", "is_staff", "is_active"}
    }
    return {
        "profile": profile,
        "consents": [
            {
                "purpose": str(BY_CODE[row.purpose].title) if row.purpose in BY_CODE else row.purpose,
                "allowed": row.granted,
                "words": row.text,
                "version": row.text_version,
                "at": row.at,
                "from_address": row.ip,
                "browser": row.user_agent,
                "where": row.get_door_display(),
            }
            for row in consents.history(user)
        ],
        "corrections": [
            {
                "about": row.get_about_display(),
                "reference": row.reference,
                "wish": row.wish,
                "asked_at": row.asked_at,
                "standing": row.get_state_display(),
                "answer": row.answer,
            }
            for row in user.correction_requests.all()
        ],
        "kept_with_the_account": _related(user),
    }


def _related(user: User) -> dict[str, list[dict[str, Any]]]:
    """Rows that live and die with the account, without secrets. Of others only the companions' names, her own list."""
    found: dict[str, list[dict[str, Any]]] = {}
    for model, column in living_with_the_account():
        shown = [name for name in SHOWN.get(model._meta.label, ()) if name in {f.name for f in model._meta.fields}]
        rows = list(model._default_manager.filter(**{column: user}).values(*shown)) if shown else []
        if rows:
            found[str(model._meta.verbose_name_plural)] = rows
    return found


SHOWN: dict[str, tuple[str, ...]] = {
    "accounts.Companion": ("name", "relation", "diet", "created_at"),
    "accounts.Device": ("platform", "name", "created_at", "seen_at"),
    "usersessions.UserSession": ("user_agent", "ip", "created_at", "last_seen_at"),
    "accounts.RefreshToken": ("device", "issued_at", "expires_at"),
    "accounts.ContactChange": ("kind", "old", "new", "asked_at", "confirmed_at"),
    "account.EmailAddress": ("email", "verified", "primary"),
    "socialaccount.SocialAccount": ("provider", "last_login", "date_joined"),
    "mfa.Authenticator": ("type", "created_at", "last_used_at"),
}


def living_with_the_account() -> list[tuple[type[models.Model], str]]:
    """Models that go when the account goes: every CASCADE to a person, whichever app made it."""
    found = []
    for relation in User._meta.get_fields(include_hidden=True):
        cascades = relation.auto_created and getattr(relation, "on_delete", None) is models.CASCADE
        if cascades and relation.related_model._meta.managed and not relation.related_model._meta.auto_created:
            found.append((relation.related_model, relation.field.name))
    return found


def subjects_of(person: Person) -> Sequence[str]:
    own = CorrectionRequest.objects.filter(user_id=person.user_id).values_list("public_id", flat=True)
    corrections = [f"correction:{one}" for one in own]
    return [f"person:{person.public_id}", f"user:{person.user_id}", *corrections]


def erase(person: Person, at: datetime) -> None:
    """The account becomes a husk: bills and history point at a row that names nobody and opens nothing."""
    user = User.objects.select_for_update().get(pk=person.user_id)
    consents.end_all(user, by=SYSTEM, at=at)
    Session.objects.filter(session_key__in=UserSession.objects.filter(user=user).values("session_key")).delete()
    for model, column in living_with_the_account():
        model._default_manager.filter(**{column: user}).delete()
    ExportPack.objects.filter(user=user).update(sealed="", size=0)
    CorrectionRequest.objects.filter(user=user).update(wish="", answer="", reference="")
    IdempotencyKey.objects.filter(scope=f"user:{user.pk}").delete()  # others are sealed, and gone within 72 hours
    user.groups.clear()
    blank = {field.name: _blank(field) for field in User._meta.concrete_fields if field.name not in KEPT_OF_USER}
    for name, value in blank.items():
        setattr(user, name, value)
    user.email = f"{user.public_id}@erased.invalid"
    user.set_unusable_password()
    user.session_epoch += 1
    user.save()


def _blank(field: Any) -> Any:
    """The empty value of any column, so that a new column of the profile is forgotten without a word here."""
    if field.null:
        return None
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, (models.CharField, models.TextField)):
        return ""
    return field.get_default()


def _answered(before: datetime) -> models.QuerySet[CorrectionRequest]:
    return CorrectionRequest.objects.filter(answered_at__lt=before).exclude(wish="")


RULES = (
    Rule(
        "export-packs",
        "Copies of personal data made for guests",
        7,
        "The guest has had a week to fetch the file; a new one is a click away.",
        lambda before: ExportPack.objects.filter(ready_at__lt=before).exclude(sealed=""),
        "ready_at",
        export.forget,
    ),
    Rule(
        "idempotency-answers",
        "Answers kept for repeated calls of the app",
        3,
        "A call may be repeated for 72 hours; then the answer is of no use.",
        lambda before: IdempotencyKey.objects.filter(created_at__lt=before),
        "created_at",
        lambda before: IdempotencyKey.objects.filter(created_at__lt=before).delete()[0],
    ),
    Rule(
        "sign-in-tokens",
        "Ended sign-ins of the app",
        30,
        "Shows a theft of a device for a month (information security).",
        lambda before: RefreshToken.objects.filter(expires_at__lt=before),
        "expires_at",
        lambda before: RefreshToken.objects.filter(expires_at__lt=before).delete()[0],
    ),
    Rule(
        "corrections",
        "Wishes for a correction, once answered",
        3 * 365,
        "Proof that a wish under the DPDP Act was answered (limitation: three years).",
        lambda before: _answered(before),
        "answered_at",
        lambda before: _answered(before).update(wish="", answer="", reference=""),
    ),
)

Registry.add(
    Contributor(
        name="accounts",
        export=export_of,
        subjects=subjects_of,
        erase=erase,
        rules=RULES,
        personal={
            "accounts.User": "*",
            "accounts.ConsentRecord": "ip user_agent",
            "accounts.CorrectionRequest": "wish answer reference",
            "accounts.ExportPack": "sealed",
            "accounts.IdempotencyKey": "body",
            "accounts.LegalHold": "sealed",
        },
        harmless={
            "account.EmailConfirmation": "goes with its address",
            "accounts.Attempt": "digests only",
            "accounts.Knock": "emptied as soon as the worker has looked, within minutes",
            "accounts.ErasureRequest": "names the husk only",
            "accounts.RetentionRule": "rules",
            "accounts.Tombstone": "keyed digests only",
        },
        free_text=("accounts.User.address", "accounts.User.emergency_contact", "accounts.CorrectionRequest.wish"),
    )
)

__all__ = ["living_with_the_account", "subject_of"]
