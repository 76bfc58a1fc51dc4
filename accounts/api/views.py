"""Register, sign in, refresh, sign out, me."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import serializers as shapes
from accounts.domain import people, tokens
from core.api.views import ApiView
from core.network import client_address


class OpenView(ApiView):
    """Needs no token, and looks at none."""

    authentication_classes = []
    permission_classes = [AllowAny]


class Register(OpenView):
    @extend_schema(
        operation_id="auth_register", request=shapes.RegisterInput, responses={201: shapes.RegisterAnswer}, auth=[]
    )
    def post(self, request: Request) -> Response:
        """Make an account. The answer is the same whether or not the address has one already."""
        given = shapes.RegisterInput(data=request.data)
        given.is_valid(raise_exception=True)
        wish = dict(given.validated_data)
        email = wish.pop("email")
        people.register(email, wish.pop("password"), address=client_address(request), at=timezone.now(), **wish)
        return Response({"email": email.strip().lower(), "detail": _("Sign in to go on.")}, status=201)


class Login(OpenView):
    @extend_schema(operation_id="auth_login", request=shapes.LoginInput, responses={200: shapes.Tokens}, auth=[])
    def post(self, request: Request) -> Response:
        """Sign in with e-mail address and password."""
        given = shapes.LoginInput(data=request.data)
        given.is_valid(raise_exception=True)
        at = timezone.now()
        user = people.sign_in(**given.validated_data, address=client_address(request), at=at)
        pair = tokens.issue(user, at=at, device=request.headers.get("User-Agent", ""))
        return Response(shapes.tokens_answer(pair, minutes=settings.ACCESS_TOKEN_MINUTES))


class Refresh(OpenView):
    @extend_schema(operation_id="auth_refresh", request=shapes.RefreshInput, responses={200: shapes.Tokens}, auth=[])
    def post(self, request: Request) -> Response:
        """Exchange the refresh token for a new pair. Of parallel uses one wins; the others get 409 `token_rotated`."""
        given = shapes.RefreshInput(data=request.data)
        given.is_valid(raise_exception=True)
        pair = tokens.rotate(given.validated_data["refresh"], at=timezone.now())
        return Response(shapes.tokens_answer(pair, minutes=settings.ACCESS_TOKEN_MINUTES))


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
            people.end_sessions(request.user)
        return Response(status=204)


class Me(ApiView):
    @extend_schema(operation_id="auth_me", responses={200: shapes.Profile})
    def get(self, request: Request) -> Response:
        """The own profile."""
        return Response(shapes.Profile(request.user).data)

    @extend_schema(operation_id="auth_me_update", request=shapes.Profile, responses={200: shapes.Profile})
    def patch(self, request: Request) -> Response:
        """Change parts of the own profile."""
        given = shapes.Profile(request.user, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        changes = dict(given.validated_data)
        if "communication_preferences" in changes:
            known = request.user.communication_preferences
            changes["communication_preferences"] = {**known, **changes["communication_preferences"]}
        return Response(shapes.Profile(people.update_profile(request.user, **changes)).data)
