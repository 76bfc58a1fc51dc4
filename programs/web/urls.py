"""Addresses of the programs."""

from django.urls import path

from programs.web import views

app_name = "programs"
urlpatterns = [
    path("programs", views.programs, name="list"),
    path("programs/<slug:slug>", views.program, name="detail"),
]
