"""Beginning to pay, and how it went."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import idempotent
from accounts.api.idempotency import parameter as KEY_HEADER
from bookings import queries
from bookings.api import serializers as taken
from bookings.api import shapes
from bookings.api.views import STAY_KEY, StayView
from bookings.domain import paying
from bookings.models import StayBooking
from bookings.permissions import actor, is_own, opens
from core.doors import GUEST, HOLDER, Scope, door
from core.errors import Conflict, Missing
from payments.api.serializers import PaymentShape
from payments.domain import attempts
from payments.models import Payment
from payments.permissions import VIEW, visible_to


@door(GUEST, HOLDER, scope=Scope.OWN, changes=True)
class Initiate(StayView):
    @extend_schema(
        operation_id="payments_initiate",
        request=taken.InitiateInput,
        responses={201: shapes.InitiatedShape},
        parameters=[STAY_KEY, KEY_HEADER],
        tags=["payments"],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """A new try at an instalment. Post `fields` to `url` from the guest's browser; the gateway sends it back."""
        given = taken.InitiateInput(data=request.data)
        given.is_valid(raise_exception=True)
        stay = self.stay(request, given.validated_data["booking"])
        if not is_own(stay, user=request.user, key=self.key(request)):
            raise Missing("unknown_booking", "There is no such booking.")
        at = timezone.now()
        payment = paying.start(
            stay,
            milestone=given.validated_data.get("milestone") or self.due(stay),
            gateway_code=given.validated_data["gateway"],
            by=actor(request.user),
            at=at,
        )
        hand_off = attempts.checkout(payment, product=paying.product(stay))
        return Response(
            {
                "payment": str(payment.public_id),
                "gateway": payment.gateway,
                "method": hand_off.method,
                "url": hand_off.url,
                "fields": hand_off.fields,
                "amount": str(payment.amount),
                "currency": payment.currency,
                "expires_at": shapes.NextStepShape().fields["due"].to_representation(stay.hold_expires_at)
                if stay.hold_expires_at
                else None,
            },
            status=201,
        )

    @staticmethod
    def due(stay: StayBooking) -> str:
        """The instalment that is due now. Raises Conflict("nothing_due")."""
        step = queries.next_step(stay, at=timezone.now())
        if not step.is_payment:
            raise Conflict("nothing_due", "Nothing can be paid for this booking now.")
        return step.milestone


@door(GUEST, HOLDER, scope=Scope.OWN, needs=VIEW)
class OnePayment(StayView):
    @extend_schema(
        operation_id="payments_retrieve", responses={200: PaymentShape}, parameters=[STAY_KEY], tags=["payments"]
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """One payment of an own stay, also for the holder of its key."""
        return Response(PaymentShape(self.payment(request, public_id)).data)

    def payment(self, request: Request, public_id: UUID) -> Payment:
        """Raises Missing("unknown_payment"), for somebody else's too."""
        user: Any = request.user
        found = visible_to(user).filter(public_id=public_id).first() if user.is_authenticated else None
        if found is None and (key := self.key(request)):
            found = self.of_key(key, public_id)
        if found is None:
            raise Missing("unknown_payment", "There is no such payment.")
        return found

    @staticmethod
    def of_key(key: str, public_id: UUID) -> Payment | None:
        found = Payment.objects.select_related("folio").filter(public_id=public_id).first()
        if found is None:
            return None
        stay = StayBooking.objects.select_related("property").filter(folio=found.folio).first()
        return found if stay is not None and opens(key, stay) else None
