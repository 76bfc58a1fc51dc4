"""`make demo` from nothing and again, in a clone of its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from bench.stack import ROOT

KEEP = ("PATH", "HOME", "LANG", "TMPDIR", "USER", "LOGNAME")


def run() -> None:
    folder = Path(tempfile.mkdtemp(prefix="pema start "))
    try:
        subprocess.run(["git", "clone", "-q", str(ROOT), str(folder / "pema")], check=True)
        cold = _until_ready(folder / "pema")
        warm = [_until_ready(folder / "pema") for _ in range(3)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("\n## make demo\n")
    print(f"From nothing, packages in the cache: {cold:.1f} s. Again: {', '.join(f'{w:.1f}' for w in warm)} s.")


def _until_ready(folder: Path) -> float:
    environment = {key: os.environ[key] for key in os.environ if key in KEEP or key.startswith(("PIP_", "UV_", "SSL_"))}
    begun = time.perf_counter()
    running = subprocess.Popen(
        ["make", "demo"],
        cwd=folder,
        env={**environment, "PORT": "8200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        for text in running.stdout:
            if re.search(r"\bready\b", text, re.IGNORECASE) and "http" not in text.lower():
                return time.perf_counter() - begun
            if "has stopped" in text:
                break
        raise SystemExit("the demo did not become ready")
    finally:
        os.killpg(running.pid, signal.SIGINT)
        running.stdout.read()
        running.wait(60)
