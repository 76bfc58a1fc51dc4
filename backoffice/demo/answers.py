"""Made-up answers to the guest form, and the flags that they raise."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from backoffice.demo.questionnaire import QUESTIONNAIRE
from backoffice.demo.red_flags import RED_FLAGS

Item = dict[str, Any]
SELDOM = 0.05  # share of yes to what few people have
OFTEN = {
    "medicines": 0.45,
    "truth": 1,
    "contact-own-doctor": 0.7,
    "smoking": 0.15,
    "thyroid": 0.12,
    "mood": 0.01,
    "surgery": 0.08,
    "mental-care": 0.1,
}
USUAL = {
    "blood-pressure": "normal",
    "diabetes": "none",
    "pregnancy": "no",
    "mobility": "free",
    "allergies": "none",
    "sleep": "light",
    "alcohol": "sometimes",
}
WORDS = {
    "emergency-name": ("My sister", "My husband", "My wife", "My son", "My neighbour, Mrs Nair"),
    "emergency-phone": ("+91 99000 55501", "+91 99000 55502", "+44 7700 900555"),
    "own-doctor": ("Dr Rao, Hyderabad", "Dr Menon, Kochi", "Dr Shah, Mumbai"),
    "heart-detail": ("Stent in 2019, well since.", "Irregular beat, under treatment."),
    "surgery-detail": ("Gall bladder, four months ago.", "Knee, keyhole, in spring."),
    "medicine-list": ("Telmisartan 40 mg", "Metformin 500 mg twice a day", "Thyroxine 50 mcg", "Vitamin D, magnesium"),
    "pain-place": ("Lower back", "Neck and shoulders", "Right knee", "Nowhere"),
    "goal-words": (
        "To sleep without listening for the telephone.",
        "To climb our stairs again.",
        "Quiet.",
        "To find out how I am when nobody needs me.",
    ),
}


def answers(
    rng: Random, program: str, age: int, *, submitted: datetime, sections: int = 5
) -> tuple[list[Item], list[Item]]:
    """(items of a FHIR QuestionnaireResponse, flags) for a guest of this age; the first `sections` groups only."""
    given: dict[str, Any] = {}
    groups = []
    for group in QUESTIONNAIRE["item"][:sections]:
        items = [found for question in group["item"] if (found := _answer(rng, question, given, age, submitted))]
        groups.append({"linkId": group["linkId"], "text": group["text"], "item": items})
    return groups, flags(given, program, age)


def flags(given: dict[str, Any], program: str, age: int) -> list[Item]:
    """The red flags of these answers, gravest first."""
    facts = dict(given, age=age)
    if given.get("height") and given.get("weight"):
        facts["bmi"] = round(given["weight"] / (given["height"] / 100) ** 2, 1)
    found = [
        {"link_id": link_id, "label": label, "severity": severity}
        for only, link_id, operator, value, label, severity in RED_FLAGS
        if only in (None, program) and _holds(facts.get(link_id), operator, value)
    ]
    return sorted(found, key=lambda flag: -flag["severity"])


def _holds(answer: Any, operator: str, value: Any) -> bool:
    if answer is None:
        return False
    if operator in ("is", "in"):
        return answer == value if operator == "is" else answer in value
    return answer >= value if operator == "gte" else answer <= value


def _answer(rng: Random, question: Item, given: dict[str, Any], age: int, submitted: datetime) -> Item | None:
    if not all(_enabled(condition, given) for condition in question.get("enableWhen", ())):
        return None
    name, kind = question["linkId"], question["type"]
    if not question.get("required") and rng.random() < 0.3:
        return None
    value = _value(rng, question, given, age, submitted)
    given[name] = value
    if kind in ("choice", "open-choice"):
        display = next(
            o["valueCoding"]["display"] for o in question["answerOption"] if o["valueCoding"]["code"] == value
        )
        shaped: Item = {"valueCoding": {"code": value, "display": display}}
    else:
        suffix = {"boolean": "Boolean", "decimal": "Decimal", "integer": "Integer", "date": "Date"}.get(kind, "String")
        shaped = {f"value{suffix}": value}
    return {"linkId": name, "text": question["text"], "answer": [shaped]}


def _enabled(condition: Item, given: dict[str, Any]) -> bool:
    wanted = condition["answerBoolean"] if "answerBoolean" in condition else condition["answerCoding"]["code"]
    return given.get(condition["question"]) == wanted


def _value(rng: Random, question: Item, given: dict[str, Any], age: int, submitted: datetime) -> Any:
    name, kind = question["linkId"], question["type"]
    if kind == "boolean":
        return rng.random() < OFTEN.get(name, SELDOM)
    if kind in ("choice", "open-choice"):
        codes = [option["valueCoding"]["code"] for option in question["answerOption"]]
        return USUAL[name] if name in USUAL and rng.random() < 0.75 else rng.choice(codes)
    if kind == "date":
        days = age * 365.25 + 100 if name == "birth-date" else rng.randint(30, 900)
        return (submitted - timedelta(days=days)).date().isoformat()
    if name == "height":
        return float(rng.randint(152, 188))
    if name == "weight":
        return round(rng.gauss(26, 4) * (given["height"] / 100) ** 2, 0)
    if kind == "integer":
        return min(10, max(0, round(rng.gauss(3, 2.5))))
    return rng.choice(WORDS[name])
