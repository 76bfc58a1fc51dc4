"""The API's reference: the schema, made once per process, and two readers of it from our own files."""

from __future__ import annotations

import functools
from importlib.resources import files

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from django.views.decorators.vary import vary_on_headers
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

from config import guide as integrators
from core.doors import ANYONE, Scope, door

REDOC = "static/drf_spectacular_sidecar/redoc/bundles/redoc.standalone.js"
FOREIGN_PICTURE = b"https://cdn.redoc.ly/redoc/logo-mini.svg"
NONCE_UNSET, NONCE_OF_TAG = b"r.nc=void 0", b"r.nc=document.currentScript.nonce"
NO_PICTURE = b"data:image/gif;base64,R0lGODlhAQABAAAAACw="


@door(ANYONE, scope=Scope.PUBLIC)
@conditional_page
@cache_control(public=True, max_age=300)
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3; the same for everybody."""
    return HttpResponse(_written(), content_type="application/vnd.oai.openapi+json")


@functools.cache
def _written() -> bytes:
    made = SchemaGenerator().get_schema(request=None, public=True)
    text: bytes = OpenApiJsonRenderer().render(made, renderer_context={})
    return text


@door(ANYONE, scope=Scope.PUBLIC)
@require_safe
def swagger(request: HttpRequest) -> HttpResponse:
    """To read and to try."""
    return render(request, "docs/swagger.html")


@door(ANYONE, scope=Scope.PUBLIC)
@require_safe
def redoc(request: HttpRequest) -> HttpResponse:
    """To read."""
    return render(request, "docs/redoc.html")


@door(ANYONE, scope=Scope.PUBLIC)
@conditional_page
@vary_on_headers("Accept")
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """The guide for integrators as a page; as it lies in the tree with `?raw`, and for programs that ask for text."""
    if "raw" in request.GET or not request.accepts("text/html") or "text/markdown" in request.headers.get("Accept", ""):
        raw = HttpResponse(integrators.text(), content_type="text/plain; charset=utf-8")
        patch_cache_control(raw, public=True, max_age=300)
        return raw
    return render(request, "docs/guide.html", {"guide": integrators.page()})


@door(ANYONE, scope=Scope.PUBLIC)
@conditional_page
@cache_control(public=True, max_age=86400)
@require_safe
def redoc_script(request: HttpRequest) -> HttpResponse:
    """ReDoc without the picture that it would fetch from its maker's host (our pages ask nobody else for anything), and
    with the nonce of its script tag for the styles that it writes."""
    return HttpResponse(_redoc(), content_type="text/javascript")


@functools.cache
def _redoc() -> bytes:
    script = (files("drf_spectacular_sidecar") / REDOC).read_bytes()
    return script.replace(FOREIGN_PICTURE, NO_PICTURE).replace(NONCE_UNSET, NONCE_OF_TAG)
