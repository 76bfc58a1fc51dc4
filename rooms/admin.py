"""Property, room types, rooms, blocks and nights. Stock is written by verbs only."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext as _tn
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import action, display

from audit.edits import AuditedAdmin
from core.actors import Actor
from core.admin import ReadOnlyAdmin, badge
from core.deeds import ask_and_do, do
from core.doors import Scope, door
from core.reach import reach_of
from core.templatetags.ui import nights_words
from rooms.domain import blocks, housekeeping, restrictions
from rooms.domain.inventory import left
from rooms.forms import BlockForm, RestrictionForm, RoomTypeForm
from rooms.models import Block, InventoryNight, Property, Room, RoomType
from rooms.permissions import may_describe_rooms, may_mark_rooms, may_restrict

CONDITION_TONES = {"dirty": "wait", "clean": "ok", "inspected": "ok", "out_of_order": "stop"}


@admin.register(Property)
class PropertyAdmin(AuditedAdmin):
    within = "pk"
    list_display = ["name", "gstin", "check_in_time", "check_out_time", "min_nights", "horizon_days"]
    fieldsets = [
        (None, {"fields": ["name", "legal_name", "address", ("phone", "email"), ("state_code", "gstin")]}),
        (_("Where and when"), {"fields": [("latitude", "longitude"), ("check_in_time", "check_out_time")]}),
        (
            _("House rules"),
            {
                "fields": [
                    ("min_nights", "horizon_days"),
                    ("hold_minutes", "hold_extension_minutes"),
                    ("max_live_holds", "max_address_rooms"),
                    ("form_due_hours", "decision_due_hours"),
                    "overdue_auto_cancel",
                ]
            },
        ),
        (_("Fixed"), {"fields": [("slug", "time_zone", "currency")]}),
    ]
    readonly_fields = ["slug", "time_zone", "currency"]

    def has_add_permission(self, request):
        return False


@admin.register(RoomType)
class RoomTypeAdmin(AuditedAdmin):
    within = "property"
    form = RoomTypeForm
    list_display = ["name", "category", "size_sqm", "max_people", "published"]
    fieldsets = [
        (None, {"fields": [("name", "category"), "tagline", "description", "published", "position"]}),
        (_("The room"), {"fields": [("size_sqm", "bed", "view"), "amenities", "photos"]}),
        (_("People"), {"fields": [("max_adults", "max_children", "max_people")]}),
        (_("Property system"), {"fields": ["ids_codes"]}),
        (_("Fixed"), {"fields": [("property", "slug")]}),
    ]
    readonly_fields = ["property", "slug"]

    def has_add_permission(self, request):
        return False


@admin.register(Room)
class RoomAdmin(AuditedAdmin):
    """The condition changes by deeds; how many rooms there are is fixed, because nights are sold against it."""

    within = "room_type__property"
    list_display = ["number", "room_type", "floor", "bed", "state", "active", "deeds"]
    list_filter = ["condition", "room_type", "floor"]
    search_fields = ["number__startswith"]
    search_help_text = _("Room number")
    list_select_related = ["room_type"]
    list_per_page = 100
    sortable_by = ()
    fields = [("number", "room_type"), ("floor", "bed", "ids_code"), "state", "active"]
    actions_detail = ["mark_dirty", "mark_clean", "mark_inspected"]
    change_list_template = "admin/rooms/room/change_list.html"

    def has_add_permission(self, request):
        return False

    def get_readonly_fields(self, request, obj=None):
        fixed = ["number", "room_type", "state", "active"]
        return fixed if may_describe_rooms(request.user) else [*fixed, "floor", "bed", "ids_code"]

    def get_list_display(self, request):
        shown = super().get_list_display(request)
        return shown if may_mark_rooms(request.user) else [name for name in shown if name != "deeds"]

    @display(description=_("condition"), ordering="condition")
    def state(self, room):
        return badge(room.get_condition_display(), CONDITION_TONES[room.condition])

    @display(description=_("mark"))
    def deeds(self, room):
        others = [(code, words) for code, words in Room.Condition.choices[:3] if code != room.condition]
        return render_to_string("admin/rooms/room/deeds.html", {"room": room, "others": others})

    def get_urls(self):
        mark = path("mark/", self.admin_site.admin_view(self.mark_from_list), name="rooms_room_mark")
        return [mark, *super().get_urls()]

    @door(needs="rooms.change_room", scope=Scope.PROPERTY, changes=True)
    def mark_from_list(self, request):
        """POST `mark=<room>:<condition>` from a button of the list."""
        if request.method != "POST" or not may_mark_rooms(request.user):
            raise PermissionDenied
        pk, _colon, condition = request.POST.get("mark", "").partition(":")
        room = self.row(request, pk)
        return self._marked(request, room, condition, reverse("admin:rooms_room_changelist"))

    @action(description=_("Dirty"), url_path="dirty", permissions=["rooms.change_room"], icon="cleaning")
    def mark_dirty(self, request, object_id):
        return self._mark(request, object_id, Room.Condition.DIRTY)

    @action(description=_("Clean"), url_path="clean", permissions=["rooms.change_room"], icon="mop")
    def mark_clean(self, request, object_id):
        return self._mark(request, object_id, Room.Condition.CLEAN)

    @action(description=_("Inspected"), url_path="inspected", permissions=["rooms.change_room"], icon="verified")
    def mark_inspected(self, request, object_id):
        return self._mark(request, object_id, Room.Condition.INSPECTED)

    def _mark(self, request, object_id, condition):
        room = self.row(request, object_id)
        words = Room.Condition(condition).label.lower()

        def act(_found):
            housekeeping.set_condition(room, condition, by=Actor.of(request.user), at=timezone.now())
            return _t("Room %(number)s is %(words)s.") % {"number": room.number, "words": words}

        return ask_and_do(
            request,
            site=self.admin_site,
            title=_t("Room %(number)s: %(words)s") % {"number": room.number, "words": words},
            button=_t("Mark as %(words)s") % {"words": words},
            act=act,
            back=reverse("admin:rooms_room_change", args=[room.pk]),
        )

    def _marked(self, request, room, condition, back):
        def act():
            housekeeping.set_condition(room, condition, by=Actor.of(request.user), at=timezone.now())
            return _t("Room %(number)s is %(words)s.") % {
                "number": room.number,
                "words": room.get_condition_display().lower(),
            }

        return do(request, act, back=back)


@admin.register(Block)
class BlockAdmin(ReadOnlyAdmin):
    within = "room__room_type__property"
    list_display = ["room", "first_night", "last_day", "reason", "created_by", "standing"]
    list_filter = [("first_night", RangeDateFilter), "room__room_type"]
    list_filter_submit = True
    list_select_related = ["room"]
    search_fields = ["room__number__startswith"]
    search_help_text = _("Room number")
    ordering = ["-first_night"]
    actions_list = ["block_room"]
    actions_detail = ["lift_block"]

    def fits(self, deed, row):
        return row.lifted_at is None

    @display(description=_("standing"))
    def standing(self, row):
        if row.lifted_at:
            return badge(_("lifted"), "quiet")
        return badge(_("in force"), "stop") if row.last_day > timezone.localdate() else badge(_("over"), "quiet")

    @action(description=_("Block a room"), url_path="new", permissions=["rooms.add_block"], icon="construction")
    def block_room(self, request):
        def act(found):
            made = blocks.block(
                found["room"],
                BlockForm.nights(found),
                reason=found["reason"],
                by=Actor.of(request.user),
                at=timezone.now(),
            )
            return _t("Room %(number)s is out of order until %(day)s.") % {
                "number": made.room.number,
                "day": f"{made.last_day:%d %b %Y}",
            }

        return ask_and_do(
            request,
            site=self.admin_site,
            title=_("Take a room out of order"),
            button=_("Block the room"),
            explain=_("Refused while a stay sleeps in the room or the nights are sold to the last room."),
            form=lambda *args: BlockForm(*args, reach=reach_of(request.user)),
            act=act,
            back=reverse("admin:rooms_block_changelist"),
        )

    @action(description=_("Lift the block"), url_path="lift", permissions=["rooms.change_block"], icon="lock_open")
    def lift_block(self, request, object_id):
        row = self.row(request, object_id)

        def act(_found):
            blocks.lift(row, by=Actor.of(request.user), at=timezone.now())
            return _t("Room %(number)s is back in order.") % {"number": row.room.number}

        return ask_and_do(
            request,
            site=self.admin_site,
            title=_t("Room %(number)s is back in order?") % {"number": row.room.number},
            button=_("Lift the block"),
            act=act,
            back=reverse("admin:rooms_block_changelist"),
        )


@admin.register(InventoryNight)
class InventoryNightAdmin(ReadOnlyAdmin):
    within = "room_type__property"
    list_display = ["night", "room_type", "capacity", "sold", "blocked", "left_over", "restricted"]
    list_display_links = None
    list_filter = ["room_type", ("night", RangeDateFilter), "closed", "closed_to_arrival", "closed_to_departure"]
    list_filter_submit = True
    list_select_related = ["room_type"]
    ordering = ["night", "room_type"]
    actions_list = ["set_restrictions"]
    list_per_page = 56
    sortable_by = ()

    def get_queryset(self, request):
        """From today on, unless the filter asks for an earlier night."""
        rows = super().get_queryset(request)
        earlier = any(name.startswith("night") for name in request.GET)
        return rows if earlier else rows.filter(night__gte=timezone.localdate())

    @display(description=_("left"))
    def left_over(self, row):
        free = left(row)
        return badge(free, "stop" if not free else "wait" if free <= 2 else "ok")

    @display(description=_("restrictions"))
    def restricted(self, row):
        words = [
            _t("closed") if row.closed else "",
            _t("no arrival") if row.closed_to_arrival else "",
            _t("no departure") if row.closed_to_departure else "",
            _t("from %(nights)s") % {"nights": nights_words(row.min_stay)} if row.min_stay else "",
            _t("up to %(nights)s") % {"nights": nights_words(row.max_stay)} if row.max_stay else "",
        ]
        return ", ".join(word for word in words if word) or "–"

    @action(
        description=_("Set restrictions"),
        url_path="restrict",
        permissions=["rooms.change_inventorynight"],
        icon="event_busy",
    )
    def set_restrictions(self, request):
        if not may_restrict(request.user):
            raise PermissionDenied

        def act(found):
            count = restrictions.restrict(
                found["room_types"],
                RestrictionForm.nights(found),
                by=Actor.of(request.user),
                at=timezone.now(),
                **RestrictionForm.wanted(found),
            )
            return _tn("%(count)s night is written.", "%(count)s nights are written.", count) % {"count": count}

        return ask_and_do(
            request,
            site=self.admin_site,
            title=_("Restrictions of nights"),
            button=_("Write restrictions"),
            explain=_("What is sold stays sold; new guests see the restriction at once."),
            form=lambda *args: RestrictionForm(*args, reach=reach_of(request.user)),
            act=act,
            back=reverse("admin:rooms_inventorynight_changelist"),
        )
