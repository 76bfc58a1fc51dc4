"""People. Gate: `accounts.domain.people`."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from core.tracked import tracked


class UserManager(BaseUserManager["User"]):
    """Creates people; e-mail addresses are stored in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalise(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=self.normalise(username or ""))

    @staticmethod
    def normalise(email: str) -> str:
        return email.strip().lower()


@tracked(blind=("password",), quiet=("last_login",))
class User(AbstractBaseUser, PermissionsMixin):
    """A guest or a member of staff. Roles are groups (see `accounts.roles`)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    address = models.TextField(max_length=500, blank=True)
    diet = models.CharField(max_length=120, blank=True)
    emergency_contact = models.CharField(max_length=160, blank=True)
    communication_preferences = models.JSONField(default=dict, blank=True)
    marketing_consent = models.BooleanField(default=False)
    email_verified_at = models.DateTimeField(null=True, blank=True)
    phone_e164 = models.CharField(max_length=16, blank=True, help_text="The number that a code has proven, +E.164.")
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May enter the back office.")
    session_epoch = models.PositiveIntegerField(default=1, help_text="Raised to end every session and token at once.")
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name"]

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_case_insensitive"),
            models.UniqueConstraint(
                fields=["phone_e164"],
                condition=models.Q(phone_verified_at__isnull=False),
                name="user_verified_phone_once",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any) -> User:
        user: User = super().from_db(db, field_names, values)  # type: ignore[misc]
        user._stood = user._standing(set(field_names))
        return user

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new password or another standing ends every session and token at once, whichever door changed it."""
        fields = kwargs.get("update_fields")
        before = getattr(self, "_stood", None)
        if self.pk and (self._password is not None or (before and before != self._standing(set(before)))):
            self.session_epoch += 1
            if fields is not None:
                kwargs["update_fields"] = {*fields, "session_epoch"}
        super().save(*args, **kwargs)
        if before:
            self._stood = self._standing(set(before))

    def _standing(self, loaded: set[str]) -> dict[str, bool]:
        return {name: getattr(self, name) for name in ("is_active", "is_staff", "is_superuser") if name in loaded}

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name or self.email


tracked(User.groups.through)  # roles given and taken
tracked(User.user_permissions.through)
