"""A zip archive that is sent while it is made: never whole in memory, and of any size.

Files are put in as they are; GLBs and pictures are packed already.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zipfile import ZipFile, ZipInfo

_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""Zip archives know of no time before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file to put in."""

    path: str
    made_at: int
    """Milliseconds since 1970 UTC."""
    pieces: AsyncIterator[bytes]


async def zipped(entries: AsyncIterator[Entry]) -> AsyncIterator[bytes]:
    """The archive's bytes; each entry is read to its end before the next is asked for.

    What an entry raises passes through: the archive then has no end, and no program takes it for whole.
    """
    sink = _Sink()
    archive = ZipFile(sink, "w")  # type: ignore[call-overload] # it asks for no more than to write
    async for entry in entries:
        with archive.open(_info(entry), "w", force_zip64=True) as file:
            async for piece in entry.pieces:
                file.write(piece)
                yield sink.take()
        yield sink.take()
    archive.close()
    yield sink.take()


class _Sink:
    """Where the archive is written; it cannot go back, so sizes stand behind each file."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        """What was written since."""
        taken = bytes(self._written)
        self._written.clear()
        return taken


def _info(entry: Entry) -> ZipInfo:
    made = max(_EARLIEST, datetime.fromtimestamp(entry.made_at / 1000, UTC))
    info = ZipInfo(entry.path, made.timetuple()[:6])
    info.external_attr = 0o644 << 16
    return info
