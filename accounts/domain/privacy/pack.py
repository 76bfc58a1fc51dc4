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

from core.personal_data import Person, Seen

FORMAT = "pema-personal-data/1"


def zipped(person: Person, data: Mapping[str, Any], seen: Sequence[Seen], *, at: datetime) -> bytes:
    """A zip with the three files; the same data gives the same content."""
    looks = [asdict(one) for one in seen]
    whole = {"format": FORMAT, "made_at": at, "person": person.public_id, "data": data, "who_looked": looks}
    plain = json.dumps(whole, default=_plain, ensure_ascii=False, indent=2)
    context = {"person": person, "made_at": at, "parts": _parts(json.loads(plain)["data"]), "seen": seen}
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


def _parts(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The tree as flat rows: a title for each app, a heading for each entry, label and value under it."""
    return [{"title": _label(name), "blocks": list(_blocks("", content))} for name, content in data.items()]


def _blocks(title: str, value: Any) -> list[dict[str, Any]]:
    """Leaves of one level together, what has branches of its own as blocks after them."""
    if isinstance(value, list):
        if all(not isinstance(one, (dict, list)) for one in value):
            words = ", ".join(_words(one) for one in value)
            return [{"title": title, "rows": [("", words)]}] if value else []
        return [block for n, one in enumerate(value, 1) for block in _blocks(f"{title} {n}".strip(), one)]
    if not isinstance(value, dict):
        return [{"title": title, "rows": [("", _words(value))]}]
    leaves = [(_label(key), _words(one)) for key, one in value.items() if not isinstance(one, (dict, list))]
    found = [{"title": title, "rows": leaves}] if leaves else []
    for key, one in value.items():
        if isinstance(one, (dict, list)) and one:
            found += _blocks(f"{title} · {_label(key)}" if title else _label(key), one)
    return found


def _label(key: str) -> str:
    return str(key).replace("_", " ").capitalize()


def _words(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
