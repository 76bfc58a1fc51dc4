"""Writes the catalogue of the demo property. Natural keys: a second run finds what the first one wrote."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.dateparse import parse_date

from backoffice.demo import property as house
from backoffice.demo import rates
from backoffice.demo.programs import PROGRAM_TYPES, PROGRAMS
from backoffice.demo.questionnaire import CONSENT_TEXT, QUESTIONNAIRE, VERSION
from backoffice.demo.red_flags import RED_FLAGS
from medical.models import Questionnaire, RedFlagRule
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
from rooms.domain.inventory import extend_horizon
from rooms.models import Property, Room, RoomType


def load(*, today: date) -> Property:
    """The property with its rooms, programs, prices and questions, and stock from `today` (property-local) on."""
    retreat = _property()
    types = _room_types(retreat)
    _rooms(types)
    _programs(retreat)
    _prices(retreat, types)
    _rules(retreat)
    _questions()
    extend_horizon(retreat, today=today)
    return retreat


def _property() -> Property:
    facts = house.PROPERTY
    where = facts["address"]
    lines = [where["line1"], where["line2"], f"{where['city']} {where['postcode']}", f"{where['state']}, India"]
    plain = (
        "name",
        "legal_name",
        "gstin",
        "phone",
        "email",
        "time_zone",
        "currency",
        "check_in_time",
        "check_out_time",
        "min_nights",
        "horizon_days",
    )
    values = {name: facts[name] for name in plain} | {
        "address": "\n".join(lines),
        "state_code": where["state_code"],
        "latitude": Decimal(facts["latitude"]),
        "longitude": Decimal(facts["longitude"]),
    }
    retreat, _ = Property.objects.update_or_create(slug=facts["slug"], defaults=values)
    return retreat


def _room_types(retreat: Property) -> dict[str, RoomType]:
    types = {}
    plain = ("name", "category", "tagline", "description", "size_sqm", "view", "bed", "amenities")
    for position, facts in enumerate(house.ROOM_TYPES):
        values = {name: facts[name] for name in plain} | {
            "property": retreat,
            "position": position,
            "photos": [{"src": f"img/rooms/{facts['slug']}.svg", "alt": f"{facts['name']}: {facts['view']}"}],
            "ids_codes": list(facts["ids_codes"].values()),
            **{name: house.OCCUPANCY[name] for name in ("max_adults", "max_children", "max_people")},
        }
        types[facts["slug"]], _ = RoomType.objects.update_or_create(slug=facts["slug"], defaults=values)
    return types


def _rooms(types: dict[str, RoomType]) -> None:
    codes = {facts["slug"]: facts["ids_codes"] for facts in house.ROOM_TYPES}
    known = set(Room.objects.filter(room_type__in=types.values()).values_list("room_type__slug", "number"))
    Room.objects.bulk_create(
        Room(room_type=types[slug], number=number, floor=floor, bed=bed, ids_code=codes[slug][bed])
        for number, slug, bed, _, floor in house.rooms()
        if (slug, number) not in known
    )


def _programs(retreat: Property) -> None:
    types = {}
    for position, (slug, name) in enumerate(PROGRAM_TYPES):
        types[slug], _ = ProgramType.objects.update_or_create(slug=slug, defaults={"name": name, "position": position})
    for position, facts in enumerate(PROGRAMS):
        values = {name: value for name, value in facts.items() if name not in ("slug", "type")}
        values |= {"property": retreat, "type": types[facts["type"]], "position": position}
        Program.objects.update_or_create(slug=facts["slug"], defaults=values)


def _prices(retreat: Property, types: dict[str, RoomType]) -> None:
    plans = {}
    for facts in rates.PAYMENT_PLANS:
        plans[facts["code"]], _ = PaymentPlan.objects.update_or_create(code=facts["code"], defaults=facts)
    for facts in house.ROOM_TYPES:
        room_type = types[facts["slug"]]
        sharing, own_room = rates.CAREGIVER_RATES.get(room_type.slug, rates.CAREGIVER_FREE)
        RoomTypeTerms.objects.update_or_create(
            room_type=room_type,
            defaults={
                "plan": plans[facts["plan"]],
                "caregiver_sharing": Decimal(sharing),
                "caregiver_own_room": Decimal(own_room),
            },
        )
        for low, high, single, double in rates.RATE_CARD[room_type.slug]:
            RateBand.objects.update_or_create(
                property=retreat,
                room_type=room_type,
                program=None,
                nights_min=low,
                nights_max=high,
                label=f"{room_type.name}, {rates.BAND_NAMES[low, high]}",
                defaults={"single": Decimal(single), "double": Decimal(double)},
            )
    for low, high, amount in rates.CHILD_RATES:
        ChildRate.objects.update_or_create(
            property=retreat, age_from=low, age_to=high, defaults={"amount": Decimal(amount)}
        )
    for position, facts in enumerate(rates.EXTRAS):
        values = facts | {"property": retreat, "position": position}
        Extra.objects.update_or_create(code=facts["code"], defaults=values)


def _rules(retreat: Property) -> None:
    policy = rates.CANCELLATION
    CancellationPolicy.objects.get_or_create(
        property=retreat,
        program=None,
        room_type=None,
        name=policy["name"],
        version=policy["version"],
        defaults={"tiers": policy["tiers"], "valid_from": parse_date(policy["valid_from"])},
    )
    for facts in rates.TAX_RULES:
        TaxRule.objects.update_or_create(code=facts["code"], valid_from=parse_date(facts["valid_from"]), defaults=facts)


def _questions() -> None:
    """A published version never changes: it is written once."""
    if not Questionnaire.objects.filter(code="intake", version__gte=VERSION).exists():
        Questionnaire.objects.create(
            code="intake",
            version=VERSION,
            title=QUESTIONNAIRE["title"],
            status=Questionnaire.Status.ACTIVE,
            definition=QUESTIONNAIRE,
            consent_text=CONSENT_TEXT,
        )
    programs = {program.slug: program for program in Program.objects.all()}
    for slug, link_id, operator, value, label, severity in RED_FLAGS:
        RedFlagRule.objects.update_or_create(
            program=programs[slug] if slug else None,
            link_id=link_id,
            operator=operator,
            label=label,
            defaults={"value": value, "severity": severity},
        )
