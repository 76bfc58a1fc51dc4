"""What is sold and at which price. Sold stays keep the numbers they were sold with, whatever changes here."""

from django.contrib import admin
from django.db.models import Max
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from audit.edits import AuditedAdmin
from core.admin import badge, rupees
from core.templatetags.ui import days_words
from programs.forms import WEEKDAYS, ChildRateForm, NothingNegative, PolicyForm, ProgramForm, RateBandForm
from programs.models import (
    CancellationPolicy,
    ChildRate,
    Extra,
    PaymentPlan,
    Program,
    ProgramType,
    RateBand,
    RoomTypeTerms,
    TaxRule,
)
from programs.permissions import may_delete_child_rates, may_write_policies, may_write_tax_rules


@admin.register(ProgramType)
class ProgramTypeAdmin(AuditedAdmin):
    house_wide = "The words for kinds of programs are the same at every property."
    list_display = ["name", "slug", "position"]


@admin.register(Program)
class ProgramAdmin(AuditedAdmin):
    within = "property"
    form = ProgramForm
    list_display = ["name", "type", "nights", "needs_medical_review", "featured", "published"]
    list_filter = ["type", "published", "needs_medical_review"]
    list_select_related = ["type"]
    search_fields = ["name"]
    fieldsets = [
        (None, {"fields": [("name", "slug"), ("property", "type"), "tagline", "summary"]}),
        (_("On its page"), {"fields": ["sections", "day", "included", "suits", "contraindications"]}),
        (_("Who and how long"), {"fields": [("min_nights", "max_nights"), ("min_age", "max_age")]}),
        (_("Review"), {"fields": [("needs_medical_review", "specialty")]}),
        (_("In the shop"), {"fields": [("published", "featured"), "position"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        return ["slug", "property"] if obj else []

    @display(description=_("nights"))
    def nights(self, program):
        return f"{program.min_nights}–{program.max_nights}"


@admin.register(Extra)
class ExtraAdmin(AuditedAdmin):
    within = "property"
    form = NothingNegative
    list_display = ["name", "price", "basis", "gst_rate", "max_quantity", "active"]
    list_filter = ["active", "basis"]
    fields = [
        "property",
        ("name", "code"),
        "description",
        ("basis", "amount", "gst_rate"),
        ("max_quantity", "position"),
        "active",
    ]

    def get_readonly_fields(self, request, obj=None):
        return ["code", "property"] if obj else []

    @display(description=_("price"), ordering="amount")
    def price(self, extra):
        return rupees(extra.amount)


@admin.register(PaymentPlan)
class PaymentPlanAdmin(AuditedAdmin):
    house_wide = "A plan is shared by room types of every property; which uses it, the terms of the type say."
    form = NothingNegative
    list_display = ["name", "kind", "deposit", "middle_percent", "middle_due_days", "middle_days_before_arrival"]
    fields = [
        ("name", "code"),
        ("kind", "deposit_amount"),
        ("middle_percent", "middle_due_days", "middle_days_before_arrival"),
    ]

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []

    @display(description=_("deposit"), ordering="deposit_amount")
    def deposit(self, plan):
        return rupees(plan.deposit_amount)


@admin.register(RoomTypeTerms)
class RoomTypeTermsAdmin(AuditedAdmin):
    within = "room_type__property"
    form = NothingNegative
    list_display = ["room_type", "plan", "sharing", "own_room"]
    list_select_related = ["room_type", "plan"]
    fields = ["room_type", "plan", ("caregiver_sharing", "caregiver_own_room")]

    def get_readonly_fields(self, request, obj=None):
        return ["room_type"] if obj else []

    @display(description=_("caregiver sharing"))
    def sharing(self, terms):
        return rupees(terms.caregiver_sharing)

    @display(description=_("caregiver, own room"))
    def own_room(self, terms):
        return rupees(terms.caregiver_own_room)


@admin.register(RateBand)
class RateBandAdmin(AuditedAdmin):
    within = "property"
    form = RateBandForm
    sortable_by = ()
    list_display = [
        "label",
        "room_type",
        "program",
        "nights",
        "season",
        "days",
        "for_one",
        "for_two",
        "priority",
        "active",
    ]
    list_filter = ["active", "room_type", "program"]
    list_select_related = ["room_type", "program"]
    search_fields = ["label"]
    fieldsets = [
        (None, {"fields": ["label", "property", ("room_type", "program")]}),
        (_("When it counts"), {"fields": [("nights_min", "nights_max"), ("season_from", "season_to"), "weekdays"]}),
        (_("Rupees per room and night, tax inclusive"), {"fields": [("single", "double", "extra_adult")]}),
        (_("Which one wins"), {"fields": [("priority", "active")]}),
    ]

    @display(description=_("nights"), ordering="nights_min")
    def nights(self, band):
        return f"{band.nights_min}–{band.nights_max}" if band.nights_max else f"{band.nights_min}+"

    @display(description=_("season"))
    def season(self, band):
        if not band.season_from and not band.season_to:
            return _("all year")
        ends = [f"{day:%d %b %Y}" if day else "…" for day in (band.season_from, band.season_to)]
        return " – ".join(ends)

    @display(description=_("days"))
    def days(self, band):
        return ", ".join(str(words)[:3] for number, words in WEEKDAYS if number in band.weekdays) or _("every day")

    @display(description=_("single"), ordering="single")
    def for_one(self, band):
        return rupees(band.single)

    @display(description=_("double"), ordering="double")
    def for_two(self, band):
        return rupees(band.double)


@admin.register(ChildRate)
class ChildRateAdmin(AuditedAdmin):
    within = "property"
    form = ChildRateForm
    sortable_by = ()
    list_display = ["ages", "property", "price"]
    list_select_related = ["property"]
    fields = ["property", ("age_from", "age_to"), "amount"]

    def has_delete_permission(self, request, obj=None):
        return may_delete_child_rates(request.user)

    @display(description=_("ages"))
    def ages(self, rate):
        return f"{rate.age_from}–{rate.age_to}"

    @display(description=_("a night"))
    def price(self, rate):
        return rupees(rate.amount)


@admin.register(CancellationPolicy)
class CancellationPolicyAdmin(AuditedAdmin):
    """A version never changes once it is saved: stays were sold under it. A new version follows it."""

    within = "property"
    form = PolicyForm
    sortable_by = ()
    list_display = ["name", "version", "valid_from", "where", "ladder"]
    list_select_related = ["program", "room_type"]
    actions_detail = ["next_version"]

    def has_change_permission(self, request, obj=None):
        return obj is None and super().has_change_permission(request)

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) or may_write_policies(request.user)

    def get_fieldsets(self, request, obj=None):
        shown = ["property", "program", "room_type", "name", "valid_from"]
        return [(None, {"fields": [*shown, *(["version", "ladder"] if obj else ["tiers"])]})]

    def get_readonly_fields(self, request, obj=None):
        return ["version", "ladder"] if obj else []

    def get_changeform_initial_data(self, request):
        wanted = request.GET.get("copy", "")
        source = self.get_object(request, wanted) if wanted.isdecimal() else None
        if source is None:
            return super().get_changeform_initial_data(request)
        kept = ("property", "program", "room_type", "name", "tiers")
        return {name: getattr(source, name) for name in kept} | {"valid_from": timezone.localdate()}

    def save_model(self, request, obj, form, change):
        earlier = CancellationPolicy.objects.filter(
            property=obj.property, program=obj.program, room_type=obj.room_type, name=obj.name
        )
        obj.version = (earlier.aggregate(top=Max("version"))["top"] or 0) + 1
        super().save_model(request, obj, form, change)

    @display(description=_("counts for"))
    def where(self, policy):
        return policy.program or policy.room_type or _("everything")

    @display(description=_("the ladder"))
    def ladder(self, policy):
        rungs = [
            (
                _t("from %(days)s before") % {"days": days_words(tier["min_days"])}
                if tier["min_days"]
                else _t("later"),
                tier["percent"],
            )
            for tier in policy.tiers
        ]
        return format_html_join("", '<div class="figures">{}: <b>{} %</b></div>', rungs)

    @action(
        description=_("Copy as new version"),
        url_path="copy",
        permissions=["programs.add_cancellationpolicy"],
        icon="content_copy",
    )
    def next_version(self, request, object_id):
        source = self.row(request, object_id)
        return redirect(f"{reverse('admin:programs_cancellationpolicy_add')}?copy={source.pk}")


@admin.register(TaxRule)
class TaxRuleAdmin(AuditedAdmin):
    """A rule in force is history already: what comes next is a new rule from a later day on."""

    house_wide = "Taxes are the country's, not a property's."
    form = NothingNegative
    list_display = ["code", "sac", "valid_from", "limit", "rate_low", "rate_high", "standing"]
    fields = [("code", "sac"), "valid_from", "threshold", ("rate_low", "rate_high")]

    def has_change_permission(self, request, obj=None):
        future = obj is None or obj.valid_from > timezone.localdate()
        return future and super().has_change_permission(request, obj)

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) or may_write_tax_rules(request.user)

    @display(description=_("up to"))
    def limit(self, rule):
        return rupees(rule.threshold)

    @display(description=_("standing"))
    def standing(self, rule):
        past = rule.valid_from <= timezone.localdate()
        return badge(_("begun"), "ok") if past else badge(_("to come"), "wait")
