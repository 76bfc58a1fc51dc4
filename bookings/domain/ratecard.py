"""The facts a price is made of, read from the tables into plain values."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings

from programs.models import CancellationPolicy, ChildRate, Extra, Program, RateBand, RoomTypeTerms, TaxRule
from rooms.models import Property


@dataclass(frozen=True, slots=True)
class Plan:
    code: str
    kind: str
    deposit: Decimal
    middle_percent: int
    middle_due_days: int
    middle_days_before_arrival: int


@dataclass(frozen=True, slots=True)
class TypeFacts:
    id: int
    slug: str
    name: str
    max_adults: int
    max_children: int
    max_people: int
    plan: Plan
    caregiver_sharing: Decimal
    caregiver_own_room: Decimal


@dataclass(frozen=True, slots=True)
class ProgramFacts:
    id: int
    slug: str
    name: str
    min_nights: int
    max_nights: int
    needs_review: bool


@dataclass(frozen=True, slots=True)
class Band:
    id: int
    label: str
    program_id: int | None
    room_type_id: int | None
    nights_min: int
    nights_max: int | None
    season_from: date | None
    season_to: date | None
    weekdays: tuple[int, ...]
    single: Decimal
    double: Decimal
    extra_adult: Decimal | None
    priority: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ChildFacts:
    age_from: int
    age_to: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Tax:
    valid_from: date
    threshold: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class ExtraFacts:
    code: str
    name: str
    basis: str
    amount: Decimal
    gst_rate: Decimal
    max_quantity: int


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    id: int
    name: str
    version: int
    program_id: int | None
    room_type_id: int | None
    valid_from: date
    tiers: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class RateCard:
    """Everything `quote` needs to know about one property."""

    time_zone: str
    min_nights: int
    horizon_days: int
    types: dict[str, TypeFacts]
    programs: dict[str, ProgramFacts]
    bands: tuple[Band, ...]
    children: tuple[ChildFacts, ...]
    taxes: tuple[Tax, ...]
    extras: dict[str, ExtraFacts] = field(default_factory=dict)
    policies: tuple[PolicyFacts, ...] = ()


def load(property: Property) -> RateCard:
    """The rate card as it stands now; eight small queries."""
    return RateCard(
        time_zone=property.time_zone,
        min_nights=property.min_nights,
        horizon_days=property.horizon_days,
        types=_types(property),
        programs=_programs(property),
        bands=_bands(property),
        children=tuple(
            ChildFacts(rate.age_from, rate.age_to, rate.amount) for rate in ChildRate.objects.filter(property=property)
        ),
        taxes=tuple(
            Tax(rule.valid_from, rule.threshold, rule.rate_low, rule.rate_high)
            for rule in TaxRule.objects.filter(code="accommodation").order_by("-valid_from")
        ),
        extras={
            extra.code: ExtraFacts(
                extra.code, extra.name, extra.basis, extra.amount, extra.gst_rate, extra.max_quantity
            )
            for extra in Extra.objects.filter(property=property, active=True)
        },
        policies=_policies(property),
    )


_recent: dict[int, tuple[float, RateCard]] = {}


def recent(property: Property) -> RateCard:
    """The rate card for searching, at most a few seconds old; a quote and a booking always use `load`."""
    seconds = 0 if settings.PEMA_ENV == "test" else 5
    known = _recent.get(property.pk)
    if known is None or time.monotonic() - known[0] >= seconds:
        known = (time.monotonic(), load(property))
        _recent[property.pk] = known
    return known[1]


def _types(property: Property) -> dict[str, TypeFacts]:
    rows = RoomTypeTerms.objects.filter(room_type__property=property, room_type__published=True)
    return {
        row.room_type.slug: TypeFacts(
            id=row.room_type_id,
            slug=row.room_type.slug,
            name=row.room_type.name,
            max_adults=row.room_type.max_adults,
            max_children=row.room_type.max_children,
            max_people=row.room_type.max_people,
            plan=Plan(
                row.plan.code,
                row.plan.kind,
                row.plan.deposit_amount,
                row.plan.middle_percent,
                row.plan.middle_due_days,
                row.plan.middle_days_before_arrival,
            ),
            caregiver_sharing=row.caregiver_sharing,
            caregiver_own_room=row.caregiver_own_room,
        )
        for row in rows.select_related("room_type", "plan").order_by("room_type__position")
    }


def _programs(property: Property) -> dict[str, ProgramFacts]:
    rows = Program.objects.filter(property=property, published=True)
    return {
        row.slug: ProgramFacts(row.pk, row.slug, row.name, row.min_nights, row.max_nights, row.needs_medical_review)
        for row in rows
    }


def _bands(property: Property) -> tuple[Band, ...]:
    return tuple(
        Band(
            id=row.pk,
            label=row.label,
            program_id=row.program_id,
            room_type_id=row.room_type_id,
            nights_min=row.nights_min,
            nights_max=row.nights_max,
            season_from=row.season_from,
            season_to=row.season_to,
            weekdays=tuple(row.weekdays),
            single=row.single,
            double=row.double,
            extra_adult=row.extra_adult,
            priority=row.priority,
            created_at=row.created_at,
        )
        for row in RateBand.objects.filter(property=property, active=True)
    )


def _policies(property: Property) -> tuple[PolicyFacts, ...]:
    return tuple(
        PolicyFacts(
            row.pk,
            row.name,
            row.version,
            row.program_id,
            row.room_type_id,
            row.valid_from,
            tuple((tier["min_days"], tier["percent"]) for tier in row.tiers),
        )
        for row in CancellationPolicy.objects.filter(property=property)
    )
