"""bookings/claim: a stay that was booked without an account finds its owner."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from bookings.api import serializers as taken
from bookings.api import shapes
from bookings.api.views import StayView
from bookings.domain import claiming
from bookings.models import StayBooking
from core.api.schema import ErrorBody
from core.doors import GUEST, Scope, door
from core.errors import Conflict, NotAllowed


class NotProvenShape(ErrorBody):
    """`email_not_proven` brings the `challenge` whose code went to the stay's e-mail address."""

    challenge = serializers.UUIDField(required=False)
    expires_at = serializers.DateTimeField(required=False)


@door(GUEST, scope=Scope.OWN, changes=True)
class Claim(StayView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="bookings_claim",
        request=taken.ClaimInput,
        responses={200: shapes.BookingShape, 403: NotProvenShape},
    )
    def post(self, request: Request) -> Response:
        """Attach a stay that was booked without an account to the signed-in account, by its signed key.

        The account's own address is the stay's, and proven: done. Otherwise 403 `email_not_proven` with a `challenge`,
        and a code is mailed to the stay's address; call again with `challenge` and `code`. From then on the key, and
        every link in earlier mails, opens nothing more.
        """
        given = taken.ClaimInput(data=request.data)
        given.is_valid(raise_exception=True)
        said, at, user = given.validated_data, timezone.now(), request.user
        booking = claiming.behind(said["key"], at=at)
        if booking.user_id not in (None, user.pk):
            raise Conflict("already_claimed", "This stay belongs to an account already.")
        proven = ""
        if booking.user_id is None and not claiming.is_proven(booking, user):
            if "code" not in said:
                raise _not_proven(booking, user)
            proven = claiming.prove(booking, said["challenge"], said["code"], at=at)
        return Response(self.shown(claiming.claim(booking, user, proven=proven, at=at)))


def _not_proven(booking: StayBooking, user: User) -> NotAllowed:
    asked = claiming.ask_code(booking, user, at=timezone.now())
    return NotAllowed(
        "email_not_proven",
        "A code is on its way to the e-mail address of this stay.",
        challenge=str(asked.public_id),
        expires_at=asked.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
