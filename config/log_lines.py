"""What a line of the log holds: never bodies, never answers, of an error its kind and place but not its words."""

from typing import Any


def lines(level: str) -> dict[str, Any]:
    """For `LOGGING`; everything goes to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": "core.middleware.RequestIdFilter"}},
        "formatters": {
            "line": {
                "class": "core.logs.PlainFormatter",
                "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s",
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {"httpx": {"level": "WARNING"}, "httpcore": {"level": "WARNING"}},
    }
