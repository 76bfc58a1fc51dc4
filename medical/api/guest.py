"""The guest's side: the own forms, drafts, sending, questions, who has read them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import idempotent
from accounts.api.idempotency import parameter as KEY_HEADER
from bookings.api.views import STAY_KEY, StayView
from bookings.permissions import actor, is_own
from core.doors import GUEST, HOLDER, Scope, door
from core.errors import Conflict, Missing
from core.network import client_address
from medical.api import serializers as shapes
from medical.domain import forms, questionnaires, reading
from medical.domain.forms import Agreement
from medical.domain.questionnaires import BadAnswers
from medical.models import Clarification, MedicalForm

PURPOSES = ("review", "care")


class FormView(StayView):
    """For the guest of the stay only: staff who see the booking do not find its forms."""

    def handle_exception(self, exc: Exception) -> Response:
        """Every bad answer is named, by the linkId of its question."""
        if isinstance(exc, BadAnswers):
            exc = ValidationError({link: [ErrorDetail(text, exc.code)] for link, text in exc.problems.items()})
        return super().handle_exception(exc)

    def form(self, request: Request, form_id: UUID) -> MedicalForm:
        """The form behind `form_id` of the caller's own stay. Raises Missing."""
        found = with_questions(MedicalForm.objects.filter(public_id=form_id)).first()
        if found is None or not is_own(found.booking, user=request.user, key=self.key(request)):
            raise Missing("no_such_form", "There is no such form.")
        return found

    def shown_form(self, form: MedicalForm) -> dict[str, Any]:
        fresh = with_questions(MedicalForm.objects.filter(pk=form.pk)).get()
        return shapes.FormShape(full(fresh)).data


@door(GUEST, HOLDER, scope=Scope.OWN)
class Forms(FormView):
    @extend_schema(
        operation_id="bookings_medical_forms",
        responses={200: shapes.FormListShape},
        parameters=[STAY_KEY],
        tags=["medical"],
    )
    def get(self, request: Request, reference: str) -> Response:
        """The forms of the stay's guests: questions (FHIR Questionnaire) and own answers (QuestionnaireResponse)."""
        stay = self.stay(request, reference)
        if not is_own(stay, user=request.user, key=self.key(request)):
            raise Missing("unknown_booking", "There is no such booking.")
        found = [full(form) for form in with_questions(MedicalForm.objects.filter(booking=stay))]
        return Response(shapes.FormListShape({"count": len(found), "results": found}).data)


@door(GUEST, HOLDER, scope=Scope.OWN, changes=True)
class OneForm(FormView):
    @extend_schema(
        operation_id="medical_forms_retrieve",
        responses={200: shapes.FormShape},
        parameters=[STAY_KEY],
        tags=["medical"],
    )
    def get(self, request: Request, form_id: UUID) -> Response:
        """One own form."""
        return Response(shapes.FormShape(full(self.form(request, form_id))).data)

    @extend_schema(
        operation_id="medical_forms_update",
        request=shapes.DraftInput,
        responses={200: shapes.FormShape},
        parameters=[STAY_KEY],
        tags=["medical"],
    )
    def put(self, request: Request, form_id: UUID) -> Response:
        """Save a draft: what is answered so far."""
        form = self.form(request, form_id)
        given = shapes.DraftInput(data=request.data)
        given.is_valid(raise_exception=True)
        raw = raw_answers(form, given.validated_data)
        section = given.validated_data["section"]
        saved = forms.save_draft(form, raw or {}, by=actor(request.user), at=timezone.now(), section=section)
        return Response(self.shown_form(saved))


@door(GUEST, HOLDER, scope=Scope.OWN, changes=True)
class Submit(FormView):
    @extend_schema(
        operation_id="medical_forms_submit",
        request=shapes.SubmitInput,
        responses={200: shapes.FormShape},
        parameters=[KEY_HEADER, STAY_KEY],
        tags=["medical"],
    )
    @idempotent
    def post(self, request: Request, form_id: UUID) -> Response:
        """Send the form to the doctor; `consent.agreed` is needed."""
        form = self.form(request, form_id)
        given = shapes.SubmitInput(data=request.data)
        given.is_valid(raise_exception=True)
        sent = forms.submit(
            form,
            raw_answers(form, given.validated_data),
            agreement=agreement(request, form, given.validated_data.get("consent")),
            by=actor(request.user),
            at=timezone.now(),
        )
        return Response(self.shown_form(sent))


@door(GUEST, HOLDER, scope=Scope.OWN)
class Questions(FormView):
    @extend_schema(
        operation_id="medical_forms_questions",
        responses={200: shapes.QuestionsShape},
        parameters=[STAY_KEY],
        tags=["medical"],
    )
    def get(self, request: Request, form_id: UUID) -> Response:
        """What the doctor wants to know, and the answers so far."""
        rows = reading.questions_of(self.form(request, form_id))
        return Response(shapes.QuestionsShape({"count": len(rows), "results": rows}).data)


@door(GUEST, HOLDER, scope=Scope.OWN, changes=True)
class Answers(FormView):
    @extend_schema(
        operation_id="medical_forms_answers",
        request=shapes.FormAnswerInput,
        responses={201: shapes.QuestionsShape},
        parameters=[KEY_HEADER, STAY_KEY],
        tags=["medical"],
    )
    @idempotent
    def post(self, request: Request, form_id: UUID) -> Response:
        """Answer the doctor's question."""
        form = self.form(request, form_id)
        given = shapes.FormAnswerInput(data=request.data)
        given.is_valid(raise_exception=True)
        asked = self.question(form, given.validated_data.get("question"))
        forms.answer_question(asked, given.validated_data["answer"], by=actor(request.user), at=timezone.now())
        rows = reading.questions_of(form)
        return Response(shapes.QuestionsShape({"count": len(rows), "results": rows}).data, status=201)

    @staticmethod
    def question(form: MedicalForm, wanted: UUID | None) -> Clarification:
        rows = form.clarifications.select_related("form__booking")
        if wanted is not None:
            found = rows.filter(public_id=wanted).first()
            if found is None:
                raise Missing("no_such_question", "There is no such question.")
            return found
        open_ones = list(rows.filter(answered_at__isnull=True)[:2])
        if len(open_ones) != 1:
            raise Conflict("which_question", "Say which question you answer, by its id.")
        return open_ones[0]


@door(GUEST, HOLDER, scope=Scope.OWN)
class AccessLogOfForm(FormView):
    @extend_schema(
        operation_id="medical_forms_access_log",
        responses={200: shapes.ReadersShape},
        parameters=[STAY_KEY],
        tags=["medical"],
    )
    def get(self, request: Request, form_id: UUID) -> Response:
        """Who has read this form, when and why."""
        rows = reading.readers_of(self.form(request, form_id))
        return Response(shapes.ReadersShape({"count": len(rows), "results": rows}).data)


def with_questions(rows: QuerySet[MedicalForm]) -> QuerySet[MedicalForm]:
    """Everything a form's answer shows, in two queries."""
    waiting = Count("clarifications", filter=Q(clarifications__answered_at__isnull=True))
    related = rows.select_related("questionnaire", "guest", "booking__property", "booking__program", "booking__folio")
    return related.prefetch_related("consents").annotate(open_questions=waiting).order_by("guest__position", "id")


def full(form: MedicalForm) -> dict[str, Any]:
    """A form for its guest."""
    questionnaire = form.questionnaire
    version = consent_version(form)
    given = next(iter(form.consents.all()), None)
    definition = questionnaire.definition
    return {
        **{name: getattr(form, name) for name in ("public_id", "booking", "guest", "state", "completion", "revision")},
        "submitted_at": form.submitted_at,
        "open_questions": form.open_questions,  # type: ignore[attr-defined]
        "questionnaire": definition,
        "response": {
            "resourceType": "QuestionnaireResponse",
            "id": str(form.public_id),
            "questionnaire": f"{questionnaire.code}|{questionnaire.version}",
            "status": "in-progress" if form.state == MedicalForm.State.DRAFT else "completed",
            "item": questionnaires.to_response(definition, forms.answers_of(form)),
        },
        "consent": {
            "text": questionnaire.consent_text,
            "version": version,
            "purposes": list(PURPOSES),
            "given_at": given.given_at if given else None,
        },
    }


def consent_version(form: MedicalForm) -> str:
    return f"{form.questionnaire.code}-{form.questionnaire.version}"


def raw_answers(form: MedicalForm, given: dict[str, Any]) -> dict[str, Any] | None:
    """Plain answers from either shape, unchecked; None when there are none."""
    if "item" in given:
        return questionnaires.from_response(form.questionnaire.definition, given["item"])
    answers: dict[str, Any] | None = given.get("answers")
    return answers


def agreement(request: Request, form: MedicalForm, consent: dict[str, Any] | None) -> Agreement | None:
    """The consent as it was given here and now, or None. Raises Conflict("consent_changed") for another text."""
    if not consent or not consent["agreed"]:
        return None
    if consent["version"] and consent["version"] != consent_version(form):
        raise Conflict("consent_changed", "The text has changed. Please read it again.", attr="consent")
    address = client_address(request)
    return Agreement(
        text_version=consent_version(form),
        purposes=tuple(one for one in consent["purposes"] if one in PURPOSES) or PURPOSES,
        ip=None if address == "unknown" else address,
        user_agent=request.headers.get("User-Agent", "")[:300],
    )
