"""Telling members that a job of theirs has ended: beside the card, or in a direct message, as they wish.

Each is told once. What was said is struck out afterwards; should the process die in
between, the next one says it again under the same number, and Discord drops the second.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

import structlog
from discord import ui

from bot.jobs.clock import Clock
from bot.jobs.errors import JobError
from bot.jobs.notifying import Notice, Notifying
from bot.jobs.shelf import Shelf
from bot.jobs.views import JobView
from bot.locales.catalogue import Catalogue
from bot.ui.messenger import EditFailed, Messenger, TryLater, address_of
from bot.ui.panels import URL_LENGTH
from bot.ui.text import Voice, clip
from storage.errors import StorageError
from storage.models import Notify

AGAIN = 30.0
"""Seconds until what Discord or the database did not take is tried again; well within Discord's memory."""
_NAME_LENGTH = 60
_NUMBER_LENGTH = 25
"""Of a message's number at Discord; a job's id is one longer, and begins as all of them do."""

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Announcer:
    """Says what ``Notifying`` has waiting, one after the other."""

    notifying: Notifying
    shelf: Shelf
    messenger: Messenger
    catalogue: Catalogue
    clock: Clock
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """A job may have ended: look at once."""
        self._woken.set()

    async def run(self) -> None:
        """Go on until cancelled; Discord has to know us by now."""
        while True:
            self._woken.clear()
            if await self.tell_all():
                await self._woken.wait()
            else:
                await self.clock.sleep(AGAIN)

    async def tell_all(self) -> bool:
        """Tell everybody who waits; whether that is done with."""
        try:
            waiting = await self.notifying.waiting()
            tried = [await self._tell(notice) for notice in waiting]
        except StorageError as error:
            log.warning("notices_wait", reason=type(error).__name__)
            return False
        return all(tried)

    async def _tell(self, notice: Notice) -> bool:
        try:
            await self._say(notice)
        except TryLater:
            return False
        except JobError:  # there is no such model any more, and nothing to tell of it
            pass
        except EditFailed as error:  # takes no messages, say; the card has it all
            log.info("member_not_told", job=notice.job_id, reason=type(error).__name__)
        except StorageError:
            raise
        except Exception:  # a mistake of ours with one must not keep the others waiting
            log.exception("member_not_told", job=notice.job_id)
        await self.notifying.told(notice.job_id)
        return True

    async def _say(self, notice: Notice) -> None:
        view = await self.shelf.view(notice.job_id)
        if notice.how is Notify.OFF or view.live:  # taken up again since, by the owner
            return
        voice = Voice(catalogue=self.catalogue, locale=notice.locale)
        name = clip(view.model.name, _NAME_LENGTH)
        text = voice.say(f"notify.{view.job.state}", name=name, label=view.model.label)
        number = notice.job_id[-_NUMBER_LENGTH:]
        if not await self._mention(notice, text, number):
            await self.messenger.send(notice.user_id, text, _ways(voice, notice, view), number)

    async def _mention(self, notice: Notice, text: str, number: str) -> bool:
        """Where the bot may not write beside the card, a direct message has to do."""
        if notice.how is not Notify.MENTION or notice.card is None or not notice.card.bot_may_edit:
            return False
        try:
            await self.messenger.mention(notice.card, notice.user_id, text, number)
        except TryLater:
            raise
        except EditFailed:
            return False
        return True


def _ways(voice: Voice, notice: Notice, view: JobView) -> Iterator[ui.Button[ui.View]]:
    """From a direct message to the model."""
    if notice.card is not None:
        yield ui.Button(label=voice.label("button.to_card"), url=address_of(notice.card), emoji="💬")
    if view.page is not None and len(view.page) <= URL_LENGTH:
        yield ui.Button(label=voice.label("button.view"), url=view.page, emoji="🧊")
