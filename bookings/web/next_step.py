"""The one thing to do now, as the page says it: a title, a reason, a place to press."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.models import StayBooking
from bookings.queries import NextStep, StayFacts
from bookings.states import State as S
from bookings.web.timeline import clock
from payments.models import Payment


@dataclass(frozen=True, slots=True)
class Step:
    """The next step as a page shows it; without `href` there is nothing to press."""

    title: str
    text: str = ""
    href: str = ""
    label: str = ""
    eyebrow: str = ""


def is_deed(facts: StayFacts) -> bool:
    """True when the stay waits for its guest."""
    return facts.next_step.is_payment or facts.next_step.code in ("fill_form", "answer_question")


def next_step(facts: StayFacts, *, busy: Payment | None = None) -> Step:
    """The one primary action of the page."""
    step, booking = facts.next_step, facts.booking
    stay, pay = reverse("bookings:stay", args=[booking.reference]), reverse("bookings:pay", args=[booking.reference])
    form = reverse("guestform:tasks", args=[booking.reference])
    if step.is_payment:
        return Step(step.label, _payment_words(step), pay, step.label)
    if step.code == "wait_for_bank":
        href = reverse("payments:status", args=[busy.public_id]) if busy else stay
        text = busy_words(booking)
        return Step(step.label, text, href, _("See how it stands"), _("Nothing to do"))
    if step.code == "fill_form":
        text = _("About ten minutes. Only the doctor who looks after you reads your answers.")
        return Step(step.label, text, form, _("Fill in the guest form"))
    if step.code == "answer_question":
        text = _("Your stay goes on as soon as you have answered.")
        return Step(step.label, text, form, _("Read and answer"))
    if step.code == "wait_for_doctor":
        text = _("You hear from us within a day. If our doctor says no, everything you paid goes back by itself.")
        return Step(step.label, text, eyebrow=_("Nothing to do"))
    if step.code == "arrive":
        calendar = reverse("bookings:calendar", args=[booking.reference])
        return Step(step.label, _arrival_words(booking), calendar, _("Put it in my calendar"))
    return _resting(facts)


def busy_words(booking: StayBooking) -> str:
    """While the bank works; a held room cannot be promised beyond its clock, only the money."""
    if booking.state == S.HELD:
        return _(
            "This can take a few minutes; please do not pay again. If the money should come after your room had to be "
            "given up, and it is not free any more, everything goes back by itself."
        )
    return _("This can take a few minutes. Your room stays yours; please do not pay again.")


def _payment_words(step: NextStep) -> str:
    if step.code in ("pay_deposit", "pay_full"):
        return _("With this payment the room is yours.")
    if step.code == "pay_half":
        return _("With this payment your stay is confirmed. The rest is due when you arrive.")
    return _("Pay the rest now, or when you arrive: by card, UPI or cash.")


def _arrival_words(booking: StayBooking) -> str:
    return _("Your room is ready from %(time)s IST on the day of arrival.") % {
        "time": clock(booking.property.check_in_time)
    }


def _resting(facts: StayFacts) -> Step:
    booking = facts.booking
    if booking.state in (S.HELD, S.EXPIRED):
        again = reverse("bookings:search")
        return Step(
            facts.next_step.label, _("Nothing was charged. Your dates may still be free."), again, _("Look again")
        )
    if booking.state == S.CHECKED_IN:
        return Step(facts.next_step.label, eyebrow=_("Nothing to do"))
    if booking.state in (S.CANCELLED, S.NOT_SUITABLE, S.NO_SHOW):
        return Step(
            _("We would love to see you another time"), "", reverse("bookings:search"), _("Look for other dates")
        )
    return Step(_("Come back soon"), "", reverse("bookings:search"), _("Find dates"))
