"""The person behind an account, as the registry of personal data knows her."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import ContactChange, User
from core.personal_data import Person, with_subjects


def person_of(user: User) -> Person:
    """The person with all her subjects. An address that nobody has proven to own opens nothing but the account."""
    return with_subjects(
        Person(
            user_id=user.pk,
            public_id=str(user.public_id),
            name=user.get_full_name(),
            email=user.email if user.email_verified_at else "",
            contacts=contacts_of(user),
        )
    )


def contacts_of(user: User) -> tuple[str, ...]:
    """Her proven number, and what was proven hers before, unless it is in another person's account by now."""
    found = {user.phone_e164} if user.phone_verified_at else set()
    for change in ContactChange.objects.filter(user=user):
        found |= {change.old} if change.old_verified_at else set()
        found |= {change.new} if change.confirmed_at else set()
    found -= {"", user.email}
    mine_no_more = User.objects.exclude(pk=user.pk).filter(
        Q(email__in=found) | Q(phone_e164__in=found, phone_verified_at__isnull=False)
    )
    for email, number in mine_no_more.values_list("email", "phone_e164"):
        found -= {email, number}
    return tuple(sorted(found))


def subject_of(user: User) -> str:
    """The key of a person in history and access log."""
    return f"person:{user.public_id}"
