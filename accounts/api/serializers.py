"""Shapes of the account calls."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.profile import Profile
from accounts.domain.tokens import Pair


class RegisterInput(serializers.Serializer):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=256, trim_whitespace=False, write_only=True)
    first_name = serializers.CharField(max_length=80)
    last_name = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    phone = serializers.RegexField(r"^\+?[0-9 ()-]{6,20}$", max_length=20, required=False, allow_blank=True, default="")
    marketing_consent = serializers.BooleanField(required=False, default=False)


class RegisterAnswer(serializers.Serializer):
    email = serializers.EmailField()
    detail = serializers.CharField()
    challenge = serializers.UUIDField(help_text="signed in, send it with the code of the mail to `auth/email/confirm`")


class LoginInput(serializers.Serializer):
    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=256, trim_whitespace=False, write_only=True)


class RefreshInput(serializers.Serializer):
    refresh = serializers.CharField(max_length=200)


class LogoutInput(serializers.Serializer):
    refresh = serializers.CharField(max_length=200, required=False, default="")
    everywhere = serializers.BooleanField(required=False, default=False)


class Tokens(serializers.Serializer):
    """A pair of tokens and whose they are."""

    access = serializers.CharField()
    refresh = serializers.CharField()
    token_type = serializers.CharField(default="Bearer")
    expires_in = serializers.IntegerField(help_text="seconds until the access token ends")
    refresh_expires_at = serializers.DateTimeField()
    user = Profile()


def tokens_answer(pair: Pair, *, minutes: int) -> dict[str, Any]:
    return Tokens(
        {
            "access": pair.access,
            "refresh": pair.refresh,
            "token_type": "Bearer",
            "expires_in": minutes * 60,
            "refresh_expires_at": pair.refresh_expires_at,
            "user": pair.user,
        }
    ).data
