"""What staff fill in for a webhook: where it goes, and what it is told, as checkboxes by kind."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.webhooks.catalogue import Catalogue
from notifications.webhooks.models import WebhookSubscription

KINDS = {
    "booking": _("Every event of bookings"),
    "payment": _("Every event of payments"),
    "refund": _("Every event of refunds"),
    "session": _("Every event of sessions"),
}


class WebhookForm(forms.Form):
    """`data` for `subscriptions.add` and `change`."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What you call the other system, such as CRM."))
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://", "autocomplete": "off"}),
        help_text=_("Where the other system listens: https, on the public internet."),
    )
    events = forms.MultipleChoiceField(label=_("Events"), widget=forms.CheckboxSelectMultiple)
    personal = forms.BooleanField(
        label=_("Send names and contacts"),
        required=False,
        help_text=_("Leave it out where the other system needs no more than references and amounts."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["events"].choices = choices()  # type: ignore[attr-defined]

    @classmethod
    def of(cls, subscription: WebhookSubscription) -> dict[str, Any]:
        """What the form shows of a row."""
        return {name: getattr(subscription, name) for name in ("name", "url", "events", "personal")}


def choices() -> list[tuple[str, Any]]:
    """For each kind the whole of it, then its events one by one, with what they mean."""
    found: list[tuple[str, Any]] = []
    for kind in Catalogue.kinds():
        found.append((f"{kind}.*", f"{kind}.* – {KINDS.get(kind, kind)}"))
        found += [(name, f"{name} – {words}") for name, words in Catalogue.types.items() if name.startswith(f"{kind}.")]
    return found
