"""News from payments, each received by one line. A lost one is found by the sweeps of `bookings.tasks`."""

from django.dispatch import receiver
from django.utils import timezone

from bookings.domain import money, news
from payments.signals import payment_captured, payment_failed, refund_failed, refund_settled


@receiver(payment_captured)
def on_captured(sender, payment_id, **kwargs):
    money.react(payment_id, at=timezone.now())


@receiver(payment_failed)
def on_failed(sender, payment_id, **kwargs):
    news.payment_failed(payment_id, at=timezone.now())


@receiver(refund_settled)
def on_refund(sender, refund_id, **kwargs):
    news.refund_done(refund_id, at=timezone.now())


@receiver(refund_failed)
def on_refund_failed(sender, refund_id, **kwargs):
    news.refund_delayed(refund_id, at=timezone.now())
