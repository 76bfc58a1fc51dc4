"""The demo's data hangs together before any of it is written."""

import re
from datetime import date, timedelta

import pytest

from backoffice.demo import property as house
from backoffice.demo import rates
from backoffice.demo.gstin import with_check
from backoffice.demo.programs import PROGRAM_TYPES, PROGRAMS
from backoffice.demo.questionnaire import QUESTIONNAIRE
from backoffice.demo.red_flags import RED_FLAGS
from backoffice.demo.year import KEEPS_ROOM, SCENES, plan
from medical.domain import questionnaires

TODAY = date(2027, 3, 10)


@pytest.mark.parametrize("gstin", ["27AAPFU0939F1ZV", "29AAACR1234F1ZP", "29AAACR0003F1Z0", "38AAGPT1357H1ZF"])
def test_the_check_character_of_known_gstins(gstin):
    assert with_check(gstin[:14]) == gstin


def test_the_gstin_of_the_property_is_of_its_state():
    gstin = house.PROPERTY["gstin"]
    assert re.fullmatch(r"37[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]", gstin)
    assert with_check(gstin[:14]) == gstin


def test_76_rooms_of_8_types_with_a_code_for_each_bed():
    rooms = house.rooms()
    assert len(rooms) == len({number for number, *_ in rooms}) == 76
    counts = {facts["slug"]: 0 for facts in house.ROOM_TYPES}
    for _, slug, bed, *_ in rooms:
        counts[slug] += 1
        assert bed in next(facts for facts in house.ROOM_TYPES if facts["slug"] == slug)["ids_codes"]
    assert counts == {
        "standard": 15,
        "premium-balcony": 19,
        "premium-garden": 19,
        "executive": 9,
        "garden-executive-suite": 2,
        "executive-junior-suite": 2,
        "elemental-villa": 5,
        "pema-suite": 5,
    }


def test_every_type_has_prices_for_every_length_from_three_nights():
    for facts in house.ROOM_TYPES:
        bands = rates.RATE_CARD[facts["slug"]]
        assert [(low, high) for low, high, *_ in bands] == [(3, 7), (8, None)]
        assert facts["plan"] in {plan["code"] for plan in rates.PAYMENT_PLANS}


def test_programs_are_complete():
    types = {slug for slug, _ in PROGRAM_TYPES}
    assert len(PROGRAMS) >= 6
    for program in PROGRAMS:
        assert program["type"] in types
        assert 3 <= program["min_nights"] <= program["max_nights"]
        assert program["sections"] and program["day"] and program["included"] and program["contraindications"]
    assert [p["slug"] for p in PROGRAMS if not p["needs_medical_review"]] == ["weekend-pause"]


def test_the_questionnaire_is_sound():
    asked = list(questionnaires.questions(QUESTIONNAIRE["item"]))
    names = [question["linkId"] for question in asked]
    assert 30 <= len(names) == len(set(names)) <= 40
    seen = set()
    for question in asked:
        assert all(condition["question"] in seen for condition in question.get("enableWhen", []))
        assert (question["type"] in ("choice", "open-choice")) == bool(question.get("answerOption"))
        seen.add(question["linkId"])


def test_red_flags_name_questions_and_codes_that_exist():
    asked = {question["linkId"]: question for question in questionnaires.questions(QUESTIONNAIRE["item"])}
    programs = {program["slug"] for program in PROGRAMS}
    for only, link_id, operator, value, _, severity in RED_FLAGS:
        assert only is None or only in programs
        assert link_id in asked or link_id in ("bmi", "age")
        assert operator in ("is", "in", "gte", "lte") and severity in (1, 2, 3)
        if link_id in asked and asked[link_id]["type"] == "choice":
            codes = {code for code, _ in questionnaires.options(asked[link_id])}
            assert set(value if isinstance(value, list) else [value]) <= codes


def test_a_plan_is_reproducible_and_another_seed_is_another_year():
    first = plan(today=TODAY, bookings=300, seed=1)
    assert first == plan(today=TODAY, bookings=300, seed=1)
    assert first != plan(today=TODAY, bookings=300, seed=2)
    assert len(first) == 300


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_a_plan_never_puts_two_stays_into_one_room(seed):
    nights = set()
    for stay in plan(today=TODAY, bookings=400, seed=seed):
        assert bool(stay.rooms) == (stay.state in KEEPS_ROOM)
        for number in stay.rooms:
            for day in range(stay.nights):
                night = (number, stay.check_in + timedelta(days=day))
                assert night not in nights
                nights.add(night)


def test_a_plan_shows_every_state_today_already_in_a_small_demo():
    small = plan(today=TODAY, bookings=len(SCENES), seed=1)
    assert {stay.state for stay in small} == {scene.state for scene in SCENES}
    assert sum(stay.check_in == TODAY for stay in small) >= 8
    assert sum(stay.check_out == TODAY for stay in small) >= 6
