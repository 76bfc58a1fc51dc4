"""Callbacks and payments."""

from django.urls import path

from payments.api import views

urlpatterns = [
    path("payments/webhook", views.Webhook.as_view()),
    path("payments/webhooks/payu", views.Webhook.as_view()),
    path("payments", views.Payments.as_view()),
]
