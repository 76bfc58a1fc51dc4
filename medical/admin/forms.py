"""The small forms of the review screen; each is one deed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.lines import LinesField
from medical.domain.review import doctors_of
from medical.models import DoctorProfile, MedicalForm
from programs.models import Program


def text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class NoteForm(forms.Form):
    """What every decision may carry."""

    guest_words = forms.CharField(
        label=_("Words for the guest"),
        max_length=500,
        required=False,
        widget=text(2),
        help_text=_("The guest reads these. No finding, no diagnosis."),
    )
    note = forms.CharField(
        label=_("Clinical note"),
        max_length=4000,
        required=False,
        widget=text(3),
        help_text=_("Sealed; read by you and the medical lead only."),
    )


class ConditionsForm(NoteForm):
    conditions = LinesField(
        label=_("Conditions"),
        required=True,
        widget=text(3),
        help_text=_("One per line, as instructions for kitchen and house. Say what to do, never why."),
    )
    field_order = ["conditions", "guest_words", "note"]


class AskForm(forms.Form):
    question = forms.CharField(
        label=_("Your question"),
        max_length=2000,
        widget=text(4),
        help_text=_("The mail says only that you have a question; the words stay behind the guest's sign-in."),
    )


class NotSuitableForm(NoteForm):
    seen = forms.BooleanField(label=_("I have seen what is given back and set free."))


class DoctorChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.get_full_name())


class ReferForm(forms.Form):
    colleague = DoctorChoice(
        User.objects.none(), label=_("Colleague"), required=False, empty_label=_("whoever has the fewest reviews")
    )
    note = forms.CharField(label=_("Clinical note"), max_length=4000, required=False, widget=text(3))

    def __init__(self, *args: Any, form: MedicalForm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = (
            DoctorProfile.objects.filter(doctors_of(form.booking.property_id), on_leave=False)
            .exclude(user_id=form.doctor_id)
            .values("user_id")
        )
        self.fields["colleague"].queryset = User.objects.filter(  # type: ignore[attr-defined]
            pk__in=here, is_active=True
        ).order_by("first_name", "last_name")


class AssignForm(forms.Form):
    doctor = DoctorChoice(User.objects.none(), label=_("Doctor"))

    def __init__(self, *args: Any, form: MedicalForm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = DoctorProfile.objects.filter(doctors_of(form.booking.property_id)).values("user_id")
        self.fields["doctor"].queryset = User.objects.filter(  # type: ignore[attr-defined]
            pk__in=here, is_active=True
        ).order_by("first_name", "last_name")


class ExamineForm(forms.Form):
    note = forms.CharField(label=_("Clinical note"), max_length=4000, required=False, widget=text(3))


class DenyForm(ExamineForm):
    seen = forms.BooleanField(label=_("I have seen what is given back and set free."))


class OtherProgramForm(ExamineForm):
    program = forms.ModelChoiceField(Program.objects.none(), label=_("New program"))
    field_order = ["program", "note"]

    def __init__(self, *args: Any, programs: Any, words: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["program"]
        field.queryset = programs  # type: ignore[attr-defined]
        field.label_from_instance = lambda program: words.get(program.pk, str(program))  # type: ignore[attr-defined]
