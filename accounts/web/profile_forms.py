"""Forms of the profile and of companions. Rules are the verbs' business; here is how to mend a mistake."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.domain import preferences
from accounts.models import Companion, User
from core.errors import Invalid
from core.phones import e164, shown

CHANNELS = {"sms": _("By SMS"), "whatsapp": _("By WhatsApp"), "push": _("In our app")}


class ProfileForm(forms.Form):
    """What a guest tells about herself, once, so that it need not be asked again."""

    first_name = forms.CharField(
        label=_("First name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Write your first name.")},
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
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
    reminders = forms.MultipleChoiceField(
        label=_("Reminders, besides the mail"),
        required=False,
        help_text=_("A payment that falls due, a form that waits. News about your stay always comes by mail."),
        widget=forms.CheckboxSelectMultiple,
    )
    marketing_consent = forms.BooleanField(
        label=_("Write to me now and then about new programs and quiet weeks"), required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        chosen = preferences.chosen(user)
        offered = [(name, words) for name, words in CHANNELS.items() if name in settings.CHANNELS_ON or name in chosen]
        self.fields["reminders"].choices = offered  # type: ignore[attr-defined]

    @classmethod
    def known(cls, user: User) -> dict[str, Any]:
        """What stands in the fields at first."""
        names = [name for name in cls.base_fields if name != "reminders"]
        said = {name: getattr(user, name) for name in names}
        return {**said, "phone": shown(user.phone), "reminders": preferences.chosen(user)}

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        try:
            return phone and e164(phone)
        except Invalid as error:
            raise forms.ValidationError(error.message, code=error.code) from None

    def wishes(self) -> dict[str, Any]:
        """As `accounts.domain.profile.change` takes them; what was not offered stays as it was."""
        said = dict(self.cleaned_data)
        chosen = said.pop("reminders")
        offered = [name for name, _words in self.fields["reminders"].choices]  # type: ignore[attr-defined]
        return {
            **said,
            "communication_preferences": {preferences.REMINDERS: {name: name in chosen for name in offered}},
        }


class CompanionForm(forms.Form):
    """Somebody who comes along. Nothing about health: the guest form asks for that, and keeps it apart."""

    name = forms.CharField(
        label=_("Full name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write the name as it stands in the passport or card.")},
    )
    relation = forms.ChoiceField(
        label=_("Who is it?"),
        choices=[("", _("Please choose")), *Companion.Relation.choices],
        error_messages={"required": _("Choose who this is to you.")},
    )
    birth_date = forms.DateField(
        label=_("Birth date"),
        required=False,
        help_text=_("Children are priced by their age on the day of arrival."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Write the day like 2018-05-03, or choose it in the calendar.")},
    )
    diet = forms.ChoiceField(label=_("At table"), choices=Companion.Diet.choices, required=False)
