"""Made-up answers to the guest form."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from backoffice.demo.questionnaire import QUESTIONNAIRE
from medical.domain import questionnaires

Item = dict[str, Any]
SELDOM = 0.02  # share of yes to what few people have
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


def answers(rng: Random, age: int, *, at: datetime, sections: int = 5) -> dict[str, Any]:
    """Plain answers `{linkId: value}` of a guest of this age to the first `sections` groups, checked like real ones."""
    given: dict[str, Any] = {}
    for question in questionnaires.questions(QUESTIONNAIRE["item"][:sections]):
        skipped = not question.get("required") and rng.random() < 0.3
        if questionnaires.enabled(question, given) and not skipped:
            value = _value(rng, question, given, age, at)
            given[question["linkId"]] = [value] if question.get("repeats") else value
    return questionnaires.clean(QUESTIONNAIRE, given, complete=sections == 5)


def _value(rng: Random, question: Item, given: dict[str, Any], age: int, at: datetime) -> Any:
    name, kind = question["linkId"], question["type"]
    if kind == "boolean":
        return rng.random() < OFTEN.get(name, SELDOM)
    if kind in ("choice", "open-choice"):
        codes = [code for code, _ in questionnaires.options(question)]
        return USUAL[name] if name in USUAL and rng.random() < 0.88 else rng.choice(codes)
    if kind == "date":
        days = age * 365.25 + 100 if name == "birth-date" else rng.randint(30, 900)
        return (at - timedelta(days=days)).date().isoformat()
    if name == "height":
        return rng.randint(152, 188)
    if name == "weight":
        return round(rng.gauss(26, 4) * (given["height"] / 100) ** 2)
    if kind == "integer":
        return min(10, max(0, round(rng.gauss(3, 2.5))))
    return rng.choice(WORDS[name])
