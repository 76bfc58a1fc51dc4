"""The list of stays and the page of one."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.options import ShowFacets
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter, RelatedDropdownFilter
from unfold.decorators import action, display

from bookings.admin import deeds
from bookings.admin.forms import BY_HOUSE, AssignForm, CancelForm, CheckInForm
from bookings.admin.page import CLEARANCE_TONES, STATE_TONES, cancellation, page, rooms_of
from bookings.admin.search import find
from bookings.domain import front_desk, lifecycle
from bookings.models import StayBooking
from bookings.permissions import may_cancel_for_house, may_override
from core.actors import Actor
from core.admin import ReadOnlyAdmin, Subjects, badge, rupees
from core.deeds import NothingToFill, ask_and_do
from core.money import format_inr
from core.reach import reach_of
from core.templatetags.ui import nights_words

DEED_OF = {
    "do_check_in": "check-in",
    "do_check_out": "check-out",
    "do_assign": "assign-room",
    "do_no_show": "no-show",
    "do_cancel": "cancel",
}
Subjects.add("booking", "admin:bookings_staybooking_change")


@admin.register(StayBooking)
class StayBookingAdmin(ReadOnlyAdmin):
    """Fast over a million stays: no count of all, one index per kind of search, no joins but the program."""

    within = "property"
    list_display = ["shown_reference", "guest", "dates", "shown_state", "cleared", "worth"]
    list_display_links = ["shown_reference", "guest"]
    list_filter = [
        ("state", ChoicesDropdownFilter),
        ("check_in", RangeDateFilter),
        ("program", RelatedDropdownFilter),
    ]
    list_filter_submit = True
    list_select_related = ["program"]
    show_facets = ShowFacets.NEVER
    ordering = ["-created_at", "-id"]
    sortable_by = ["dates"]
    search_fields = ["reference"]  # shows the box; what is typed is understood in bookings.admin.search
    search_help_text = _("Reference, name, e-mail address or phone number")
    actions_detail = ["do_check_in", "do_check_out", "do_assign", "do_no_show", "do_cancel"]

    # --- the list ---------------------------------------------------------------------------------------------------

    def get_queryset(self, request):
        return super().get_queryset(request).defer("terms", "quote", "instructions", "reminders", "special_requests")

    def get_search_results(self, request, queryset, search_term):
        return (find(queryset, search_term) if search_term.strip() else queryset), False

    @display(description=_("reference"))
    def shown_reference(self, booking):
        booked = timezone.localtime(booking.created_at)
        return format_html(
            '<span class="bo-two"><b class="figures">{}</b><small>{}</small></span>',
            booking.reference,
            _t("booked %(day)s") % {"day": f"{booked.day} {booked:%b %Y}"},
        )

    @display(description=_("guest"))
    def guest(self, booking):
        return format_html(
            '<span class="bo-two"><b>{}</b><small>{}</small></span>', booking.contact_name, booking.contact_email
        )

    @display(description=_("stay"), ordering="check_in")
    def dates(self, booking):
        nights = len(booking.nights)
        return format_html(
            '<span class="bo-two"><b>{}</b><small>{}</small></span>',
            f"{booking.check_in:%a} {booking.check_in.day} {booking.check_in:%b %Y}",
            _t("%(nights)s, %(program)s") % {"nights": nights_words(nights), "program": booking.program.name},
        )

    @display(description=_("state"))
    def shown_state(self, booking):
        return badge(booking.get_state_display(), STATE_TONES[booking.state])

    @display(description=_("clearance"))
    def cleared(self, booking):
        return badge(booking.get_clearance_display(), CLEARANCE_TONES[booking.clearance])

    @display(description=_("total"))
    def worth(self, booking):
        return rupees(booking.total)

    # --- the page of one stay ---------------------------------------------------------------------------------------

    def get_object(self, request, object_id, from_field=None):
        """By key, or by its reference: other pages know a stay by its reference only."""
        rows = StayBooking.objects.select_related("property", "program", "folio", "user").prefetch_related(
            "rooms__room_type", "guests"
        )
        rows = reach_of(request.user).rows(rows, self.within)
        if object_id.isdecimal():
            return rows.filter(pk=int(object_id)).first() if len(object_id) < 19 else None
        return rows.filter(reference=object_id).first()

    def stay(self, request, object_id):
        if not self.has_view_permission(request):
            raise PermissionDenied
        booking = self.get_object(request, str(object_id))
        if booking is None:
            raise Http404
        return booking

    def change_view(self, request, object_id, form_url="", extra_context=None):
        booking = self.stay(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": booking.reference,
            "subtitle": None,
            "opts": self.opts,
            "original": booking,
            "actions_detail": self._get_actions_navigation(
                self.actions_detail, self.get_actions_detail(request, booking.pk), str(booking.pk)
            ),
            **page(booking, at=timezone.now()),
        }
        return TemplateResponse(request, "admin/bookings/stay.html", context)

    def fits(self, deed, row):
        return row.state in deeds.DEEDS[DEED_OF[deed]].states

    def history_view(self, request, object_id, extra_context=None):
        """The timeline is on the page itself."""
        self.stay(request, object_id)
        return self.change_view(request, object_id)

    def back(self, booking):
        return reverse("admin:bookings_staybooking_change", args=[booking.pk])

    # --- deeds ------------------------------------------------------------------------------------------------------

    @action(description=_("Check in"), url_path="check-in", permissions=["bookings.check_in_stay"], icon="login")
    def do_check_in(self, request, object_id):
        booking = self.stay(request, object_id)
        gates = front_desk.gates(booking)
        shut = [gate for gate in gates if not gate.open]
        override = bool(shut) and may_override(request.user)

        def act(found):
            return deeds.check_in(booking, request.user, reason=found.get("reason", ""), override=override)

        return ask_and_do(
            request,
            site=self.admin_site,
            title=_t("Check in %(name)s") % {"name": booking.contact_name},
            button=_("Check in all the same") if override else _("Check in"),
            danger=override,
            form=lambda *args: CheckInForm(*args, override=override),
            act=act,
            back=self.back(booking),
            template="admin/bookings/check_in.html",
            booking=booking,
            gates=gates,
            shut=shut,
            may_override=override,
        )

    @action(description=_("Check out"), url_path="check-out", permissions=["bookings.check_out_stay"], icon="logout")
    def do_check_out(self, request, object_id):
        booking = self.stay(request, object_id)
        return ask_and_do(
            request,
            site=self.admin_site,
            title=_t("Check out %(name)s") % {"name": booking.contact_name},
            button=_("Check out"),
            explain=_("Unused nights go back to stock and the rooms become dirty. Nothing may be owed."),
            form=NothingToFill,
            act=lambda _found: deeds.check_out(booking, request.user),
            back=self.back(booking),
            booking=booking,
        )

    @action(
        description=_("Did not arrive"), url_path="no-show", permissions=["bookings.mark_no_show"], icon="person_off"
    )
    def do_no_show(self, request, object_id):
        booking = self.stay(request, object_id)
        due = lifecycle.refund_now(booking, at=timezone.now())
        return ask_and_do(
            request,
            site=self.admin_site,
            title=_t("%(name)s did not arrive") % {"name": booking.contact_name},
            button=_("Mark as not arrived"),
            explain=_t("The stay ends, its nights are free again and %(amount)s go back under the policy.")
            % {"amount": format_inr(due)},
            danger=True,
            act=lambda _found: deeds.no_show(booking, request.user),
            back=self.back(booking),
            booking=booking,
        )

    @action(description=_("Assign room"), url_path="assign-room", permissions=["bookings.assign_room"], icon="bed")
    def do_assign(self, request, object_id):
        booking = self.stay(request, object_id)
        here = rooms_of(booking)
        form = lambda *args: AssignForm(*args, booking=booking, current=here)  # noqa: E731

        def act(found):
            said = []
            for booked in booking.rooms.all():
                typed = found[f"room_{booked.pk}"]
                if typed or str(booked.key) not in here:
                    room = deeds.chosen_room(booked, typed)
                    said.append(deeds.assign(booked, room, request.user, pinned=found["pinned"]))
            return " ".join(said) or _t("Nothing has changed.")

        return ask_and_do(
            request,
            site=self.admin_site,
            title=_t("A room for %(name)s") % {"name": booking.contact_name},
            button=_("Assign"),
            form=form,
            act=act,
            back=self.back(booking),
            booking=booking,
        )

    @action(description=_("Cancel"), url_path="cancel", permissions=["bookings.cancel_stay"], icon="event_busy")
    def do_cancel(self, request, object_id):
        booking = self.stay(request, object_id)
        house_too = may_cancel_for_house(request.user)
        rows = cancellation(booking, at=timezone.now())
        shown = {who: row["amount"] for who, row in rows.items()}

        def act(found):
            by_house = found["who"] == BY_HOUSE
            done = lifecycle.cancel(
                booking,
                by=Actor.of(request.user),
                at=timezone.now(),
                reason=found["reason"],
                by_house=by_house,
                expected_refund=found["shown_house" if by_house else "shown_guest"],
            )
            return _t("%(reference)s is cancelled.") % {"reference": done.reference}

        return ask_and_do(
            request,
            site=self.admin_site,
            title=_t("Cancel %(reference)s") % {"reference": booking.reference},
            button=_("Cancel this stay"),
            danger=True,
            form=lambda *args: CancelForm(*args, shown=shown, house_too=house_too),
            act=act,
            back=self.back(booking),
            template="admin/bookings/cancel.html",
            booking=booking,
            rows=rows,
            house_too=house_too,
            ladder=lifecycle.cancellation(booking, at=timezone.now()),
        )
