"""Files of others are looked at by a virus scanner before they are used or kept, where the owner has one.

"Not scanned" is never taken for "clean": it is logged, and noted with the file. Whether such
a file is used is the owner's choice.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import structlog

log = structlog.get_logger()


class Infected(Exception):
    """The scanner knows this file; ``signature`` is its name for what is in it."""

    def __init__(self, signature: str) -> None:
        super().__init__(signature)
        self.signature = signature


class NotScanned(Exception):
    """Nobody can say whether the file is clean; ``reason`` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Scanner(Protocol):
    """Who knows bad files."""

    async def scan(self, pieces: AsyncIterator[bytes]) -> None:
        """Comes back for a clean file. Raises ``Infected`` or ``NotScanned``."""
        ...


class Scanned(StrEnum):
    """What is noted with a file that was kept."""

    CLEAN = "clean"
    NOT_SCANNED = "not_scanned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanning:
    """Asks the scanner, if there is one. ``required``: without an answer, nothing is used."""

    scanner: Scanner | None = None
    required: bool = False

    async def look(self, pieces: AsyncIterator[bytes], *, what: str, **ids: object) -> Scanned | None:
        """What is to be noted with the file; ``None`` where there is no scanner. ``ids`` are for the log.

        Raises:
            Infected: it must not be used or kept.
            NotScanned: nor this, as the owner requires an answer.
        """
        if self.scanner is None:
            return None
        try:
            await self.scanner.scan(pieces)
        except Infected as error:
            log.warning("infected", what=what, signature=error.signature, **ids)
            raise
        except NotScanned as error:
            log.warning("not_scanned", what=what, reason=error.reason, **ids)
            if self.required:
                raise
            return Scanned.NOT_SCANNED
        return Scanned.CLEAN
