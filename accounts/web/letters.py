"""What allauth wants to mail, as news: somebody above promises the letter, in the transaction of what it tells of.

Codes and links are not sent by allauth at all; they are promised by `accounts.domain`.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.domain import notices
from accounts.models import User

NOTICES = {
    "password_changed": "password_changed",
    "password_set": "password_changed",
    "totp_activated": "second_factor_added",
    "totp_deactivated": "second_factor_removed",
    "webauthn_added": "passkey_added",
    "webauthn_removed": "passkey_removed",
    "recovery_codes_generated": "recovery_codes_made",
    "account_connected": "google_connected",
}


def promise(letter: str, to: str, *, at: datetime) -> None:
    """Tell that a letter of allauth (by the last word of its template) is due to the person of this address."""
    person = User.objects.filter(email=User.objects.normalise(to)).first()
    notice = NOTICES.get(letter)
    if person is None or notice is None:
        return
    with transaction.atomic():
        notices.tell(person, notice, at=at, link=settings.SITE_URL + reverse("accounts:security"))
