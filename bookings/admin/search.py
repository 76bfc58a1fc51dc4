"""One search box for stays: a reference, an e-mail address, a phone number or a name, each by its own index."""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from bookings.models import StayBooking
from core.references import normalise


def find(rows: QuerySet[StayBooking], typed: str) -> QuerySet[StayBooking]:
    """The stays that `typed` means; nothing for what cannot be searched."""
    typed = typed.strip()[:100]
    if re.match(r"(?i)pw-?[0-9a-z]", typed) and " " not in typed:
        return rows.filter(reference__startswith=_reference(typed))
    if "@" in typed:
        return rows.alias(mail=Lower("contact_email")).filter(mail__startswith=typed.lower())
    digits = re.sub(r"[\s()-]", "", typed)
    if re.fullmatch(r"\+?\d{4,15}", digits):
        return rows.filter(_phone(digits))
    words = re.findall(r"\w+", typed.lower())
    if not words:
        return rows.none()
    query = " & ".join(f"{word}:*" for word in words[:6])
    names = rows.alias(words=SearchVector("contact_name", config="simple"))
    return names.filter(words=SearchQuery(query, search_type="raw", config="simple"))


def _reference(typed: str) -> str:
    dashed = typed if "-" in typed else f"{typed[:2]}-{typed[2:]}"
    return normalise(dashed)


def _phone(digits: str) -> Q:
    """With or without + and the country's 91."""
    bare = digits.lstrip("+")
    return (
        Q(contact_phone__startswith=f"+{bare}")
        | Q(contact_phone__startswith=f"+91{bare}")
        | Q(contact_phone__startswith=bare)
    )
