"""Optional uses of personal data, each with the words that are shown and their version.

Messages about one's own stay, bills and safety are part of the contract and stand here only to say so: nobody is asked.
Changed words get a new version; a yes to older words stays a yes to what they said, and the page asks again.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Purpose:
    """One use that a person may allow or not. `lapses` says what ends with a no."""

    code: str
    title: Words
    text: Words
    version: str
    lapses: Words


PURPOSES: tuple[Purpose, ...] = (
    Purpose(
        "offers",
        _("News and offers"),
        _("Write to me now and then about new programs and quiet weeks."),
        "2026-11",
        _("we stop writing to you about anything but your own stay."),
    ),
    Purpose(
        "photos",
        _("Photographs"),
        _("Photographs from group sessions in which I can be recognised may be shown on your pages."),
        "2026-11",
        _("we take down pictures in which you can be recognised."),
    ),
    Purpose(
        "feedback",
        _("A few questions after my stay"),
        _("Ask me after my stay what was good and what was missing, and keep my answers with my name."),
        "2026-11",
        _("we do not ask, and answers lose your name."),
    ),
    Purpose(
        "analytics",
        _("Counting visits"),
        _("Count which pages I look at, under a number that is not my name, so that the pages get better."),
        "2026-11",
        _("your visits are not counted."),
    ),
)
BY_CODE = {purpose.code: purpose for purpose in PURPOSES}

CONTRACT: tuple[tuple[Words, Words], ...] = (
    (
        _("Messages about my stay"),
        _("Confirmations, payments, changes and your arrival: without them we cannot keep what we have agreed."),
    ),
    (_("Bills and receipts"), _("Tax law wants us to write and to keep them.")),
    (
        _("Signing in safely"),
        _("Codes, notices when something about your account changes, and a record of who opened your form."),
    ),
)
