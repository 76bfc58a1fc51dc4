"""Addresses of the quiet pages."""

from django.urls import path

from content.web import views

app_name = "content"
urlpatterns = [
    path("faq", views.faq, name="faq"),
    path("terms", views.terms, name="terms"),
    path("contact", views.contact, name="contact"),
    path("privacy", views.privacy, name="privacy"),
]
