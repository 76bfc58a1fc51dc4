"""Addresses of signing in and of the account."""

from django.urls import path

from accounts.web import views

app_name = "accounts"

urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("register", views.register, name="register"),
    path("profile", views.profile, name="profile"),
    path("profile/password", views.change_password, name="change-password"),
    path("profile/sign-out-everywhere", views.sign_out_everywhere, name="sign-out-everywhere"),
    path("password/forgot", views.Forgot.as_view(), name="forgot"),
    path("password/forgot/sent", views.ForgotSent.as_view(), name="forgot-sent"),
    path("password/reset/<uidb64>/<token>", views.Reset.as_view(), name="reset"),
]
