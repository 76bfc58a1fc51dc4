"""The base of our API views: personal data is never cached, catalogue reads are, and carry an ETag."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
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


@method_decorator(conditional_page, name="dispatch")
class CatalogueView(ApiView):
    """The same for everybody: kept for a minute, then asked again by ETag (304). Needs no sign-in."""

    authentication_classes: ClassVar[list[Any]] = []
    permission_classes: ClassVar[list[Any]] = []
    cache_control: ClassVar[dict[str, Any]] = {"public": True, "max_age": 60}
