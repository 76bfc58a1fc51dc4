"""What staff fill in about rooms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.lines import LinesField, PairsField
from core.nights import Nights
from core.reach import Reach
from rooms.domain.restrictions import LENGTHS, SWITCHES
from rooms.models import Room, RoomType

DAY = forms.DateInput(attrs={"type": "date"})


class RoomTypeForm(forms.ModelForm):
    amenities = LinesField(label=_("Amenities"))
    ids_codes = LinesField(label=_("Codes of the property system"))
    photos = PairsField("src", "alt", label=_("Pictures"))

    class Meta:
        model = RoomType
        fields = "__all__"  # noqa: DJ007 - the admin names the fields


class NightsForm(forms.Form):
    """First night and the day on which it is over."""

    first_night = forms.DateField(label=_("First night"), widget=DAY)
    last_day = forms.DateField(label=_("First day on which it is over"), widget=DAY)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("first_night"), found.get("last_day")
        if first and last and last <= first:
            self.add_error("last_day", _("Choose a day after the first night."))
        return found

    @staticmethod
    def nights(found: dict[str, Any]) -> Nights:
        return Nights(found["first_night"], found["last_day"])


class BlockForm(NightsForm):
    room = forms.ModelChoiceField(Room.objects.filter(active=True).select_related("room_type"), label=_("Room"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    field_order = ["room", "first_night", "last_day", "reason"]

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = self.fields["room"]
        rooms.queryset = reach.rows(rooms.queryset, "room_type__property")  # type: ignore[attr-defined]


class RestrictionForm(NightsForm):
    """What should change; everything left alone stays as it is."""

    SWITCH = [("", _("leave as it is")), ("yes", _("yes")), ("no", _("no"))]

    room_types = forms.ModelMultipleChoiceField(
        RoomType.objects.all(), label=_("Room types"), widget=forms.CheckboxSelectMultiple
    )
    closed = forms.ChoiceField(label=_("Closed"), choices=SWITCH, required=False)
    closed_to_arrival = forms.ChoiceField(label=_("Closed to arrival"), choices=SWITCH, required=False)
    closed_to_departure = forms.ChoiceField(label=_("Closed to departure"), choices=SWITCH, required=False)
    min_stay = forms.IntegerField(
        label=_("Shortest stay"), min_value=0, max_value=365, required=False, help_text=_("0 takes it away.")
    )
    max_stay = forms.IntegerField(
        label=_("Longest stay"), min_value=0, max_value=365, required=False, help_text=_("0 takes it away.")
    )
    field_order = ["room_types", "first_night", "last_day"]

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = self.fields["room_types"]
        types.queryset = reach.rows(types.queryset, "property")  # type: ignore[attr-defined]

    @staticmethod
    def wanted(found: dict[str, Any]) -> dict[str, Any]:
        """Only what should change, in the words of `rooms.domain.restrictions`."""
        switches = {name: found[name] == "yes" for name in SWITCHES if found[name]}
        return switches | {name: found[name] or None for name in LENGTHS if found[name] is not None}
