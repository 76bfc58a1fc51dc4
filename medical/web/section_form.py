"""One part of the guest form, or all of them, as a Django form.

Fields are called q1, q2 … by their place in the questionnaire: no medical word stands in an address or an id.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from medical.domain.questionnaires import Item, enabled, options, questions
from medical.web import fields

OTHER = "-other"


@dataclass(frozen=True, slots=True)
class Question:
    """One question on the page. `conditions` is JSON for the script; `off` while they are not met."""

    field: forms.BoundField
    other: forms.BoundField | None
    optional: bool
    layout: str
    conditions: str
    off: bool
    hint: str


def names(definition: Item) -> dict[str, str]:
    """linkId -> field name."""
    return {item["linkId"]: f"q{number}" for number, item in enumerate(questions(definition.get("item", [])), start=1)}


class SectionForm(forms.Form):
    """The questions below `items`; `answers` are the plain answers kept so far."""

    def __init__(
        self,
        data: Any = None,
        *,
        definition: Item,
        items: list[Item],
        answers: Mapping[str, Any],
        as_statements: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.names = names(definition)
        self.asked = list(questions(items))
        self.answers = answers
        self.as_statements = as_statements
        for item in self.asked:
            self._add(item)

    def _add(self, item: Item) -> None:
        name, value = self.names[item["linkId"]], self.answers.get(item["linkId"])
        field = fields.field_of(item, as_statement=self.as_statements)
        if item["type"] == "open-choice":
            known = {code for code, _words in options(item)}
            given = value if isinstance(value, list) else [value] if value else []
            field.initial = [one for one in given if one in known] if item.get("repeats") else (value or "")
            self.fields[name] = field
            words = ", ".join(str(one) for one in given if one not in known)
            self.fields[name + OTHER] = forms.CharField(label=_("Something else"), required=False, initial=words)
            return
        field.initial = _initial(value, as_statement=self.as_statements)
        self.fields[name] = field

    def raw(self) -> dict[str, Any]:
        """Plain answers by linkId, as `medical.domain.forms` takes them; call after is_valid()."""
        found: dict[str, Any] = {}
        for item in self.asked:
            name = self.names[item["linkId"]]
            value = self.cleaned_data.get(name)
            other = self.cleaned_data.get(name + OTHER)
            if item.get("repeats"):
                value = [*(value or []), *([other] if other else [])]
            elif other:
                value = other
            if value is False:
                value = None  # an empty tick is no answer
            if value not in (None, "", []):
                found[item["linkId"]] = value
        return found

    def take_problems(self, problems: Mapping[str, str]) -> dict[str, str]:
        """Put the refusals of the domain beside their questions; gives back those of other parts."""
        elsewhere = {}
        own = {item["linkId"] for item in self.asked}
        for link, words in problems.items():
            if link in own:
                self.add_error(self.names[link], _("Please tick this.") if self.as_statements else words)
            else:
                elsewhere[link] = words
        return elsewhere

    def questions(self) -> Iterator[Question]:
        """The questions in order, for the template."""
        shown = self._shown_answers()
        here = {item["linkId"] for item in self.asked}
        known = {item["linkId"]: item for item in self.asked}
        for item in self.asked:
            conditions = item.get("enableWhen", [])
            on = enabled(item, shown)
            if conditions and not on and not any(one["question"] in here for one in conditions):
                continue
            name = self.names[item["linkId"]]
            yield Question(
                field=self[name],
                other=self[name + OTHER] if name + OTHER in self.fields else None,
                optional=not item.get("required"),
                layout="" if self.as_statements else fields.layout(item),
                conditions=self._conditions(item) if conditions else "",
                off=not on,
                hint=_hint(conditions, known),
            )

    def _shown_answers(self) -> dict[str, Any]:
        """What stands on the page now: the stored answers, or those just posted."""
        if not self.is_bound:
            return dict(self.answers)
        posted = {link: self[name].value() for link, name in self.names.items() if name in self.fields}
        booleans = {fields.YES: True, fields.NO: False}
        return {**self.answers, **{link: booleans.get(v, v) if isinstance(v, str) else v for link, v in posted.items()}}

    def _conditions(self, item: Item) -> str:
        rules = []
        for condition in item["enableWhen"]:
            wanted = next((value for key, value in condition.items() if key.startswith("answer")), None)
            if isinstance(wanted, dict):
                wanted = wanted.get("code")
            if isinstance(wanted, bool):
                wanted = fields.YES if wanted else fields.NO
            rules.append(
                {"field": self.names[condition["question"]], "op": condition.get("operator", "="), "value": str(wanted)}
            )
        return json.dumps({"any": item.get("enableBehavior") == "any", "rules": rules})


def _initial(value: Any, *, as_statement: bool) -> Any:
    if isinstance(value, bool) and not as_statement:
        return fields.YES if value else fields.NO
    return "" if value is None else value if isinstance(value, (bool, list)) else str(value)


def _hint(conditions: list[Item], known: Mapping[str, Item]) -> str:
    """What the question depends on, for readers without the script."""
    for condition in conditions:
        asked = known.get(condition["question"])
        if asked is None:
            continue
        coding = condition.get("answerCoding")
        chosen = dict(options(asked)).get(coding["code"], "") if coding else ""
        if chosen:
            return _("Only if you chose “%(answer)s” for “%(question)s”") % {
                "answer": chosen,
                "question": asked["text"],
            }
        return _("Only if you said yes to “%(question)s”") % {"question": asked["text"]}
    return ""
