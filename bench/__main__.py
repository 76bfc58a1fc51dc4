"""`python -m bench [last-room] [holds] [availability] [lists] [start]`; without a word all of them."""

import platform
import subprocess
import sys
from datetime import UTC, datetime

from bench import availability, holds, last_room, lists, start

PARTS = {
    "last-room": last_room.run,
    "holds": holds.run,
    "availability": availability.run,
    "lists": lists.run,
    "limit": availability.client_limit,
    "start": start.run,
}


def main(words: list[str]) -> None:
    unknown = set(words) - set(PARTS)
    if unknown:
        raise SystemExit(f"unknown: {', '.join(sorted(unknown))}. Choose from {', '.join(PARTS)}.")
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    cores = subprocess.run(["nproc"], capture_output=True, text=True).stdout.strip()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit}, Python {platform.python_version()}, {cores} cores")
    for word in words or PARTS:
        PARTS[word]()


if __name__ == "__main__":
    main(sys.argv[1:])
