"""Schema generation: what can go wrong stands at every operation."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import AllowAny, IsAuthenticated

from core.api import refusals
from core.api.introduction import STAY_KEY, STAY_KEY_HEADER
from core.api.refusals import ErrorBody, ErrorItem
from core.doors import ANYONE, Door, Scope, door_of

__all__ = ["ErrorBody", "ErrorItem", "PemaSchema", "roles_of"]


SHOWS = {
    Scope.NONE: "none",
    Scope.PUBLIC: "what is published",
    Scope.OWN: "the caller's own; somebody else's are 404",
    Scope.ASSIGNED: "those assigned to the caller; others are 404",
    Scope.PROPERTY: "those of the caller's properties; others are 404",
    Scope.HOUSE: "all",
    Scope.WHOLE: "all; only for who works for every property",
}
SUMMARY = 90  # characters
FALLBACK = {
    "401": refusals.TOKEN,
    "403": refusals.FORBIDDEN,
    "404": refusals.NOT_THERE,
    "409": refusals.FASTER,
}


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

    def get_auth(self) -> list[dict[str, Any]]:
        """The key of a stay is a way to be let in, beside the token; then one of the two is needed."""
        found: list[dict[str, Any]] = super().get_auth()
        if not self._takes_stay_key():
            return found
        declared = door_of(self.view)
        open_too = [{}] if declared is not None and ANYONE in declared.who else []
        return [*(one for one in found if one), {STAY_KEY: []}, *open_too]

    def _takes_stay_key(self) -> bool:
        given = self.get_override_parameters()
        return any(isinstance(one, OpenApiParameter) and one.name == STAY_KEY_HEADER for one in given)

    def _get_parameters(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super()._get_parameters()
        for one in found:
            if one["in"] == "query" and not one.get("required") and one["name"] not in ("page", "page_size"):
                one["allowEmptyValue"] = True  # the same as not asked
        return [one for one in found if one["name"] != STAY_KEY_HEADER]

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if direction == "response" and self.path.startswith("/api/v1/"):
            for status, found in self._refusals().items():
                told = self._get_response_for_code(refusals.response(status, found), status)
                if status in bodies:  # the view gives its own shape: the examples go with it
                    for media, content in told["content"].items():
                        bodies[status].get("content", {}).get(media, {}).setdefault("examples", content["examples"])
                else:
                    bodies[status] = told
        return dict(sorted(bodies.items()))

    def _refusals(self) -> dict[str, dict[str, refusals.Body]]:
        """Status and code: what any view of this shape may answer, and what this one has been heard to."""
        found = {status: dict(bodies) for status, bodies in refusals.heard().get(self.get_operation_id(), {}).items()}

        def may(status: str, *bodies: refusals.Body) -> None:
            found[status] = {**refusals.coded(*bodies), **found.get(status, {})}

        parameters = self._get_parameters()
        names = {one["name"] for one in parameters}
        signed = [one for one in self.view.get_permissions() if not isinstance(one, AllowAny)]
        if self.view.get_throttles():
            may("429", refusals.ALIKE["429"])
        if any(one["in"] == "query" for one in parameters) and "400" not in found:
            may("400", refusals.BAD_QUESTION)
        if "page" in names:
            may("400", refusals.NO_NUMBER)
            may("404", refusals.NO_PAGE)
        if any("access token" in one for one in self.get_auth()):
            may("401", *([refusals.NOBODY] if signed else []), refusals.TOKEN)
        if any(not isinstance(one, IsAuthenticated) for one in signed):
            may("403", refusals.FORBIDDEN)
        if self.method in ("POST", "PUT", "PATCH"):
            may("400", refusals.NOT_JSON)
            for status in ("413", "415", "503"):
                may(status, refusals.ALIKE[status])
        if "Idempotency-Key" in names:
            may("400", refusals.BAD_KEY)
            may("409", refusals.IN_FLIGHT)
            may("422", refusals.ALIKE["422"])
        if any(one["in"] == "path" for one in parameters) and "404" not in found:
            may("404", refusals.NOT_THERE)
        for status in getattr(self.view, "refuses", ()):
            if status not in found:
                may(status, FALLBACK[status])
        return found
