"""Mounted at /sandbox/payu/ where SANDBOX_GATEWAY is true."""

from django.urls import path

from payments.simulator import books_views, views

app_name = "payusim"

urlpatterns = [
    path("_payment", views.payment, name="payment"),
    path("pay/<str:page_key>", views.page, name="page"),
    path("pay/<str:page_key>/return", views.back, name="back"),
    path("merchant/postservice.php", views.postservice, name="postservice"),
    path("books", books_views.books, name="books"),
    path("books/payments/<str:mihpayid>/resolve", books_views.resolve, name="resolve"),
    path("books/refunds/<str:request_id>/settle", books_views.settle, name="settle"),
    path("faults", books_views.script_faults, name="faults"),
]
