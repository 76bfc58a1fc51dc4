"""Pages about the programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.doors import ANYONE, Scope, door
from core.money import format_inr
from core.nights import local_date
from programs import queries
from programs.models import Program, ProgramType
from programs.web import cards

RELATED = 3


@door(ANYONE, scope=Scope.PUBLIC)
@require_safe
def programs(request: HttpRequest) -> HttpResponse:
    """All programs, or those of one kind (`?type=`)."""
    rows = list(Program.objects.filter(published=True).select_related("type", "property", "standing"))
    kinds = [kind for kind in ProgramType.objects.all() if any(row.type_id == kind.pk for row in rows)]
    chosen = next((kind for kind in kinds if kind.slug == request.GET.get("type")), None)
    found = cards.program_cards(rows, _prices(rows))
    if chosen:
        found = [card for card in found if card["type"] == chosen.pk]
    trail = [{"label": _("Home"), "href": "/"}, {"label": _("Programs")}]
    return render(request, "programs/list.html", {"cards": found, "kinds": kinds, "chosen": chosen, "trail": trail})


@door(ANYONE, scope=Scope.PUBLIC)
@require_safe
def program(request: HttpRequest, slug: str) -> HttpResponse:
    """One program: what happens, a day, for whom, when."""
    one = get_object_or_404(Program.objects.select_related("type", "property", "standing"), slug=slug, published=True)
    today = _today(one)
    prices = queries.lowest_prices(one.property, today=today).programs
    others = Program.objects.filter(published=True, property=one.property).exclude(pk=one.pk).select_related("standing")
    nearest = sorted(others, key=lambda other: (other.type_id != one.type_id, other.position))[:RELATED]
    length = max(one.min_nights, one.property.min_nights)
    context = {
        "program": one,
        "facts": _facts(one, prices),
        "from_price": prices.get(one.pk),
        "rating": queries.rating_of(one),
        "length": length,
        "months": queries.months_ahead(one.property, length=length, today=today),
        "others": cards.program_cards(nearest, prices),
        "trail": [
            {"label": _("Home"), "href": "/"},
            {"label": _("Programs"), "href": reverse("programs:list")},
            {"label": one.name},
        ],
    }
    return render(request, "programs/detail.html", context)


def _facts(one: Program, prices: dict[int, Any]) -> list[dict[str, str]]:
    found = [
        {"label": _("Length"), "value": cards.length_words(one)},
        {"label": _("For"), "value": cards.age_words(one)},
    ]
    if price := prices.get(one.pk):
        found.append({"label": _("A night for one, from"), "value": format_inr(price)})
    asks = _("Our doctor reads your form first") if one.needs_medical_review else _("No guest form needed")
    return [*found, {"label": _("Before you come"), "value": asks}]


def _prices(rows: list[Program]) -> dict[int, Any]:
    return queries.lowest_prices(rows[0].property, today=_today(rows[0])).programs if rows else {}


def _today(one: Program) -> Any:
    return local_date(timezone.now(), one.property.time_zone)
