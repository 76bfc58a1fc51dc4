"""Where things lie: the project, its virtual environment, and the state folder of each kind of run."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .say import Halt

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Outlives a reboot; entered through `private_folder` only.
OUTSIDE = Path("/var/tmp")  # nosec B108


@dataclass(frozen=True)
class State:
    """The folder a run keeps its data, logs and secrets in: `.demo`, `.test` or `.bench`."""

    folder: Path

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def running(self) -> Path:
        return self.folder / "running.json"

    @property
    def outside(self) -> Path:
        """Its twin for the database when the server's account cannot enter the project."""
        mark = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return OUTSIDE / f"pema-{mark}"

    def make(self) -> None:
        try:
            self.folder.mkdir(exist_ok=True)
            self.folder.chmod(0o711)  # the database account passes through, and lists nothing
            self.logs.mkdir(exist_ok=True)
            self.logs.chmod(0o700)
        except PermissionError as error:
            raise Halt(
                f"{error.filename} belongs to another account. Start as that account, or remove the folder with its "
                f"rights:  sudo rm -rf '{self.folder}'"
            ) from None


def private_folder(path: Path) -> Path:
    """Make `path` ours in a folder everyone may write to, or refuse what somebody else put there."""
    path.mkdir(mode=0o711, exist_ok=True)
    facts = path.lstat()
    if path.is_symlink() or facts.st_uid != os.geteuid():
        raise Halt(f"{path} was made by another account; remove it first.")
    path.chmod(0o711)
    return path


def write_private(path: Path, text: str) -> None:
    """Replace a file at once; only its owner can read it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "w") as file:
        file.write(text)
    if os.geteuid() == 0:  # root in somebody's folder leaves it to its owner
        os.chown(name, path.parent.stat().st_uid, path.parent.stat().st_gid)
    os.replace(name, path)
