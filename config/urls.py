"""All doors of the house."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularRedocView, SpectacularSwaggerView

from config import health

urlpatterns = [
    path("api/v1/", include("config.api_urls")),
    path("openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
    path("docs", SpectacularSwaggerView.as_view(url_name="openapi", http_method_names=["get", "head"]), name="docs"),
    path(
        "redoc",
        SpectacularRedocView.as_view(
            url_name="openapi", template_name="docs/redoc.html", http_method_names=["get", "head"]
        ),
        name="redoc",
    ),
    path("health", health.health),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("admin/", admin.site.urls),
    path("", include("accounts.web.urls")),
    path("", include("payments.web.urls")),
    path("", include("bookings.web.urls")),
    path("", include("medical.web.urls")),
    path("", include("programs.web.urls")),
    path("", include("programs.web.urls_rooms")),
    path("", include("content.web.urls")),
]
if settings.SANDBOX_GATEWAY:
    urlpatterns.append(path("sandbox/payu/", include("payments.simulator.urls")))

handler400 = "config.views.bad_request"
handler404 = "config.views.not_found"
handler500 = "config.views.broken"
