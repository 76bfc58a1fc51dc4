"""The mobile app's doors, version 1; no trailing slashes."""

from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView

APPS = ("accounts", "programs", "bookings", "payments", "medical", "backoffice")

urlpatterns = [
    path("schema", SpectacularJSONAPIView.as_view(), name="schema"),
    *(path("", include(f"{app}.api.urls")) for app in APPS),
]
