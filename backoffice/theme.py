"""The colours of the house for the admin: paper, ink, deep green, brass. The rest is in static/backoffice."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static


def colors(request: HttpRequest | None = None) -> dict[str, dict[str, str]]:
    """None for the theme to write into the page: they stand in static/backoffice/palette.css."""
    return {}


def palette(request: HttpRequest | None = None) -> str:
    """The colours of the house, in the theme's names."""
    return static("backoffice/palette.css")


def stylesheet(request: HttpRequest | None = None) -> str:
    """Type, colour and the frame around every page."""
    return static("backoffice/theme.css")


def favicon(request: HttpRequest | None = None) -> str:
    return static("img/favicon.svg")


def desk_stylesheet(request: HttpRequest | None = None) -> str:
    """The pieces of our own pages: boards, folios, timelines, the review screen."""
    return static("backoffice/desk.css")


def environment_badge(request: HttpRequest) -> list[str] | None:
    """Says on every page that this is not the real house."""
    names = {"demo": "Demo", "development": "Development", "test": "Test"}
    return [names[settings.PEMA_ENV], "warning"] if settings.PEMA_ENV in names else None
