"""Register, sign in, refresh, sign out."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import serializers as shapes
from accounts.api.entry_shapes import ENTRY
from accounts.domain import entry, people, tokens
from accounts.domain.tokens import Pair
from core.actors import Actor
from core.api.views import ApiView
from core.doors import ANYONE, GUEST, Scope, door
from core.network import client_address


class OpenView(ApiView):
    """Needs no token, and looks at none."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @staticmethod
    def pair(pair: Pair) -> Response:
        """Tokens as they are answered."""
        return Response(shapes.tokens_answer(pair, minutes=settings.ACCESS_TOKEN_MINUTES))

    @staticmethod
    def device(request: Request) -> str:
        """What the caller calls itself."""
        return request.headers.get("User-Agent", "")


@door(ANYONE, scope=Scope.NONE, changes=True)
class Register(OpenView):
    @extend_schema(
        operation_id="auth_register", request=shapes.RegisterInput, responses={201: shapes.RegisterAnswer}, auth=[]
    )
    def post(self, request: Request) -> Response:
        """Make an account. The answer is the same whether or not the address has one already.

        A code goes to the address: signed in, send it with `challenge` to `auth/email/confirm`.
        """
        given = shapes.RegisterInput(data=request.data)
        given.is_valid(raise_exception=True)
        wish = dict(given.validated_data)
        email = wish.pop("email")
        asked = people.register(email, wish.pop("password"), address=client_address(request), at=timezone.now(), **wish)
        answer = {"email": email.strip().lower(), "detail": _("Sign in to go on."), "challenge": str(asked.public_id)}
        return Response(answer, status=201)


@door(ANYONE, scope=Scope.NONE, changes=True)
class Login(OpenView):
    refuses = ("401", "403")

    @extend_schema(operation_id="auth_login", request=shapes.LoginInput, responses=ENTRY, auth=[])
    def post(self, request: Request) -> Response:
        """Sign in with e-mail address and password. 403 `mfa_required` asks for the second factor, at `auth/mfa`."""
        given = shapes.LoginInput(data=request.data)
        given.is_valid(raise_exception=True)
        at = timezone.now()
        user = people.sign_in(**given.validated_data, address=client_address(request), at=at)
        return self.pair(entry.enter(user, at=at, device=self.device(request)))


@door(ANYONE, scope=Scope.NONE, changes=True)
class Refresh(OpenView):
    refuses = ("401", "403")

    @extend_schema(operation_id="auth_refresh", request=shapes.RefreshInput, responses={200: shapes.Tokens}, auth=[])
    def post(self, request: Request) -> Response:
        """Exchange the refresh token for a new pair. Of parallel uses one wins; the others get 409 `token_rotated`."""
        given = shapes.RefreshInput(data=request.data)
        given.is_valid(raise_exception=True)
        return self.pair(tokens.rotate(given.validated_data["refresh"], at=timezone.now()))


@door(GUEST, scope=Scope.OWN, changes=True)
class Logout(ApiView):
    @extend_schema(operation_id="auth_logout", request=shapes.LogoutInput, responses={204: None})
    def post(self, request: Request) -> Response:
        """Sign this device out, or with `everywhere` all of them. The tokens are of no use from now on."""
        given = shapes.LogoutInput(data=request.data)
        given.is_valid(raise_exception=True)
        at = timezone.now()
        tokens.end_family(request.auth, at=at)
        other = tokens.family_of(given.validated_data["refresh"])
        if other is not None:
            tokens.end_family(other, at=at)
        if given.validated_data["everywhere"]:
            people.end_sessions(request.user, at=at, by=Actor.of(request.user))
        return Response(status=204)
