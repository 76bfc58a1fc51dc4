"""`Authorization: Bearer <access>`."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.domain import tokens
from accounts.models import User


class AccessTokenAuthentication(BaseAuthentication):
    """The person behind a valid access token, and the token's family; 401 for a bad one, nobody without one."""

    def authenticate(self, request: Request) -> tuple[User, uuid.UUID] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            return tokens.holder(token.strip())
        except tokens.NotSignedIn as error:
            raise AuthenticationFailed(error.message, code=error.code) from None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class AccessTokenScheme(OpenApiAuthenticationExtension):
    """How the schema describes it."""

    target_class = "accounts.api.authentication.AccessTokenAuthentication"
    name = "access token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
