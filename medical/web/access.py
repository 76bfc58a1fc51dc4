"""Whose form this is: the guest of the stay, by account or signed link. Nobody else learns that it exists."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from bookings.models import StayBooking
from bookings.web import access
from core.errors import Missing
from core.network import client_address
from medical.domain.forms import Agreement
from medical.models import MedicalForm


def form_of(request: HttpRequest, reference: str, form_id: UUID) -> tuple[StayBooking, MedicalForm]:
    """The stay and one of its forms. Raises Missing for a stranger, and for a form of another stay."""
    booking = access.stay(request, reference)
    form = MedicalForm.objects.select_related("questionnaire", "guest", "booking").filter(public_id=form_id).first()
    if form is None or form.booking_id != booking.pk:
        raise Missing("no_such_form", _("There is no page at this address, or it belongs to somebody else."))
    form.booking = booking
    return booking, form


def agreement(request: HttpRequest, form: MedicalForm, purposes: tuple[str, ...]) -> Agreement:
    """The consent as it was given here and now."""
    address = client_address(request)
    return Agreement(
        text_version=f"{form.questionnaire.code}-{form.questionnaire.version}",
        purposes=purposes,
        ip=None if address == "unknown" else address,
        user_agent=request.headers.get("User-Agent", "")[:300],
    )
