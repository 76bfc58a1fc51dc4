"""All doors of the house."""

urlpatterns: list = []
