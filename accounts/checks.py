"""A configuration that must not start does not start."""

from __future__ import annotations

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
