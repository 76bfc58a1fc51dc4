"""One HTTP call to PayU's command endpoint. What is not a JSON object is unclear, never a failure."""

import json
import ssl
import time
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx

from payments.gateways.base import GatewayRefused, GatewayUnclear
from payments.gateways.payu.hashes import Unhashable, command_hash

LARGEST = 8 * 1024 * 1024  # bytes of an answer; a settlement page of 2,000 rows stays well below
OWN_HOSTS = ("127.0.0.1", "localhost", "::1")
REST = 60.0  # seconds in which a command that has just timed out is not tried again by this process

_silent_until: dict[tuple[str, str], float] = {}


class Client:
    """Commands under one merchant key. Connect 5 s and read 30 s by default: PayU publishes no time limits."""

    def __init__(self, *, url: str, key: str, salt: str, connect_seconds: float = 5, read_seconds: float = 30) -> None:
        self.url, self.key, self.salt = url, key, salt
        self.timeout = httpx.Timeout(read_seconds, connect=connect_seconds)

    def call(self, command: str, var1: str, **others: str) -> dict[str, Any]:
        """PayU's answer to `command`. GatewayUnclear on timeouts, HTTP errors, HTML, PHP or broken JSON."""
        try:
            signature = command_hash(command, var1, key=self.key, salt=self.salt)
        except Unhashable:
            raise GatewayRefused("This cannot be asked of PayU.", permanent=True) from None
        form = {"key": self.key, "command": command, "var1": var1, **others, "hash": signature}
        return self._read(self._unless_silent(command, form))

    def _unless_silent(self, command: str, form: dict[str, str]) -> bytes:
        """Thirty seconds per call is too long for a queue of calls: after one timeout the others wait their turn."""
        name = (self.url, command)
        if time.monotonic() < _silent_until.get(name, 0.0):
            raise GatewayUnclear("PayU has just kept us waiting.", sent=False)
        try:
            return self._post(form)
        except GatewayUnclear as error:
            if error.details.get("reason") == "ReadTimeout":
                _silent_until[name] = time.monotonic() + REST
            raise

    def _post(self, form: dict[str, str]) -> bytes:
        """The body of a 200 answer. Redirects are not followed: they would carry our form elsewhere."""
        through_proxy = urlsplit(self.url).hostname not in OWN_HOSTS
        try:
            with (
                httpx.Client(timeout=self.timeout, trust_env=through_proxy, verify=_trust()) as http,
                http.stream("POST", self.url, data=form, headers={"Accept": "application/json"}) as answer,
            ):
                if answer.status_code != httpx.codes.OK:
                    raise GatewayUnclear("PayU answered with an error page.", http_status=answer.status_code)
                return self._body(answer)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise GatewayUnclear("PayU could not be reached.", sent=False) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise GatewayUnclear("PayU did not answer.", reason=type(error).__name__) from None

    def _body(self, answer: httpx.Response) -> bytes:
        body = b""
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > LARGEST:
                raise GatewayUnclear("PayU's answer is too long.")
        return body

    def _read(self, body: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise GatewayUnclear("PayU's answer could not be read.") from None
        if not isinstance(answer, dict):
            raise GatewayUnclear("PayU's answer has an unknown shape.")
        return answer


@cache
def _trust() -> ssl.SSLContext:
    """Reading the certificate bundle takes 25 ms: once is enough."""
    return httpx.create_ssl_context()


def _no_constant(name: str) -> None:
    raise ValueError(name)
