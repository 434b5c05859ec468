"""Telling people about trouble with a vendor's account: its owner, or the member whose key it is."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp
import discord
import structlog

from bot.jobs.circuits import Trouble
from bot.jobs.keys import Keys
from bot.jobs.plan import OWNER_KEY
from bot.locales.catalogue import FALLBACK, Catalogue
from bot.ui.messenger import Messenger
from bot.ui.text import Voice

log = structlog.get_logger()

MOST = 100
"""Notices that wait to be told; more would be of the same trouble."""


@dataclass(slots=True, kw_only=True)
class Notices:
    """What happens is noted at once, and told one after the other by ``run``."""

    keys: Keys
    messenger: Messenger
    catalogue: Catalogue
    title: Callable[[str], str]
    """A vendor's name as people write it."""
    channel_id: int | None
    """The owner's; ``None``: the log has to do."""
    _noted: "asyncio.Queue[tuple[str, str, Trouble]]" = field(
        default_factory=lambda: asyncio.Queue(maxsize=MOST)
    )

    def note(self, provider: str, credential: str, trouble: Trouble) -> None:
        """A vendor behind this key has trouble now."""
        if not self._noted.full():
            self._noted.put_nowait((provider, credential, trouble))

    async def run(self) -> None:
        """Tell what is noted, until cancelled."""
        while True:
            provider, credential, trouble = await self._noted.get()
            try:
                if credential == OWNER_KEY:
                    await self._tell_owner(provider, trouble)
                elif trouble is Trouble.REFUSED:
                    await self._tell_member(credential)
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:  # takes no messages, say
                log.warning("notice_not_told", provider=provider, reason=type(error).__name__)
            except Exception:
                log.exception("notice_not_told", provider=provider, trouble=trouble.value)

    async def _tell_owner(self, provider: str, trouble: Trouble) -> None:
        if self.channel_id is None or trouble is Trouble.DOWN:  # that passes, and the log has it
            return
        voice = Voice(catalogue=self.catalogue, locale=FALLBACK)
        told = voice.say(f"notice.owner_{trouble}", vendor=self.title(provider))
        await self.messenger.say(self.channel_id, told)

    async def _tell_member(self, credential: str) -> None:
        owner = await self.keys.refused(credential)
        if owner:
            voice = Voice(catalogue=self.catalogue, locale=owner.locale or FALLBACK)
            await self.messenger.tell(owner.user_id, voice.say("notice.key_refused", vendor=owner.title))
