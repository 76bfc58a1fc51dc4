"""auth/…"""

from django.urls import path

from accounts.api import companions, contacts, devices, entering, privacy, profile, sessions, views

urlpatterns = [
    path("auth/register", views.Register.as_view()),
    path("auth/login", views.Login.as_view()),
    path("auth/refresh", views.Refresh.as_view()),
    path("auth/logout", views.Logout.as_view()),
    path("auth/otp", entering.Otp.as_view()),
    path("auth/otp/verify", entering.OtpVerify.as_view()),
    path("auth/mfa", entering.SecondFactor.as_view()),
    path("auth/google", entering.Google.as_view()),
    path("auth/password/forgot", entering.Forgot.as_view()),
    path("auth/password/reset", entering.Reset.as_view()),
    path("auth/proof", contacts.Proof.as_view()),
    path("auth/proof/code", contacts.ProofCode.as_view()),
    path("auth/email", contacts.Email.as_view()),
    path("auth/email/confirm", contacts.EmailConfirm.as_view()),
    path("auth/phone", contacts.Phone.as_view()),
    path("auth/phone/confirm", contacts.PhoneConfirm.as_view()),
    path("auth/contact/undo", contacts.Undo.as_view()),
    path("auth/sessions", sessions.Sessions.as_view()),
    path("auth/sessions/<uuid:session_id>", sessions.OneSession.as_view()),
    path("auth/me", profile.Me.as_view()),
    path("me/consents", privacy.Consents.as_view()),
    path("me/export", privacy.Export.as_view()),
    path("me/export/<uuid:pack_id>", privacy.ExportFile.as_view()),
    path("me/erasure", privacy.Erasure.as_view()),
    path("companions", companions.Companions.as_view()),
    path("companions/<uuid:companion_id>", companions.OneCompanion.as_view()),
    path("devices", devices.Devices.as_view()),
    path("devices/<uuid:device_id>", devices.OneDevice.as_view()),
]
