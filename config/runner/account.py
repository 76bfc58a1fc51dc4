"""PostgreSQL refuses to run as root: the account that runs it then, and what that account can reach."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .say import Halt

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An account to step down to; `None` in its place means: stay who we are."""

    name: str
    uid: int
    gid: int

    def popen(self) -> dict[str, Any]:
        """The arguments that make subprocess run as this account, with nothing of root's groups."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, path: Path) -> bool:
        """Whether this account can enter the folder `path`; asked of the kernel, not computed."""
        question = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)]
        return subprocess.run(question, cwd="/", stderr=subprocess.DEVNULL, **self.popen()).returncode == 0

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def as_account(account: Account | None) -> dict[str, Any]:
    return account.popen() if account else {}


def for_server(data: Path) -> Account | None:
    """Who runs the database: ourselves; as root, the owner of existing data, else `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat().st_uid) != 0:
        try:
            entry = pwd.getpwuid(owner)
        except KeyError:
            raise Halt(
                f"{data} belongs to account {owner}, which no longer exists; remove it or give it away."
            ) from None
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise Halt("PostgreSQL does not run as root and there is no account `postgres` or `nobody` to run it.")
