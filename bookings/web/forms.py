"""Forms before the booking. They check shapes and say how to mend them; rules are the domain's business."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from bookings.domain import rules
from bookings.domain.ratecard import RateCard
from core.errors import Invalid
from core.nights import Nights

DATES = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y", "%d %B %Y"]
FIELD_OF = {"check_in_date": "check_in", "check_out_date": "check_out", "adults": "adults", "program": "program"}
MOST_ADULTS = 10
MOST_CHILDREN = 6


def _day(label: Any, missing: Any) -> forms.DateField:
    bad = _("Write the day like 2027-05-03, or choose it in the calendar.")
    return forms.DateField(
        label=label,
        input_formats=DATES,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": missing, "invalid": bad},
    )


class WishForm(forms.Form):
    """Dates, people, program: the search, and the first step of the booking."""

    check_in = _day(_("Arrival"), _("Choose the day you arrive."))
    check_out = _day(_("Departure"), _("Choose the day you leave."))
    adults = forms.IntegerField(
        label=_("Adults"),
        min_value=1,
        max_value=MOST_ADULTS,
        widget=forms.NumberInput(attrs={"min": 1, "max": MOST_ADULTS, "inputmode": "numeric"}),
        error_messages={
            "required": _("Say how many adults come."),
            "invalid": _("Write the number of adults in digits, such as 2."),
            "min_value": _("At least one adult comes along."),
            "max_value": _("For more than 10 adults please write to us; we plan it together."),
        },
    )
    children = forms.CharField(
        label=_("Children’s ages"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "text", "placeholder": _("none"), "autocomplete": "off"}),
    )
    program = forms.ChoiceField(
        label=_("Program"),
        required=False,
        error_messages={"invalid_choice": _("We have no such program. Choose one from the list.")},
    )

    def __init__(self, *args: Any, card: RateCard, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.card, self.today = card, today
        programs = [(one.slug, one.name) for one in card.programs.values()]
        self.fields["program"].choices = [("", _("Any program")), *programs]

    def clean_children(self) -> tuple[int, ...]:
        """Ages as people write them: "4, 9", "4 and 9"; a lone 0 means none."""
        text = self.cleaned_data["children"].strip()
        if text in ("", "0", "-") or text.lower() in ("none", "no"):
            return ()
        parts = [part for part in re.split(r"[\s,;/&+]+|\band\b", text) if part]
        if len(parts) > MOST_CHILDREN:
            raise forms.ValidationError(_t("For more than 6 children please write to us; we plan it together."))
        if not all(re.fullmatch(r"[0-9]{1,2}", part) for part in parts):
            raise forms.ValidationError(_t("Write the ages with commas, such as 4, 9. Leave it empty for none."))
        ages = tuple(int(part) for part in parts)
        if max(ages) > 17:
            raise forms.ValidationError(_t("Who is 18 or older counts among the adults."))
        return ages

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("check_in") and data.get("check_out"):
            try:
                data["nights"] = Nights(data["check_in"], data["check_out"])
                rules.check_dates(data["nights"], today=self.today, horizon_days=self.card.horizon_days)
            except Invalid as error:
                self.add_error(FIELD_OF.get(error.attr or ""), error.message)
        return data


class DetailsForm(forms.Form):
    """Who books: all that we ask before the deposit."""

    name = forms.CharField(
        label=_("Your full name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name as it stands in your passport or card.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Your confirmation and the link to your stay go there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write the address to which we may send your confirmation."),
            "invalid": _("This does not look like an e-mail address. It needs an @, as in name@example.com."),
        },
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=20,
        help_text=_("With the country code, such as +91 98765 43210. We call only about your stay."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        validators=[
            RegexValidator(
                r"^\+?[0-9 ()-]{6,20}$", _("Write digits only, with the country code, such as +91 98765 43210.")
            )
        ],
        error_messages={"required": _("Write a number at which we can reach you.")},
    )
    companion = forms.CharField(
        label=_("Who comes with you?"),
        required=False,
        max_length=120,
        help_text=_("The full name, if you know it already."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    requests = forms.CharField(
        label=_("Anything we can prepare?"),
        required=False,
        max_length=1000,
        help_text=_(
            "A late arrival, a quiet corner, a birthday. Nothing about your health here: our doctor asks later."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, companion: bool = False, known: Sequence[str] = (), **kwargs: Any) -> None:
        """`known`: names of companions that a signed-in guest has written down; the browser offers them."""
        super().__init__(*args, **kwargs)
        self.known = known if companion else ()
        if not companion:
            del self.fields["companion"]
        elif known:
            self.fields["companion"].widget.attrs |= {"list": "companions"}
            self.fields["companion"].help_text = _("Choose one of your companions, or write another name.")

    def clean_phone(self) -> str:
        phone = " ".join(self.cleaned_data["phone"].split())
        if sum(sign.isdigit() for sign in phone) < 7:
            raise forms.ValidationError(_t("This number is too short. Write it with the country code."))
        return phone


class TermsForm(forms.Form):
    """The last look."""

    quote = forms.CharField(widget=forms.HiddenInput, max_length=8000)
    terms = forms.BooleanField(
        label=_("I agree to these payment and cancellation terms."),
        error_messages={"required": _("Please tick that you agree to the terms, so that we may hold the room.")},
    )
