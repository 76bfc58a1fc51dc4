"""The person behind an account, as the registry of personal data knows her."""

from __future__ import annotations

from accounts.models import User
from core.personal_data import Person, with_subjects


def person_of(user: User) -> Person:
    """The person with all her subjects. An address that nobody has proven to own opens nothing but the account."""
    return with_subjects(
        Person(
            user_id=user.pk,
            public_id=str(user.public_id),
            name=user.get_full_name(),
            email=user.email if user.email_verified_at else "",
        )
    )


def subject_of(user: User) -> str:
    """The key of a person in history and access log."""
    return f"person:{user.public_id}"
