"""Addresses of payments on the guest pages."""

from django.urls import path

from payments.web import views

app_name = "payments"

urlpatterns = [
    path("payments/payu/return", views.payu_return, name="return"),
    path("payments/<uuid:public_id>/go", views.handoff, name="handoff"),
    path("payments/<uuid:public_id>/news", views.news, name="news"),
    path("payments/<uuid:public_id>", views.status, name="status"),
]
