"""A web session ends at once when its epoch is over (password change, role change, "sign out everywhere")."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

SESSION_KEY = "epoch"


class SessionEpochMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = request.session.get(SESSION_KEY)
        if begun is not None and request.user.is_authenticated and begun != request.user.session_epoch:
            logout(request)
        return self.get_response(request)
