"""Staff's door to what guests say: read it, show it or say why not, answer it. The words are never edited."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display

from bookings.domain import reviews
from bookings.models import GuestReview
from core.actors import Actor
from core.admin import ReadOnlyAdmin, badge
from core.deeds import ask_and_do

TONES = {"waiting": "wait", "published": "ok", "declined": "quiet"}
MODERATE = "bookings.moderate_guestreview"


class PublishForm(forms.Form):
    """The version that was read; newer words are not published unread."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why, in words for the guest"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It goes to the guest in a letter that thanks for the words."),
    )


class ReplyForm(forms.Form):
    reply = forms.CharField(
        label=_("Answer of the house, shown below the review"),
        max_length=reviews.LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Empty takes the answer away."),
    )


@admin.register(GuestReview)
class GuestReviewAdmin(ReadOnlyAdmin):
    """What waits comes first by its filter; each deed is a verb with its row in the history."""

    within = "booking__property"
    list_display = ["words", "stars", "about", "by_whom", "standing", "written_at"]
    list_filter = [
        ("state", ChoicesDropdownFilter),
        "rating",
        ("program", RelatedDropdownFilter),
    ]
    list_select_related = ["program", "room_type", "booking"]
    search_fields = ["booking__reference"]
    search_help_text = _("Booking reference")
    ordering = ["-changed_at", "-id"]
    fields = [
        ("standing", "stars"),
        "text",
        ("author", "show_name"),
        ("reference", "program", "room_type"),
        ("written_at", "changed_at", "published_at"),
        "decline_reason",
        ("reply", "replied_at"),
    ]
    readonly_fields = ["standing", "stars", "reference"]
    actions_detail = ["do_publish", "do_decline", "do_answer"]

    @display(description=_("words"))
    def words(self, review):
        return review.text if len(review.text) <= 90 else f"{review.text[:88]} …"

    @display(description=_("stars"), ordering="rating")
    def stars(self, review):
        return f"{review.rating}/5"

    @display(description=_("about"))
    def about(self, review):
        return f"{review.program.name}, {review.room_type.name}"

    @display(description=_("by"))
    def by_whom(self, review):
        return review.author if review.show_name else _t("%(name)s, not to be named") % {"name": review.author}

    @display(description=_("standing"))
    def standing(self, review):
        return badge(review.get_state_display(), TONES[review.state])

    @display(description=_("booking"))
    def reference(self, review):
        return review.booking.reference

    def fits(self, deed, row):
        return {"do_publish": row.state != "published", "do_decline": row.state != "declined"}.get(deed, True)

    def review(self, request, object_id):
        if not request.user.has_perm(MODERATE):
            raise PermissionDenied
        return self.row(request, object_id)

    def ask(self, request, review, **more):
        back = reverse("admin:bookings_guestreview_change", args=[review.pk])
        return ask_and_do(request, site=self.admin_site, back=back, **more)

    @action(description=_("Publish"), url_path="publish", permissions=[MODERATE], icon="visibility")
    def do_publish(self, request, object_id):
        review = self.review(request, object_id)

        def act(found):
            seen = parse_datetime(found["seen"])
            reviews.publish(review, by=Actor.of(request.user), at=timezone.now(), seen=seen)
            return _t("The review is on our pages.")

        return self.ask(
            request,
            review,
            title=_t("Publish this review of %(program)s?") % {"program": review.program.name},
            explain=f"{review.rating}/5: {review.text}",
            button=_("Publish"),
            form=lambda *args: PublishForm(*args, initial={"seen": review.changed_at.isoformat()}),
            act=act,
        )

    @action(description=_("Decline"), url_path="decline", permissions=[MODERATE], icon="visibility_off")
    def do_decline(self, request, object_id):
        review = self.review(request, object_id)

        def act(found):
            reviews.decline(review, reason=found["reason"], by=Actor.of(request.user), at=timezone.now())
            return _t("The review is not shown, and the guest is told.")

        return self.ask(
            request,
            review,
            title=_t("Not show this review?"),
            explain=f"{review.rating}/5: {review.text}",
            button=_("Decline and tell the guest"),
            danger=True,
            form=DeclineForm,
            act=act,
        )

    @action(description=_("Answer"), url_path="answer", permissions=[MODERATE], icon="reply")
    def do_answer(self, request, object_id):
        review = self.review(request, object_id)

        def act(found):
            reviews.answer(review, reply=found["reply"], by=Actor.of(request.user), at=timezone.now())
            return _t("The answer is saved.")

        return self.ask(
            request,
            review,
            title=_t("Answer this review"),
            explain=f"{review.rating}/5: {review.text}",
            button=_("Save the answer"),
            form=lambda *args: ReplyForm(*args, initial={"reply": review.reply}),
            act=act,
        )
