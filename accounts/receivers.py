"""A web sign-in remembers the epoch it belongs to."""

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from accounts.middleware import SESSION_KEY


@receiver(user_logged_in)
def remember_epoch(sender, request, user, **kwargs):
    if request is not None and hasattr(request, "session"):
        request.session[SESSION_KEY] = user.session_epoch
