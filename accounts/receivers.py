"""A web sign-in remembers the epoch it belongs to; another role ends what the old one had opened."""

from allauth.account.signals import user_logged_in as signed_in_on_the_web
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.db.models import F
from django.db.models.signals import m2m_changed
from django.dispatch import receiver
from django.utils import timezone

from accounts.allauth_inside import record_authentication
from accounts.domain import arrivals, second_factor
from accounts.middleware import SESSION_KEY
from accounts.models import User


@receiver(user_logged_in)
def remember_epoch(sender, request, user, **kwargs):
    if request is not None and hasattr(request, "session"):
        request.session[SESSION_KEY] = user.session_epoch


@receiver(signed_in_on_the_web)
def tell_of_a_new_browser(sender, request, user, **kwargs):
    """allauth's own receiver has just written the session down."""
    agent, key = request.META.get("HTTP_USER_AGENT", ""), request.session.session_key or ""
    with transaction.atomic():
        arrivals.note(user, agent, at=timezone.now(), session_key=key)


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
def end_sessions_of_the_old_role(sender, instance, action, reverse, pk_set, **kwargs):
    if action not in ("post_add", "post_remove", "pre_clear") or (pk_set is not None and not pk_set):
        return
    if not reverse:
        people = User.objects.filter(pk=instance.pk)
    else:
        people = instance.user_set.all() if pk_set is None else User.objects.filter(pk__in=pk_set)
    people.update(session_epoch=F("session_epoch") + 1)
    if not reverse:
        instance.refresh_from_db(fields=["session_epoch"])


@receiver(authenticator_added)
def shown_by_setting_up(sender, request, user, authenticator, **kwargs):
    """Whoever has just set up a second factor has shown it; the code that was typed for it is used up."""
    if authenticator.type == Authenticator.Type.TOTP:
        second_factor.spend(authenticator, second_factor.step_of(timezone.now()), at=timezone.now())
    if request is not None and authenticator.type in second_factor.REAL:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
