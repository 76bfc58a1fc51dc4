"""me/…: consents, the own copy, being forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import idempotent
from accounts.api.idempotency import parameter as KEY_HEADER
from accounts.domain import proofs
from accounts.domain.privacy import consents, erasure, export
from accounts.domain.privacy.consents import Origin
from accounts.domain.privacy.purposes import BY_CODE
from accounts.models import ConsentRecord, ErasureRequest, ExportPack, User
from core.actors import Actor
from core.api.views import ApiView
from core.doors import GUEST, Scope, door
from core.errors import Missing
from core.network import client_address

PROOF = OpenApiParameter("Proof", str, OpenApiParameter.HEADER, description="from `auth/proof`")


class ConsentShape(serializers.Serializer):
    """One optional use; messages about the own stay are part of the contract and not asked for."""

    purpose = serializers.ChoiceField(choices=sorted(BY_CODE))
    title = serializers.CharField()
    text = serializers.CharField(help_text="the words to show")
    text_version = serializers.CharField()
    granted = serializers.BooleanField()
    since = serializers.DateTimeField(allow_null=True, help_text="of the latest yes or no")


class ConsentsShape(serializers.Serializer):
    consents = ConsentShape(many=True)


class ConsentsInput(serializers.Serializer):
    """purpose -> allowed; purposes that are not named stay as they are."""

    consents = serializers.DictField(child=serializers.BooleanField(), allow_empty=False)


class ExportShape(serializers.Serializer):
    state = serializers.ChoiceField(choices=["none", "making", "ready", "over"])
    ready_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    size = serializers.IntegerField(help_text="bytes")
    link = serializers.CharField(allow_null=True, help_text="GET with your token and a `Proof` from auth/proof")


class HoldShape(serializers.Serializer):
    words = serializers.CharField()
    until = serializers.DateField(allow_null=True)


class ErasureShape(serializers.Serializer):
    state = serializers.ChoiceField(choices=["asked", "undone"])
    asked_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="until then it can be taken back")
    stays = HoldShape(many=True, help_text="what stays, and why")


@door(GUEST, scope=Scope.OWN, changes=True)
class Consents(ApiView):
    @extend_schema(operation_id="me_consents", responses={200: ConsentsShape}, tags=["me"])
    def get(self, request: Request) -> Response:
        """What the person allows, purpose by purpose."""
        return Response(_consents(request.user))

    @extend_schema(
        operation_id="me_consents_update", request=ConsentsInput, responses={200: ConsentsShape}, tags=["me"]
    )
    def put(self, request: Request) -> Response:
        """Allow or stop optional uses; a stop holds at once. `unknown_purpose` when there is no such use."""
        given = ConsentsInput(data=request.data)
        given.is_valid(raise_exception=True)
        address = client_address(request)
        agent = request.headers.get("User-Agent", "")
        origin = Origin(ConsentRecord.Door.API, None if address == "unknown" else address, agent)
        by = Actor.of(request.user, "guest")
        consents.decide(request.user, given.validated_data["consents"], origin=origin, by=by, at=timezone.now())
        return Response(_consents(request.user))


@door(GUEST, scope=Scope.OWN, changes=True)
class Export(ApiView):
    @extend_schema(operation_id="me_export", responses={200: ExportShape}, tags=["me"])
    def get(self, request: Request) -> Response:
        """Where the own copy stands; `link` while it can be fetched."""
        return Response(_export(request.user))

    @extend_schema(
        operation_id="me_export_start",
        request=None,
        parameters=[KEY_HEADER],
        responses={201: ExportShape},
        tags=["me"],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Have a copy made; a letter tells when it is ready. `export_running` while one is being made."""
        export.start(request.user, at=timezone.now())
        return Response(_export(request.user), status=201)


@door(GUEST, scope=Scope.OWN)
class ExportFile(ApiView):
    refuses = ("403", "404")

    @extend_schema(
        operation_id="me_export_file",
        parameters=[PROOF],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        tags=["me"],
    )
    def get(self, request: Request, pack_id: UUID) -> HttpResponse:
        """The copy as a zip file (data.json, index.html), for its owner only. `proof_needed` without a fresh proof."""
        at = timezone.now()
        _demand_proof(request, at)
        answer = HttpResponse(export.fetch(request.user, str(pack_id), at=at), content_type="application/octet-stream")
        answer["Content-Disposition"] = 'attachment; filename="my-data.zip"'
        return answer


@door(GUEST, scope=Scope.OWN, changes=True)
class Erasure(ApiView):
    refuses = ("403", "404")

    @extend_schema(
        operation_id="me_erasure_ask",
        request=None,
        parameters=[KEY_HEADER, PROOF],
        responses={201: ErasureShape},
        tags=["me"],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Ask to be forgotten: in 48 hours, unless taken back. The answer says what stays, and until when.

        `proof_needed` without a fresh proof: a lost token alone makes nobody forgotten.
        """
        at = timezone.now()
        _demand_proof(request, at)
        return Response(_erasure(erasure.ask(request.user, at=at)), status=201)

    @extend_schema(operation_id="me_erasure_undo", responses={200: ErasureShape}, tags=["me"])
    def delete(self, request: Request) -> Response:
        """Take the wish back. 404 `no_such_request` when none is running, 409 `too_late` when it is over."""
        running = erasure.running(request.user)
        if running is None:
            raise Missing("no_such_request", "There is nothing to take back.")
        by = Actor.of(request.user, "guest")
        return Response(_erasure(erasure.undo(running, by=by, at=timezone.now())))


def _demand_proof(request: Request, at: datetime) -> None:
    given = request.headers.get("Proof", "")
    proofs.demand(request.user, proofs.opened(request.user, given) if given else None, at=at)


def _consents(user: User) -> dict[str, Any]:
    rows = [
        {
            "purpose": one.purpose.code,
            "title": str(one.purpose.title),
            "text": str(one.purpose.text),
            "text_version": one.purpose.version,
            "granted": one.granted,
            "since": one.record.at if one.record else None,
        }
        for one in consents.choices(user)
    ]
    return dict(ConsentsShape({"consents": rows}).data)


def _export(user: User) -> dict[str, Any]:
    pack, at = export.latest(user), timezone.now()
    ready = export.available(pack, at=at)
    state = "none" if pack is None else "ready" if ready else "making" if export.running(user) else "over"
    found: dict[str, Any] = {"state": state, "ready_at": None, "expires_at": None, "size": 0, "link": None}
    if isinstance(pack, ExportPack) and ready:
        link = f"{settings.SITE_URL}/api/v1/me/export/{pack.public_id}"
        found |= {"ready_at": pack.ready_at, "expires_at": pack.expires_at, "size": pack.size, "link": link}
    return dict(ExportShape(found).data)


def _erasure(row: ErasureRequest) -> dict[str, Any]:
    holds = erasure.preview(row.user, at=timezone.now())
    kept = [{"words": hold.words, "until": hold.until} for hold in holds]
    return dict(ErasureShape({"state": row.state, "asked_at": row.asked_at, "due_at": row.due_at, "stays": kept}).data)
