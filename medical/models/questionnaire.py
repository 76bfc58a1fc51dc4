"""Questions as versioned data in the shape of FHIR R4. Gate: `medical.domain.questionnaires`."""

from django.db import models
from django.db.models import Q

from core.tracked import tracked
from programs.models import Program


@tracked(blind=("definition", "consent_text"))
class Questionnaire(models.Model):
    """One version; a published one never changes, a new version follows."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        ACTIVE = "active", "Published"
        RETIRED = "retired", "Retired"

    code = models.SlugField()
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=160)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    definition = models.JSONField(help_text="FHIR R4 Questionnaire")
    consent_text = models.TextField(blank=True)

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="questionnaire_version_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(status="active"), name="questionnaire_one_active"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


@tracked(blind=("link_id", "operator", "value", "label"))
class RedFlagRule(models.Model):
    """An answer that a doctor should see first. It sorts and explains, never decides."""

    class Operator(models.TextChoices):
        IS = "is", "is"
        IN = "in", "is one of"
        AT_LEAST = "gte", "is at least"
        AT_MOST = "lte", "is at most"

    program = models.ForeignKey(Program, null=True, blank=True, on_delete=models.CASCADE, help_text="empty: all")
    link_id = models.CharField(max_length=60, help_text="question, or `bmi`, or `age`")
    operator = models.CharField(max_length=4, choices=Operator.choices)
    value = models.JSONField()
    label = models.CharField(max_length=120)
    severity = models.PositiveSmallIntegerField(default=1, help_text="3 is the gravest")

    class Meta:
        ordering = ["-severity", "label"]

    def __str__(self) -> str:
        return self.label
