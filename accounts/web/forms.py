"""Forms of signing in, registering, the profile and passwords. Rules and limits are the verbs' business."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import perform_login
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.adapters import AccountAdapter
from accounts.allauth_inside import record_authentication
from accounts.domain import people
from accounts.domain.tokens import NotSignedIn
from accounts.models import User
from accounts.web.factor_forms import code_field
from core.actors import Actor
from core.errors import DomainError, Invalid, TooMany
from core.network import client_address


def email_field(label: Any = None) -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": "email"})
    return forms.EmailField(
        label=label or _("E-mail address"),
        max_length=254,
        widget=widget,
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("This does not look like an e-mail address. It needs an @, as in name@example.com."),
        },
    )


def _new_password() -> forms.CharField:
    return forms.CharField(
        label=_("Choose a password"),
        max_length=256,
        strip=False,
        help_text=_("At least 9 characters. Three words that belong to you are easier to keep than signs and digits."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choose a password, so that only you can open your account.")},
    )


def _password(label: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
    return forms.CharField(
        label=label,
        max_length=256,
        strip=False,
        widget=widget,
        error_messages={"required": _("Type your password.")},
    )


class Refusable(forms.Form):
    """Keeps the refusal of a verb, so that the page can answer with its status."""

    refusal: DomainError | None = None

    def refuse(self, error: DomainError) -> None:
        self.refusal = error
        self.add_error(error.attr if error.attr in self.fields else None, error.message)


class SignInForm(Refusable):
    """E-mail address and password."""

    email = email_field()
    password = _password(_("Password"))
    user: User

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        wish = super().clean() or {}
        if not self.errors:
            address = client_address(self.request)
            try:
                self.user = people.sign_in(wish["email"], wish["password"], address=address, at=timezone.now())
            except (NotSignedIn, TooMany) as error:
                self.refuse(error)
        return wish

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """As allauth's view calls it: on to the code of an address not proven yet, and to the second factor."""
        record_authentication(request, self.user, method="password", email=self.user.email)
        return perform_login(request, self.user, email=self.user.email, redirect_url=redirect_url)


class NewPasswordForm(Refusable):
    """A password for `user`, typed once; checked before it is taken."""

    password = _new_password()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            people.check_password_strength(password, self.user)
        except Invalid as error:
            raise forms.ValidationError(error.message, code=error.code) from None
        return password

    def save(self) -> None:
        """As allauth's views call it."""
        by = Actor.of(self.user)
        people.write_password(self.user, self.cleaned_data["password"], at=timezone.now(), by=by)


class ChangePasswordForm(NewPasswordForm):
    """A new password, for somebody who knows the old one. Guesses of it are counted like sign-ins."""

    current = _password(_("Your password now"))
    field_order = ["current", "password"]

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if not AccountAdapter().reauthenticate(self.user, current):
            raise forms.ValidationError(_("This is not your password. Please type it again."))
        return current


class PasswordAgainForm(forms.Form):
    """Is it still you?"""

    password = _password(_("Password"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not AccountAdapter().reauthenticate(self.user, password):
            raise forms.ValidationError(_("This is not your password. Please type it again."))
        return password


class RegisterForm(Refusable):
    """A new account."""

    first_name = forms.CharField(
        label=_("First name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Write your first name.")},
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    email = email_field()
    password = _new_password()


class EmailForm(Refusable):
    """Where shall we write to?"""

    email = email_field()


class CodeForm(Refusable):
    """A code from a letter."""

    code = code_field(_("Code from the mail"))

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())
