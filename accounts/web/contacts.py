"""Another e-mail address or telephone number, and taking that back from the old one."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from accounts.domain import codes, contacts
from accounts.domain.proofs import Proof
from accounts.web.factor_forms import code_field
from accounts.web.forms import CodeForm, EmailForm, Refusable
from accounts.web.pages import Page
from accounts.web.recent import recently_signed_in
from core.actors import Actor
from core.doors import GUEST, STAFF, Scope, door
from core.errors import DomainError
from core.http import see
from core.network import client_address
from core.phones import shown

KEY = "asked_contact"


class PhoneForm(Refusable):
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        max_length=20,
        help_text=gettext_lazy("With the country code, such as +91 98765 43210."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


class PhoneCodeForm(CodeForm):
    code = code_field(gettext_lazy("Code from the message"))


@door(GUEST, STAFF, scope=Scope.OWN, changes=True)
@method_decorator(recently_signed_in, name="dispatch")
class ChangeContact(Page, FormView):
    """First the new address or number, then the code that came there. The old address is told and can undo it."""

    template_name = "accounts/change_contact.html"
    kind = "email"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "again" in request.GET:
            request.session.pop(KEY, None)
        held = request.session.get(KEY) or {}
        self.asked: dict[str, str] | None = held if held.get("kind") == self.kind else None
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> type[Refusable]:
        if self.asked:
            return CodeForm if self.kind == "email" else PhoneCodeForm
        return EmailForm if self.kind == "email" else PhoneForm

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return self._confirmed(form) if self.asked else self._asked(form)
        except DomainError as error:
            return self.refused(form, error)

    def _asked(self, form: Any) -> HttpResponse:
        user, at, new = self.request.user, timezone.now(), form.cleaned_data[self.kind]
        role = "staff" if user.is_staff else "guest"
        proof = Proof(user.pk, at)  # the decorator has asked
        wish = {self.kind: new}
        by, address = Actor.of(user, role), client_address(self.request)
        challenge = contacts.ask_to_change(user, **wish, by=by, at=at, proof=proof, address=address)
        self.request.session[KEY] = {"kind": self.kind, "new": challenge.target, "challenge": str(challenge.public_id)}
        return see(self.request.path)

    def _confirmed(self, form: Any) -> HttpResponse:
        assert self.asked is not None
        challenge = uuid.UUID(self.asked["challenge"])
        contacts.confirm(self.request.user, self.kind, challenge, form.cleaned_data["code"], at=timezone.now())
        self.request.session.pop(KEY, None)
        words = _("Your new e-mail address holds.") if self.kind == "email" else _("Your new telephone number holds.")
        messages.success(self.request, words)
        return see("accounts:security")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        minutes = int(codes.LIVES.total_seconds()) // 60
        asked = shown(self.asked["new"]) if self.asked and self.kind == "phone" else (self.asked or {}).get("new", "")
        return {**super().get_context_data(**kwargs), "kind": self.kind, "asked": asked, "minutes": minutes}
