"""The names by which allauth looks for pages, at our addresses. Included without a namespace."""

from django.conf import settings
from django.urls import URLPattern, path

from accounts.web import entering, factors, passwords, security

TWO = "profile/security"

urlpatterns: list[URLPattern] = [
    path("sign-in", entering.SignIn.as_view(), name="account_login"),
    path("sign-in/closed", entering.Closed.as_view(), name="account_inactive"),
    path("sign-in/code", entering.AskForCode.as_view(), name="account_request_login_code"),
    path("sign-in/factor", factors.Factor.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey", entering.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("sign-in/again", passwords.AskAgain.as_view(), name="account_reauthenticate"),
    path("sign-in/again/code", factors.FactorAgain.as_view(), name="mfa_reauthenticate"),
    path("sign-in/again/passkey", factors.PasskeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
    path("sign-out", entering.sign_out, name="account_logout"),
    path("register", entering.Register.as_view(), name="account_signup"),
    path("password/forgot", passwords.Forgot.as_view(), name="account_reset_password"),
    path("password/forgot/sent", passwords.ForgotSent.as_view(), name="account_reset_password_done"),
    path("password/new/<str:uidb36>-<str:key>", passwords.Reset.as_view(), name="account_reset_password_from_key"),
    path("profile/password", passwords.ChangePassword.as_view(), name="account_change_password"),
    path("profile/password/set", passwords.SetPassword.as_view(), name="account_set_password"),
    path(TWO, security.overview, name="account_email"),
    path(TWO, security.overview, name="mfa_index"),
    path(TWO, security.overview, name="mfa_list_webauthn"),
    path(f"{TWO}/app", factors.AddApp.as_view(), name="mfa_activate_totp"),
    path(f"{TWO}/app/remove", factors.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path(f"{TWO}/passkeys/add", factors.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(f"{TWO}/passkeys/<int:pk>", factors.NamePasskey.as_view(), name="mfa_edit_webauthn"),
    path(f"{TWO}/passkeys/<int:pk>/remove", factors.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path(f"{TWO}/recovery", factors.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path(f"{TWO}/recovery/new", factors.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path(f"{TWO}/recovery/file", factors.RecoveryCodesFile.as_view(), name="mfa_download_recovery_codes"),
]
if settings.GOOGLE_SIGN_IN:
    from accounts.web import google

    urlpatterns += [
        path("sign-in/with/google", google.begin, name="google_login"),
        path("sign-in/with/google/back", google.back, name="google_callback"),
        path("sign-in/with/google/failed", google.failed, name="socialaccount_login_error"),
        path("sign-in/with/google/cancelled", google.failed, name="socialaccount_login_cancelled"),
        path("sign-in/with/google/account", google.failed, name="socialaccount_signup"),
        path(TWO, security.overview, name="socialaccount_connections"),
    ]
