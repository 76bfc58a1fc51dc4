"""People and their roles. Here, on top of the house, because changes of roles are written into the history."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.forms import AdminPasswordChangeForm

from accounts.models import User
from accounts.roles import DOCTOR, MEDICAL_LEAD
from accounts.web.recent import ask_again, is_fresh, recently_signed_in
from audit.edits import subject_of
from audit.record import changed
from backoffice.forms import OfferForm, PersonAddForm, PersonForm
from backoffice.permissions import may_give_medical_roles
from core.actors import Actor
from core.admin import HouseAdmin, ReadOnlyAdmin, Subjects
from core.deeds import ask_and_do
from notifications.domain import offers
from rooms.domain.staffing import works_only_for

Subjects.add("user", "admin:accounts_user_change", words=_("Account"))
for kind, words in (
    ("person", _("Data of a guest")),
    ("form", _("Guest form")),
    ("review", _("Review")),
    ("correction", _("Wish for a correction")),
    ("erasure", _("Erasure")),
    ("hold", _("Hold of data")),
):
    Subjects.add(kind, words=words)


@method_decorator(recently_signed_in, name="changeform_view")
@method_decorator(recently_signed_in, name="user_change_password")
@admin.register(User)
class PeopleAdmin(UserAdmin, HouseAdmin):
    """Roles, not single permissions. `accounts` ends a person's sessions when her keys or password change.

    Keys are given only by who has just shown that she is there: a forsaken screen makes no administrators.
    """

    house_wide = "Guests belong to no property, and only administrators keep accounts."
    form = PersonForm
    add_form = PersonAddForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["email", "name", "roles", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_active", "groups"]
    search_fields = ["email__startswith", "phone__startswith"]
    search_help_text = _("E-mail address or phone number")
    ordering = ["email"]
    sortable_by = ()
    filter_horizontal = ()
    actions_detail = ["send_offer"]
    readonly_fields = ["date_joined", "last_login", "email_verified_at"]
    fieldsets = [
        (None, {"fields": [("first_name", "last_name"), ("email", "phone"), "password"]}),
        (_("Keys"), {"fields": [("is_active", "is_staff"), "groups", "works_for"]}),
        (_("Since"), {"fields": [("date_joined", "last_login", "email_verified_at")]}),
    ]
    add_fieldsets = [
        (None, {"fields": [("first_name", "last_name"), "email", ("password1", "password2")]}),
        (_("Keys"), {"fields": ["is_staff", "groups", "works_for"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request, obj=None):
        """Nobody changes her own keys, a superuser neither."""
        own = ["is_active", "is_staff", "groups"] if obj is not None and obj.pk == request.user.pk else []
        return [*super().get_readonly_fields(request, obj), *own]

    def get_form(self, request, obj=None, change=False, **kwargs):
        made = super().get_form(request, obj, change=change, **kwargs)
        facts = {
            "gives_medical_roles": may_give_medical_roles(request.user),
            "own_page": obj is not None and obj.pk == request.user.pk,
        }
        return type(made.__name__, (made,), facts)

    def has_change_permission(self, request, obj=None):
        """Nobody but a superuser touches a superuser."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def user_change_password(self, request, id, form_url=""):
        person = self.get_object(request, id)
        if person is not None and not (self.has_change_permission(request, person) and self.may_set(request, person)):
            raise PermissionDenied
        answer = super().user_change_password(request, id, form_url)
        if request.method == "POST" and answer.status_code == 302 and person is not None:
            changed(subject_of(person), "password set", by=Actor.of(request.user), at=timezone.now())
        return answer

    @staticmethod
    def may_set(request, person) -> bool:
        """Whoever could set a doctor's password could read as that doctor: only those who give that role may."""
        reads = person.groups.filter(name__in=[DOCTOR, MEDICAL_LEAD]).exists()
        return not reads or person.pk == request.user.pk or may_give_medical_roles(request.user)

    def save_related(self, request, form, formsets, change):
        """The roles are written here; before and after go into the history."""
        person = form.instance
        with transaction.atomic():
            before = sorted(person.groups.values_list("name", flat=True)) if change else []
            super().save_related(request, form, formsets, change)
            after = sorted(person.groups.values_list("name", flat=True))
            if "works_for" in form.cleaned_data:
                works_only_for(person, form.cleaned_data["works_for"])
            changed(
                subject_of(person),
                "edited" if change else "added",
                by=Actor.of(request.user),
                at=timezone.now(),
                fields=[name for name in form.changed_data if not name.startswith("password")],
                roles_before=before,
                roles_after=after,
                staff=person.is_staff,
                active=person.is_active,
                works_for=sorted(person.works_for.values_list("property__slug", flat=True)),
            )

    @action(
        description=_("Send an offer"), url_path="offer", permissions=["accounts.change_user"], icon="local_activity"
    )
    def send_offer(self, request, object_id):
        """One letter to one guest who has agreed to offers, with the link that stops them."""
        person = self.row(request, object_id)
        if not is_fresh(request):
            return ask_again(request)

        def act(found):
            offers.send_by_hand(person, **found, by=Actor.of(request.user), at=timezone.now())
            return _t("The offer is on its way.")

        return ask_and_do(
            request,
            site=self.admin_site,
            title=_t("An offer to %(name)s") % {"name": person.get_full_name() or person.email},
            explain=_t("It goes by mail, only to who has agreed to offers; at most three a day to one person."),
            button=_t("Send the offer"),
            act=act,
            form=OfferForm,
            back=reverse("admin:accounts_user_change", args=[person.pk]),
        )

    @display(description=_("name"))
    def name(self, person):
        return person.get_full_name() or "–"

    @display(description=_("roles"))
    def roles(self, person):
        names = [group.name.replace("_", " ") for group in person.groups.all()]
        return ", ".join([*names, *(["superuser"] if person.is_superuser else [])]) or "–"


@admin.register(Group)
class RoleAdmin(ReadOnlyAdmin, GroupAdmin):
    """The roles matrix. It is kept by the code (backoffice.roles), so that it means the same everywhere."""

    house_wide = "A role means the same at every property."
    list_display = ["name", "how_much"]
    search_fields = ()
    fields = ["name", "what"]
    readonly_fields = ["what"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("permissions__content_type")

    @display(description=_("permissions"))
    def how_much(self, group):
        return len(group.permissions.all())

    @display(description=_("may"))
    def what(self, group):
        rows = sorted((one.content_type.app_label, str(one.name)) for one in group.permissions.all())
        return format_html_join("", "<div><small>{}</small> {}</div>", rows)
