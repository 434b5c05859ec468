"""What a process uses, and what it writes into a database, as the system tells anybody (Linux alone)."""

import os
import struct
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1024 * 1024
_TICKS = os.sysconf("SC_CLK_TCK")
_HEADER, _FRAME = 32, 24
"""Bytes of the headers of SQLite's write-ahead log, and of each page in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a process has used so far, and holds now."""

    cpu: float
    """Seconds of all cores."""
    memory: float
    """Megabytes that are resident."""

    @classmethod
    def of(cls, pid: int) -> "Usage":
        """Raises ``FileNotFoundError`` where there is no such process."""
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        cpu = (int(fields[11]) + int(fields[12])) / _TICKS
        return cls(cpu=cpu, memory=pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE)


@dataclass(slots=True, kw_only=True)
class Commits:
    """Counts transactions in a write-ahead log; look at it every second, before it begins anew."""

    path: Path
    count: int = 0
    _salt: bytes = b""
    _read: int = _HEADER

    def look(self) -> int:
        """How many there were since the first look, which counts none."""
        with self.path.open("rb") as log:
            header = log.read(_HEADER)
            size = _FRAME + int(struct.unpack(">I", header[8:12])[0])
            first, anew = not self._salt, header[16:24] != self._salt
            if anew:
                self._salt, self._read = header[16:24], _HEADER
            log.seek(self._read)
            found = self._commits(log.read(), size)
        self.count += 0 if first else found
        return self.count

    def _commits(self, frames: bytes, size: int) -> int:
        """Frames of this round that end a transaction; those behind them are left from an earlier round."""
        found = 0
        for at in range(0, len(frames) - size + 1, size):
            _page, ends, salt = struct.unpack(">II8s", frames[at : at + 16])
            if salt != self._salt:
                break
            found += bool(ends)
            self._read += size
        return found
