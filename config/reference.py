"""The API's reference: the schema, made once per process, and its two readers from our own files."""

from __future__ import annotations

import functools

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerView

from core.doors import ANYONE, Scope, door


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


swagger = door(ANYONE, scope=Scope.PUBLIC)(
    SpectacularSwaggerView.as_view(url_name="openapi", http_method_names=["get", "head"])
)
redoc = door(ANYONE, scope=Scope.PUBLIC)(
    SpectacularRedocView.as_view(url_name="openapi", template_name="docs/redoc.html", http_method_names=["get", "head"])
)
