"""Guest forms and reviews."""

from django.urls import path

from medical.api import doctor, guest

urlpatterns = [
    path("bookings/<str:reference>/medical-forms", guest.Forms.as_view()),
    path("medical-forms/<uuid:form_id>", guest.OneForm.as_view()),
    path("medical-forms/<uuid:form_id>/submit", guest.Submit.as_view()),
    path("medical-forms/<uuid:form_id>/questions", guest.Questions.as_view()),
    path("medical-forms/<uuid:form_id>/answers", guest.Answers.as_view()),
    path("medical-forms/<uuid:form_id>/access-log", guest.AccessLogOfForm.as_view()),
    path("doctor/reviews", doctor.Reviews.as_view()),
    path("doctor/reviews/<uuid:form_id>", doctor.OneReview.as_view()),
    path("doctor/reviews/<uuid:form_id>/decision", doctor.Decide.as_view()),
    path("doctor/reviews/<uuid:form_id>/questions", doctor.Ask.as_view()),
]
