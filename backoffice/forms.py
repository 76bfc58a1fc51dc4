"""People and their roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import ReadOnlyPasswordHashWidget
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.forms import UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts.models import User
from accounts.roles import DOCTOR, MEDICAL_LEAD
from rooms.models import Property

MEDICAL_ROLES = (DOCTOR, MEDICAL_LEAD)


class RolesField(forms.ModelMultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Group.objects.order_by("name"),
            label=_("Roles"),
            required=False,
            widget=UnfoldAdminCheckboxSelectMultipleWidget,
            help_text=_("A change ends the person's sessions at once."),
            **kwargs,
        )

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name).replace("_", " ")


class WorkplacesField(forms.ModelMultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Property.objects.order_by("name"),
            label=_("Works for"),
            required=False,
            widget=UnfoldAdminCheckboxSelectMultipleWidget,
            help_text=_("Staff see the stays, rooms and money of these properties only; without one, of none."),
            **kwargs,
        )


class LowerMail:
    """One address, one account, however it is typed."""

    cleaned_data: dict[str, Any]

    def clean_email(self) -> str:
        return User.objects.normalise(self.cleaned_data["email"])


class Giving:
    """Roles that open medical answers are given by those who may. Others can take them away, or leave them."""

    cleaned_data: dict[str, Any]
    initial: dict[str, Any]
    instance: User
    fields: dict[str, Any]
    gives_medical_roles = False
    own_page = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "works_for" in self.fields:
            self.fields["works_for"].disabled = self.own_page
            if self.instance.pk:
                self.initial["works_for"] = Property.objects.filter(staff__user=self.instance)

    def clean_groups(self) -> Any:
        wanted = self.cleaned_data["groups"]
        had = set(self.instance.groups.values_list("pk", flat=True)) if self.instance.pk else set()
        new = [group for group in wanted if group.name in MEDICAL_ROLES and group.pk not in had]
        if new and not self.gives_medical_roles:
            raise forms.ValidationError(
                _("Only a medical lead may make somebody a doctor or a medical lead."), code="medical_role"
            )
        if wanted and "is_staff" in self.fields and not self.cleaned_data.get("is_staff"):
            raise forms.ValidationError(
                _("A role opens nothing without “Works here”: tick that too, or take the roles away."), code="not_staff"
            )
        return wanted


class SetOrNot(ReadOnlyPasswordHashWidget):
    """Whether there is a password: how it is kept is nobody's business here."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        is_set = bool(value) and not str(value).startswith(UNUSABLE_PASSWORD_PREFIX)
        context["summary"] = [{"label": _("Set") if is_set else _("Not set")}]
        return context


LABELS = {"is_active": _("May sign in"), "is_staff": _("Works here")}


class PersonForm(Giving, LowerMail, UserChangeForm):
    groups = RolesField()
    works_for = WorkplacesField()

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "phone", "password", "is_active", "is_staff", "groups"]
        field_classes: dict[str, Any] = {}
        labels = LABELS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "password" in self.fields:
            self.fields["password"].widget = SetOrNot()
            self.fields["password"].help_text = format_html(
                '<a href="../password/" class="text-primary-600 dark:text-primary-500">{}</a>',
                _("Set another password"),
            )


class PersonAddForm(Giving, LowerMail, UserCreationForm):
    groups = RolesField()
    works_for = WorkplacesField()

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "is_staff", "groups"]
        field_classes: dict[str, Any] = {}
        labels = LABELS


class OfferForm(forms.Form):
    """The words of an offer to one guest; the way to stop them is added by the message itself."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(label=_("Words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))
    page = forms.RegexField(
        r"^/[a-z0-9/-]*\Z",
        strip=True,
        label=_("Page of our site"),
        max_length=200,
        required=False,
        help_text=_("Such as /programs/detox. Empty: no button."),
        error_messages={"invalid": _("Write the part of the address behind our name, such as /programs/detox.")},
    )
