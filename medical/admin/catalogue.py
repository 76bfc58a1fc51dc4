"""Questions, red flags and doctors: the data of the review, none of it about a guest."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from audit.edits import AuditedAdmin
from core.admin import ReadOnlyAdmin, badge
from core.doors import Scope, door
from core.lines import LinesField
from core.reach import Reach
from medical.domain import questionnaires
from medical.models import DoctorProfile, Questionnaire, RedFlagRule
from medical.permissions import may_delete_rules
from rooms.models import PropertyStaff

STATUS_TONES = {"draft": "wait", "active": "ok", "retired": "quiet"}
COMPUTED = ("bmi", "age")


def of_rule(reach: Reach) -> Q:
    """Rules of programs of one's own properties, and those that count for every program."""
    return Q(program__isnull=True) | Q(program__property__in=reach.keys)


def of_colleague(reach: Reach) -> Q:
    """Doctors who work for one's own properties."""
    return Q(user__in=PropertyStaff.objects.filter(property__in=reach.keys).values("user"))


@admin.register(Questionnaire)
class QuestionnaireAdmin(ReadOnlyAdmin):
    """A published version never changes. The JSON is FHIR R4."""

    house_wide = "Questions are the same at every property, and none is about a guest."
    list_display = ["title", "code", "version", "shown_status", "size"]
    fields = ["title", ("code", "version"), "shown_status", "outline", "consent_text"]
    readonly_fields = ["shown_status", "outline"]
    actions_detail = ["fhir"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.fhir_view)
        return [path("<int:pk>/fhir.json", view, name="medical_questionnaire_json"), *super().get_urls()]

    @door(needs="medical.view_questionnaire", scope=Scope.HOUSE)
    def fhir_view(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = get_object_or_404(Questionnaire, pk=pk)
        return JsonResponse(row.definition, json_dumps_params={"indent": 2}, content_type="application/fhir+json")

    @action(description=_("FHIR JSON"), url_path="fhir", permissions=["medical.view_questionnaire"], icon="data_object")
    def fhir(self, request, object_id):
        return redirect(reverse("admin:medical_questionnaire_json", args=[object_id]))

    @display(description=_("status"))
    def shown_status(self, row):
        return badge(row.get_status_display(), STATUS_TONES[row.status])

    @display(description=_("questions"))
    def size(self, row):
        return sum(1 for _question in questionnaires.questions(row.definition.get("item", [])))

    @display(description=_("questions"))
    def outline(self, row):
        found: list[SafeString] = []
        for section in questionnaires.sections(row.definition):
            asked = [
                format_html(
                    "<li>{}{} <small>{}</small></li>",
                    item["text"],
                    SafeString(" <b>*</b>" if item.get("required") else ""),  # nosec B703
                    item["linkId"],
                )
                for item in questionnaires.questions(section["item"])
            ]
            found.append(format_html("<h3>{}</h3><ol>{}</ol>", section["text"], SafeString("".join(asked))))  # nosec B703
        return format_html('<div class="bo-outline">{}</div>', SafeString("".join(found)))  # nosec B703


class RuleForm(forms.ModelForm):
    """The value is written as people write it: `yes`, `32`, or several words with commas."""

    value = forms.CharField(
        label=_("Value"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("yes, no, a number, a code; several with commas"),
    )

    class Meta:
        model = RedFlagRule
        fields = ["label", "severity", "program", "link_id", "operator", "value"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.is_bound:
            self.initial["value"] = as_words(self.instance.value)

    def clean_link_id(self):
        link = self.cleaned_data["link_id"]
        asked = {
            item["linkId"]
            for row in Questionnaire.objects.filter(status=Questionnaire.Status.ACTIVE)
            for item in questionnaires.questions(row.definition.get("item", []))
        }
        if asked and link not in asked and link not in COMPUTED:
            raise ValidationError(_t("No published question has this name."))
        return link

    def clean_severity(self):
        if not 1 <= self.cleaned_data["severity"] <= 3:
            raise ValidationError(_t("From 1 to 3."))
        return self.cleaned_data["severity"]

    def clean(self):
        found = super().clean()
        if "value" in found and "operator" in found:
            try:
                found["value"] = as_value(found["value"], found["operator"])
            except ValueError:
                self.add_error("value", _t("This comparison needs a number."))
        return found


def as_words(value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(as_words(one) for one in value) if isinstance(value, list) else str(value)


def as_value(typed: str, operator: str):
    """What the rule stores. Raises ValueError when a number is needed."""
    if operator in (RedFlagRule.Operator.AT_LEAST, RedFlagRule.Operator.AT_MOST):
        number = float(typed)
        if number != number or number in (float("inf"), float("-inf")):
            raise ValueError("not a number")
        return int(number) if number == int(number) else number
    if operator == RedFlagRule.Operator.IN:
        return [part.strip() for part in typed.split(",") if part.strip()]
    return {"yes": True, "no": False}.get(typed.strip().lower(), typed.strip())


@admin.register(RedFlagRule)
class RedFlagRuleAdmin(AuditedAdmin):
    """They sort and explain, never decide."""

    within = of_rule
    form = RuleForm
    keep_values = False
    sortable_by = ()
    list_display = ["label", "grave", "program", "link_id", "operator", "shown_value"]
    list_filter = ["severity", "program"]
    list_select_related = ["program"]
    fields = ["label", ("severity", "program"), ("link_id", "operator"), "value"]

    def has_delete_permission(self, request, obj=None):
        return may_delete_rules(request.user)

    @display(description=_("weight"), ordering="severity")
    def grave(self, rule):
        return badge("●" * rule.severity, {1: "quiet", 2: "wait", 3: "stop"}[min(max(rule.severity, 1), 3)])

    @display(description=_("value"))
    def shown_value(self, rule):
        return as_words(rule.value)


class DoctorForm(forms.ModelForm):
    specialties = LinesField(label=_("Specialties"))

    class Meta:
        model = DoctorProfile
        fields = ["specialties", "registration_number", "on_leave"]


@admin.register(DoctorProfile)
class DoctorProfileAdmin(AuditedAdmin):
    within = of_colleague
    form = DoctorForm
    list_display = ["user", "skills", "registration_number", "on_leave"]
    list_select_related = ["user"]
    fields = ["user", "specialties", ("registration_number", "on_leave")]
    readonly_fields = ["user"]

    def has_add_permission(self, request):
        return False

    @display(description=_("specialties"))
    def skills(self, profile):
        return ", ".join(profile.specialties) or "–"
