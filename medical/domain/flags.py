"""Red flags: rules on answers that sort and explain, never decide. Pure but for loading the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from medical.models import RedFlagRule


@dataclass(frozen=True, slots=True)
class Flag:
    label: str
    severity: int
    link_id: str


def derived(answers: Mapping[str, Any], *, on: date) -> dict[str, Any]:
    """`age` in whole years on `on` and `bmi` with one decimal, where they can be computed."""
    found: dict[str, Any] = {}
    if answers.get("birth-date"):
        born = date.fromisoformat(answers["birth-date"])
        found["age"] = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    if answers.get("height") and answers.get("weight"):
        metres = Decimal(answers["height"]) / 100
        found["bmi"] = (Decimal(answers["weight"]) / (metres * metres)).quantize(Decimal("0.1"))
    return found


def rules_for(program_id: int) -> list[RedFlagRule]:
    """The rules of one program and those of all programs."""
    return [rule for rule in RedFlagRule.objects.all() if rule.program_id in (None, program_id)]


def find(answers: Mapping[str, Any], rules: Iterable[RedFlagRule], *, on: date) -> list[Flag]:
    """The flags that the answers raise, gravest first."""
    facts = {**answers, **derived(answers, on=on)}
    raised = [Flag(rule.label, rule.severity, rule.link_id) for rule in rules if _applies(rule, facts)]
    return sorted(raised, key=lambda flag: (-flag.severity, flag.label))


def _applies(rule: RedFlagRule, facts: Mapping[str, Any]) -> bool:
    value = facts.get(rule.link_id)
    if value is None:
        return False
    if rule.operator == RedFlagRule.Operator.IS:
        return rule.value in value if isinstance(value, list) else bool(value == rule.value)
    if rule.operator == RedFlagRule.Operator.IN:
        given = value if isinstance(value, list) else [value]
        return any(one in rule.value for one in given)
    number, limit = Decimal(str(value)), Decimal(str(rule.value))
    return number >= limit if rule.operator == RedFlagRule.Operator.AT_LEAST else number <= limit
