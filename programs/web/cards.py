"""What the cards and facts of programs and rooms say."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.ui import nights_words
from programs.models import Program
from programs.queries import rating_of
from rooms.models import RoomType


def program_cards(programs: Iterable[Program], prices: dict[int, Decimal]) -> list[dict[str, Any]]:
    """For `components/card_program.html`."""
    return [
        {
            "href": reverse("programs:detail", args=[one.slug]),
            "slug": one.slug,
            "name": one.name,
            "text": one.summary or one.tagline,
            "meta": length_words(one),
            "price": prices.get(one.pk),
            "rating": rating_of(one),
            "type": one.type_id,
        }
        for one in programs
    ]


def room_cards(rooms: Iterable[RoomType], prices: dict[int, Decimal]) -> list[dict[str, Any]]:
    """For `components/card_room.html`."""
    return [
        {
            "href": reverse("rooms:detail", args=[one.slug]),
            "slug": one.slug,
            "name": one.name,
            "text": one.tagline,
            "meta": _("%(size)s m²") % {"size": one.size_sqm} if one.size_sqm else one.view,
            "price": prices.get(one.pk),
            "rating": rating_of(one),
        }
        for one in rooms
    ]


def length_words(program: Program) -> str:
    """ "5 to 21 nights"."""
    if program.min_nights == program.max_nights:
        return nights_words(program.min_nights)
    return _("%(low)s to %(high)s nights") % {"low": program.min_nights, "high": program.max_nights}


def age_words(program: Program) -> str:
    """ "18 to 75 years"."""
    if program.max_age:
        return _("%(low)s to %(high)s years") % {"low": program.min_age, "high": program.max_age}
    return _("From %(low)s years") % {"low": program.min_age}


def people_words(room: RoomType) -> str:
    """ "2 adults and 2 children"."""
    adults = ngettext("%(n)s adult", "%(n)s adults", room.max_adults) % {"n": room.max_adults}
    if not room.max_children:
        return adults
    children = ngettext("%(n)s child", "%(n)s children", room.max_children) % {"n": room.max_children}
    return _("%(adults)s and %(children)s") % {"adults": adults, "children": children}
