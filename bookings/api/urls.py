"""Availability and stay bookings."""

from django.urls import path

from bookings.api import availability, claiming, favourites, paying, reviews, views

urlpatterns = [
    path("room-availability", availability.room_availability),
    path("availability-calendar", availability.availability_calendar),
    path("bookings/estimate", views.Estimate.as_view()),
    path("bookings/claim", claiming.Claim.as_view()),
    path("bookings", views.Bookings.as_view()),
    path("bookings/<str:reference>", views.OneBooking.as_view()),
    path("bookings/<str:reference>/cancellation-quote", views.CancellationQuote.as_view()),
    path("bookings/<str:reference>/cancel", views.Cancel.as_view()),
    path("bookings/<str:reference>/timeline", views.Timeline.as_view()),
    path("bookings/<str:reference>/extend-hold", views.ExtendHold.as_view()),
    path("bookings/<str:reference>/calendar.ics", views.CalendarFile.as_view()),
    path("reviews", reviews.Reviews.as_view()),
    path("reviews/<uuid:public_id>", reviews.OneReview.as_view()),
    path("programs/<slug:slug>/reviews", reviews.ProgramReviews.as_view()),
    path("room-types/<slug:slug>/reviews", reviews.RoomTypeReviews.as_view()),
    path("favourites", favourites.Favourites.as_view()),
    path("favourites/<str:kind>/<slug:slug>", favourites.OneFavourite.as_view()),
    path("payments/initiate", paying.Initiate.as_view()),
    path("payments/<uuid:public_id>", paying.OnePayment.as_view()),
]
