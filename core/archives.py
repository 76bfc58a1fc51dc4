"""A zip that is made while it is sent: nothing of it is kept, neither in memory nor on a disk."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, cast

AT_ONCE = 64 * 1024  # bytes that are gathered before they are handed on


class _Pipe:
    """What ZipFile writes to. It cannot be wound back, so the sizes follow each member instead of preceding it."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def write(self, data: bytes) -> int:
        self.waiting += data
        return len(data)

    def flush(self) -> None:
        """Nothing to do: what waits is taken by the loop below."""

    def taken(self) -> bytes:
        data = bytes(self.waiting)
        self.waiting.clear()
        return data


def zipped(members: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """The zip of these members, `(name, pieces of content)`, in pieces of some 64 KB; each is read once, in order.

    When a member fails the pieces end without the directory of the archive: no program takes half a file for a whole.
    """
    pipe = _Pipe()
    archive = zipfile.ZipFile(cast(IO[bytes], pipe), "w", zipfile.ZIP_DEFLATED)
    for name, pieces in members:
        with archive.open(name, "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)
                if len(pipe.waiting) >= AT_ONCE:
                    yield pipe.taken()
    archive.close()
    yield pipe.taken()
