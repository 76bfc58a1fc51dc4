"""The data folder of the embedded PostgreSQL: where it lies, how it is made, whether it is ours, who sits in it."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .account import Account, as_account, for_server
from .layout import State, private_folder
from .processes import living_in, run
from .programs import Programs, find
from .say import Halt, note

ADMIN = "postgres"


@dataclass(frozen=True)
class Cluster:
    """`home` holds `data` and two marks: `identity` (whose it is) and `application` (role and database are there)."""

    home: Path
    moved: bool  # outside the project, because the account cannot enter it
    programs: Programs
    identity: str
    admin_password: str
    durable: bool

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def account(self) -> Account | None:
        return self.programs.account

    def prepare(self) -> None:
        """Make the cluster unless it is there; Halt when the one there cannot be used."""
        if self.data.exists():
            self._check_version()
            self._check_identity()
        if not self.data.exists():
            self._make()
        self._clear_lock()

    def _check_version(self) -> None:
        major = (self.data / "PG_VERSION").read_text().strip()
        ours = self.programs.version
        if ours.split(".")[0] != major:
            raise Halt(
                f"The data in {self.data} was made by PostgreSQL {major}; the one here is {ours}. "
                "Carry it over with pg_dump and pg_restore, or start over with `make clean`."
            )

    def _check_identity(self) -> None:
        """Data without its secrets cannot be opened, nor its sealed fields read."""
        mark = self.home / "identity"
        if mark.exists() and mark.read_text() == self.identity:
            return
        if not self.moved:
            raise Halt(f"The secrets that open {self.data} are gone. Start over with `make clean`.")
        note(f"The data in {self.home} belonged to a folder that was removed; starting over.")
        shutil.rmtree(self.home)
        _make_home(self.home)

    def _make(self) -> None:
        """initdb into a draft, renamed when complete: a run killed in the middle leaves no half cluster."""
        draft = self.home / "data.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password = self._password_file()
        if self.account:
            self.account.own(draft)
            self.account.own(password)
        try:
            done = run(
                [
                    self.programs.path("initdb"),
                    f"--pgdata={draft}",
                    f"--username={ADMIN}",
                    f"--pwfile={password}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--no-instructions",
                    *self._locale(),
                    *([] if self.durable else ["--no-sync"]),
                ],
                cwd=self.home,
                **as_account(self.account),
            )
        finally:
            password.unlink()
        if done.returncode:
            raise Halt(f"initdb failed:\n{done.stdout}{done.stderr}")
        (self.home / "application").unlink(missing_ok=True)
        (self.home / "identity").write_text(self.identity)
        draft.rename(self.data)

    def _locale(self) -> Sequence[str]:
        """Code point order with Unicode letters, the same on every machine, from the version that has it."""
        modern = int(self.programs.version.split(".")[0]) >= 17
        return ["--locale=C", *(["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if modern else [])]

    def _password_file(self) -> Path:
        """A real file: initdb reads it after the change of account."""
        handle, name = tempfile.mkstemp(dir=self.home)
        with os.fdopen(handle, "w") as file:
            file.write(self.admin_password + "\n")
        return Path(name)

    def _clear_lock(self) -> None:
        """After kill -9: wait for what is still dying in our data folder, then drop its lock file.

        The number in that file may belong to an unrelated process by now, so the folder is asked, not the number.
        """
        for patience, remedy in ((8, signal.SIGQUIT), (5, signal.SIGKILL), (5, None)):
            if self._empty_within(patience):
                (self.data / "postmaster.pid").unlink(missing_ok=True)
                return
            for pid in living_in(self.data) if remedy else ():
                os.kill(pid, remedy or 0)
        raise Halt(f"Another PostgreSQL still works in {self.data} (processes {living_in(self.data)}).")

    def _empty_within(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while living_in(self.data):
            if time.monotonic() > end:
                return False
            time.sleep(0.1)
        return True


def locate(state: State, *, identity: str, admin_password: str, durable: bool) -> Cluster:
    """The cluster of `state`: in its folder, or outside the project when root's stand-in cannot enter there."""
    home = state.folder / "postgres"
    account = for_server(home / "data")
    moved = account is not None and not account.can_enter(state.folder)
    if moved:
        home = private_folder(state.outside) / "postgres"
        account = for_server(home / "data")
    _make_home(home)
    return Cluster(home, moved, find(account, state.outside), identity, admin_password, durable)


def _make_home(home: Path) -> None:
    home.mkdir(exist_ok=True)
    home.chmod(0o711)
