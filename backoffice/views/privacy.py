"""The privacy desk in the back office: wishes with their clocks, what is held, the retention table, the breach pack."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.domain.privacy import corrections, erasure, retention
from accounts.domain.privacy.who import person_of, subject_of
from accounts.models import CorrectionRequest, ErasureRequest, ExportPack, LegalHold, User
from audit import breach
from audit.record import looked
from backoffice.permissions import BREACH_PACK, PRIVACY_DESK, makes_breach_packs, works_at_privacy_desk
from backoffice.queries import records_at
from core.actors import Actor
from core.admin import Subjects
from core.bounded import few
from core.deeds import ask_and_do
from core.doors import Scope, door
from core.errors import DomainError, Missing
from core.work import WorkState

DESK = "admin:privacy"
EVERYBODY = "everybody:all"
Subjects.add("everybody", words=gettext_lazy("Everybody's records"))
SHOWN = 100  # rows of each list
COUNTED = 1_000  # rows that a rule would take away: counted up to here


class AnswerForm(forms.Form):
    corrected = forms.ChoiceField(
        label=gettext_lazy("What became of it"),
        choices=[("yes", gettext_lazy("corrected")), ("no", gettext_lazy("not possible"))],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("What the guest reads"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class RuleForm(forms.Form):
    days = forms.IntegerField(label=gettext_lazy("Days that it is kept"), min_value=1, max_value=retention.MOST_DAYS)
    basis = forms.CharField(
        label=gettext_lazy("Why (law, contract, need)"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    active = forms.BooleanField(label=gettext_lazy("Taken away every night"), required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Who asks for it, and why"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


class BreachForm(forms.Form):
    """Whose records, whose eyes, and when."""

    person = forms.CharField(
        label=gettext_lazy("Guests"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("E-mail addresses of accounts or of stays, one per line. Empty: everybody's records."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    staff = forms.EmailField(
        label=gettext_lazy("Member of staff"), required=False, help_text=gettext_lazy("E-mail address. Empty: anybody.")
    )
    since = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("To, that day included"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=gettext_lazy("Why it is asked"), max_length=120)

    def question(self) -> breach.Question:
        """What was asked, with the records behind each address. Raises Invalid, Missing("no_such_person")."""
        found = self.cleaned_data
        zone = timezone.get_current_timezone()
        since = datetime.combine(found["since"], time(), zone).astimezone(UTC)
        until = datetime.combine(found["until"] + timedelta(days=1), time(), zone).astimezone(UTC)
        subjects = [subject for mail in found["person"].split() for subject in _records(mail)]
        staff = _person(found["staff"], "staff").pk if found["staff"] else None
        return breach.check(breach.Question(since, until, tuple(dict.fromkeys(subjects)), staff))


def _account(mail: str) -> User | None:
    return User.objects.filter(email=User.objects.normalise(mail)).first()


def _person(mail: str, attr: str) -> User:
    user = _account(mail)
    if user is None:
        raise Missing("no_such_person", _("Nobody has the address %(mail)s.") % {"mail": mail[:80]}, attr=attr)
    return user


def _records(mail: str) -> list[str]:
    """What belongs to the account with this address, and to the stays booked with it."""
    user = _account(mail)
    found = [*(person_of(user).subjects if user else ()), *records_at(User.objects.normalise(mail))]
    if not found:
        words = _("No account and no stay has the address %(mail)s.") % {"mail": mail[:80]}
        raise Missing("no_such_person", words, attr="person")
    return found


def _desk_only(request) -> None:
    if not works_at_privacy_desk(request.user):
        raise PermissionDenied


@door(needs=PRIVACY_DESK, scope=Scope.WHOLE)
def desk(request, site) -> HttpResponse:
    """Everything that waits, and the table."""
    _desk_only(request)
    at = timezone.now()
    context = {
        **site.each_context(request),
        "title": _("Privacy desk"),
        "now": at,
        "corrections": few(
            CorrectionRequest.objects.filter(state="open").select_related("user").order_by("due_at"), SHOWN
        ),
        "erasures": few(ErasureRequest.objects.filter(state="asked").select_related("user").order_by("due_at"), SHOWN),
        "erased": ErasureRequest.objects.filter(state="erased").order_by("-erased_at")[:1],
        "packs": few(ExportPack.objects.filter(work_state=WorkState.PENDING).order_by("due_at").only("pk"), SHOWN),
        "holds": few(LegalHold.objects.filter(released_at__isnull=True).defer("sealed").order_by("until", "pk"), SHOWN),
        "lines": retention.dry_run(at=at, most=COUNTED),
        "may_breach": makes_breach_packs(request.user),
    }
    return TemplateResponse(request, "admin/privacy/desk.html", context)


@door(needs=PRIVACY_DESK, scope=Scope.WHOLE, changes=True)
def answer(request, public_id, site) -> HttpResponse:
    """Answer a wish for a correction. The correction itself is made where the thing lives."""
    _desk_only(request)
    rows = CorrectionRequest.objects.select_related("user", "answered_by")
    row = get_object_or_404(rows, public_id=public_id)
    if row.state != CorrectionRequest.State.OPEN and request.method != "POST":
        context = {**site.each_context(request), "title": row.get_about_display(), "row": row, "back": reverse(DESK)}
        return TemplateResponse(request, "admin/privacy/answered.html", context)

    def act(found) -> str:
        by = Actor.of(request.user)
        corrections.answer(row, corrected=found["corrected"] == "yes", words=found["words"], by=by, at=timezone.now())
        return _("The guest has been told.")

    return ask_and_do(
        request,
        site=site,
        title=row.get_about_display(),
        explain=f"{row.user}: {row.wish}" + (f" ({row.reference})" if row.reference else ""),
        button=_("Send the answer"),
        form=AnswerForm,
        act=act,
        back=reverse(DESK),
    )


@door(needs=PRIVACY_DESK, scope=Scope.WHOLE, changes=True)
def rule(request, code, site) -> HttpResponse:
    """Change how long a kind of data is kept."""
    _desk_only(request)
    row = next((one for one in retention.rules() if one.code == code), None)
    if row is None:
        raise Http404

    def act(found) -> str:
        retention.change(code, **found, by=Actor.of(request.user), at=timezone.now())
        return _("Saved. It holds from tonight.")

    def filled(data=None) -> RuleForm:
        return RuleForm(data, initial={"days": row.days, "basis": row.basis, "active": row.active})

    return ask_and_do(request, site=site, title=row.title, button=_("Save"), form=filled, act=act, back=reverse(DESK))


@door(needs=BREACH_PACK, scope=Scope.WHOLE, changes=True)
def hold(request, public_id, site) -> HttpResponse:
    """Open what is kept under a key, for somebody who must show it; written down with the reason."""
    if not makes_breach_packs(request.user):
        raise PermissionDenied
    row = get_object_or_404(LegalHold, public_id=public_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    opened = None
    if request.method == "POST" and form.is_valid():
        try:
            at = timezone.now()
            opened = erasure.open_hold(row, reason=form.cleaned_data["reason"], by=Actor.of(request.user), at=at)
            looked(
                request.user,
                f"hold:{row.public_id}",
                what="held data",
                purpose=form.cleaned_data["reason"][:120],
                at=at,
            )
        except DomainError as error:
            form.add_error(None, error.message)
    context = {
        **site.each_context(request),
        "title": _("What is kept"),
        "hold": row,
        "form": form,
        "opened": opened,
        "back": reverse(DESK),
    }
    return TemplateResponse(request, "admin/privacy/hold.html", context, status=400 if form.errors else 200)


@door(needs=BREACH_PACK, scope=Scope.WHOLE, changes=True)
def who_saw(request, site) -> HttpResponse:
    """Who saw or changed what between: on the page, or as a zip of two tables. Each question is written down."""
    if not makes_breach_packs(request.user):
        raise PermissionDenied
    today = timezone.localdate()
    initial = {"since": today - timedelta(days=7), "until": today}
    form = BreachForm(request.POST if request.method == "POST" else None, initial=initial)
    found = None
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            question = form.question()
        except DomainError as error:
            form.add_error(error.attr if error.attr in form.fields else None, error.message)
        else:
            _write_down(request.user, question, form.cleaned_data["reason"], at)
            if request.POST.get("as") == "zip":
                pieces = breach.pack(question, made_by=str(request.user), at=at)
                file = StreamingHttpResponse(pieces, content_type="application/zip")
                file["Content-Disposition"] = f'attachment; filename="who-saw-{at:%Y%m%d-%H%M}.zip"'
                return file
            found = breach.preview(question)
    context = {
        **site.each_context(request),
        "title": _("Who saw what"),
        "form": form,
        "found": found,
        "most": breach.SHOWN,
        "back": reverse(DESK) if works_at_privacy_desk(request.user) else reverse("admin:index"),
    }
    return TemplateResponse(request, "admin/privacy/breach.html", context, status=400 if form.errors else 200)


def _write_down(user: User, question: breach.Question, reason: str, at: datetime) -> None:
    """The question is a look as well: at each person and stay asked about, else at the member of staff, else at all."""
    asked = [subject for subject in question.subjects if subject.startswith(("person:", "booking:"))]
    if not asked and question.staff_id is not None:
        asked = [subject_of(User.objects.get(pk=question.staff_id))]
    for subject in asked or [EVERYBODY]:
        looked(user, subject, what="breach pack", purpose=reason[:120], at=at)
