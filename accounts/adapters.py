"""Our word where django-allauth asks for one: limits, letters, addresses, sealed keys.

Rules of people and limits stay with the verbs of `accounts.domain`; here they are only called. Why allauth stands
behind our own pages: docs/adr/0010.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.domain import otp, people, second_factor
from accounts.domain.tokens import NotSignedIn
from accounts.models import User
from accounts.web import letters, recent
from core import crypto
from core.actors import Actor
from core.errors import DomainError, TooMany
from core.network import client_address

SEALED_AS = "mfa_authenticator.secret"


class AccountAdapter(DefaultAccountAdapter):
    """Passwords, letters and ways after signing in."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "incorrect_password": _("This is not your password. Please type it again."),
        "incorrect_code": _("This code is not right, or it was used before. Please type the newest one."),
        "too_many_login_attempts": _("Too many tries. Please wait a while and try again."),
        "rate_limited": _("Too many tries. Please wait a while and try again."),
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """By our own verb, which counts every try in PostgreSQL before it is judged."""
        email, password = credentials.get("email", ""), credentials.get("password", "")
        try:
            return people.sign_in(email, password, address=client_address(request), at=timezone.now())
        except NotSignedIn:
            return None
        except TooMany as error:
            raise ValidationError(error.message, code=error.code) from error

    def set_password(self, user: User, password: str) -> None:
        people.change_password(user, password, at=timezone.now(), by=Actor.of(user))

    def clean_password(self, password: str, user: User | None = None) -> str:
        try:
            people.check_password_strength(password, user or User())
        except DomainError as error:
            raise ValidationError(error.message, code=error.code) from None
        return password

    def is_reauthentication_required(self, app: str) -> bool:
        """Who signed in a moment ago is not asked again."""
        return not recent.is_fresh(context.request)

    def is_safe_url(self, url: str | None) -> bool:
        """Only ever a path of this site."""
        request = context.request
        if not url or not url.startswith("/") or url.startswith(("//", "/\\")):
            return False
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:index" if getattr(request.user, "is_staff", False) else settings.LOGIN_REDIRECT_URL)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:security")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Under an address that no Host header can bend."""
        uid, _dash, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.SITE_URL}{path}"

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        letters.promise(template_prefix.rpartition("/")[2], email, at=timezone.now())

    def get_login_stages(self) -> list[str]:
        """An address is proven by our own codes, before the second factor."""
        return ["accounts.web.asked.ProveAddressStage", "allauth.mfa.stages.AuthenticateStage"]

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened in our own words; only plain sentences pass."""
        if kwargs.get("message"):
            super().add_message(request, level, message=kwargs["message"])


class MFAAdapter(DefaultMFAAdapter):
    """Keys are sealed at rest; staff cannot take their last second factor away."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("Staff sign in with a second factor. Add another one before you remove this."),
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "unverified_email": _("Please confirm your e-mail address first: sign out, and sign in with a code."),
    }

    def encrypt(self, text: str) -> str:
        return crypto.seal(text, row=SEALED_AS)

    def decrypt(self, encrypted_text: str) -> str:
        return str(crypto.unseal(encrypted_text, row=SEALED_AS))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=second_factor.REAL)
        return others.exclude(pk=authenticator.pk).exists() or not second_factor.required(authenticator.user)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Pema Wellness"}

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return str(_("Passkey {number}")).format(number=count + 1)


class SocialAdapter(DefaultSocialAccountAdapter):
    """Google: an account is made or found by the address that Google has verified."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Google vouches for an address that nobody had proven: whoever opened the account before is shut out."""
        if sociallogin.is_existing and _vouched(sociallogin):
            sociallogin.user = otp.owned(sociallogin.user, at=timezone.now())

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        user: User = sociallogin.user
        verified = _vouched(sociallogin)
        user.email = User.objects.normalise(user.email)
        user.email_verified_at = timezone.now() if verified else None
        user.first_name = user.first_name[:80] or user.email.partition("@")[0][:80]
        user.last_name = user.last_name[:80]
        user.set_unusable_password()
        user.save()
        sociallogin.account.user = user
        sociallogin.account.save()
        return user


def _vouched(sociallogin: Any) -> bool:
    """Has Google verified the very address of this account?"""
    email = sociallogin.user.email.lower()
    return any(one.verified and one.email.lower() == email for one in sociallogin.email_addresses)
