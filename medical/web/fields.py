"""Questions of the questionnaire as form fields. The rules stay with `medical.domain.questionnaires`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _

from medical.domain.questionnaires import MAX_VALUE, MIN_VALUE, Item, is_telephone, options, unit

SCALE = 11  # a whole number from 0 to 10 is a row of choices
LONG = 9  # more options than this become a list to open
WHY = "why-we-ask"
YES, NO = "true", "false"


def field_of(item: Item, *, as_statement: bool = False) -> forms.Field:
    """The field of one question; nothing is required here, a draft may have gaps.

    `as_statement`: a boolean that is agreed to with one tick instead of yes and no.
    """
    more: dict[str, Any] = {"label": label(item), "help_text": why(item), "required": False}
    kind = item["type"]
    if kind == "boolean":
        if as_statement:
            return forms.BooleanField(**more)
        return forms.ChoiceField(choices=[(YES, _("Yes")), (NO, _("No"))], widget=forms.RadioSelect, **more)
    if kind in ("choice", "open-choice"):
        return _choice(item, more)
    if kind == "integer" and is_scale(item):
        low, high = limits(item)
        steps = [(str(number), str(number)) for number in range(low, high + 1)]
        return forms.ChoiceField(choices=steps, widget=forms.RadioSelect, **more)
    return forms.CharField(max_length=None, widget=_widget(item), **more)


def _choice(item: Item, more: dict[str, Any]) -> forms.Field:
    found = options(item)
    if item.get("repeats"):
        return forms.MultipleChoiceField(choices=found, widget=forms.CheckboxSelectMultiple, **more)
    if len(found) > LONG:
        return forms.ChoiceField(choices=[("", _("Please choose")), *found], **more)
    return forms.ChoiceField(choices=found, widget=forms.RadioSelect, **more)


def _widget(item: Item) -> forms.Widget:
    kind = item["type"]
    if is_telephone(item):
        return forms.TextInput(attrs={"type": "tel"})
    if kind == "date":
        return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    if kind == "integer":
        return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    if kind in ("decimal", "quantity"):
        return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    if kind == "text":
        return forms.Textarea(attrs={"rows": 4})
    return forms.TextInput()


def label(item: Item) -> str:
    """The question, with the unit that the number should have."""
    measure = unit(item)
    text: str = item.get("text", "")
    return _("%(question)s In %(unit)s") % {"question": text, "unit": measure} if measure else text


def why(item: Item) -> str:
    """Why we ask, when the questionnaire says so."""
    for extension in item.get("extension", []):
        if extension["url"].endswith(WHY):
            return format_html("<b>{}</b> {}", _("Why we ask:"), extension["valueString"])
    return ""


def limits(item: Item) -> tuple[int, int]:
    """Lowest and highest whole number; (0, 0) when there is none."""
    found = {}
    for extension in item.get("extension", []):
        if extension["url"] in (MIN_VALUE, MAX_VALUE):
            found[extension["url"]] = int(next(value for key, value in extension.items() if key.startswith("value")))
    return found.get(MIN_VALUE, 0), found.get(MAX_VALUE, 0)


def is_scale(item: Item) -> bool:
    low, high = limits(item)
    return 0 < high - low < SCALE


def layout(item: Item) -> str:
    """How the answers stand on the page: "yesno", "scale" or one under the other."""
    if item["type"] == "boolean":
        return "yesno"
    return "scale" if item["type"] == "integer" and is_scale(item) else ""
