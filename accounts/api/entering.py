"""Other ways in: a code, the second factor, Google; and a forgotten password."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import entry_shapes as shapes
from accounts.api.serializers import Tokens
from accounts.api.views import OpenView
from accounts.domain import entry, google, otp, passwords
from core.doors import ANYONE, HOLDER, Scope, door
from core.network import client_address


@door(ANYONE, scope=Scope.NONE, changes=True)
class Otp(OpenView):
    @extend_schema(operation_id="auth_otp", request=shapes.OtpInput, responses={201: shapes.ChallengeShape}, auth=[])
    def post(self, request: Request) -> Response:
        """Ask for a code to sign in with. The answer never tells whether somebody has this address or number.

        Six digits, five minutes, five tries; five codes an hour to one target. By `sms` to numbers that were confirmed.
        """
        given = shapes.OtpInput(data=request.data)
        given.is_valid(raise_exception=True)
        asked = otp.ask(**given.validated_data, address=client_address(request), at=timezone.now())
        return Response(shapes.ChallengeShape(asked).data, status=201)


@door(HOLDER, scope=Scope.OWN, changes=True)
class OtpVerify(OpenView):
    refuses = ("401", "403")

    @extend_schema(operation_id="auth_otp_verify", request=shapes.CodeInput, responses=shapes.ENTRY, auth=[])
    def post(self, request: Request) -> Response:
        """Sign in with the code. 400 `bad_code` for a wrong, used or old one, and after five tries."""
        given = shapes.CodeInput(data=request.data)
        given.is_valid(raise_exception=True)
        at = timezone.now()
        user = otp.verify(**given.validated_data, address=client_address(request), at=at)
        return self.pair(entry.enter(user, at=at, device=self.device(request)))


@door(HOLDER, scope=Scope.OWN, changes=True)
class SecondFactor(OpenView):
    refuses = ("401", "403")

    @extend_schema(operation_id="auth_mfa", request=shapes.SecondFactorInput, responses={200: Tokens}, auth=[])
    def post(self, request: Request) -> Response:
        """Answer `mfa_required`: the code of the authenticator app or a recovery code, each good once."""
        given = shapes.SecondFactorInput(data=request.data)
        given.is_valid(raise_exception=True)
        return self.pair(
            entry.show_second_factor(**given.validated_data, at=timezone.now(), device=self.device(request))
        )


@door(ANYONE, scope=Scope.NONE, changes=True)
class Google(OpenView):
    refuses = ("401", "403")

    @extend_schema(operation_id="auth_google", request=shapes.GoogleInput, responses=shapes.ENTRY, auth=[])
    def post(self, request: Request) -> Response:
        """Sign in with Google's id token. 403 `google_off` where it is not offered."""
        given = shapes.GoogleInput(data=request.data)
        given.is_valid(raise_exception=True)
        at = timezone.now()
        user = google.sign_in(given.validated_data["id_token"], at=at)
        return self.pair(entry.enter(user, at=at, device=self.device(request)))


@door(ANYONE, scope=Scope.NONE, changes=True)
class Forgot(OpenView):
    @extend_schema(
        operation_id="auth_password_forgot", request=shapes.ForgotInput, responses={200: shapes.DoneShape}, auth=[]
    )
    def post(self, request: Request) -> Response:
        """Ask for a link to choose a new password. The answer is the same for every address."""
        given = shapes.ForgotInput(data=request.data)
        given.is_valid(raise_exception=True)
        passwords.forgot(given.validated_data["email"], address=client_address(request), at=timezone.now())
        return Response({"detail": _("If there is an account, a link is on its way.")})


@door(HOLDER, scope=Scope.OWN, changes=True)
class Reset(OpenView):
    refuses = ("401", "403")

    @extend_schema(operation_id="auth_password_reset", request=shapes.ResetInput, responses={204: None}, auth=[])
    def post(self, request: Request) -> Response:
        """Choose a new password with the link's key, once. All devices are signed out."""
        given = shapes.ResetInput(data=request.data)
        given.is_valid(raise_exception=True)
        passwords.reset(given.validated_data["key"], given.validated_data["password"], at=timezone.now())
        return Response(status=204)
