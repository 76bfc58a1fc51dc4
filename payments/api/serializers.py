"""Shapes of payments."""

from __future__ import annotations

from rest_framework import serializers

from core.api.fields import MoneyField
from payments.models import Payment
from payments.queries import payment_state

STATES = ("initiated", "pending", "captured", "failed", "refunded", "partially_refunded")


class PaymentShape(serializers.ModelSerializer):
    """One try at paying, and what of it went back."""

    id = serializers.UUIDField(source="public_id")
    booking = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField()
    amount = MoneyField()
    refunded = MoneyField(source="refund_reserved")

    class Meta:
        model = Payment
        fields = (
            "id",
            "booking",
            "gateway",
            "milestone",
            "amount",
            "currency",
            "state",
            "refunded",
            "mode",
            "created_at",
            "captured_at",
        )

    def get_booking(self, payment: Payment) -> str:
        return payment.folio.subject.partition(":")[2]

    def get_state(self, payment: Payment) -> str:
        return payment_state(payment)


class Received(serializers.Serializer):
    """The notice is kept and will be worked off."""

    status = serializers.CharField()
