"""The virtual environment: made once, filled with the pins, stamped, and left alone while the stamp holds."""

import fcntl
import hashlib
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .layout import PYTHON, ROOT, VENV
from .processes import run
from .say import Halt, line, note, step

RUNTIME = ("requirements.txt",)
DEVELOPMENT = ("requirements.txt", "requirements-dev.txt")
UV = "uv==0.13.8"  # installs in seconds what takes pip half a minute
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")  # a company's own authority is there and not in uv


def ensure(files: Sequence[str]) -> None:
    """Make `.venv` hold what `files` pin. Two runs at once wait for one another."""
    if _stamp(files).exists():
        return
    with open(ROOT / files[0]) as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if _stamp(files).exists():
            return
        try:
            if not _usable():
                with step(f"Python environment in {VENV.name}, Python {sys.version.split()[0]}"):
                    _make()
            line(f"  - Installing what {files[-1]} pins (the first time takes a while) ...")
            with step("Packages installed"):
                _install(files[-1])
            for old in VENV.glob(".pins-*"):
                old.unlink()
            for known in (RUNTIME, DEVELOPMENT)[: len(files)]:
                _stamp(known).touch()
        except PermissionError as error:
            raise Halt(
                f"{error.filename} belongs to another account; start as that account or remove {VENV}."
            ) from None


def _stamp(files: Sequence[str]) -> Path:
    """Names the pins and the place: an environment that was moved has wrong paths in its scripts."""
    mark = hashlib.sha256(str(VENV).encode())
    for name in files:
        mark.update((ROOT / name).read_bytes())
    return VENV / f".pins-{mark.hexdigest()[:20]}"


def _usable() -> bool:
    """Whether there is an environment of this place with a Python that works and is new enough."""
    activate = VENV / "bin" / "activate"
    if not PYTHON.exists() or not activate.exists() or str(VENV) not in activate.read_text():
        return False
    return run([str(PYTHON), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]).returncode == 0


def _make() -> None:
    if VENV.exists():
        shutil.rmtree(VENV)
    bare = [] if importlib.util.find_spec("ensurepip") else ["--without-pip"]
    made = run([sys.executable, "-m", "venv", *bare, str(VENV)])
    if made.returncode and not bare:  # ensurepip is there and does not work
        shutil.rmtree(VENV, ignore_errors=True)
        made = run([sys.executable, "-m", "venv", "--without-pip", str(VENV)])
    if made.returncode:
        raise Halt(f"No virtual environment could be made; on Debian: apt-get install python3-venv\n{made.stderr}")


def _install(requirements: str) -> None:
    pip = _pip()
    fetched = run([*pip, "install", "--quiet", "--disable-pip-version-check", UV])
    if fetched.returncode == 0:
        uv = [str(PYTHON), "-m", "uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON)]
        trusted = ["--system-certs"] if SYSTEM_CERTIFICATES.exists() else []
        done = run([*uv, *trusted, "-r", requirements], cwd=ROOT)
        if done.returncode == 0:
            return
        note(f"uv could not install ({_last(done)}); trying pip.")
    done = run([*pip, "install", "--quiet", "--disable-pip-version-check", "-r", requirements], cwd=ROOT)
    if done.returncode:
        raise Halt(f"The packages could not be installed:\n{done.stdout}{done.stderr}")


def _pip() -> list[str]:
    """The environment's own pip, else another one told to work on it."""
    if run([str(PYTHON), "-m", "pip", "--version"]).returncode == 0:
        return [str(PYTHON), "-m", "pip"]
    others = [[sys.executable, "-m", "pip"], *([found] for name in ("pip3", "pip") if (found := shutil.which(name)))]
    for other in others:
        if run([*other, "--version"]).returncode == 0:
            return [*other, "--python", str(PYTHON)]
    raise Halt("There is no pip on this machine. On Debian: apt-get install python3-venv")


def _last(done: "subprocess.CompletedProcess[str]") -> str:
    return (done.stderr.strip().splitlines() or ["no words"])[-1].strip()
