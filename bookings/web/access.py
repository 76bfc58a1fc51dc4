"""Who may see a stay on the pages: its own account, or a session that has opened its signed link."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.web import keyring
from bookings.models import StayBooking
from core.actors import GUEST_LINK, Actor
from core.errors import Missing
from core.references import normalise


def stay(request: HttpRequest, reference: str) -> StayBooking:
    """The stay with this reference. Raises Missing("no_such_stay") for a stranger, as for a stay that never was.

    Whoever has opened it by its link hears that it is in an account now: Missing("in_an_account").
    """
    found = (
        StayBooking.objects.select_related("property", "program", "folio")
        .filter(reference=normalise(reference))
        .first()
    )
    if found is not None and may_see(request, found):
        return found
    if found is not None and found.user_id is not None and keyring.holds(request, found.subject):
        raise Missing("in_an_account", _("This stay is now in an account. Sign in to open it; a code by mail will do."))
    raise Missing("no_such_stay", _("There is no stay at this address, or it belongs to somebody else."))


def may_see(request: HttpRequest, booking: StayBooking) -> bool:
    """Her own, or in no account and opened in this session; with the claim, every other session is shut out."""
    own = request.user.is_authenticated and booking.user_id == request.user.pk
    return own or (booking.user_id is None and keyring.holds(request, booking.subject))


def stays_of(request: HttpRequest) -> QuerySet[StayBooking]:
    """Every stay that this visitor may see."""
    mine = Q(reference__in=keyring.references(request, "booking"), user=None)
    if request.user.is_authenticated:
        mine |= Q(user=request.user)
    return StayBooking.objects.filter(mine)


def remember(request: HttpRequest, booking: StayBooking) -> None:
    """The session may see this stay from now on; after booking as a guest, and after a signed link."""
    keyring.remember(request, booking.subject)


def actor(request: HttpRequest) -> Actor:
    """Who acts on this page."""
    return Actor.of(request.user, "guest") if request.user.is_authenticated else GUEST_LINK
