"""Tables for a spreadsheet program: no cell is ever a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
UNSEEN = " \u00a0\u200b\u2060\ufeff"  # blanks that a spreadsheet passes over


def cell(value: Any) -> str:
    """The value as text; what a spreadsheet would run gets an apostrophe in front. Numbers stay numbers."""
    text = "" if value is None else str(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return text
    return f"'{text}" if text.lstrip(UNSEEN).startswith(DANGEROUS) else text


def lines(heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A CSV file in UTF-8, line by line, so that a million rows need no memory."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    for row in [heading]:
        writer.writerow([cell(one) for one in row])
    yield b"\xef\xbb\xbf" + _taken(out)
    for row in rows:
        writer.writerow([cell(one) for one in row])
        yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()
