"""Whose address this is: forwarded headers count only when a configured proxy sent them."""

from __future__ import annotations

import functools
import ipaddress
import logging
from typing import Any

from django.conf import settings

log = logging.getLogger(__name__)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_address(request: Any) -> str:
    """The caller's address; for IPv6 its /64, because one household or attacker owns all of that."""
    address = request.META.get("REMOTE_ADDR") or "0.0.0.0"  # nosec B104 - a value, not a bind
    proxies = _networks(tuple(settings.TRUSTED_PROXIES))
    if _within(address, proxies):
        for hop in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
            if hop.strip() and not _within(hop.strip(), proxies):
                address = hop.strip()
                break
    try:
        parsed = _parsed(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False).network_address)
    return str(parsed)


def from_trusted_proxy(request: Any) -> bool:
    """Was this request handed to us by one of the proxies that we were told of?"""
    return _within(request.META.get("REMOTE_ADDR") or "", _networks(tuple(settings.TRUSTED_PROXIES)))


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """`::ffff:192.0.2.1` is how a socket for both families writes 192.0.2.1. Raises ValueError."""
    address = ipaddress.ip_address(text)
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address


@functools.cache
def _networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    """Addresses (`10.0.0.1`) and networks (`10.0.0.0/8`); a text that is neither trusts nobody."""
    found = []
    for text in texts:
        try:
            found.append(_network(text.strip()))
        except ValueError:
            log.error("TRUSTED_PROXIES: %r is neither an address nor a network", text)
    return tuple(found)


def _network(text: str) -> Network:
    network = ipaddress.ip_network(text, strict=False)
    mapped = network.network_address.ipv4_mapped if isinstance(network, ipaddress.IPv6Network) else None
    if mapped is None or network.prefixlen < 96:
        return network
    return ipaddress.ip_network(f"{mapped}/{network.prefixlen - 96}")


def _within(text: str, networks: tuple[Network, ...]) -> bool:
    try:
        address = _parsed(text)
    except ValueError:
        return False
    return any(address in network for network in networks)
