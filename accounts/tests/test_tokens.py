"""Tokens: one live link per family, dead at once when they should be."""

import threading
import time
import uuid
from datetime import timedelta

import jwt
import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone

from accounts.domain import people, tokens
from accounts.domain.tokens import NotSignedIn
from accounts.models import RefreshToken, User
from core.actors import Actor
from core.errors import Conflict


def live(family=None):
    rows = RefreshToken.objects.filter(used_at__isnull=True, revoked_at__isnull=True)
    return rows.filter(family=family).count() if family else rows.count()


def test_a_pair_opens_the_door(guest, now):
    pair = tokens.issue(guest, at=now)
    assert tokens.holder(pair.access)[0] == guest
    assert not RefreshToken.objects.filter(digest=pair.refresh).exists(), "the token itself is not kept"


def test_rotation_leaves_one_live_link(guest, now):
    """V14: each family has at most one live token."""
    first = tokens.issue(guest, at=now)
    second = tokens.rotate(first.refresh, at=now)
    assert second.refresh != first.refresh
    assert live() == 1
    assert RefreshToken.objects.values("family").distinct().count() == 1
    assert tokens.holder(second.access)[0] == guest


def test_a_loser_within_the_grace_is_told_to_use_the_newer_one(guest, now):
    first = tokens.issue(guest, at=now)
    second = tokens.rotate(first.refresh, at=now)
    with pytest.raises(Conflict) as refusal:
        tokens.rotate(first.refresh, at=now + timedelta(seconds=10))
    assert refusal.value.code == "token_rotated"
    assert tokens.rotate(second.refresh, at=now + timedelta(seconds=10)).user == guest


def test_reuse_later_is_theft_and_ends_the_family(guest, now):
    """A2: the thief and the victim are both out, access tokens at once."""
    first = tokens.issue(guest, at=now)
    second = tokens.rotate(first.refresh, at=now)
    with pytest.raises(NotSignedIn) as refusal:
        tokens.rotate(first.refresh, at=now + timedelta(seconds=11))
    assert refusal.value.code == "token_reused"
    assert live() == 0
    with pytest.raises(NotSignedIn):
        tokens.rotate(second.refresh, at=now + timedelta(seconds=12))
    with pytest.raises(NotSignedIn):
        tokens.holder(second.access)


def in_twenty_threads(use):
    """Twenty at the same moment; what each of them got."""
    start, answers = threading.Barrier(20), []

    def run():
        start.wait()
        try:
            answers.append(use())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_uses_give_one_pair(guest, now):
    """A1: exactly one new pair, nineteen times 409, nobody is signed out."""
    first = tokens.issue(guest, at=now)
    answers = in_twenty_threads(lambda: tokens.rotate(first.refresh, at=timezone.now()))
    pairs = [one for one in answers if isinstance(one, tokens.Pair)]
    losers = [one for one in answers if isinstance(one, Conflict) and one.code == "token_rotated"]
    assert (len(pairs), len(losers)) == (1, 19)
    assert live() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_compare_and_set_many_would_win(guest, now, monkeypatch):
    """A1, negative control: look first and write later, without a lock, and one token becomes many."""

    def look_then_write(row, at):
        if row.used_at is not None:
            return NotSignedIn("token_invalid", "")
        time.sleep(0.05)
        RefreshToken.objects.filter(pk=row.pk).update(used_at=at)
        return tokens.issue(row.user, at=at)

    monkeypatch.setattr(tokens, "_exchange", look_then_write)
    monkeypatch.setattr(tokens, "_lock_family", lambda family: None)
    first = tokens.issue(guest, at=now)
    answers = in_twenty_threads(lambda: tokens.rotate(first.refresh, at=timezone.now()))
    assert sum(isinstance(one, tokens.Pair) for one in answers) > 1


def password(user):
    people.change_password(user, "another-long-password", at=timezone.now(), by=Actor.of(user))


def role(user):
    user.groups.add(Group.objects.get_or_create(name="front_desk")[0])


def deactivated(user):
    user.is_active = False
    user.save()


def promoted(user):
    user.is_staff = True
    user.save(update_fields=["is_staff"])


def everywhere(user):
    people.end_sessions(user, at=timezone.now(), by=Actor.of(user))


@pytest.mark.parametrize("change", [password, role, deactivated, promoted, everywhere])
def test_what_ends_every_token_at_once(guest, now, change):
    """A3: password change, role change, deactivation, sign out everywhere."""
    pair = tokens.issue(guest, at=now)
    change(User.objects.get(pk=guest.pk))
    with pytest.raises(NotSignedIn):
        tokens.holder(pair.access)
    with pytest.raises(NotSignedIn):
        tokens.rotate(pair.refresh, at=now)


def test_a_closed_account_that_is_opened_again_does_not_revive_old_tokens(guest, now):
    pair = tokens.issue(guest, at=now)
    user = User.objects.get(pk=guest.pk)
    for active in (False, True):
        user.is_active = active
        user.save()
    with pytest.raises(NotSignedIn):
        tokens.holder(pair.access)


def test_a_login_does_not_end_other_devices(guest, now):
    """A hash upgrade or a changed name is no new password."""
    pair = tokens.issue(guest, at=now)
    user = User.objects.get(pk=guest.pk)
    user.first_name = "Usha"
    user.save()
    assert user.check_password("a-long-enough-password")
    tokens.issue(user, at=now)
    assert tokens.holder(pair.access)[0] == guest


def test_an_old_refresh_token_is_dead(guest, now):
    pair = tokens.issue(guest, at=now - timedelta(days=7))
    with pytest.raises(NotSignedIn):
        tokens.rotate(pair.refresh, at=now)


def signed(claims, key, algorithm="HS256", kid=""):
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid or next(iter(tokens.signing_keys()))})


def claims(guest, **changes):
    now = int(timezone.now().timestamp())
    family = RefreshToken.objects.get().family
    base = {
        "type": "access",
        "sub": str(guest.public_id),
        "sid": str(family),
        "epoch": guest.session_epoch,
        "iat": now,
        "exp": now + 600,
        "iss": "pema",
        "aud": "pema-api",
    }
    return {key: value for key, value in {**base, **changes}.items() if value is not None}


FORGERIES = {
    "refresh used as access": {"type": "refresh"},
    "no type": {"type": None},
    "expired": {"exp": 1},
    "no end": {"exp": None},
    "from the future": {"iat": 32503680000},
    "other audience": {"aud": "other-api"},
    "no audience": {"aud": None},
    "other issuer": {"iss": "evil"},
    "other person": {"sub": str(uuid.uuid4())},
    "no person": {"sub": None},
    "a number for a person": {"sub": "1 OR 1=1"},
    "other family": {"sid": str(uuid.uuid4())},
    "old epoch": {"epoch": 0},
    "epoch as text": {"epoch": "1"},
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forged_claims_open_nothing(guest, now, settings, name):
    """A4: even with our own key, a token that says anything else is refused."""
    tokens.issue(guest, at=now)
    good = signed(claims(guest), settings.JWT_SIGNING_KEY)
    assert tokens.holder(good)[0] == guest
    bad = signed(claims(guest, **FORGERIES[name]), settings.JWT_SIGNING_KEY)
    with pytest.raises(NotSignedIn):
        tokens.holder(bad)


def test_forged_signatures_open_nothing(guest, now, settings, api):
    """A4: alg none, other algorithms, other keys, kid games, broken texts: 401, never an error."""
    pair = tokens.issue(guest, at=now)
    head, body, signature = pair.access.split(".")
    bad = [
        signed(claims(guest), None, "none"),
        signed(claims(guest), settings.JWT_SIGNING_KEY, "HS512"),
        signed(claims(guest), "another-key-of-thirty-two-bytes!!"),
        signed(claims(guest), "x" * 40, kid="../../dev/null"),
        signed(claims(guest), settings.JWT_SIGNING_KEY, kid="' OR 1=1 --"),
        signed(claims(guest), settings.JWT_SIGNING_KEY, kid="another"),
        jwt.encode(claims(guest), settings.JWT_SIGNING_KEY, algorithm="HS256"),
        f"{head}.{body}.",
        f"{head}.{body}.{signature[:-2]}",
        f"{head}..{signature}",
        pair.refresh,
        "",
        "a.b.c",
        "é" * 10,
        "x" * 10_000,
    ]
    for token in bad:
        with pytest.raises(NotSignedIn):
            tokens.holder(token)
    for token in (text for text in bad if text.isascii() and text):
        answer = api(Authorization=f"Bearer {token}").get("auth/me")
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_reuse_tells_the_person_and_the_house(guest, post, now):
    """A2: a letter and a row of the security log, once for each family, in the transaction that ends it."""
    first = tokens.issue(guest, at=now, device="Pema/1.2 (iPhone)")
    tokens.rotate(first.refresh, at=now)
    for _ in range(2):
        with pytest.raises(NotSignedIn):
            tokens.rotate(first.refresh, at=now + timedelta(seconds=11))
    assert [(one["notice"], one["to"]) for one in post.notices] == [("token_reused", guest.email)]
    assert post.events == ["token_reused"]
    assert first.refresh not in str(post.notices)


def test_a_signing_key_is_changed_without_signing_anybody_out(guest, now, settings):
    """O6: the key of before opens what it signed, and signs nothing; without it, it opens nothing."""
    old = tokens.issue(guest, at=now)
    settings.JWT_PREVIOUS_KEYS, settings.JWT_SIGNING_KEY = [settings.JWT_SIGNING_KEY], "a-new-key-" + 40 * "1"
    new = tokens.rotate(old.refresh, at=now)
    assert tokens.holder(old.access)[0] == tokens.holder(new.access)[0] == guest
    kid = jwt.get_unverified_header(new.access)["kid"]
    assert kid == next(iter(tokens.signing_keys())) != jwt.get_unverified_header(old.access)["kid"]
    settings.JWT_PREVIOUS_KEYS = []
    with pytest.raises(NotSignedIn):
        tokens.holder(old.access)
    assert tokens.holder(new.access)[0] == guest


def test_clocks_may_differ_by_half_a_minute(guest, now, settings):
    """T3: leeway of at most 60 seconds."""
    pair = tokens.issue(guest, at=now)
    for seconds, opens in ((29, True), (61, False)):
        stale = signed(claims(guest, exp=int(now.timestamp()) - seconds), settings.JWT_SIGNING_KEY)
        if opens:
            assert tokens.holder(stale)[0] == guest
        else:
            with pytest.raises(NotSignedIn):
                tokens.holder(stale)
    assert tokens.LEEWAY <= 60 and pair
