"""`make lint` and `make check`: every tool runs, and the first failure does not hide the second."""

import base64
import os
import secrets
import subprocess
from collections.abc import Mapping, Sequence

from . import bootstrap, testing
from .layout import PYTHON, ROOT, State
from .say import line
from .supervisor import Supervisor

LINTERS = (
    ("ruff check", ["ruff", "check", "."]),
    ("ruff format", ["ruff", "format", "--check", "."]),
    ("bandit", ["bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", "."]),
    ("mypy", ["mypy"]),
)


def lint() -> int:
    bootstrap.ensure(bootstrap.DEVELOPMENT)
    return _all([(name, [str(PYTHON), "-m", *words], dict(os.environ)) for name, words in LINTERS])


def check(state: State) -> int:
    """Django's deployment checks with production settings, the migrations, the API's contract."""
    supervisor = Supervisor()
    try:
        env = testing.start(supervisor, state)
        manage = [str(PYTHON), "manage.py"]
        schema = str(state.folder / "schema.yml")
        return _all(
            [
                (
                    "check --deploy",
                    [*manage, "check", "--deploy", "--fail-level", "WARNING"],
                    {**env, **production()},
                ),
                ("migrations", [*manage, "makemigrations", "--check", "--dry-run"], env),
                ("API schema", [*manage, "spectacular", "--validate", "--fail-on-warn", "--file", schema], env),
            ]
        )
    finally:
        supervisor.stop()


def production() -> dict[str, str]:
    """A production environment as it should be, with secrets made for this one check."""
    return {
        "PEMA_ENV": "production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "JWT_SIGNING_KEY": secrets.token_urlsafe(64),
        "TOMBSTONE_KEY": secrets.token_urlsafe(64),
        "FIELD_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "SITE_URL": "https://stay.pema.example",
        "ALLOWED_HOSTS": "stay.pema.example",
        "CSRF_TRUSTED_ORIGINS": "https://stay.pema.example",
        "TRUSTED_PROXIES": "10.0.0.1",
        "EMAIL_URL": "smtp+tls://mail:word@mail.pema.example:587",
        "PAYU_MERCHANT_KEY": secrets.token_hex(4),
        "PAYU_MERCHANT_SALT": secrets.token_urlsafe(24),
        "SANDBOX_GATEWAY": "false",
    }


def _all(jobs: Sequence[tuple[str, list[str], Mapping[str, str]]]) -> int:
    failed = []
    for name, command, env in jobs:
        line(f"== {name}")
        if subprocess.run(command, cwd=ROOT, env=dict(env), stdin=subprocess.DEVNULL).returncode:
            failed.append(name)
    line(f"\nFailed: {', '.join(failed)}" if failed else "\nAll good.")
    return 1 if failed else 0
