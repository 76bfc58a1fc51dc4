"""What the manager fills in about programs and prices. The rules are the same that the database keeps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from core.lines import BlocksField, LinesField, PairsField
from programs.models import CancellationPolicy, ChildRate, Program, RateBand

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


class NothingNegative(forms.ModelForm):
    """No price and no count is below zero."""

    may_be_negative = frozenset({"priority"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, (forms.DecimalField, forms.IntegerField)) and name not in self.may_be_negative:
                field.min_value = 0
                field.widget.attrs["min"] = 0

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name, value in list(found.items()):
            number = isinstance(self.fields.get(name), (forms.DecimalField, forms.IntegerField))
            if number and name not in self.may_be_negative and value is not None and value < 0:
                self.add_error(name, _("This cannot be negative."))
        return found

    def in_order(self, low: str, high: str, words: str) -> None:
        first, last = self.cleaned_data.get(low), self.cleaned_data.get(high)
        if first is not None and last is not None and last < first:
            self.add_error(high, words)


class ProgramForm(NothingNegative):
    sections = BlocksField(label=_("Sections"))
    day = PairsField("time", "what", label=_("A day of the program"))
    included = LinesField(label=_("What the price includes"))
    suits = LinesField(label=_("Whom it suits"))
    contraindications = LinesField(label=_("Who should not come, in plain words"))

    class Meta:
        model = Program
        fields = "__all__"  # noqa: DJ007 - the admin names the fields

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        self.in_order("min_nights", "max_nights", _t("The longest stay cannot be shorter than the shortest."))
        self.in_order("min_age", "max_age", _t("The highest age cannot be below the lowest."))
        return found


class RateBandForm(NothingNegative):
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("None means every day."),
    )

    class Meta:
        model = RateBand
        fields = "__all__"  # noqa: DJ007

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        self.in_order("nights_min", "nights_max", _t("The upper number of nights is below the lower one."))
        self.in_order("season_from", "season_to", _t("The season ends before it begins."))
        if found.get("nights_min") == 0:
            self.add_error("nights_min", _t("A stay has at least one night."))
        return found


class ChildRateForm(NothingNegative):
    class Meta:
        model = ChildRate
        fields = "__all__"  # noqa: DJ007

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        self.in_order("age_from", "age_to", _t("The upper age is below the lower one."))
        low, high, where = found.get("age_from"), found.get("age_to"), found.get("property")
        if None not in (low, high, where) and not self.errors:
            others = ChildRate.objects.filter(property=where, age_from__lte=high, age_to__gte=low)
            if others.exclude(pk=self.instance.pk).exists():
                raise ValidationError(_t("Another rate covers some of these ages already."))
        return found


class TiersField(PairsField):
    """The cancellation ladder: `8 | 100` means at least 8 days before arrival 100 % come back."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text", _("One rung per line: days before arrival at least | percent back. The last one has 0 days.")
        )
        kwargs["required"] = True
        super().__init__("min_days", "percent", **kwargs)

    def parse(self, line: str) -> Any:
        pair = super().parse(line)
        try:
            days, percent = int(pair["min_days"]), int(pair["percent"].rstrip("% "))
        except ValueError:
            raise ValidationError(_t("“%(line)s” is not two whole numbers."), params={"line": line[:60]}) from None
        if not 0 <= days <= 365 or not 0 <= percent <= 100:
            raise ValidationError(_t("Days go from 0 to 365, percent from 0 to 100."))
        return {"min_days": days, "percent": percent}

    def validate(self, value: Any) -> None:
        super().validate(value)
        days, percents = [tier["min_days"] for tier in value], [tier["percent"] for tier in value]
        if days != sorted(set(days), reverse=True):
            raise ValidationError(_t("Go from many days to few, each number once."))
        if percents != sorted(percents, reverse=True):
            raise ValidationError(_t("Closer to the arrival not more can come back than before."))
        if days[-1] != 0:
            raise ValidationError(_t("The last rung is for 0 days."))


class PolicyForm(forms.ModelForm):
    tiers = TiersField(label=_("The ladder"))

    class Meta:
        model = CancellationPolicy
        fields = ["property", "program", "room_type", "name", "tiers", "valid_from"]
