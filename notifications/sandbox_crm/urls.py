"""Mounted at /sandbox/ where SANDBOX_GATEWAY is true."""

from django.urls import path

from notifications.sandbox_crm import views

app_name = "sandboxcrm"

urlpatterns = [
    path("crm", views.receive, name="receive"),
    path("crm/desk", views.show, name="desk"),
]
