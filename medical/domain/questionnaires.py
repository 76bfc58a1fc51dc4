"""Questions and answers in the shape of FHIR R4. Pure: a definition and plain answers in, cleaned answers out.

Plain answers are `{linkId: value}`; codes for choices, lists where a question repeats. Stored answers are
QuestionnaireResponse items.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from core.errors import Invalid

Item = dict[str, Any]
Answers = dict[str, Any]
MAX_TEXT = 4000
UNIT = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit"
FORMAT = "http://hl7.org/fhir/StructureDefinition/entryFormat"
TELEPHONE = "telephone"
FEWEST_DIGITS = 6  # shorter is no number that somebody abroad could call
MIN_VALUE = "http://hl7.org/fhir/StructureDefinition/minValue"
MAX_VALUE = "http://hl7.org/fhir/StructureDefinition/maxValue"


class BadAnswers(Invalid):
    """Some answers cannot be taken; `problems` maps linkId to a sentence."""

    def __init__(self, problems: dict[str, str]) -> None:
        first = next(iter(problems.values()))
        super().__init__("bad_answers", first, attr=next(iter(problems)))
        self.problems = problems


def sections(definition: Item) -> list[Item]:
    """The groups on top of the form."""
    return [item for item in definition.get("item", []) if item["type"] == "group"]


def questions(items: list[Item]) -> Iterator[Item]:
    """Every question below `items`, in order, groups left out."""
    for item in items:
        if item["type"] not in ("group", "display"):
            yield item
        yield from questions(item.get("item", []))


def enabled(item: Item, answers: Mapping[str, Any]) -> bool:
    """True when the question's conditions are met (FHIR enableWhen, enableBehavior)."""
    conditions = item.get("enableWhen", [])
    if not conditions:
        return True
    met = [_met(condition, answers) for condition in conditions]
    return any(met) if item.get("enableBehavior") == "any" else all(met)


def _met(condition: Item, answers: Mapping[str, Any]) -> bool:
    given = answers.get(condition["question"])
    operator = condition.get("operator", "=")
    if operator == "exists":
        return bool((given not in (None, "", [])) == condition.get("answerBoolean", True))
    wanted = next((value for key, value in condition.items() if key.startswith("answer")), None)
    if isinstance(wanted, dict):
        wanted = wanted.get("code")
    values = given if isinstance(given, list) else [given]
    if operator not in ("=", "!="):
        raise ValueError(f"enableWhen: the operator {operator} is not supported")
    return bool((wanted in values) == (operator == "="))


def clean(definition: Item, raw: Mapping[str, Any], *, complete: bool) -> Answers:
    """Answers of the right type to questions that are asked; answers to hidden questions are dropped.

    `complete` also demands the required ones. Raises BadAnswers (unknown question, wrong type, out of limits, missing).
    """
    known = {item["linkId"]: item for item in questions(definition.get("item", []))}
    problems = {str(link): "There is no such question." for link in raw if link not in known}
    cleaned: Answers = {}
    for link, item in known.items():
        if not enabled(item, cleaned):
            continue
        try:
            value = _value(item, raw.get(link))
        except ValueError as error:
            problems[link] = str(error)
            continue
        if value not in (None, "", []):
            cleaned[link] = value
        elif complete and item.get("required"):
            problems[link] = f"Please answer: {item['text']}"
    if problems:
        raise BadAnswers(problems)
    return cleaned


def completion(definition: Item, answers: Mapping[str, Any]) -> int:
    """Percent of the required questions that apply and are answered."""
    required = [
        item for item in questions(definition.get("item", [])) if item.get("required") and enabled(item, answers)
    ]
    done = sum(answers.get(item["linkId"]) not in (None, "", []) for item in required)
    return 100 if not required else done * 100 // len(required)


def _value(item: Item, raw: Any) -> Any:
    if raw is None or raw == "":
        return None
    if item.get("repeats"):
        many = raw if isinstance(raw, list) else [raw]
        if len(many) > 50:
            raise ValueError("These are too many answers.")
        return [value for value in (_single(item, one) for one in many) if value not in (None, "")]
    if isinstance(raw, (list, dict)):
        raise ValueError("Give one answer.")
    return _single(item, raw)


def _single(item: Item, raw: Any) -> Any:
    reader = {
        "boolean": _boolean,
        "integer": _integer,
        "decimal": _decimal,
        "quantity": _decimal,
        "date": _date,
        "choice": _choice,
        "open-choice": _open_choice,
    }.get(item["type"], _text)
    return reader(item, raw)


def _boolean(item: Item, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in ("true", "false"):
        return raw.lower() == "true"
    raise ValueError("Answer yes or no.")


def _integer(item: Item, raw: Any) -> int:
    if isinstance(raw, bool) or not re.fullmatch(r"-?\d{1,9}", str(raw).strip()):
        raise ValueError("Give a whole number.")
    return int(_within(item, Decimal(str(raw).strip())))


def _decimal(item: Item, raw: Any) -> str:
    try:
        number = Decimal(str(raw).strip())
    except InvalidOperation:
        raise ValueError("Give a number.") from None
    if isinstance(raw, bool) or not number.is_finite() or abs(number) > 10**9 or int(number.as_tuple().exponent) < -6:
        raise ValueError("Give a number.")
    return format(_within(item, number).normalize(), "f")


def _within(item: Item, number: Decimal) -> Decimal:
    low, high = _limit(item, MIN_VALUE), _limit(item, MAX_VALUE)
    if (low is not None and number < low) or (high is not None and number > high):
        raise ValueError(f"Give a number from {low} to {high}.")
    return number


def _limit(item: Item, url: str) -> Decimal | None:
    for extension in item.get("extension", []):
        if extension["url"] == url:
            return Decimal(str(next(value for key, value in extension.items() if key.startswith("value"))))
    return None


def unit(item: Item) -> str:
    """The unit of a number, such as cm."""
    for extension in item.get("extension", []):
        if extension["url"] == UNIT:
            return str(extension["valueCoding"]["display"])
    return ""


def _date(item: Item, raw: Any) -> str:
    try:
        return date.fromisoformat(str(raw).strip()).isoformat()
    except ValueError:
        raise ValueError("Give a date, such as 1984-05-21.") from None


def options(item: Item) -> list[tuple[str, str]]:
    """(code, words) of a choice."""
    found = []
    for option in item.get("answerOption", []):
        coding = option.get("valueCoding") or {}
        code = coding.get("code") or option.get("valueString") or ""
        found.append((code, coding.get("display") or code))
    return found


def _choice(item: Item, raw: Any) -> str:
    if not isinstance(raw, str) or raw not in {code for code, _ in options(item)}:
        raise ValueError("Choose one of the answers.")
    return raw


def _open_choice(item: Item, raw: Any) -> str:
    return _text(item, raw)


def _text(item: Item, raw: Any) -> str:
    if not isinstance(raw, (str, int, float)) or isinstance(raw, bool):
        raise ValueError("Give a text.")
    text = str(raw).replace("\x00", "").strip()
    limit = item.get("maxLength", MAX_TEXT)
    if len(text) > limit:
        raise ValueError(f"At most {limit} characters.")
    if text and is_telephone(item) and sum(sign.isdigit() for sign in text) < FEWEST_DIGITS:
        raise ValueError("Write the number with its country code, such as +91 98765 43210.")
    return text


def is_telephone(item: Item) -> bool:
    """Whether the answer is a number to call; words beside it ("evenings only") are welcome."""
    return any(one["url"] == FORMAT and one.get("valueString") == TELEPHONE for one in item.get("extension", []))


# --- FHIR shape -------------------------------------------------------------------------------------------------

VALUE_KEYS = {
    "boolean": "valueBoolean",
    "integer": "valueInteger",
    "decimal": "valueDecimal",
    "quantity": "valueDecimal",
    "date": "valueDate",
}


def to_response(definition: Item, answers: Mapping[str, Any]) -> list[Item]:
    """Plain answers as QuestionnaireResponse items, in the order and nesting of the questionnaire."""
    return [found for item in definition.get("item", []) if (found := _response_item(item, answers))]


def _response_item(item: Item, answers: Mapping[str, Any]) -> Item | None:
    if item["type"] == "group":
        inner = [found for child in item.get("item", []) if (found := _response_item(child, answers))]
        return {"linkId": item["linkId"], "text": item.get("text", ""), "item": inner} if inner else None
    value = answers.get(item["linkId"])
    if value in (None, "", []):
        return None
    values = value if isinstance(value, list) else [value]
    return {
        "linkId": item["linkId"],
        "text": item.get("text", ""),
        "answer": [_fhir_value(item, one) for one in values],
    }


def _fhir_value(item: Item, value: Any) -> Item:
    if item["type"] in ("choice", "open-choice"):
        words = dict(options(item)).get(value)
        return {"valueCoding": {"code": value, "display": words}} if words else {"valueString": value}
    if item["type"] in ("decimal", "quantity"):
        return {"valueDecimal": float(value)}
    return {VALUE_KEYS.get(item["type"], "valueString"): value}


def from_response(definition: Item, items: Any) -> Answers:
    """QuestionnaireResponse items as plain, unchecked answers; feed them to `clean`. Raises Invalid("bad_answers")."""
    known = {item["linkId"]: item for item in questions(definition.get("item", []))}
    found: Answers = {}
    _collect(items, known, found, 0)
    return found


def _collect(items: Any, known: dict[str, Item], found: Answers, depth: int) -> None:
    if not isinstance(items, list) or depth > 6:
        raise Invalid("bad_answers", "The answers are not in the shape of a QuestionnaireResponse.", attr="item")
    for entry in items:
        if not isinstance(entry, dict) or not isinstance(entry.get("linkId"), str):
            raise Invalid("bad_answers", "Each item needs a linkId.", attr="item")
        if "item" in entry:
            _collect(entry["item"], known, found, depth + 1)
        answers = entry.get("answer")
        if answers is None:
            continue
        if not isinstance(answers, list) or not all(isinstance(answer, dict) for answer in answers):
            raise Invalid("bad_answers", "An answer is a list of values.", attr=entry["linkId"])
        values = [_plain(answer) for answer in answers]
        repeats = known.get(entry["linkId"], {}).get("repeats")
        found[entry["linkId"]] = values if repeats or len(values) > 1 else (values[0] if values else None)


def _plain(answer: Item) -> Any:
    for key, value in answer.items():
        if key == "valueCoding":
            return value.get("code") if isinstance(value, dict) else None
        if key == "valueQuantity":
            return value.get("value") if isinstance(value, dict) else None
        if key == "valueDecimal" and isinstance(value, float):
            return format(Decimal(repr(value)).normalize(), "f")  # 170, not 170.0, as the guest wrote it
        if key.startswith("value"):
            return value
    return None
