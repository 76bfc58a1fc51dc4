"""A configuration that must not start does not start."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def no_sandbox_in_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """pema.E010: a gateway that takes no money must not sell rooms."""
    if settings.PEMA_ENV == "production" and (settings.SANDBOX_GATEWAY or apps.is_installed("payments.simulator")):
        return [Error("The PayU simulator is on in production.", hint="Unset SANDBOX_GATEWAY.", id="pema.E010")]
    return []
