"""Log lines name places, never people: of an exception its kind and where it came from, but not its words.

The words of an exception hold whatever a library puts there: the address that a mail server refused, the row that a
database did not take. A fault is found by its place; whoever needs the values looks into the tables.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

SHORT = 2  # letters: less tells nothing, and stands in every message


class PlainFormatter(logging.Formatter):
    """As Python's own, with the words of exceptions left out, and one line however long the message."""

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        error = ei[1]
        return "\n".join(_told(error)) if error is not None else ""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another formatter may have told more
        kept = record.msg, record.args
        record.msg, record.args = _without_words(record), None
        try:
            return super().format(record)
        finally:
            record.msg, record.args = kept


def _without_words(record: logging.LogRecord) -> str:
    """The message; where somebody has put the words of the exception into it, its kind stands there instead."""
    message = record.getMessage()
    error = record.exc_info[1] if record.exc_info else None
    words = str(error) if error is not None else ""
    return message.replace(words, type(error).__name__) if len(words) > SHORT else message


def _told(error: BaseException) -> list[str]:
    """Kinds and places of the whole chain, the cause first."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = [*_told(before), "which led to:"] if before is not None else []
    frames = [line.rstrip("\n") for line in traceback.format_list(_frames(error))]
    state = getattr(error, "sqlstate", None)
    return [*lines, *frames, f"{type(error).__module__}.{type(error).__qualname__}{f' {state}' if state else ''}"]


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    """Files, lines and names; the line of code is left out with its literals."""
    found = traceback.extract_tb(error.__traceback__)
    return [traceback.FrameSummary(one.filename, one.lineno, one.name, lookup_line=False, line="") for one in found]
