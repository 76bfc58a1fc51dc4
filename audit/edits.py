"""Admin pages whose edits are written into the history with what was there before."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from audit.record import changed
from core.actors import Actor
from core.admin import HouseAdmin

SECRET = frozenset({"password"})


class AuditedAdmin(HouseAdmin):
    """Catalogue data that staff may edit; every edit leaves one history row with before and after.

    With `keep_values` off only the names of the fields are kept: the history never holds medical words.
    """

    keep_values = True

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        with transaction.atomic():
            before = type(obj)._default_manager.filter(pk=obj.pk).first() if change else None
            super().save_model(request, obj, form, change)
            names = [name for name in form.changed_data if name not in SECRET and hasattr(obj, name)]
            changed(
                subject_of(obj),
                "edited" if change else "added",
                by=Actor.of(request.user),
                at=timezone.now(),
                **(self._values(before, obj, names) if self.keep_values else {"fields": names}),
            )

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        with transaction.atomic():
            subject, name = subject_of(obj), str(obj)
            super().delete_model(request, obj)
            kept = {"name": name} if self.keep_values else {}
            changed(subject, "deleted", by=Actor.of(request.user), at=timezone.now(), **kept)

    @staticmethod
    def _values(before: Model | None, after: Model, names: list[str]) -> dict[str, Any]:
        return {
            "before": {name: plain(getattr(before, name)) for name in names} if before else {},
            "after": {name: plain(getattr(after, name)) for name in names},
        }


def subject_of(obj: Model) -> str:
    """kind:key of an edited row, such as rateband:12."""
    return f"{obj._meta.model_name}:{getattr(obj, 'slug', None) or getattr(obj, 'code', None) or obj.pk}"[:60]


def plain(value: Any) -> Any:
    """What JSON can hold: numbers, texts and lists stay, the rest becomes text."""
    if value is None or isinstance(value, (bool, int, str, list, dict)):
        return value
    return str(value)
