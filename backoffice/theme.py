"""The colours of the house for the admin: paper, ink, deep green, brass. The rest is in static/backoffice."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static

PAPER_TO_INK = {
    "50": "#f7f3ea",
    "100": "#efe9dc",
    "200": "#e0d5c0",
    "300": "#cdc2ab",
    "400": "#9d9a88",
    "500": "#6b7468",
    "600": "#515e56",
    "700": "#3c4942",
    "800": "#26332c",
    "900": "#1a2420",
    "950": "#121a16",
}
GREEN = {
    "50": "#eef3ee",
    "100": "#e0eae2",
    "200": "#c3d6ca",
    "300": "#a3c1af",
    "400": "#8fb8a1",
    "500": "#7fae95",
    "600": "#2a5446",
    "700": "#1f3d33",
    "800": "#183128",
    "900": "#12261f",
    "950": "#0c1a15",
}
TEXT = {
    "subtle-light": "var(--color-base-500)",
    "subtle-dark": "var(--color-base-400)",
    "default-light": "var(--color-base-700)",
    "default-dark": "var(--color-base-300)",
    "important-light": "var(--color-base-900)",
    "important-dark": "var(--color-base-100)",
}


def colors(request: HttpRequest | None = None) -> dict[str, dict[str, str]]:
    """Fresh scales on each call: the theme writes into what it is given."""
    return {"base": dict(PAPER_TO_INK), "primary": dict(GREEN), "font": dict(TEXT)}


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
