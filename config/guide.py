"""The guide for integrators as a page: the text of the tree, with links that work where it is read."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from django.conf import settings
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

ADDRESSES = {"api/openapi.json": "/openapi.json"}  # a file beside the guide: where the site serves it
PAGES = frozenset({"/api/v1/schema", "/openapi.json", "/docs", "/redoc"})  # named in the text, and there to open


@functools.cache
def text() -> bytes:
    """As it lies in the tree."""
    return (settings.BASE_DIR / "docs" / "integrators.md").read_bytes()


@functools.cache
def page() -> SafeString:
    """HTML of our own text, made once per process."""
    reader = MarkdownIt("commonmark").enable("table")
    tokens = [token for token in reader.parse(text().decode()) if token.type != "html_block"]  # marks for tests
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.children is None:
            continue
        token.children = list(_linked(token.children))
        if before is not None and before.type == "heading_open":
            before.attrSet("id", re.sub(r"[^a-z0-9]+", "-", token.content.lower()).strip("-"))
    html: str = reader.renderer.render(tokens, reader.options, {})
    html = html.replace("<table>", '<div class="scroll" tabindex="0" role="region" aria-label="Table"><table>')
    html = html.replace("<pre>", '<pre tabindex="0">')
    return SafeString(html.replace("</table>", "</table></div>"))  # nosec B703 - our own file


def _linked(children: list[Token]) -> Iterator[Token]:
    """Files of the tree lead to where the site has them, or stay words; addresses that are named become links."""
    dead = False
    for token in children:
        target = str(token.attrs.get("href", ""))
        if token.type == "link_open" and "://" not in target and target[:1] not in "/#":
            dead = target not in ADDRESSES
            token.attrSet("href", ADDRESSES.get(target, ""))
        if dead and token.type in ("link_open", "link_close"):
            dead = token.type == "link_open"
            continue
        if token.type == "code_inline" and token.content in PAGES:
            yield Token("link_open", "a", 1, attrs={"href": token.content})
            yield token
            yield Token("link_close", "a", -1)
            continue
        yield token
