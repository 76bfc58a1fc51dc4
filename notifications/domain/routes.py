"""Which message goes over which channel, and the words of its short text. The one table; docs/messages.md shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    CODE = "code"  # over the channel that was asked for, to the address that is to be proven
    STAY = "stay"  # always by mail: what became of the stay and its money
    REMINDER = "reminder"  # by mail, and over what the guest has chosen
    ACCOUNT = "account"  # by mail: keys of the account
    OFFER = "offer"  # by mail, with consent only, and with one click to stop


@dataclass(frozen=True, slots=True)
class Route:
    """`words`: what fills the short text, in the order of the carriers' approved templates; none: by mail only.

    `known_as`: the name under which carriers know the short text; it tells them nothing about health.
    """

    purpose: Purpose
    known_as: str = ""
    words: tuple[str, ...] = ()


ROUTES = {
    "sign_in_code": Route(Purpose.CODE, "sign_in_code", ("code", "minutes")),
    "payment_received": Route(Purpose.STAY),
    "payment_failed": Route(Purpose.STAY),
    "hold_expired": Route(Purpose.STAY),
    "late_payment_returned": Route(Purpose.STAY),
    "surplus_returned": Route(Purpose.STAY),
    "medical_form_invitation": Route(Purpose.STAY),
    "medical_form_received": Route(Purpose.STAY),
    "medical_form_reminder": Route(Purpose.REMINDER, "form_reminder", ("reference",)),
    "question_from_doctor": Route(Purpose.REMINDER, "stay_question", ("reference",)),
    "payment_reminder": Route(Purpose.REMINDER, "payment_reminder", ("amount", "reference", "due")),
    "stay_approved": Route(Purpose.STAY),
    "stay_confirmed": Route(Purpose.STAY),
    "stay_changed": Route(Purpose.STAY),
    "stay_cancelled": Route(Purpose.STAY),
    "stay_not_possible": Route(Purpose.STAY),
    "arrival_not_possible": Route(Purpose.STAY),
    "refund_done": Route(Purpose.STAY),
    "refund_delayed": Route(Purpose.STAY),
    "no_show": Route(Purpose.STAY),
    "checked_in_welcome": Route(Purpose.STAY),
    "stay_completed": Route(Purpose.STAY),
    "password_reset": Route(Purpose.ACCOUNT),
    "offer": Route(Purpose.OFFER),
}


def route_of(template: str) -> Route:
    """The way of a message; what the table does not name goes by mail alone."""
    return ROUTES.get(template, Route(Purpose.STAY))
