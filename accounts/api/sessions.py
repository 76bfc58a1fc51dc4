"""Where one is signed in, and ending it."""

from __future__ import annotations

import uuid

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import entry_shapes as shapes
from accounts.domain import people, sessions
from core.actors import Actor
from core.api.views import ApiView
from core.doors import GUEST, Scope, door


@door(GUEST, scope=Scope.OWN, changes=True)
class Sessions(ApiView):
    pagination_class = None

    @extend_schema(operation_id="auth_sessions", responses={200: shapes.SignedInShape(many=True)})
    def get(self, request: Request) -> Response:
        """The devices and browsers that are signed in, the latest first."""
        found = sessions.of(request.user, current=request.auth, at=timezone.now())
        return Response(shapes.SignedInShape(found, many=True).data)

    @extend_schema(operation_id="auth_sessions_end_all", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign out everywhere, here too."""
        people.end_sessions(request.user, at=timezone.now(), by=Actor.of(request.user))
        return Response(status=204)


@door(GUEST, scope=Scope.OWN, changes=True)
class OneSession(ApiView):
    @extend_schema(operation_id="auth_sessions_end", responses={204: None})
    def delete(self, request: Request, session_id: uuid.UUID) -> Response:
        """Sign one device out; its tokens are of no use from now on."""
        sessions.end(request.user, session_id, at=timezone.now())
        return Response(status=204)
