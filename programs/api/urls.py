"""Programs and rooms."""

from django.urls import path

from programs.api import discovery, views

urlpatterns = [
    path("home", discovery.Home.as_view()),
    path("search", discovery.Search.as_view()),
    path("programs", views.Programs.as_view()),
    path("programs/<slug:slug>", views.OneProgram.as_view()),
    path("program-types", views.ProgramTypes.as_view()),
    path("rooms", views.Rooms.as_view()),
    path("room-types", views.RoomTypes.as_view()),
    path("room-types/<slug:slug>", views.OneRoomType.as_view()),
]
