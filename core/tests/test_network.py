"""Whose address a request has, with and without proxies before us."""

import pytest
from django.test import RequestFactory

from core.middleware import ForwardedHeadersMiddleware
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
        ([], "::ffff:192.0.2.1", "", "192.0.2.1"),
        (["10.0.0.0/8"], "::ffff:10.0.0.1", "::ffff:203.0.113.7, ::ffff:10.0.0.2", "203.0.113.7"),
        (["::ffff:10.0.0.0/104"], "10.0.0.1", "203.0.113.7", "203.0.113.7"),
        (["::ffff:10.0.0.0/104"], "11.0.0.1", "203.0.113.7", "11.0.0.1"),
    ],
)
def test_forwarded_counts_from_a_trusted_proxy_only(settings, proxies, remote, forwarded, address):
    """D6: a proxy is named by its address or by its network."""
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == address


@pytest.mark.parametrize(
    ("proxies", "remote", "believed"),
    [
        ([], "10.0.0.1", False),
        (["10.0.0.1"], "10.0.0.1", True),
        (["10.0.0.1"], "::ffff:10.0.0.1", True),
        (["10.0.0.1"], "203.0.113.7", False),
        (["10.0.0.1"], "", False),
    ],
)
def test_a_strangers_word_for_the_scheme_is_not_heard(settings, proxies, remote, believed):
    """D6: with a proxy configured, somebody who comes past it does not make plain HTTP look safe."""
    settings.TRUSTED_PROXIES = proxies
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    sent = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.1", "Forwarded": "proto=https", "X-Other": "1"}
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers=sent)
    seen = []
    ForwardedHeadersMiddleware(lambda one: seen.append((one.is_secure(), set(one.headers) & set(sent))))(request)
    assert seen == [(believed, set(sent) if believed else {"X-Other"})]


def test_it_stands_before_all_others(settings):
    assert settings.MIDDLEWARE[0] == "core.middleware.ForwardedHeadersMiddleware"
