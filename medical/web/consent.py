"""What the guest agrees to when the form is sent, and the form that asks for it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

PURPOSES = {
    "review": _("A doctor decides whether the program suits me."),
    "care": _("Our doctors and therapists look after me while I am here."),
}


class AgreeForm(forms.Form):
    """One tick for the text and its purposes; without it nothing is sent."""

    agree = forms.BooleanField(
        label=_("I have read this, and agree that my answers are used for these two purposes."),
        error_messages={"required": _("We need your agreement before a doctor may read your answers. Please tick it.")},
    )
