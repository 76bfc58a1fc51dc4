"""Forms of signing in, registering, the profile and passwords. Rules and limits are the verbs' business."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from accounts.domain import people
from accounts.models import User
from accounts.signals import password_reset_asked
from core.errors import Invalid


def _email(**attrs: str) -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": "email", **attrs})
    return forms.EmailField(label=_("E-mail address"), max_length=254, widget=widget)


def _new_password() -> forms.CharField:
    return forms.CharField(
        label=_("Choose a password"),
        max_length=256,
        strip=False,
        help_text=_("At least 9 characters. Three words that belong to you are easier to keep than signs and digits."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class SignInForm(forms.Form):
    """E-mail address and password."""

    email = _email()
    password = forms.CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewPasswordForm(forms.Form):
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

    def save(self) -> User:
        """As Django's own view for a new password calls it."""
        people.change_password(self.user, self.cleaned_data["password"])
        return self.user


class ChangePasswordForm(NewPasswordForm):
    """A new password, for somebody who knows the old one."""

    current = forms.CharField(
        label=_("Your password now"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["current", "password"]

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if not self.user.check_password(current):
            raise forms.ValidationError(_("This is not your password. Please type it again."))
        return current


class RegisterForm(forms.Form):
    """A new account."""

    first_name = forms.CharField(
        label=_("First name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    email = _email()
    password = _new_password()


class ProfileForm(forms.Form):
    """What a guest tells about herself, once, so that it need not be asked again."""

    first_name = RegisterForm.base_fields["first_name"]
    last_name = RegisterForm.base_fields["last_name"]
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=20,
        required=False,
        help_text=_("With the country code, such as +91 98765 43210."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )
    diet = forms.CharField(
        label=_("How you like to eat"), max_length=120, required=False, help_text=_("Our kitchen is vegetarian.")
    )
    emergency_contact = forms.CharField(
        label=_("Whom we may call if something happens"),
        max_length=160,
        required=False,
        help_text=_("A name and a telephone number."),
    )
    marketing_consent = forms.BooleanField(
        label=_("Write to me now and then about new programs and quiet weeks"), required=False
    )


class ForgotForm(PasswordResetForm):
    """Django's own tokens under an address that no Host header can bend. The letter is somebody else's work."""

    email = _email()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Tell that an active person asked; nothing is rendered or sent here, so time tells no stranger who exists."""
        for user in self.get_users(self.cleaned_data["email"]):
            uid = urlsafe_base64_encode(force_bytes(user.pk))
            where = reverse("accounts:reset", args=[uid, default_token_generator.make_token(user)])
            news = {
                "user_id": user.pk,
                "link": f"{settings.SITE_URL}{where}",
                "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
            }
            transaction.on_commit(partial(password_reset_asked.send, sender=User, **news), robust=True)
