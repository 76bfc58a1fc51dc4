"""Schema generation: what can go wrong stands at every operation."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers
from rest_framework.permissions import AllowAny, IsAuthenticated

from core.api.codes import CODES
from core.doors import Door, Scope, door_of


class ErrorItem(serializers.Serializer):
    """`code` is stable; `attr` names the field or parameter when there is one."""

    code = serializers.CharField(help_text="; ".join(f"`{code}` {words}" for code, words in CODES.items()))
    detail = serializers.CharField(help_text="a sentence for people")
    attr = serializers.CharField(allow_null=True)


class ErrorBody(serializers.Serializer):
    """Every refusal has this shape; some carry more beside it."""

    type = serializers.ChoiceField(choices=["validation_error", "client_error", "server_error"])
    errors = ErrorItem(many=True)


WORDS = {
    "400": "Bad input",
    "401": "No token, or one that is not valid (any more)",
    "403": "The role may not do this",
    "404": "There is no such thing, or it belongs to somebody else",
    "409": "The state or the stock does not allow it now",
    "413": "The body is larger than 1 MB",
    "415": "The body is not JSON",
    "422": "The idempotency key was used for another request",
    "429": "Too many calls; `Retry-After` says when to come back",
    "503": "Something we need does not answer; `Retry-After` says when to come back",
}
EXAMPLES = {
    "400": ("validation_error", "min_stay", "Detox lasts at least 5 nights.", "check_out_date"),
    "401": ("client_error", "not_authenticated", "Authentication credentials were not provided.", None),
    "403": ("client_error", "permission_denied", "You do not have permission to perform this action.", None),
    "404": ("client_error", "unknown_booking", "There is no such booking.", None),
    "409": ("client_error", "wrong_state", "This booking is cancelled now.", None),
    "413": ("client_error", "too_large", "This request is too large.", None),
    "415": ("client_error", "unsupported_media_type", 'Unsupported media type "text/plain" in request.', None),
    "422": ("client_error", "idempotency_mismatch", "This idempotency key was used for another request.", None),
    "429": ("client_error", "throttled", "Request was throttled.", None),
    "503": ("server_error", "busy", "Many people are booking at this moment. Please try again.", None),
}
SHOWS = {
    Scope.NONE: "none",
    Scope.PUBLIC: "what is published",
    Scope.OWN: "the caller's own; somebody else's are 404",
    Scope.ASSIGNED: "those assigned to the caller; others are 404",
    Scope.PROPERTY: "those of the caller's properties; others are 404",
    Scope.HOUSE: "all",
}
SUMMARY = 90  # characters


def roles_of(declared: Door) -> list[str]:
    """The roles that a door lets in, those that hold its permission among them."""
    holding = import_string(settings.ROLES_HOLDING)(declared.needs) if declared.needs else []
    return list(dict.fromkeys([*declared.who, *holding]))


class PemaSchema(AutoSchema):
    """Tags by the first path segment below /api/v1; pages and errors as they really come."""

    def get_tags(self) -> list[str]:
        parts = [part for part in self.path.removeprefix("/api/v1/").split("/") if part]
        return [parts[0] if self.path.startswith("/api/v1/") else "operations"]

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """What our code calls BookingShape (out) and BookingInput (in) are Booking and BookingRequest to the world."""
        name: str = super().get_serializer_name(serializer, direction)
        return name.removesuffix("Shape").removesuffix("Input") or name

    def get_summary(self) -> str:
        """The first sentence of the view's words."""
        words = (super().get_description() or "").strip().split("\n\n")[0].replace("\n", " ")
        first = re.split(r"(?<=[a-z0-9)`])[.:;] ", words)[0].rstrip(".:;")
        return first if len(first) <= SUMMARY else first[:SUMMARY].rpartition(" ")[0] + " …"

    def get_description(self) -> str:
        """Below the words of the view: who may call it, and whose things it shows."""
        declared = door_of(self.view)
        words = super().get_description() or ""
        if declared is None:
            return words
        return f"{words}\n\nWho may call: {', '.join(roles_of(declared))}. Objects: {SHOWS[declared.scope]}."

    def get_extensions(self) -> dict[str, Any]:
        declared = door_of(self.view)
        said: dict[str, Any] = super().get_extensions() or {}
        if declared is None:
            return said
        return {**said, "x-roles": roles_of(declared), "x-scope": declared.scope.value}

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if direction == "response" and self.path.startswith("/api/v1/"):
            for status in self._refusals():
                if status not in bodies:
                    bodies[status] = self._get_response_for_code(refused(status), status)
        return dict(sorted(bodies.items()))

    def _refusals(self) -> list[str]:
        """What any view of this shape may answer, and what the view itself names in `refuses`."""
        writes = self.method in ("POST", "PUT", "PATCH")
        parameters = self._get_parameters()
        found = ["429"] if self.view.get_throttles() else []
        found += getattr(self.view, "refuses", ())
        if writes or any(one["in"] == "query" for one in parameters):
            found.append("400")
        if any(self.get_auth()):
            found.append("401")
        if any(not isinstance(one, (AllowAny, IsAuthenticated)) for one in self.view.get_permissions()):
            found.append("403")
        if any(one["in"] == "path" or one["name"] == "page" for one in parameters):
            found.append("404")
        if writes:
            found += ["404", "409", "413", "415", "503"]
        if any(one["name"] == "Idempotency-Key" for one in parameters):
            found.append("422")
        return found


def refused(status: str) -> OpenApiResponse:
    kind, code, detail, attr = EXAMPLES[status]
    body = {"type": kind, "errors": [{"code": code, "detail": detail, "attr": attr}]}
    example = OpenApiExample(code, value=body, status_codes=[status], response_only=True)
    return OpenApiResponse(ErrorBody, description=WORDS[status], examples=[example])
