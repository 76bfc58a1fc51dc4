"""Forms on the pages of a stay. They check shapes; rules are the verbs' business."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.references import is_reference, normalise
from payments.models import Instalment


class PayForm(forms.Form):
    """Which milestone to pay; the amount always comes from the folio."""

    milestone = forms.ChoiceField(choices=Instalment.Milestone.choices)


class CancelForm(forms.Form):
    """`expected_refund` is the figure that the guest was shown; the verb refuses another."""

    expected_refund = forms.DecimalField(widget=forms.HiddenInput, max_digits=12, decimal_places=2, min_value=0)
    reason = forms.CharField(
        label=_("Would you tell us why?"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It helps us to do better. You need not."),
    )


class FindForm(forms.Form):
    """A guest without the mail at hand asks for a code to her stay's address."""

    reference = forms.CharField(
        label=_("Booking reference"),
        max_length=20,
        help_text=_("It stands in every mail from us, such as PW-7K3M9QX2BD."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": _("Write the reference of the booking.")},
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=120,
        help_text=_("Of the person who booked."),
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": _("Write the last name of the person who booked.")},
    )

    def clean_reference(self) -> str:
        """As we store it; the dash and the letters before it may be left out."""
        wanted = normalise(self.cleaned_data["reference"].replace("\x00", ""))
        bare = wanted.replace("-", "").removeprefix("PW")
        for one in (wanted, normalise(f"PW-{bare}")):
            if is_reference(one, "PW"):
                return one
        raise forms.ValidationError(
            _t("A reference looks like PW-7K3M9QX2BD: PW and ten letters or digits. It stands in every mail from us.")
        )


class StayCodeForm(forms.Form):
    """Six digits from a mail."""

    code = forms.RegexField(
        r"^\s*[0-9]{6}\s*$",
        label=_("Code from the mail"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}),
        error_messages={"required": _("Type the six digits."), "invalid": _("The code has six digits.")},
    )
