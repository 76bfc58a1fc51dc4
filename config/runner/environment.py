"""The product's environment. Who wins: the environment given, then `.env`, then the run's own values.

A blank value counts as not given, so a copied `.env.example` changes nothing until it is filled in.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from .layout import ROOT, State
from .ports import HOST

ASSIGNMENT = re.compile(r"^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$")
FOREIGN = ("PYTHONPATH", "PYTHONHOME", "DJANGO_SETTINGS_MODULE")  # of another project


def read_file(path: Path) -> dict[str, str]:
    """The assignments of a `.env` file; none when there is no file."""
    try:
        rows = path.read_text().splitlines()
    except FileNotFoundError:
        return {}
    found = (ASSIGNMENT.match(row) for row in rows)
    return {match[1]: _unquoted(match[2]) for match in found if match}


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return re.sub(r"(^|\s)#.*$", "", value).rstrip()


def given(file: Path = ROOT / ".env", environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What somebody set: the file, and over it the environment."""
    set_there = {key: value for key, value in environ.items() if value.strip()}
    return {key: value for key, value in {**read_file(file), **set_there}.items() if value.strip()}


def names(example: Path = ROOT / ".env.example") -> list[str]:
    """Every key the product knows, in the order of `.env.example`."""
    return list(read_file(example))


def compose(set_by_somebody: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """The environment of a child: `own` values where nobody set one."""
    base = {key: value for key, value in {**own, **set_by_somebody}.items() if key not in FOREIGN}
    return {**base, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONUNBUFFERED": "1"}


def demo(
    state: State,
    secrets: Mapping[str, str],
    set_by_somebody: Mapping[str, str],
    *,
    port: int,
    database_url: str,
    redis_url: str,
) -> dict[str, str]:
    """The demo's own values; some follow what somebody set."""
    here = f"http://{HOST}:{port}"
    site = set_by_somebody.get("SITE_URL", here).rstrip("/")
    hosts = dict.fromkeys([urlsplit(site).hostname or HOST, HOST, "localhost"])
    other_merchant = {"PAYU_MERCHANT_KEY", "PAYU_MERCHANT_SALT"} & set_by_somebody.keys()
    return {
        "PEMA_ENV": "demo",
        "SECRET_KEY": secrets["secret_key"],
        "FIELD_KEYS": secrets["field_keys"],
        "JWT_SIGNING_KEY": secrets["jwt_signing_key"],
        "ALLOWED_HOSTS": ",".join(hosts),
        "CSRF_TRUSTED_ORIGINS": ",".join(dict.fromkeys([site, here, f"http://localhost:{port}"])),
        "SITE_URL": site,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PAYU_MERCHANT_KEY": secrets["payu_merchant_key"],
        "PAYU_MERCHANT_SALT": secrets["payu_merchant_salt"],
        "PAYU_SALT_256": "" if other_merchant else secrets["payu_salt_256"],  # of our own merchant only
        "PAYU_PAYMENT_URL": f"{site}/sandbox/payu/_payment",
        "PAYU_COMMAND_URL": f"{here}/sandbox/payu/merchant/postservice.php?form=2",
        "PAYU_SIM_WEBHOOK_URL": f"{here}/api/v1/payments/webhook",
        "MAILBOX_DIR": str(state.folder / "mailbox"),
        "MEDIA_ROOT": str(state.folder / "media"),
        "STATIC_ROOT": str(state.folder / "static"),
        "LOG_LEVEL": "INFO",
        "WEB_WORKERS": "2",
        "WEB_THREADS": "8",
    }
