"""Brings one message up to date: looks at the job or batch, draws the card, edits if anything differs."""

import asyncio
import hashlib
import json
from dataclasses import dataclass

import structlog
from discord import ui

from bot.jobs.batch_views import BatchView
from bot.jobs.cards import Cards
from bot.jobs.clock import MINUTE, SECOND, Clock
from bot.jobs.shelf import Shelf
from bot.jobs.views import JobView
from bot.locales.catalogue import Catalogue
from bot.ui.batch_card import draw_batch, picture_name, stills
from bot.ui.budget import Budget
from bot.ui.card import draw
from bot.ui.messenger import (
    Attachment,
    EditRefused,
    FilesTooLarge,
    MessageGone,
    Messenger,
    TokenDead,
    TryLater,
)
from bot.ui.result import attached_name, attachments, set_name
from bot.ui.text import Voice
from storage.errors import StorageError
from storage.models import Artifact, Card

REFRESH_BEFORE = 2 * MINUTE
"""So long before its token dies, a card that only the token can edit offers a click that brings a new one."""
_TOKEN_MARGIN = 5 * SECOND
_UPLOADS = 3
"""Edits with files under way at once; each holds its files in memory."""
_LOOKS = 1
"""Jobs looked at at once: a look is a dozen queries, and people who type go before."""
_FIRST_WAIT = 5.0
_LONGEST_WAIT = 60.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What came of a look at one card."""

    edited: bool = False
    again: float | None = None
    """Seconds after which to look again though nobody asks."""


@dataclass(slots=True, kw_only=True)
class _Memory:
    """What is worth remembering of a card while its job lives; forgetting it costs one edit."""

    digest: str = ""
    limit: int
    """Bytes per file: Discord's number, or less where it refused."""
    failures: int = 0


class Painter:
    """Draws cards; who calls sees to it that calls for one card do not overlap."""

    def __init__(
        self, *, shelf: Shelf, cards: Cards, catalogue: Catalogue, messenger: Messenger, clock: Clock
    ) -> None:
        self._shelf = shelf
        self._cards = cards
        self._catalogue = catalogue
        self._messenger = messenger
        self._clock = clock
        self._budget = Budget(clock)
        self._uploads = asyncio.Semaphore(_UPLOADS)
        self._looks = asyncio.Semaphore(_LOOKS)
        self._memories: dict[str, _Memory] = {}

    async def show(self, card: Card) -> Look:
        """Bring the message up to date, if it can be reached and shows something old."""
        if card.gone or not (card.bot_may_edit or self._token_lives(card)):
            self._memories.pop(card.id, None)
            return Look()
        memory = self._memories.setdefault(card.id, _Memory(limit=card.attachment_limit))
        line = self._budget.line(card.channel_id)
        async with line.turn():  # looked at when its turn has come, so that it shows the latest
            async with self._looks:
                view = await self._look_at(card)
            files = self._files(view, memory.limit)
            digest = _digest(self._draw(card, view, files), files)
            if digest == memory.digest:
                await self._record(card, view, set_name(files))
                return self._looked(card, view, edited=False)
            line.spend()
        try:
            await self._bring(card, view, files)
        except (TokenDead, MessageGone, FilesTooLarge, TryLater, EditRefused) as error:
            return await self._failed(card, memory, files, error)
        memory.digest, memory.failures = digest, 0
        return self._looked(card, view, edited=True)

    async def _look_at(self, card: Card) -> JobView | BatchView:
        return await (
            self._shelf.batch(card.batch_id) if card.batch_id else self._shelf.view(card.job_id or "")
        )

    async def _bring(self, card: Card, view: JobView | BatchView, files: tuple[Artifact, ...]) -> None:
        if set_name(files) == card.files:
            await self._edit(card, self._draw(card, view, files), None)
            await self._record(card, view, card.files)
            return
        async with self._uploads:
            read = [
                (artifact, data) for artifact in files if (data := await self._read(artifact)) is not None
            ]
            sent = [Attachment(name=_name(view, artifact), data=data) for artifact, data in read]
            shown = tuple(artifact for artifact, _ in read)
            await self._edit(card, self._draw(card, view, shown), sent)
        await self._record(card, view, set_name(shown))

    async def _edit(self, card: Card, layout: ui.LayoutView, files: list[Attachment] | None) -> None:
        if self._token_lives(card):
            try:
                return await self._messenger.edit_by_token(card, layout, files)
            except TokenDead:
                if not card.bot_may_edit:
                    raise
        return await self._messenger.edit_as_bot(card, layout, files)

    async def _read(self, artifact: Artifact) -> bytes | None:
        """The file, or nothing where it cannot be had: the card then has its link alone."""
        try:
            return await self._shelf.read_file(artifact, artifact.size)
        except StorageError as error:
            _log.warning("file_not_attached", artifact=artifact.id, error=type(error).__name__)
            return None

    async def _record(self, card: Card, view: JobView | BatchView, files: str) -> None:
        if view.version > card.rendered_version or files != card.files:
            await self._cards.rendered(card.id, view.version, files)

    async def _failed(
        self, card: Card, memory: _Memory, files: tuple[Artifact, ...], error: Exception
    ) -> Look:
        match error:
            case MessageGone():
                await self._cards.gone(card.id)
            case FilesTooLarge() if files:
                memory.limit = max(artifact.size for artifact in files) - 1
                return Look(edited=True, again=0)
            case TryLater():
                memory.failures += 1
                return Look(edited=True, again=min(_FIRST_WAIT * 2 ** (memory.failures - 1), _LONGEST_WAIT))
            case EditRefused():
                _log.error("edit_refused", card=card.id, job=card.job_id or card.batch_id, answer=str(error))
        self._memories.pop(card.id, None)
        return Look(edited=True)

    def _looked(self, card: Card, view: JobView | BatchView, *, edited: bool) -> Look:
        if not view.live:
            self._memories.pop(card.id, None)
            return Look(edited=edited)
        until_refresh = card.token_expires_at - REFRESH_BEFORE - self._clock.now()
        if card.bot_may_edit or until_refresh <= 0:
            return Look(edited=edited)
        return Look(edited=edited, again=until_refresh / SECOND)

    def _draw(self, card: Card, view: JobView | BatchView, files: tuple[Artifact, ...]) -> ui.LayoutView:
        voice = Voice(catalogue=self._catalogue, locale=card.locale)
        late = self._clock.now() >= card.token_expires_at - REFRESH_BEFORE
        refresh = late and not card.bot_may_edit
        if isinstance(view, BatchView):
            return draw_batch(view, voice, attached=files, refresh=refresh)
        return draw(view, voice, attached=files, refresh=refresh)

    @staticmethod
    def _files(view: JobView | BatchView, limit: int) -> tuple[Artifact, ...]:
        return stills(view, limit) if isinstance(view, BatchView) else attachments(view, limit)

    def _token_lives(self, card: Card) -> bool:
        return card.token is not None and self._clock.now() < card.token_expires_at - _TOKEN_MARGIN


def _name(view: JobView | BatchView, artifact: Artifact) -> str:
    return picture_name(artifact) if isinstance(view, BatchView) else attached_name(artifact)


def _digest(layout: ui.LayoutView, files: tuple[Artifact, ...]) -> str:
    """What an edit would send, in short."""
    sent = layout.to_components()  # type: ignore[no-untyped-call] # discord.py left this one out
    payload = json.dumps([sent, set_name(files)], sort_keys=True)
    return hashlib.sha256(payload.encode()).hexdigest()
