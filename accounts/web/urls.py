"""Addresses of signing in and of the account. allauth asks for its own pages by its own names: `urls_allauth`."""

from django.urls import path

from accounts.web import contacts, entering, factors, passwords, privacy, profile, security, undo, unsubscribe, views

app_name = "accounts"

urlpatterns = [
    path("sign-in", entering.SignIn.as_view(), name="sign-in"),
    path("sign-in/code", entering.AskForCode.as_view(), name="ask-for-code"),
    path("sign-in/code/confirm", entering.ConfirmCode.as_view(), name="confirm-code"),
    path("sign-in/again/mail", passwords.AskAgainByMail.as_view(), name="ask-again-by-mail"),
    path("sign-out", entering.sign_out, name="sign-out"),
    path("register", entering.Register.as_view(), name="register"),
    path("profile", profile.profile, name="profile"),
    path("profile/companions", profile.companions, name="companions"),
    path("profile/companions/<uuid:companion_id>", profile.companion, name="companion"),
    path("profile/companions/<uuid:companion_id>/remove", profile.remove_companion, name="remove-companion"),
    path("profile/password", passwords.ChangePassword.as_view(), name="change-password"),
    path("profile/sign-out-everywhere", views.sign_out_everywhere, name="sign-out-everywhere"),
    path("profile/security", security.overview, name="security"),
    path("profile/security/set-up", factors.enrol, name="enrol"),
    path("profile/security/email", contacts.ChangeContact.as_view(), name="change-email"),
    path("profile/security/phone", contacts.ChangeContact.as_view(kind="phone"), name="change-phone"),
    path("profile/security/devices/<uuid:id>/end", security.end_session, name="end-session"),
    path("profile/privacy", privacy.overview, name="privacy"),
    path("profile/privacy/consent", privacy.consent, name="privacy-consent"),
    path("profile/privacy/withdraw", privacy.withdraw, name="privacy-withdraw"),
    path("profile/privacy/copy", privacy.start_export, name="privacy-export"),
    path("profile/privacy/copy/<uuid:pack_id>", privacy.fetch_export, name="privacy-fetch"),
    path("profile/privacy/correction", privacy.correct, name="privacy-correct"),
    path("profile/privacy/erase", privacy.erase, name="privacy-erase"),
    path("profile/privacy/keep", privacy.keep_me, name="privacy-keep"),
    path("account/keep/<str:token>", privacy.undo, name="privacy-undo"),
    path("account/undo/<str:key>", undo.undo_contact, name="undo-contact"),
    path("unsubscribe/<str:signed>", unsubscribe.unsubscribe, name="unsubscribe"),
    path("password/forgot", passwords.Forgot.as_view(), name="forgot"),
    path("password/forgot/sent", passwords.ForgotSent.as_view(), name="forgot-sent"),
    path("password/reset/<str:uidb64>/<str:token>", security.old_link, name="old-reset"),
]
