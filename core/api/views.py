"""The base of our API views: personal data is never cached, catalogue reads are, and carry an ETag."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import get_conditional_response, patch_cache_control, set_response_etag
from django.utils.decorators import decorator_from_middleware, method_decorator
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import throttles


class ApiView(APIView):
    """Personal by default: `Cache-Control: no-store`."""

    cache_control: ClassVar[dict[str, Any]] = {"no_store": True}
    refuses: ClassVar[tuple[str, ...]] = ()  # statuses beside the usual ones, for the schema

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A body that cannot be read is refused by every call, also by one that takes none."""
        super().initial(request, *args, **kwargs)
        if request.method in ("POST", "PUT", "PATCH") and not isinstance(request.data, dict):
            raise ParseError("Send a JSON object.")

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        answer: Response = super().finalize_response(request, response, *args, **kwargs)
        if answer.status_code < 300 or "no_store" in self.cache_control:
            patch_cache_control(answer, **self.cache_control)
        throttles.tell(request, answer)
        return answer


class ConditionalReads(ConditionalGetMiddleware):
    """Django's gives an ETag to GET only; HEAD tells what GET would (RFC 9110, 9.3.2)."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.method != "HEAD":
            return super().process_response(request, response)
        if self.needs_etag(response) and not response.has_header("ETag"):
            set_response_etag(response)
        answer: HttpResponse = get_conditional_response(request, etag=response.get("ETag"), response=response)
        return answer


@method_decorator(decorator_from_middleware(ConditionalReads), name="dispatch")
class CatalogueView(ApiView):
    """The same for everybody: kept for a minute, then asked again by ETag (304). Needs no sign-in."""

    authentication_classes: ClassVar[list[Any]] = []
    permission_classes: ClassVar[list[Any]] = []
    cache_control: ClassVar[dict[str, Any]] = {"public": True, "max_age": 60}
