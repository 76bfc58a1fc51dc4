"""A configuration that must not start does not start."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def staff_have_a_second_factor(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """pema.E004: the demo's switch, with which staff sign in by password alone, is on in production."""
    if settings.PRODUCTION and not settings.STAFF_MFA_REQUIRED:
        hint = "Unset DEMO_STAFF_WITHOUT_MFA."
        return [Error("Staff could sign in without a second factor.", hint=hint, id="pema.E004")]
    return []


@register()
def those_erased_stay_erased(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """pema.E007: the list of those erased has no key of its own. pema.E008: it has no place where it can be written."""
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = []
    if len(settings.TOMBSTONE_KEY) < 32 or settings.TOMBSTONE_KEY.startswith("sandbox-only"):
        words = "TOMBSTONE_KEY must be a secret of at least 32 characters: SECRET_KEY may change, this one may not."
        found.append(Error(words, hint="Where it was never set, the list was keyed by SECRET_KEY.", id="pema.E007"))
    if not _writable(Path(settings.PRIVACY_TOMBSTONES)):
        words = f"PRIVACY_TOMBSTONES: {settings.PRIVACY_TOMBSTONES} cannot be written here."
        hint = "Name a file on a disk that outlives the container: a restored backup is made to forget from it."
        found.append(Error(words, hint=hint, id="pema.E008"))
    return found


def _writable(file: Path) -> bool:
    """The file itself, or the nearest folder above it that is there."""
    near = file.absolute()
    while not near.exists() and near != near.parent:
        near = near.parent
    if near.is_file():
        return near == file.absolute() and os.access(near, os.W_OK)
    return near != file.absolute() and os.access(near, os.W_OK | os.X_OK)
