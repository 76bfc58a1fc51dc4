"""How far a guest form is, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from medical.domain.questionnaires import Item, enabled, questions, sections
from medical.models import MedicalForm

CONSENT = "consent"  # the part that is agreed to when the form is sent


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the form: its `number` in the address, `state` done, now (begun) or ahead."""

    number: int
    link_id: str
    label: str
    items: list[Item]
    state: str
    missing: int
    href: str

    @property
    def text(self) -> str:
        if self.state != "now" or not self.missing:
            return ""
        return ngettext("%(n)s question is left", "%(n)s questions are left", self.missing) % {"n": self.missing}

    @property
    def state_label(self) -> str:
        return {"done": _("Complete"), "now": _("Begun"), "ahead": _("Not begun")}[self.state]


def parts(form: MedicalForm, answers: Mapping[str, Any]) -> list[Part]:
    """The parts that are filled in page by page; the agreement comes last and is not among them."""
    groups = [group for group in sections(form.questionnaire.definition) if group["linkId"] != CONSENT]
    return [_part(form, answers, group, number) for number, group in enumerate(groups, start=1)]


def consent_items(form: MedicalForm) -> list[Item]:
    """The statements of the agreement."""
    groups = [group for group in sections(form.questionnaire.definition) if group["linkId"] == CONSENT]
    return [item for group in groups for item in group.get("item", [])]


def missing(items: list[Item], answers: Mapping[str, Any]) -> list[Item]:
    """The required questions that apply and have no answer."""
    return [
        item
        for item in questions(items)
        if item.get("required") and enabled(item, answers) and answers.get(item["linkId"]) in (None, "", [])
    ]


def _part(form: MedicalForm, answers: Mapping[str, Any], group: Item, number: int) -> Part:
    items = group.get("item", [])
    left = len(missing(items, answers))
    touched = any(item["linkId"] in answers for item in questions(items))
    return Part(
        number=number,
        link_id=group["linkId"],
        label=group.get("text", ""),
        items=items,
        state=("done" if not left else "now") if touched else "ahead",
        missing=left,
        href=reverse("guestform:section", args=[form.booking.reference, form.public_id, number]),
    )
