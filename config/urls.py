"""All doors of the house."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config import health, reference, wellknown

urlpatterns = [
    path("api/v1/", include("config.api_urls")),
    path("openapi.json", reference.schema, name="openapi"),
    path("docs", reference.swagger, name="docs"),
    path("docs/integrators.md", reference.guide, name="guide"),
    path("redoc", reference.redoc, name="redoc"),
    path("redoc.js", reference.redoc_script, name="redoc-script"),
    path("favicon.ico", wellknown.favicon, name="favicon"),
    path("robots.txt", wellknown.robots, name="robots"),
    path("health", health.health),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("admin/", admin.site.urls),
    path("", include("accounts.web.urls")),
    path("", include("accounts.web.urls_allauth")),
    path("", include("payments.web.urls")),
    path("", include("bookings.web.urls")),
    path("", include("medical.web.urls")),
    path("", include("programs.web.urls")),
    path("", include("programs.web.urls_rooms")),
    path("", include("content.web.urls")),
]
if settings.SANDBOX_GATEWAY:
    urlpatterns.append(path("sandbox/payu/", include("payments.simulator.urls")))
    urlpatterns.append(path("sandbox/", include("notifications.sandbox_crm.urls")))

handler400 = "config.views.bad_request"
handler404 = "config.views.not_found"
handler500 = "config.views.broken"
