"""Reads about what is sold: the lowest prices, the months with free dates, the house's terms in figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count, Prefetch, Q, QuerySet

from core.nights import Nights
from core.plain_text import matching
from programs.domain.standing import Rating, rating
from programs.models import CancellationPolicy, PaymentPlan, Program, ProgramType, RateBand, Standing
from rooms.models import Property, RoomType
from rooms.queries import open_arrivals


@dataclass(frozen=True, slots=True)
class Prices:
    """Lowest rupees a night for one person, taxes included, by primary key; what has no price is left out."""

    rooms: dict[int, Decimal]
    programs: dict[int, Decimal]


@dataclass(frozen=True, slots=True)
class Month:
    """A month ahead: how many of its arrival days are free (percent), and its first free stay."""

    first: date
    share: int
    stay: Nights | None

    @property
    def plenty(self) -> str:
        """many, some, few or none."""
        if not self.stay:
            return "none"
        return "many" if self.share >= 60 else "some" if self.share >= 20 else "few"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a guest asks before booking: the deposit (rupees), the share paid after the doctor's yes, the ladder."""

    deposit: Decimal
    middle_percent: int
    middle_days: int
    tiers: list[dict[str, int]]


def lowest_prices(property: Property, *, today: date) -> Prices:
    """The "from" prices of all published room types and programs, from the bands in force today or later."""
    bands = list(_bands(property, today))
    types = list(RoomType.objects.filter(property=property, published=True).only("pk"))
    programs = list(Program.objects.filter(property=property, published=True))
    by_pair = {
        (program.pk, kind.pk): price
        for program in programs
        for kind in types
        if (price := _lowest(bands, program, kind)) is not None
    }
    return Prices(
        rooms=_least((kind, price) for (_, kind), price in by_pair.items()),
        programs=_least((program, price) for (program, _), price in by_pair.items()),
    )


def bands_of(room_type: RoomType, *, today: date) -> list[RateBand]:
    """The price list of a room type: its own bands for every program, in force today or later."""
    rows = _bands(room_type.property, today).filter(program=None)
    own = [band for band in rows if band.room_type_id == room_type.pk]
    found = own or [band for band in rows if band.room_type_id is None]
    return sorted(found, key=lambda band: (band.season_from or date.min, band.nights_min, -band.priority))


def months_ahead(
    property: Property, *, length: int, today: date, room_type: RoomType | None = None, count: int = 6
) -> list[Month]:
    """The coming months with their free arrival days for a stay of `length` nights, in any type or in one."""
    kinds = [room_type] if room_type else RoomType.objects.filter(property=property, published=True)
    firsts = _month_starts(today, count + 1)
    last = min(firsts[-1] - timedelta(days=1), today + timedelta(days=property.horizon_days))
    free = open_arrivals((kind.pk for kind in kinds), today + timedelta(days=1), last, length=length)
    found = []
    for first, after in zip(firsts, firsts[1:], strict=False):
        days = (after - max(first, today)).days
        mine = [day for day in free if first <= day < after]
        stay = Nights(mine[0], mine[0] + timedelta(days=length)) if mine else None
        found.append(Month(first, round(100 * len(mine) / max(days, 1)), stay))
    return found


def house_terms(property: Property, *, today: date) -> Terms:
    """The terms as they stand for most stays: the deposit plan, and the property's own cancellation ladder."""
    plan = PaymentPlan.objects.filter(kind=PaymentPlan.Kind.DEPOSIT).order_by("pk").first() or PaymentPlan()
    policy = (
        CancellationPolicy.objects.filter(property=property, program=None, room_type=None, valid_from__lte=today)
        .order_by("-valid_from", "-version")
        .first()
    )
    return Terms(plan.deposit_amount, plan.middle_percent, plan.middle_due_days, policy.tiers if policy else [])


def published_programs(*, type_slug: str = "", search: str = "") -> QuerySet[Program]:
    """Programs on sale in the order of the house, narrowed by type and by words of name, tagline or summary."""
    found = Program.objects.filter(published=True).select_related("type", "property", "standing")
    if type_slug:
        found = found.filter(type__slug=type_slug)
    if words := search.split():
        found = matching(found, words, "name", "tagline", "summary")
    return found.order_by("position", "slug")


def rating_of(thing: Program | RoomType) -> Rating:
    """What guests say of it in stars; without a query where `standing` was loaded along."""
    standing = _standing(thing)
    return rating(standing.reviews, standing.stars) if standing else rating(0, 0)


def sought_lately(thing: Program | RoomType) -> int:
    """Stays booked in the last 30 days, as counted within the last hour."""
    standing = _standing(thing)
    return standing.recent_stays if standing else 0


def _standing(thing: Program | RoomType) -> Standing | None:
    try:
        found: Standing = thing.standing
    except ObjectDoesNotExist:
        return None
    return found


def types_in_use() -> QuerySet[ProgramType]:
    """Program types that have something on sale."""
    return ProgramType.objects.filter(programs__published=True).distinct().order_by("position", "slug")


def brochure(*, category: str = "") -> QuerySet[RoomType]:
    """Room types on sale with their number of rooms (`room_count`) and price bands (`bands`), in a few queries."""
    bands = RateBand.objects.filter(active=True, program=None).order_by("nights_min", "-priority", "id")
    found = (
        RoomType.objects.filter(published=True)
        .annotate(room_count=Count("rooms", filter=Q(rooms__active=True)))
        .prefetch_related(Prefetch("rateband_set", queryset=bands, to_attr="bands"))
        .select_related("terms__plan", "standing")
        .order_by("position", "slug")
    )
    return found.filter(category=category) if category else found


def _bands(property: Property, today: date):  # type: ignore[no-untyped-def]
    in_force = Q(season_to__isnull=True) | Q(season_to__gte=today)
    return RateBand.objects.filter(in_force, property=property, active=True)


def _lowest(bands: list[RateBand], program: Program, kind: RoomType) -> Decimal | None:
    """From the narrowest scope outwards, until one that holds on every day hides the wider ones."""
    found: list[Decimal] = []
    for program_id, type_id in ((program.pk, kind.pk), (program.pk, None), (None, kind.pk), (None, None)):
        own = [
            band
            for band in bands
            if band.program_id == program_id
            and band.room_type_id == type_id
            and band.nights_min <= program.max_nights
            and (band.nights_max is None or band.nights_max >= program.min_nights)
        ]
        found += [band.single for band in own]
        if any(band.season_to is None and not band.weekdays for band in own):
            break
    return min(found, default=None)


def _least(pairs: Iterable[tuple[int, Decimal]]) -> dict[int, Decimal]:
    least: dict[int, Decimal] = {}
    for key, price in pairs:
        least[key] = min(price, least.get(key, price))
    return least


def _month_starts(today: date, count: int) -> list[date]:
    """The first days of this month and the following ones."""
    found = [today.replace(day=1)]
    while len(found) < count:
        found.append((found[-1] + timedelta(days=32)).replace(day=1))
    return found
