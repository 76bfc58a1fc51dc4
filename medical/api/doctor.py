"""The doctor's side: the own queue, one review, questions, the decision. Another doctor's form is simply not there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import idempotent
from accounts.api.idempotency import parameter as KEY_HEADER
from accounts.models import User
from accounts.roles import DOCTOR, MEDICAL_LEAD
from core.api.pagination import PAGING, Pages
from core.api.views import ApiView
from core.doors import Scope, door
from core.errors import Invalid, Missing
from core.money import format_inr
from medical.api import serializers as shapes
from medical.domain import reading, review
from medical.models import MedicalForm
from medical.permissions import may_review, reviews


class ReviewsForms(BasePermission):
    """Doctors and medical leads."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return reviews(request.user)


class DoctorView(ApiView):
    permission_classes = [ReviewsForms]

    def form(self, form_id: UUID) -> MedicalForm:
        rows = MedicalForm.objects.select_related(
            "questionnaire", "guest", "booking__property", "booking__program", "booking__folio"
        )
        found = rows.filter(public_id=form_id).first()
        if found is None:
            raise Missing("no_such_form", "There is no such form.")
        return found

    def theirs(self, request: Request, form_id: UUID) -> MedicalForm:
        """The form when the caller reviews it; before the body is looked at, so it tells nothing."""
        found = self.form(form_id)
        if not may_review(request.user, found):
            raise Missing("no_such_form", "There is no such form.")
        return found


@door(DOCTOR, MEDICAL_LEAD, scope=Scope.ASSIGNED)
class Reviews(DoctorView):
    @extend_schema(
        operation_id="doctor_reviews_list",
        responses={200: shapes.ReviewPage},
        parameters=[*PAGING],
    )
    def get(self, request: Request) -> Response:
        """Open reviews of the caller (a lead sees all), least time left first."""
        pages = Pages()
        page = pages.paginate_queryset(review.queue_for(request.user), request, view=self)
        return pages.get_paginated_response(shapes.ReviewBrief(page, many=True).data)


@door(DOCTOR, MEDICAL_LEAD, scope=Scope.ASSIGNED)
class OneReview(DoctorView):
    @extend_schema(operation_id="doctor_reviews_retrieve", responses={200: shapes.ReviewShape})
    def get(self, request: Request, form_id: UUID) -> Response:
        """The whole form with its flags. The guest sees that it was opened."""
        at = timezone.now()
        record = reading.open_for(request.user, self.form(form_id), purpose="review", at=at)
        gone = review.preview_not_suitable(record.form, at=at)
        return Response(
            {
                **shapes.ReviewBrief(record.form).data,
                "flags": record.flags,
                "derived": record.derived,
                "sections": shapes.AnsweredSection(record.sections, many=True).data,
                "questions": shapes.QuestionShape(record.questions, many=True).data,
                "decisions": shapes.DecisionShape(record.decisions, many=True).data,
                "if_not_suitable": {
                    "refund": str(gone["refund"]),
                    "refund_words": format_inr(gone["refund"]),
                    "rooms": gone["rooms"],
                    "check_in_date": gone["nights"].check_in.isoformat(),
                    "check_out_date": gone["nights"].check_out.isoformat(),
                },
            }
        )


@door(DOCTOR, MEDICAL_LEAD, scope=Scope.ASSIGNED, changes=True)
class Decide(DoctorView):
    @extend_schema(
        parameters=[KEY_HEADER],
        operation_id="doctor_reviews_decision",
        request=shapes.DecisionInput,
        responses={201: shapes.DecidedShape},
    )
    @idempotent
    def post(self, request: Request, form_id: UUID) -> Response:
        """approve, approve_with_conditions, not_suitable, refer. A decision is never edited."""
        form = self.theirs(request, form_id)
        given = shapes.DecisionInput(data=request.data)
        given.is_valid(raise_exception=True)
        wish = given.validated_data
        made = review.decide(
            form,
            wish["decision"],
            doctor=request.user,
            at=timezone.now(),
            guest_words=wish["guest_words"],
            conditions=wish["conditions"],
            note=wish["note"],
            refer_to=colleague(wish["refer_to"]),
        )
        form.refresh_from_db()
        form.booking.refresh_from_db(fields=["state"])
        answer = {
            "id": made.public_id,
            "decision": made.outcome,
            "status": form.state,
            "booking_status": form.booking.state,
        }
        return Response(shapes.DecidedShape(answer).data, status=201)


@door(DOCTOR, MEDICAL_LEAD, scope=Scope.ASSIGNED, changes=True)
class Ask(DoctorView):
    @extend_schema(
        parameters=[KEY_HEADER],
        operation_id="doctor_reviews_questions",
        request=shapes.AskInput,
        responses={201: shapes.QuestionShape},
    )
    @idempotent
    def post(self, request: Request, form_id: UUID) -> Response:
        """Ask the guest something; the decision clock stops until the answer."""
        form = self.theirs(request, form_id)
        given = shapes.AskInput(data=request.data)
        given.is_valid(raise_exception=True)
        asked = review.ask(form, given.validated_data["question"], doctor=request.user, at=timezone.now())
        row = next(one for one in reading.questions_of(form) if one["id"] == str(asked.public_id))
        return Response(shapes.QuestionShape(row).data, status=201)


def colleague(email: str | None) -> User | None:
    """The doctor with this address. Raises Invalid("not_a_doctor")."""
    if not email:
        return None
    found = User.objects.filter(email=User.objects.normalise(email), doctor_profile__isnull=False).first()
    if found is None:
        raise Invalid("not_a_doctor", "There is no such doctor.", attr="refer_to")
    return found
