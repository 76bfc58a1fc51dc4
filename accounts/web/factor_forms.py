"""Forms of the second factor: allauth's, with our own counted and used-up codes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.base.forms import AuthenticateForm as BaseAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as BaseReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, LoginWebAuthnForm, ReauthenticateWebAuthnForm
from cryptography.exceptions import InvalidSignature
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.adapters import AccountAdapter
from accounts.domain import second_factor
from accounts.models import User
from core.errors import TooMany


def code_field(label: Any) -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "spellcheck": "false", "inputmode": "numeric"}
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, max_length=20, widget=widget, error_messages={"required": _("Type the code.")})


class CountedCode(forms.Form):
    """The verb counts each try before it judges, and uses a code up at once, however many processes there are."""

    user: User
    authenticator: Authenticator
    code = code_field(_("Code of your app, or a recovery code"))

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        try:
            key = second_factor.check(self.user, code, at=timezone.now())
        except TooMany as error:
            raise forms.ValidationError(error.message, code=error.code) from error
        if key is None:
            raise forms.ValidationError(AccountAdapter.error_messages["incorrect_code"], code="incorrect_code")
        key.user = self.user
        self.authenticator = key
        return code


class AuthenticateForm(CountedCode, BaseAuthenticateForm):
    """While signing in."""


class ReauthenticateForm(CountedCode, BaseReauthenticateForm):
    """Before a sensitive act."""


class ActivateForm(ActivateTOTPForm):
    """The first code of a new app shows that it was set up rightly."""

    code = code_field(_("The code that your app shows now"))


def _not_understood() -> forms.ValidationError:
    return forms.ValidationError(AccountAdapter.error_messages["incorrect_code"], code="incorrect_code")


class CredentialField(forms.JSONField):
    """What a browser's passkey said. Numbers of 5,000 digits and brackets in brackets are no passkey, and no fault."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError):
            raise _not_understood() from None


@contextmanager
def understood() -> Iterator[None]:
    """The parser of passkeys takes the shape for granted; a wrong one is a wrong key."""
    try:
        yield
    except (KeyError, AttributeError, TypeError, ValueError, RecursionError, InvalidSignature):
        raise _not_understood() from None


class PasskeyForm(LoginWebAuthnForm):
    """Signing in."""

    credential = CredentialField(widget=forms.HiddenInput)

    def clean_credential(self) -> Authenticator:
        with understood():
            return super().clean_credential()


class PasskeyAgainForm(ReauthenticateWebAuthnForm):
    """Before a sensitive act."""

    credential = CredentialField(widget=forms.HiddenInput)

    def clean_credential(self) -> Authenticator:
        with understood():
            return super().clean_credential()


class AddPasskeyForm(AddWebAuthnForm):
    """One more key."""

    credential = CredentialField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        with understood():
            return super().clean()
