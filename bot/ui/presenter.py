"""Redraws the messages of jobs and of batches from what they show; what is said of jobs holds for both.

A message is a projection: what is asked for is never "show this" but "look again".
Each job has at most one writer, which looks at all its cards, waits, and sees
whether anything was asked meanwhile; so edits are coalesced and the latest wins. What
happened is shown at once, as far as the channel's budget goes; progress can wait. An
edit that fails changes nothing but the message's being behind.
"""

import asyncio
from contextlib import suppress

import structlog

from bot.jobs.cards import Cards
from bot.jobs.clock import Clock
from bot.jobs.errors import JobError
from bot.jobs.shelf import Shelf
from bot.locales.catalogue import Catalogue
from bot.ui.messenger import Messenger
from bot.ui.painter import Painter
from storage.errors import StorageError

PACE = 2.5
"""Seconds between two edits of one message that show progress alone."""
_STORAGE_WAIT = 10.0
_CATCHING_UP = 100
"""Jobs of the last process that are drawn at once; each waits for its channel's turn."""
_READERS = 1
"""Jobs whose cards are looked up at once: polling needs the database, too."""

_log = structlog.get_logger(__name__)


class Presenter:
    """Keeps the cards of all jobs up to date."""

    def __init__(
        self, *, shelf: Shelf, cards: Cards, catalogue: Catalogue, messenger: Messenger, clock: Clock
    ) -> None:
        self._cards = cards
        self._clock = clock
        self._painter = Painter(
            shelf=shelf, cards=cards, catalogue=catalogue, messenger=messenger, clock=clock
        )
        self._open = False
        self._reading = asyncio.Semaphore(_READERS)
        self._asked: set[str] = set()
        self._writers: dict[str, asyncio.Task[None]] = {}
        self._reminders: dict[str, asyncio.Task[None]] = {}
        self._pressed: set[str] = set()
        self._rests: dict[str, asyncio.Timeout] = {}

    def changed(self, job_id: str) -> None:
        """Something happened to a job: to be drawn as soon as its channel has a turn.

        Returns at once; call it as often as you like. Before ``run`` it is only remembered:
        the engine may be quicker than the way to Discord.
        """
        self._pressed.add(job_id)
        self.progressed(job_id)
        if rest := self._rests.pop(job_id, None):
            rest.reschedule(0)

    def progressed(self, job_id: str) -> None:
        """A job only went on: to be drawn with its next edit, one in ``PACE`` seconds."""
        self._asked.add(job_id)
        if self._open and job_id not in self._writers:
            self._writers[job_id] = asyncio.create_task(self._write(job_id), name=f"cards of {job_id}")

    async def catch_up(self) -> None:
        """Redraw what the last process left behind, however much that is."""
        for job_id in await self._cards.behind():
            while len(self._writers) >= _CATCHING_UP:
                await asyncio.wait(self._writers.values(), return_when=asyncio.FIRST_COMPLETED)
            self.changed(job_id)

    async def run(self, stop: asyncio.Event) -> None:
        """Catch up, then draw what is asked for until told to stop; Discord has to know us by now."""
        self._open = True
        for job_id in tuple(self._asked):
            self.changed(job_id)
        try:
            await self.catch_up()
            await stop.wait()
        finally:
            await self.aclose()

    async def aclose(self) -> None:
        """Stop drawing; what is behind by now is drawn by the next process."""
        self._open = False
        tasks = [*self._writers.values(), *self._reminders.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _write(self, job_id: str) -> None:
        """Look as long as anyone asks."""
        try:
            while job_id in self._asked:
                self._asked.discard(job_id)
                pressed = job_id in self._pressed
                self._pressed.discard(job_id)
                if await self._look(job_id, pressed=pressed) and job_id not in self._pressed:
                    await self._rest(job_id)
        except StorageError as error:
            _log.warning("cards_not_drawn", job=job_id, error=type(error).__name__)
            self._remind(job_id, _STORAGE_WAIT)
        except Exception:  # noqa: BLE001 # one job's mistake does not stop the others; the next change tries again
            _log.exception("cards_not_drawn", job=job_id)
        finally:
            self._asked.discard(job_id)
            self._pressed.discard(job_id)
            del self._writers[job_id]

    async def _rest(self, job_id: str) -> None:
        """Until the next edit may follow; what happens in between is not kept waiting."""
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(None) as self._rests[job_id]:
                    await self._clock.sleep(PACE)
        finally:
            self._rests.pop(job_id, None)

    async def _look(self, job_id: str, *, pressed: bool) -> bool:
        """Look at every card of the job once; whether any was edited. Its batch has a writer of its own."""
        async with self._reading:
            about = await self._cards.about(job_id)
        if about.batch_id:
            (self.changed if pressed else self.progressed)(about.batch_id)
        try:
            looks = [await self._painter.show(card) for card in about.cards]
        except JobError:  # there is no such job any more, so there is nothing to show
            return False
        waits = [look.again for look in looks if look.again is not None]
        if waits:
            self._remind(job_id, min(waits))
        return any(look.edited for look in looks)

    def _remind(self, job_id: str, seconds: float) -> None:
        """Ask by ourselves in a while; a later word on it replaces an earlier one."""
        if (earlier := self._reminders.pop(job_id, None)) is not None:
            earlier.cancel()
        self._reminders[job_id] = asyncio.create_task(
            self._wake(job_id, seconds), name=f"reminder of {job_id}"
        )

    async def _wake(self, job_id: str, seconds: float) -> None:
        await self._clock.sleep(seconds)
        del self._reminders[job_id]
        self.changed(job_id)
