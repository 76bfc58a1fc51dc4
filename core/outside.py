"""The one way to a foreign address that somebody typed in: it never reaches our own house.

A web address given by a person (a webhook's receiver, a picture to fetch) may point at ourselves: 127.0.0.1, the
cloud's metadata, a name that turns into a private address a second later. So the address is refused by its looks first
(`look_at`), and once more where it cannot lie: at the opening of the socket. The name is resolved once, every address
it has must be a public one, and the connection goes to exactly the address that was looked at; the certificate and the
`Host` header stay those of the name. Redirects are off unless asked for, and each goes through the same two looks.

Outside production `settings.OUTSIDE_ALLOWED` names receivers of our own (`127.0.0.1:8000`) for demonstration and tests.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Overdue
from dataclasses import dataclass
from functools import cache
from urllib.parse import urljoin

import httpcore
import httpx
from django.conf import settings

SECONDS = 5.0  # for everything together: name, connection, TLS, question, answer
LARGEST = 1024 * 1024  # bytes of an answer
LONGEST = 500  # characters of an address
MOST_REDIRECTS = 3
PORTS = (443, 8443)
OWN_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "onion", "test", "invalid")
NEVER = tuple(
    ipaddress.ip_network(one)
    for one in (
        *("0.0.0.0/8", "100.64.0.0/10", "168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15"),
        *("224.0.0.0/4", "240.0.0.0/4"),
        # IPv4 in the dress of IPv6 (compatible, mapped, translated, Teredo, 6to4), local and multicast.
        *("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64"),
        *("2001::/32", "2001:db8::/32", "2002::/16", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
)

_resolvers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="resolve")


class Refused(Exception):
    """We do not go there. The text is fit for the person who typed the address."""


class NoAnswer(Exception):
    """We went, and nothing usable came back in time; `sent` says that the question may have arrived."""

    def __init__(self, message: str, *, sent: bool = False) -> None:
        super().__init__(message)
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `complete` is False when the answer was longer than what we read."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    complete: bool
    seconds: float


def look_at(url: str) -> httpx.URL:
    """The address, parsed once, if it may be called at all; nothing is resolved here. Raises Refused."""
    if not url or len(url) > LONGEST or not url.isascii() or not url.isprintable() or any(c in url for c in " \\<>\"'"):
        raise Refused("This is not a web address.")
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise Refused("This is not a web address.") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise Refused("The address must begin with https://.")
    if parsed.userinfo or "@" in parsed.netloc.decode():
        raise Refused("The address must not carry a name or password.")
    if _allowed(parsed.host, _port(parsed)):
        return parsed
    if parsed.scheme != "https":
        raise Refused("The address must begin with https://.")
    if _port(parsed) not in PORTS:
        raise Refused("Only the ports 443 and 8443 may be used.")
    _look_at_host(parsed.host)
    return parsed


def call(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    redirects: int = 0,
    seconds: float = SECONDS,
    largest: int = LARGEST,
) -> Answer:
    """Ask a foreign address, within `seconds` altogether, reading at most `largest` bytes.

    `redirects` (at most 3) are followed for GET, and for others only where the method is kept (307, 308). Raises
    Refused for an address of our own house, before anything is sent to it; NoAnswer when nothing usable came back.
    """
    began = time.monotonic()
    deadline = began + seconds
    for _ in range(min(redirects, MOST_REDIRECTS) + 1):
        status, found, read, complete = _once(method, look_at(url), body, headers or {}, deadline, largest)
        goes_on = status in (307, 308) or (method == "GET" and status in (301, 302, 303))
        if not (redirects and goes_on and "location" in found):
            return Answer(status, found, read, complete, time.monotonic() - began)
        url = urljoin(url, found["location"])
    raise NoAnswer("Too many redirects.", sent=True)


def _once(
    method: str, url: httpx.URL, body: bytes, headers: Mapping[str, str], deadline: float, largest: int
) -> tuple[int, dict[str, str], bytes, bool]:
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    own = {"Host": url.netloc.decode(), "User-Agent": "Pema/1.0", "Accept-Encoding": "identity", "Connection": "close"}
    sent = {**own, **headers}
    limit = max(deadline - time.monotonic(), 0.01)
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), limit)
    guard = Guard(deadline)
    try:
        with (
            httpcore.ConnectionPool(ssl_context=_trust(), network_backend=guard, retries=0) as pool,
            pool.stream(
                method, target, headers=list(sent.items()), content=body, extensions={"timeout": timeouts}
            ) as answer,
        ):
            read, complete = _read(answer.iter_stream(), largest, deadline)
            found = {name.decode("latin-1").lower(): text.decode("latin-1") for name, text in answer.headers}
            return answer.status, found, read, complete
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as error:
        raise NoAnswer(_words(error), sent=guard.opened) from None


def _read(pieces: Iterable[bytes], largest: int, deadline: float) -> tuple[bytes, bool]:
    read = b""
    for piece in pieces:
        read += piece
        if len(read) > largest:
            return read[:largest], False
        if time.monotonic() > deadline:
            raise httpcore.ReadTimeout()
    return read, True


class Guard(httpcore.NetworkBackend):
    """Opens sockets to public addresses only: resolve once, look at every address, connect to the one looked at."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.opened = False
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = resolve(host, port, seconds=_left(self.deadline))
        if not _allowed(host, port):
            for address in addresses:
                _look_at_address(address)
        for address in addresses[:2]:
            try:
                opened = self._sockets.connect_tcp(address, port, _left(self.deadline), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
            self.opened = True
            return Hurried(opened, self.deadline)
        raise httpcore.ConnectError("refused or silent")

    def connect_unix_socket(self, *args: object, **kwargs: object) -> httpcore.NetworkStream:
        raise Refused("Not over a socket of our own.")


class Hurried(httpcore.NetworkStream):
    """A stream on which every step ends at one common deadline, however slowly the bytes drip."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return Hurried(self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline)), self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def resolve(host: str, port: int, *, seconds: float = SECONDS) -> list[str]:
    """All addresses of a name, asked once, within `seconds`. Raises NoAnswer."""
    asked = _resolvers.submit(socket.getaddrinfo, host.strip("[]"), port, type=socket.SOCK_STREAM)
    try:
        return list(dict.fromkeys(str(one[4][0]) for one in asked.result(timeout=seconds)))
    except Overdue:
        raise NoAnswer("The name could not be resolved in time.") from None
    except (OSError, UnicodeError):
        raise NoAnswer("There is no such name.") from None


def _look_at_host(host: str) -> None:
    """A literal address must be public; a name must be a full one, and not a number in disguise (0x7f.1, 127.1)."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        labels = host.lower().rstrip(".").split(".")
        if len(labels) < 2 or labels[-1] in OWN_NAMES or labels[-1][:1].isdigit() or ":" in host or "%" in host:
            raise Refused("This address is not on the public internet.") from None
    else:
        _look_at_address(host.strip("[]"))


def _look_at_address(text: str) -> None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:  # with a zone (fe80::1%eth0): link-local in any case
        raise Refused("This address is not on the public internet.") from None
    never = any(address in network for network in NEVER if network.version == address.version)
    if never or not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        raise Refused("This address is not on the public internet.")


def _allowed(host: str, port: int) -> bool:
    """Named by the operator for demonstration and tests; production has no such list."""
    return settings.SANDBOX and f"{host}:{port}" in settings.OUTSIDE_ALLOWED


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is up")
    return left


def _words(error: Exception) -> str:
    if isinstance(error, httpcore.TimeoutException):
        return "No answer in time."
    if isinstance(error, httpcore.ConnectError):
        return "The server could not be reached, or its certificate is not valid."
    return "The connection broke."


@cache
def _trust() -> ssl.SSLContext:
    """Reading the certificate bundle takes 25 ms: once is enough."""
    return httpx.create_ssl_context()
