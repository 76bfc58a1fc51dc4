"""The file itself: data.json for machines, index.html for people, who-looked.html beside them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string

from accounts.domain.privacy import page
from core.personal_data import Person, Seen

FORMAT = "pema-personal-data/1"


def zipped(person: Person, data: Mapping[str, Any], seen: Sequence[Seen], *, at: datetime) -> bytes:
    """A zip with the three files; the same data gives the same content."""
    looks = [asdict(one) for one in seen]
    whole = {"format": FORMAT, "made_at": at, "person": person.public_id, "data": data, "who_looked": looks}
    plain = json.dumps(whole, default=_plain, ensure_ascii=False, indent=2)
    context = {"person": person, "made_at": at, "parts": page.parts(json.loads(plain)["data"]), "seen": seen}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", plain)
        archive.writestr("index.html", render_to_string("privacy/pack.html", context))
    return target.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    return str(value)
