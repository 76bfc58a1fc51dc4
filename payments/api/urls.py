"""Calls of this app."""

urlpatterns: list = []
