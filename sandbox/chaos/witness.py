"""Sees from outside what the bot is doing at this moment: by its traffic, its folder and its database."""

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from aiohttp import web

from sandbox.chaos.ledgers import opened

LOOK = 0.002
"""Seconds between two looks at the folder, while somebody waits for what happens there."""
SUBMITS = ("/v3/", "/openapi/", "/predictions", "/prompt")
NO_SUBMITS = ("/files", "/cancel", "/list", "/sandbox/", "/upload")
RESULTS = ("/results/", "/view", "/assets/", "/delivery/")


class Phase(StrEnum):
    """The moments at which it hurts most to die."""

    ANSWER = "answer"
    """Discord has the answer to a command; there is no job yet."""
    SUBMIT = "submit"
    """A vendor has accepted a task; the bot has not read the answer."""
    COLLECT = "collect"
    """A finished file begins to come."""
    STORE = "store"
    """A file appears in the store, or is about to."""
    LEDGER = "ledger"
    """The ledger has a new line."""
    EDIT = "edit"
    """Discord has changed a message; the bot has not read the answer."""


@dataclass(slots=True, kw_only=True)
class Witness:
    """Calls whoever waits for a phase, at once and before the bot learns what became of it."""

    folder: Path
    """The bot's data."""
    _waiting: dict[Phase, list[Callable[[], None]]] = field(default_factory=lambda: defaultdict(list))

    async def when(self, phase: Phase, act: Callable[[], None]) -> None:
        """Come back when the phase was seen and ``act`` was called; cancel it to wait no longer."""
        seen = asyncio.Event()

        def strike() -> None:
            act()
            seen.set()

        self._waiting[phase].append(strike)
        try:
            if phase in {Phase.STORE, Phase.LEDGER}:
                await self._look_until(phase, seen)
            else:
                await seen.wait()
        finally:
            if strike in self._waiting[phase]:
                self._waiting[phase].remove(strike)

    def at_vendor(self, _vendor: str, request: web.Request, _begun: float, _ended: float) -> None:
        """A vendor has done what it was asked, and has not answered yet."""
        path = request.path
        if any(part in path for part in NO_SUBMITS) and request.method == "POST":
            return
        if request.method == "POST" and any(part in path for part in SUBMITS):
            self._saw(Phase.SUBMIT)
        elif request.method == "GET" and any(part in path for part in RESULTS):
            self._saw(Phase.COLLECT)

    def at_discord(self, _name: str, request: web.Request, _begun: float, _ended: float) -> None:
        """Discord has done what it was asked, and has not answered yet."""
        if request.path.endswith("/callback"):
            self._saw(Phase.ANSWER)
        elif request.method == "PATCH" and "/messages/" in request.path:
            self._saw(Phase.EDIT)

    def _saw(self, phase: Phase) -> None:
        waiting, self._waiting[phase] = self._waiting[phase], []
        for strike in waiting:
            strike()

    async def _look_until(self, phase: Phase, seen: asyncio.Event) -> None:
        look = self._drafts if phase is Phase.STORE else self._entries
        before = look()
        while not seen.is_set():
            await asyncio.sleep(LOOK)
            if look() != before:
                self._saw(phase)

    def _drafts(self) -> int:
        """Changes whenever a draft begins or gets its name."""
        try:
            return (self.folder / "files" / ".drafts").stat().st_mtime_ns
        except OSError:
            return 0

    def _entries(self) -> int:
        try:
            with opened(self.folder) as books:
                return int(books.execute("SELECT count(*) FROM ledger").fetchone()[0])
        except sqlite3.Error:
            return 0
