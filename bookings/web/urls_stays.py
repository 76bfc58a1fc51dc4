"""Addresses of the guest's own stays; part of `bookings.web.urls`."""

from django.urls import path

from bookings.web import cancelling, claiming, finding, paying, reviewing, stays

urlpatterns = [
    path("stays", stays.stays, name="stays"),
    path("stays/find", finding.find, name="find"),
    path("stays/find/code", finding.find_code, name="find-code"),
    path("stays/open/<str:signed>/<slug:page>", finding.open_link, name="open"),
    path("stays/<str:reference>", stays.stay, name="stay"),
    path("stays/<str:reference>/pay", paying.pay, name="pay"),
    path("stays/<str:reference>/cancel", cancelling.cancel, name="cancel"),
    path("stays/<str:reference>/extend-hold", stays.extend_hold, name="extend-hold"),
    path("stays/<str:reference>/calendar.ics", stays.calendar, name="calendar"),
    path("stays/<str:reference>/review", reviewing.review, name="review"),
    path("stays/<str:reference>/review/withdraw", reviewing.withdraw, name="review-withdraw"),
    path("stays/<str:reference>/claim", claiming.claim, name="claim"),
]
