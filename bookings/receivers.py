"""News from payments, each received by one line. A lost one is found by the sweeps of `bookings.tasks`."""

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils import timezone

from bookings.domain import favourites, money, news
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


@receiver(user_logged_in)
def take_over_what_was_saved(sender, request, user, **kwargs):
    """What a visitor saved before signing in is in the account from now on."""
    kept = request.session.pop("saved", None) if request is not None and hasattr(request, "session") else None
    if kept:
        favourites.merge(user, [(str(kind), str(slug)) for kind, slug in kept], at=timezone.now())
