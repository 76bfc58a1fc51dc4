"""admin/…"""

from django.urls import path

from backoffice.api import views

urlpatterns = [
    path("admin/bookings", views.StaffBookings.as_view()),
    path("admin/dashboard", views.Dashboard.as_view()),
    path("admin/bookings/<str:reference>/check-in", views.CheckIn.as_view()),
    path("admin/bookings/<str:reference>/check-out", views.CheckOut.as_view()),
    path("admin/bookings/<str:reference>/no-show", views.NoShow.as_view()),
    path("admin/bookings/<str:reference>/assign-room", views.AssignRoom.as_view()),
    path("admin/programs", views.StaffPrograms.as_view()),
    path("admin/programs/<slug:slug>", views.StaffProgram.as_view()),
    path("admin/rooms", views.StaffRooms.as_view()),
]
