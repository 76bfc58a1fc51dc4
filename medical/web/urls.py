"""Addresses of the guest form. No medical word stands in any of them."""

from django.urls import path

from medical.web import answering, filling, sending, tasks

app_name = "guestform"

FORM = "stays/<str:reference>/form/<uuid:form_id>"
urlpatterns = [
    path("stays/<str:reference>/form", tasks.tasks, name="tasks"),
    path(f"{FORM}/<int:number>", filling.section, name="section"),
    path(f"{FORM}/check", tasks.check, name="check"),
    path(f"{FORM}/submit", sending.submit, name="submit"),
    path(f"{FORM}/change", sending.change, name="change"),
    path(f"{FORM}/questions", answering.questions, name="questions"),
    path(f"{FORM}/readers", tasks.readers, name="readers"),
]
