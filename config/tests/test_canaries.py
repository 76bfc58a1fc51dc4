"""L1: canaries in every field that people fill in, errors forced at every step: none of them in logs, in Valkey (queued
tasks and all else that is there), subjects of mails or addresses. A few steps always; all of them as a drill."""

from __future__ import annotations

import base64
import importlib
import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import redis
from django.conf import settings as conf
from django.core import mail
from django.db import transaction
from django.utils import timezone
from django.utils.log import configure_logging
from drf_spectacular.generators import SchemaGenerator

from accounts.domain.privacy import corrections, export
from accounts.models import Companion, User
from config.tests.api_cast import Api
from config.tests.cast import AGREEMENT, ANSWERS
from core import tasks
from core.actors import Actor
from core.logs import PlainFormatter
from core.tasks import keep_promise
from medical.domain import forms, review
from medical.models import MedicalForm

pytestmark = pytest.mark.django_db(transaction=True)

STEPS = (
    "core.crypto.seal",
    "notifications.domain.messages.keep",
    "django.core.mail.message.EmailMultiAlternatives.send",
    "accounts.domain.people.update_profile",
    "bookings.domain.placing._write_booking",
    "bookings.domain.placing._write_rooms",
    "bookings.domain.quotes.accept",
    "payments.domain.folio.open_folio",
    "payments.domain.folio.post",
    "payments.domain.attempts.start",
    "rooms.domain.inventory.take",
    "medical.domain.forms._store",
    "medical.domain.forms._flag",
    "medical.domain.forms._agree",
    "medical.domain.forms._hand_over",
    "medical.domain.questionnaires.clean",
    "medical.domain.questionnaires.to_response",
    "medical.domain.flags.find",
    "medical.domain.review.receive",
    "medical.domain.review.least_loaded",
    "medical.domain.reading.shown",
    "medical.sealed.unseal",
    "audit.models.History.save",
    "audit.models.AccessLog.save",
    "accounts.models.ConsentRecord.save",
    "accounts.models.CorrectionRequest.save",
    "accounts.models.Companion.save",
    "accounts.domain.privacy.consents.decide",
    "accounts.domain.privacy.corrections.mask_cards",
    "accounts.domain.privacy.pack.zipped",
    "accounts.domain.privacy.export.everything_of",
    "accounts.domain.companions.add",
    "bookings.models.StayBooking.save",
    "bookings.models.Guest.save",
    "medical.models.MedicalForm.save",
    "medical.models.Clarification.save",
    "medical.models.Consent.save",
    "notifications.models.Message.save",
    "payments.models.Folio.save",
    "core.tasks.ring_bell",
)
SILENT = ("core.tasks.ring_bell", "audit.models.History.save")  # no bell, or nothing that is promised at all
QUICK = ("core.crypto.seal", "django.core.mail.message.EmailMultiAlternatives.send", "medical.models.MedicalForm.save")


class Canaries:
    """Words that occur nowhere else; each call gives a new one."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> str:
        self.count += 1
        return f"QXCANARY{self.count:03d}Z"


class Forced(Exception):
    """What a careless library raises: its words hold everything it was given."""


@contextmanager
def broken(path: str) -> Iterator[None]:
    """Let the function at `path` fail with all its arguments in the words of the error."""
    owner_path, _, name = path.rpartition(".")
    try:
        owner: Any = importlib.import_module(owner_path)
    except ImportError:
        module, _, cls = owner_path.rpartition(".")
        owner = getattr(importlib.import_module(module), cls)
    kept = owner.__dict__.get(name, getattr(owner, name))

    def fail(*args: Any, **kwargs: Any) -> Any:
        raise Forced(f"{[getattr(one, '__dict__', one) for one in args]} {kwargs}")

    setattr(owner, name, fail)
    try:
        yield
    finally:
        setattr(owner, name, kept)


PREFIX = conf.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]


class Valkey:
    """The database that the settings name, read as it stands: every key, every value, every queued message."""

    READ: dict[bytes, Callable[[Any, bytes], Any]] = {
        b"string": lambda store, key: [store.get(key)],
        b"list": lambda store, key: store.lrange(key, 0, -1),
        b"set": lambda store, key: list(store.smembers(key)),
        b"zset": lambda store, key: store.zrange(key, 0, -1, withscores=True),
        b"hash": lambda store, key: [part for pair in store.hgetall(key).items() for part in pair],
        b"stream": lambda store, key: store.xrange(key),
        b"none": lambda store, key: [],  # has run out meanwhile
    }

    def __init__(self) -> None:
        self.store = redis.Redis.from_url(conf.REDIS_URL)

    def everything(self) -> str:
        """As text; a queued message with its body, which lies in it in base64."""
        found = []
        for key in self.store.scan_iter(count=1000):
            values = self.READ[self.store.type(key)](self.store, key)
            found += [repr(key), repr(values), *(self.body(one) for one in values)]
        return "\n".join(found)

    @staticmethod
    def body(value: Any) -> str:
        """The arguments of a task, when `value` is a message of Celery's."""
        try:
            return base64.b64decode(json.loads(value)["body"]).decode()
        except (TypeError, ValueError, KeyError):
            return ""

    def queued(self) -> int:
        return int(self.store.llen(f"{PREFIX}celery"))


class Ears:
    """Everything that leaves the house besides the answers themselves."""

    def __init__(self) -> None:
        self.log, self.addresses = io.StringIO(), []
        self.valkey = Valkey()
        self.before = self.valkey.queued()
        handler = logging.StreamHandler(self.log)
        handler.setFormatter(PlainFormatter("%(levelname)s %(name)s %(message)s"))
        self.handler = handler
        logging.getLogger().addHandler(handler)

    @property
    def bells(self) -> int:
        """Tasks that were really queued meanwhile."""
        return self.valkey.queued() - self.before

    def heard(self) -> str:
        subjects = [one.subject for one in mail.outbox]
        headers = [str(one.extra_headers) for one in mail.outbox]
        return "\n".join([self.log.getvalue(), self.valkey.everything(), *subjects, *headers, *self.addresses])

    def answer(self, response: Any) -> None:
        self.addresses.append(response.headers.get("Location", ""))
        self.addresses += re.findall(r'(?:href|action|src)="([^"]*)"', response.content.decode(errors="replace"))


def every_body(word: Canaries) -> Iterator[tuple[str, Any]]:
    """(path, body) of every call that creates something, each text in the body a canary: secrets and codes as well."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    examples = json.loads(conf.API_EXAMPLES.read_text())
    for path, found in schema["paths"].items():
        sent = examples.get(found.get("post", {}).get("operationId"), {}).get("request")
        if sent and "logout" not in path:
            known = re.sub(r"{[^}]*}", "00000000-0000-0000-0000-000000000000", path)
            yield known.removeprefix("/api/v1/"), replaced(sent, word)


def replaced(value: Any, word: Canaries) -> Any:
    """The same with every text replaced."""
    if isinstance(value, dict):
        return {name: replaced(one, word) for name, one in value.items()}
    if isinstance(value, list):
        return [replaced(one, word) for one in value]
    return word() if isinstance(value, str) else value


def live(ears: Ears, word: Canaries, stays: Any, wish: Callable[..., Any], guest: User, drain: Any) -> None:
    """A guest's whole life with us, through the doors; each step may fail, and the next one goes on."""
    api, at = Api(guest), timezone.now()

    def tried(act: Callable[[], Any]) -> Any:
        try:
            found = act()
        except Exception:
            logging.getLogger("scenario").exception("a step failed")
            return None
        if hasattr(found, "headers"):
            ears.answer(found)
        return found

    profile = ("first_name", "last_name", "address", "diet", "emergency_contact")
    for _ in range(4):
        tried(lambda: api.patch("auth/me", {name: word() for name in profile}))
    for _ in range(10):
        tried(lambda: api.post("companions", {"name": word(), "relation": "friend"}))
    tried(lambda: Companion.objects.create(user=guest, name=word(), relation="friend"))
    quote = tried(lambda: api.post("bookings/estimate", wish()))
    body = {
        "quote": quote.json().get("quote", "") if quote is not None else "",
        "guest": {"name": word(), "email": f"{word()}@example.com", "phone": "+91 98765 43210"},
        "guests": [{"name": word(), "room": 0, "kind": "adult"}],
        "special_requests": word(),
    }
    tried(lambda: api.post("bookings", body))
    tried(lambda: api.put("me/consents", {"consents": {"offers": True}}))
    tried(lambda: api.put("me/consents", {"consents": {word(): True}}))
    stay = tried(lambda: stays.paid(user=guest))
    form = MedicalForm.objects.filter(booking=stay).first() if stay else None
    if form is not None:
        answers = {**ANSWERS, "heart": True, "heart-detail": word()}
        tried(lambda: api.put(f"medical-forms/{form.public_id}", {"answers": answers}))
        tried(lambda: api.put(f"medical-forms/{form.public_id}", {"answers": {"birth-date": word(), word(): word()}}))
        tried(lambda: forms.submit(form, answers, agreement=AGREEMENT, by=Actor.of(guest), at=at))
        form.refresh_from_db()
        if form.doctor is not None:
            asked = tried(lambda: review.ask(form, word(), doctor=form.doctor, at=at))
            if asked is not None:
                tried(lambda: forms.answer_question(asked, word(), by=Actor.of(guest), at=at))
    tried(lambda: corrections.ask(guest, about="other", wish=word(), at=at))
    for path, body in every_body(word):
        tried(lambda path=path, body=body: api.post(path, body))
    tried(lambda: export.start(guest, at=at))
    tried(drain)


def run(step: str, monkeypatch: pytest.MonkeyPatch, world: tuple[Any, ...]) -> tuple[Ears, Canaries]:
    monkeypatch.setattr(tasks, "_asleep_until", 0.0)
    ears, word = Ears(), Canaries()
    try:
        with broken(step):
            live(ears, word, *world)
    finally:
        logging.getLogger().removeHandler(ears.handler)
    return ears, word


@pytest.fixture
def world(stays, wish, guest, drain):
    configure_logging(conf.LOGGING_CONFIG, conf.LOGGING)
    return stays, wish, guest, drain


@pytest.mark.parametrize("step", QUICK)
def test_no_canary_leaves_the_house(step, monkeypatch, world):
    ears, word = run(step, monkeypatch, world)
    assert word.count >= 100 and "Forced" in ears.log.getvalue() and ears.bells > 0
    assert "QXCANARY" not in ears.heard().upper()


def test_the_ears_hear(monkeypatch, world):
    """The guard can fail: with Python's own formatter the words of the error stand in the log."""
    monkeypatch.setattr(PlainFormatter, "formatException", logging.Formatter.formatException)
    ears, _word = run("medical.models.MedicalForm.save", monkeypatch, world)
    assert "Forced" in ears.heard()
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(PlainFormatter("%(message)s"))
    try:
        raise Forced("QXCANARY")
    except Forced as error:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), (Forced, error, error.__traceback__))
    handler.handle(record)
    assert "QXCANARY" in log.getvalue()


def test_the_ears_hear_what_is_in_valkey():
    """Arguments of a task, which lie there in base64, and a value of each kind."""
    valkey = Valkey()
    names = [f"ears:{kind}" for kind in ("string", "list", "set", "zset", "hash")]
    try:
        keep_promise.apply_async(args=["QXEARS-task", 1], queue="ears:queue")
        assert "QXEARS-task" in valkey.everything()
        string, row, group, ranks, fields = names
        valkey.store.set(string, "QXEARS-string")
        valkey.store.rpush(row, "QXEARS-list")
        valkey.store.sadd(group, "QXEARS-set")
        valkey.store.zadd(ranks, {"QXEARS-zset": 1})
        valkey.store.hset(fields, "QXEARS-field", "QXEARS-hash")
        heard = valkey.everything()
        assert all(f"QXEARS-{kind}" in heard for kind in ("task", "string", "list", "set", "zset", "field", "hash"))
    finally:
        valkey.store.delete(*names, *valkey.store.keys(f"{PREFIX}*ears:queue"))


def test_the_words_of_an_error_do_not_stand_in_the_message_either():
    """Django writes them into its own line when something after a commit fails."""
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(PlainFormatter("%(message)s"))
    handler.addFilter(lambda record: record.name == "django.db.backends.base")
    logging.getLogger("django.db.backends.base").addHandler(handler)

    def fail() -> None:
        raise Forced("QXCANARY")

    try:
        transaction.on_commit(fail, robust=True)
    finally:
        logging.getLogger("django.db.backends.base").removeHandler(handler)
    assert "in on_commit()" in log.getvalue() and "Forced" in log.getvalue()
    assert "QXCANARY" not in log.getvalue()


@pytest.mark.drill
@pytest.mark.parametrize("step", STEPS)
def test_no_canary_at_any_step(step, monkeypatch, world):
    """40 forced errors, each in a whole life with its own canaries."""
    ears, word = run(step, monkeypatch, world)
    assert word.count >= 100 and (ears.bells > 0 or step in SILENT)
    assert "QXCANARY" not in ears.heard().upper()
