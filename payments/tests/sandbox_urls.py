"""The simulator alone, where the product mounts it."""

from django.urls import include, path

urlpatterns = [path("sandbox/payu/", include("payments.simulator.urls"))]
