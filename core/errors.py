"""One error family. Verbs raise it, doors translate it (API problem body, form error, admin message)."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A refusal with a stable code and a sentence a person understands.

    `details` travels to API clients beside the message, so it never holds personal data.
    """

    status = 400

    def __init__(self, code: str, message: str, *, attr: str | None = None, **details: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = str(message)
        self.attr = attr
        self.details = details


class Invalid(DomainError):
    """The input can never work as it stands."""

    status = 400


class NotAllowed(DomainError):
    """The actor may not do this."""

    status = 403


class Missing(DomainError):
    """There is no such thing, or it belongs to somebody else."""

    status = 404


class Conflict(DomainError):
    """The state or the stock does not allow it now."""

    status = 409


class TooMany(DomainError):
    """A limit is used up; `retry_after` is in seconds."""

    status = 429

    def __init__(self, code: str, message: str, *, retry_after: int, **details: Any) -> None:
        super().__init__(code, message, **details)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """Something we need does not answer right now; the same call may work in a moment."""

    status = 503

    def __init__(self, code: str, message: str, *, retry_after: int = 2, **details: Any) -> None:
        super().__init__(code, message, **details)
        self.retry_after = retry_after
