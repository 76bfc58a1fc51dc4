"""Shapes of the medical calls. Answers leave only towards the guest herself, or through `medical.domain.reading`."""

from __future__ import annotations

from rest_framework import serializers

from core.api.fields import StayDateField
from medical.models import Decision, MedicalForm


class FormBrief(serializers.Serializer):
    """One guest's form in a list, without answers."""

    id = serializers.UUIDField(source="public_id")
    booking = serializers.CharField(source="booking.reference")
    guest = serializers.CharField(source="guest.name")
    status = serializers.ChoiceField(choices=MedicalForm.State.choices, source="state")
    completion = serializers.IntegerField(help_text="percent of the required questions")
    due = serializers.DateTimeField(source="booking.form_due_at", allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    open_questions = serializers.IntegerField()


class FormConsentShape(serializers.Serializer):
    text = serializers.CharField(help_text="show this before submitting")
    version = serializers.CharField()
    purposes = serializers.ListField(child=serializers.CharField())
    given_at = serializers.DateTimeField(allow_null=True)


class FormShape(FormBrief):
    """The form with its questions (FHIR R4 Questionnaire) and the guest's own answers (QuestionnaireResponse)."""

    revision = serializers.IntegerField()
    questionnaire = serializers.DictField()
    response = serializers.DictField()
    consent = FormConsentShape()


class FormListShape(serializers.Serializer):
    """All forms of one stay."""

    count = serializers.IntegerField()
    results = FormShape(many=True)


class DraftInput(serializers.Serializer):
    """`item` of a QuestionnaireResponse, or plain `answers` {linkId: value}. `section` replaces only that part."""

    item = serializers.JSONField(required=False)
    answers = serializers.DictField(required=False)
    section = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict) -> dict:
        if "item" not in attrs and "answers" not in attrs:
            raise serializers.ValidationError({"item": "Send `item` of a QuestionnaireResponse, or `answers`."})
        return attrs


class ConsentInput(serializers.Serializer):
    agreed = serializers.BooleanField()
    version = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    purposes = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, default=list, max_length=10
    )


class SubmitInput(serializers.Serializer):
    """Without answers the saved draft is sent."""

    item = serializers.JSONField(required=False)
    answers = serializers.DictField(required=False)
    consent = ConsentInput(required=False)


class QuestionShape(serializers.Serializer):
    id = serializers.UUIDField()
    question = serializers.CharField()
    answer = serializers.CharField()
    doctor = serializers.CharField()
    asked_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)


class QuestionsShape(serializers.Serializer):
    count = serializers.IntegerField()
    results = QuestionShape(many=True)


class FormAnswerInput(serializers.Serializer):
    """`question` may be left out while only one is open."""

    question = serializers.UUIDField(required=False)
    answer = serializers.CharField(max_length=4000)


class ReaderShape(serializers.Serializer):
    who = serializers.CharField()
    role = serializers.CharField()
    at = serializers.DateTimeField()
    what = serializers.CharField()
    purpose = serializers.CharField()


class ReadersShape(serializers.Serializer):
    count = serializers.IntegerField()
    results = ReaderShape(many=True)


class ReviewBrief(serializers.Serializer):
    """One line of the doctor's queue; the weight of flags sorts, and says nothing by itself."""

    id = serializers.UUIDField(source="public_id")
    booking = serializers.CharField(source="booking.reference")
    guest = serializers.CharField(source="guest.name")
    program = serializers.CharField(source="booking.program.name")
    check_in_date = StayDateField(source="booking.check_in")
    status = serializers.ChoiceField(choices=MedicalForm.State.choices, source="state")
    flag_weight = serializers.IntegerField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)


class ReviewPage(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ReviewBrief(many=True)


class Flag(serializers.Serializer):
    label = serializers.CharField()
    severity = serializers.IntegerField()
    link_id = serializers.CharField()


class Answered(serializers.Serializer):
    link_id = serializers.CharField()
    label = serializers.CharField()
    value = serializers.CharField()
    flagged = serializers.BooleanField()


class AnsweredSection(serializers.Serializer):
    title = serializers.CharField()
    answers = Answered(many=True)


class DecisionShape(serializers.Serializer):
    outcome = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    guest_words = serializers.CharField()
    conditions = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField()


class ReviewShape(ReviewBrief):
    """Everything on one screen; opening it is logged."""

    flags = Flag(many=True)
    derived = serializers.DictField(child=serializers.CharField())
    sections = AnsweredSection(many=True)
    questions = QuestionShape(many=True)
    decisions = DecisionShape(many=True)
    if_not_suitable = serializers.DictField(help_text="what would be refunded and released")


class DecisionInput(serializers.Serializer):
    decision = serializers.ChoiceField(choices=Decision.Outcome.choices)
    guest_words = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    conditions = serializers.ListField(
        child=serializers.CharField(max_length=300, allow_blank=True), required=False, default=list, max_length=20
    )
    note = serializers.CharField(max_length=8000, required=False, allow_blank=True, default="")
    refer_to = serializers.EmailField(required=False, allow_null=True, default=None)


class DecidedShape(serializers.Serializer):
    id = serializers.UUIDField()
    decision = serializers.CharField()
    status = serializers.ChoiceField(choices=MedicalForm.State.choices)
    booking_status = serializers.CharField()


class AskInput(serializers.Serializer):
    question = serializers.CharField(max_length=2000)
