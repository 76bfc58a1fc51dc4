"""Proof that it is you; another e-mail address or telephone number; taking it back."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import entry_shapes as shapes
from accounts.api.serializers import Profile
from accounts.api.views import OpenView
from accounts.domain import contacts, proofs
from accounts.models import ContactChange
from core.actors import Actor
from core.api.views import ApiView
from core.doors import GUEST, HOLDER, Scope, door
from core.network import client_address


@door(GUEST, scope=Scope.OWN, changes=True)
class ProofCode(ApiView):
    refuses = ("403",)

    @extend_schema(
        operation_id="auth_proof_code", request=shapes.ProofCodeInput, responses={201: shapes.ChallengeShape}
    )
    def post(self, request: Request) -> Response:
        """A code to the own confirmed address or number, for `auth/proof`."""
        given = shapes.ProofCodeInput(data=request.data)
        given.is_valid(raise_exception=True)
        asked = proofs.ask_code(request.user, channel=given.validated_data["channel"], at=timezone.now())
        return Response(shapes.ChallengeShape(asked).data, status=201)


@door(GUEST, scope=Scope.OWN, changes=True)
class Proof(ApiView):
    refuses = ("403",)

    @extend_schema(operation_id="auth_proof", request=shapes.ProofInput, responses={200: shapes.ProofShape})
    def post(self, request: Request) -> Response:
        """Show once more that it is you, with the password or a code. Needed to change how you are reached."""
        given = shapes.ProofInput(data=request.data)
        given.is_valid(raise_exception=True)
        wish, at = given.validated_data, timezone.now()
        if "password" in wish:
            proof = proofs.by_password(request.user, wish["password"], at=at)
        else:
            proof = proofs.by_code(request.user, wish["challenge"], wish["code"], at=at)
        answer = {"proof": proofs.ticket(request.user, proof), "expires_at": at + proofs.FRESH}
        return Response(shapes.ProofShape(answer).data)


class ContactView(ApiView):
    """Asking for a change, one kind each."""

    refuses = ("403",)

    kind: str

    def ask(self, request: Request, wish: dict[str, str]) -> Response:
        at, ticket = timezone.now(), wish.get("proof")
        proof = proofs.opened(request.user, ticket) if ticket else None
        by = Actor.of(request.user)
        wanted, where = {self.kind: wish[self.kind]}, client_address(request)
        asked = contacts.ask_to_change(request.user, **wanted, by=by, at=at, proof=proof, address=where)
        return Response(shapes.ChallengeShape(asked).data, status=201)

    def confirm(self, request: Request) -> Response:
        given = shapes.CodeInput(data=request.data)
        given.is_valid(raise_exception=True)
        user = contacts.confirm(request.user, self.kind, **given.validated_data, at=timezone.now())
        return Response(Profile(user).data)


@door(GUEST, scope=Scope.OWN, changes=True)
class Email(ContactView):
    kind = ContactChange.Kind.EMAIL

    @extend_schema(operation_id="auth_email", request=shapes.EmailInput, responses={201: shapes.ChallengeShape})
    def post(self, request: Request) -> Response:
        """Send a code to a new e-mail address. The old one is told, with a link that takes it back for 24 hours."""
        given = shapes.EmailInput(data=request.data)
        given.is_valid(raise_exception=True)
        return self.ask(request, given.validated_data)


@door(GUEST, scope=Scope.OWN, changes=True)
class EmailConfirm(ContactView):
    kind = ContactChange.Kind.EMAIL

    @extend_schema(operation_id="auth_email_confirm", request=shapes.CodeInput, responses={200: Profile})
    def post(self, request: Request) -> Response:
        """The code has come: the address is confirmed, and from now on the account's."""
        return self.confirm(request)


@door(GUEST, scope=Scope.OWN, changes=True)
class Phone(ContactView):
    kind = ContactChange.Kind.PHONE

    @extend_schema(operation_id="auth_phone", request=shapes.PhoneInput, responses={201: shapes.ChallengeShape})
    def post(self, request: Request) -> Response:
        """Send a code to a telephone number. The e-mail address is told, with a link that takes it back."""
        given = shapes.PhoneInput(data=request.data)
        given.is_valid(raise_exception=True)
        return self.ask(request, given.validated_data)


@door(GUEST, scope=Scope.OWN, changes=True)
class PhoneConfirm(ContactView):
    kind = ContactChange.Kind.PHONE

    @extend_schema(operation_id="auth_phone_confirm", request=shapes.CodeInput, responses={200: Profile})
    def post(self, request: Request) -> Response:
        """The code has come: the number is confirmed, and can be signed in with."""
        return self.confirm(request)


@door(HOLDER, scope=Scope.OWN, changes=True)
class Undo(OpenView):
    @extend_schema(operation_id="auth_contact_undo", request=shapes.UndoInput, responses={204: None}, auth=[])
    def post(self, request: Request) -> Response:
        """Take a change of address or number back with the link's key, for 24 hours. All devices are signed out."""
        given = shapes.UndoInput(data=request.data)
        given.is_valid(raise_exception=True)
        contacts.undo(given.validated_data["key"], at=timezone.now())
        return Response(status=204)
