"""The mobile app's doors, version 1; no trailing slashes."""

from django.urls import include, path

from config import reference

APPS = ("accounts", "programs", "bookings", "payments", "medical", "backoffice")

urlpatterns = [
    path("schema", reference.schema, name="schema"),
    *(path("", include(f"{app}.api.urls")) for app in APPS),
]
