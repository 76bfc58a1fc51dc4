"""What staff fill in when they act on a stay."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import BookedRoom, StayBooking
from rooms.domain.assignments import free_rooms
from rooms.models import Room

BY_GUEST, BY_HOUSE = "guest", "house"
NOTE = forms.Textarea(attrs={"rows": 3})


class CancelForm(forms.Form):
    """Who wants it, why, and the refunds that the page showed (another figure is refused)."""

    who = forms.ChoiceField(label=_("Who cancels"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason, for our records"), max_length=300, widget=NOTE)
    shown_guest = forms.DecimalField(widget=forms.HiddenInput, max_digits=12, decimal_places=2)
    shown_house = forms.DecimalField(widget=forms.HiddenInput, max_digits=12, decimal_places=2)

    def __init__(self, *args: Any, shown: dict[str, Decimal], house_too: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {"who": BY_GUEST, "shown_guest": shown[BY_GUEST], "shown_house": shown[BY_HOUSE]}
        super().__init__(*args, **kwargs)
        choices = [(BY_GUEST, _("The guest wishes it: the policy decides"))]
        if house_too:
            choices.append((BY_HOUSE, _("The house cancels: everything goes back")))
        self.fields["who"].choices = choices  # type: ignore[attr-defined]


class CheckInForm(forms.Form):
    """Nothing when the gates are open; a reason when somebody passes a shut one."""

    reason = forms.CharField(label=_("Why the guest is checked in all the same"), max_length=300, widget=NOTE)

    def __init__(self, *args: Any, override: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not override:
            del self.fields["reason"]


class AssignForm(forms.Form):
    """A room for each booked room; free ones of its type, ready ones first."""

    def __init__(self, *args: Any, booking: StayBooking, current: dict[str, Room], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.booked: dict[str, BookedRoom] = {}
        for booked in booking.rooms.select_related("room_type"):
            name = f"room_{booked.pk}"
            here = current.get(str(booked.key))
            rooms = sorted(free_rooms(booked.room_type, booking.nights), key=lambda room: (not room.ready, room.number))
            choices = [("", _("the best free one") if here is None else f"{here.number} ({_('as it is')})")]
            choices += [(str(room.pk), room_words(room)) for room in rooms]
            self.booked[name] = booked
            self.fields[name] = forms.ChoiceField(label=booked.room_type.name, choices=choices, required=False)
        self.fields["pinned"] = forms.BooleanField(
            label=_("The guest was promised this very room: do not move it"), required=False
        )


def room_words(room: Room) -> str:
    """201 · queen · clean"""
    return " · ".join(part for part in (room.number, room.bed, room.get_condition_display().lower()) if part)
