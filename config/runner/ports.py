"""Free ports on the loopback interface."""

import socket

from .say import Halt

HOST = "127.0.0.1"
TRIES = 100


def wanted(text: str) -> int:
    """The port somebody asked for by PORT; Halt when it is no port."""
    if not text.strip().isascii() or not text.strip().isdigit() or not 0 <= int(text) <= 65535:
        raise Halt(f"PORT={text!r} is not a port: give a number from 1 to 65535.")
    return int(text)


def refusal(port: int) -> str:
    """Why `port` cannot be taken; empty when it can."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen(1)
        except PermissionError:
            return "is not allowed for this account"
        except OSError:
            return "is busy"
    return ""


def pick(port: int) -> tuple[int, str]:
    """The asked port, or the next free one with the reason in words; 0 asks for any."""
    if port == 0:
        return any_free(), ""
    first = refusal(port)
    if not first:
        return port, ""
    for other in range(port + 1, min(port + TRIES, 65535) + 1):
        if not refusal(other):
            return other, f"Port {port} {first}, so port {other} is used."
    other = any_free()
    return other, f"Port {port} {first}, so port {other} is used."


def any_free(preferred: int = 0) -> int:
    """A free port, `preferred` (the one of the last run) when it still is."""
    if preferred and not refusal(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
