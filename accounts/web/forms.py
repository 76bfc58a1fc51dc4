"""Forms of signing in, registering, the profile and passwords. Rules and limits are the verbs' business."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.domain import people
from accounts.models import User
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
    """Django's own, with our letter and an address that no Host header can bend."""

    email = _email()
    letter = "notifications/password_reset"

    def save(self, *args: Any, request: Any = None, **kwargs: Any) -> None:
        self.request = request
        super().save(*args, request=request, **kwargs)

    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        from_email: str | None,
        to_email: str,
        html_email_template_name: str | None = None,
    ) -> None:
        where = reverse("accounts:reset", args=[context["uid"], context["token"]])
        words = {
            "guest_name": context["user"].get_full_name(),
            "link": f"{settings.SITE_URL}{where}",
            "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
            "site_url": settings.SITE_URL,
        }
        subject = render_to_string(f"{self.letter}/subject.txt", words, self.request)
        text = render_to_string(f"{self.letter}/body.txt", words, self.request)
        mail = EmailMultiAlternatives(" ".join(subject.split()), text, from_email, [to_email])
        mail.attach_alternative(render_to_string(f"{self.letter}/body.html", words, self.request), "text/html")
        mail.send()
