"""Whose address a request has, with and without proxies before us."""

import pytest
from django.test import RequestFactory

from core.network import client_address


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "address"),
    [
        ([], "10.0.0.1", "203.0.113.7", "10.0.0.1"),
        (["10.0.0.1"], "10.0.0.1", "203.0.113.7", "203.0.113.7"),
        (["10.0.0.1"], "10.0.0.2", "203.0.113.7", "10.0.0.2"),
        (["10.0.0.0/8"], "10.9.8.7", "203.0.113.7", "203.0.113.7"),
        (["10.0.0.0/8"], "11.0.0.1", "203.0.113.7", "11.0.0.1"),
        (["10.0.0.0/8", "172.16.0.5"], "172.16.0.5", "198.51.100.1, 203.0.113.7, 10.1.1.1", "203.0.113.7"),
        (["10.0.0.5/8"], "10.1.1.1", "203.0.113.7", "203.0.113.7"),
        (["fd00::/8"], "fd00::1", "203.0.113.7", "203.0.113.7"),
        (["fd00::/8"], "10.0.0.1", "203.0.113.7", "10.0.0.1"),
        (["10.0.0.0/8"], "10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.1"),
        (["10.0.0.0/8"], "10.0.0.1", "nonsense", "unknown"),
        (["nonsense", "10.0.0.0/99"], "10.0.0.1", "203.0.113.7", "10.0.0.1"),
        ([], "2001:db8:1:2:3::4", "", "2001:db8:1:2::"),
    ],
)
def test_forwarded_counts_from_a_trusted_proxy_only(settings, proxies, remote, forwarded, address):
    """D6: a proxy is named by its address or by its network."""
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == address
