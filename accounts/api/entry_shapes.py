"""Shapes of the ways in: codes, second factor, Google, passwords, proofs, contacts, sessions."""

from __future__ import annotations

from rest_framework import serializers

from accounts.api.serializers import Tokens
from core.api.schema import ErrorBody

CHANNELS = ("sms", "email")


class CodeField(serializers.RegexField):
    """Six digits; blanks between them do no harm."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(r"^[0-9]{6}$", max_length=6, help_text="six digits", **kwargs)

    def to_internal_value(self, data: object) -> str:
        text: str = super().to_internal_value("".join(data.split()) if isinstance(data, str) else data)
        return text


class OtpInput(serializers.Serializer):
    channel = serializers.ChoiceField(choices=CHANNELS)
    to = serializers.CharField(max_length=254, help_text="an e-mail address, or a number with its country code")


class ChallengeShape(serializers.Serializer):
    """What a code answers. Keep `challenge`, and send it with the code."""

    challenge = serializers.UUIDField(source="public_id")
    channel = serializers.ChoiceField(choices=CHANNELS)
    expires_at = serializers.DateTimeField()


class CodeInput(serializers.Serializer):
    challenge = serializers.UUIDField()
    code = CodeField()


class SecondFactorInput(serializers.Serializer):
    challenge = serializers.UUIDField()
    code = serializers.CharField(max_length=24, help_text="of the authenticator app, or a recovery code")


class SecondFactorNeededShape(ErrorBody):
    """`mfa_required` brings the `challenge` for `auth/mfa`; `mfa_enrol`, `google_off` bring nothing."""

    challenge = serializers.UUIDField(required=False)


class GoogleInput(serializers.Serializer):
    id_token = serializers.CharField(max_length=8000)


class ForgotInput(serializers.Serializer):
    email = serializers.CharField(max_length=254)


class DoneShape(serializers.Serializer):
    detail = serializers.CharField()


class ResetInput(serializers.Serializer):
    key = serializers.CharField(max_length=200, help_text="the last part of the link in the mail")
    password = serializers.CharField(max_length=256, trim_whitespace=False, write_only=True)


class ProofCodeInput(serializers.Serializer):
    channel = serializers.ChoiceField(choices=CHANNELS)


class ProofInput(serializers.Serializer):
    """Either `password`, or `challenge` and `code` from `auth/proof/code`."""

    password = serializers.CharField(max_length=256, trim_whitespace=False, write_only=True, required=False)
    challenge = serializers.UUIDField(required=False)
    code = CodeField(required=False)

    def validate(self, attrs: dict) -> dict:
        if ("password" in attrs) == ("challenge" in attrs) or ("challenge" in attrs) != ("code" in attrs):
            raise serializers.ValidationError("Give a password, or a challenge and its code.")
        return attrs


class ProofShape(serializers.Serializer):
    """Send `proof` with what asks for it, until `expires_at`."""

    proof = serializers.CharField()
    expires_at = serializers.DateTimeField()


class EmailInput(serializers.Serializer):
    email = serializers.CharField(max_length=254, help_text="the new address; or the own one, to confirm it")
    proof = serializers.CharField(
        max_length=300, required=False, help_text="from `auth/proof`; not for the own address"
    )


class PhoneInput(serializers.Serializer):
    phone = serializers.CharField(max_length=40, help_text="with the country code")
    proof = serializers.CharField(max_length=300, required=False, help_text="from `auth/proof`")


class UndoInput(serializers.Serializer):
    key = serializers.CharField(max_length=100, help_text="the last part of the link in the mail")


class SignedInShape(serializers.Serializer):
    """One device that is signed in."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=["app", "web"])
    device = serializers.CharField()
    started_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField()
    current = serializers.BooleanField(help_text="the device that asks")


ENTRY = {200: Tokens, 403: SecondFactorNeededShape}
