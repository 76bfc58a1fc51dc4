"""The id of the request that is being served; it travels into logs and history rows."""

from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    return _current.get()


def begin(value: str) -> None:
    _current.set(value)
