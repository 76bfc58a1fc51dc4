"""The copy as a page for people: times of India, names of things, devices in words. Internal ids stay in data.json."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.domain import sessions
from accounts.domain.privacy.labels import ABOUT, AGENTS, LABELS, LEFT_OUT, MODES, MONEY, ONE_OF, PARTS
from core.templatetags.ui import day, inr, ist

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
IDENT = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\Z")
WIDEST = 5  # columns of a table; entries with more of them stand one under the other


@dataclass(slots=True)
class Block:
    """Either `rows` of label and words, or a table with `columns`."""

    title: str
    rows: list[tuple[str, ...]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)


def parts(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The tree of data.json as titles with blocks below them."""
    found = []
    for name, content in data.items():
        title, blocks = str(PARTS.get(name) or label(name)), _blocks("", content)
        for block in blocks:
            block.title = "" if block.title == title else block.title
        found.append({"title": title, "blocks": blocks})
    return found


def label(key: str) -> str:
    """What people call it; for what has no name here, its own key with spaces."""
    known = LABELS.get(key)
    words = str(known) if known else key.replace("_", " ")
    return words[:1].upper() + words[1:]


def words(key: str, value: Any) -> str:
    """One value as people read it."""
    if key in AGENTS:
        return sessions.words(str(value or ""))
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value)
    if INSTANT.match(text) and parse_datetime(text):
        return ist(text)
    if DAY.match(text):
        return day(text) or text
    if key in MONEY:
        return inr(text) or text
    if key == "by":
        return str(MODES.get(text, text))
    kind, colon, rest = text.partition(":")
    if colon and kind in ABOUT:
        return f"{ABOUT[kind]} {rest}" if kind == "booking" else str(ABOUT[kind])
    return text


def _blocks(title: str, value: Any) -> list[Block]:
    """Leaves of one level together, what has branches of its own as blocks after them."""
    if isinstance(value, list):
        return _listed(title, value)
    rows: list[tuple[str, ...]] = [(label(key), words(key, one)) for key, one in _leaves(value)]
    found = [Block(title, rows)] if rows else []
    for key, one in value.items():
        if isinstance(one, (dict, list)) and one:
            found += _blocks(f"{title}: {label(key)}" if title else label(key), one)
    return found


def _listed(title: str, value: list[Any]) -> list[Block]:
    if all(not isinstance(one, (dict, list)) for one in value):
        return [Block(title, [("", ", ".join(words("", one) for one in value))])] if value else []
    flat = all(isinstance(one, dict) and not any(isinstance(x, (dict, list)) for x in one.values()) for one in value)
    keys = list(dict.fromkeys(key for one in value if flat for key, _value in _leaves(one)))
    if flat and len(value) > 1 and len(keys) <= WIDEST:
        rows = [tuple(words(key, one.get(key)) for key in keys) for one in value]
        return [Block(title, rows, [label(key) for key in keys])]
    name = str(ONE_OF.get(title, title))
    if len(value) == 1:
        return _blocks(name, value[0])
    return [block for n, one in enumerate(value, 1) for block in _blocks(f"{name} {n}", one)]


def _leaves(value: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What one entry says of itself, without what only machines need."""
    return [
        (key, one)
        for key, one in value.items()
        if not isinstance(one, (dict, list))
        and key not in LEFT_OUT
        and not (key == "currency" and one == "INR")
        and not (isinstance(one, str) and IDENT.match(one))
    ]
