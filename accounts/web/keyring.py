"""What a session may open without an account: subjects (`booking:PW-…`) that a signed link has proven."""

from __future__ import annotations

from django.http import HttpRequest

KEY = "keyring"
MOST = 20  # the newest; a family does not have more stays in one fortnight


def remember(request: HttpRequest, subject: str) -> None:
    """This session may open `subject` from now on."""
    held = [one for one in subjects(request) if one != subject]
    request.session[KEY] = [*held, subject][-MOST:]


def holds(request: HttpRequest, subject: str) -> bool:
    """True when a signed link for `subject` was opened in this session."""
    return subject in subjects(request)


def subjects(request: HttpRequest) -> list[str]:
    """All subjects of this session, oldest first."""
    return list(request.session.get(KEY, []))


def references(request: HttpRequest, kind: str) -> list[str]:
    """The references of one kind: `references(request, "booking")`."""
    return [one.partition(":")[2] for one in subjects(request) if one.startswith(f"{kind}:")]
