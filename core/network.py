"""Whose address this is: forwarded headers count only when a configured proxy sent them."""

from __future__ import annotations

import ipaddress
from typing import Any

from django.conf import settings


def client_address(request: Any) -> str:
    """The caller's address; for IPv6 its /64, because one household or attacker owns all of that."""
    address = request.META.get("REMOTE_ADDR") or "0.0.0.0"  # nosec B104 - a value, not a bind
    if address in settings.TRUSTED_PROXIES:
        for hop in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
            if hop.strip() and hop.strip() not in settings.TRUSTED_PROXIES:
                address = hop.strip()
                break
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False).network_address)
    return str(parsed)
