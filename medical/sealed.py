"""A text column whose value is sealed and bound to its row; reading and writing are explicit verbs."""

from __future__ import annotations

from typing import Any

from django.db import models

from core import crypto


class SealedField(models.TextField):  # type: ignore[type-arg]
    """Holds only envelopes of `core.crypto`, never plain text; an empty text means: nothing there.

    Use `seal(instance, name, value)` and `unseal(instance, name)`; the instance needs `public_id`.
    """

    def get_prep_value(self, value: Any) -> Any:
        if value and not str(value).startswith(f"{crypto.VERSION}."):
            raise ValueError("a sealed column takes an envelope, not plain text")
        return super().get_prep_value(value)


def row_key(instance: models.Model, name: str) -> str:
    """What the ciphertext is bound to: table, column and the row's own uuid."""
    return f"{instance._meta.label_lower}.{name}:{instance.public_id}"  # type: ignore[attr-defined]


def seal(instance: models.Model, name: str, value: Any) -> None:
    """Put `value` (JSON) into the sealed column `name` of `instance`; the caller saves."""
    setattr(instance, name, crypto.seal(value, row=row_key(instance, name)))


def unseal(instance: models.Model, name: str, default: Any = None) -> Any:
    """The JSON value of the sealed column. Raises core.crypto.DecryptionError when tampered with."""
    envelope = getattr(instance, name)
    return crypto.unseal(envelope, row=row_key(instance, name)) if envelope else default
