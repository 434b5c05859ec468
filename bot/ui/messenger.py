"""Editing a message on Discord, by an interaction's token or by the bot, and what can go wrong with it."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp
import discord
from discord import ui

from storage.models import Card

_UNKNOWN_WEBHOOK = 10015
_TOO_LARGE = {40005, 50045}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes along."""

    name: str
    data: bytes

    def as_file(self) -> discord.File:
        """As discord.py sends it."""
        return discord.File(io.BytesIO(self.data), filename=self.name)


class EditFailed(Exception):
    """Root of the family: the message stays as it was."""


class TokenDead(EditFailed):
    """The interaction's token is no longer good."""


class MessageGone(EditFailed):
    """The message was deleted, or we may not see it any more."""


class FilesTooLarge(EditFailed):
    """Discord does not take the files that went along."""


class TryLater(EditFailed):
    """Discord is busy or not to be reached."""


class EditRefused(EditFailed):
    """Discord does not like what we sent; that is a mistake of ours."""


class Messenger:
    """Discord's two ways to edit a message.

    ``files=None`` leaves the attachments alone, a list replaces them.
    """

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def edit_by_token(
        self, card: Card, view: ui.LayoutView, files: Sequence[Attachment] | None
    ) -> None:
        """Edit through the webhook of the interaction that made the card, or was last clicked on it.

        Raises:
            EditFailed: one of the family; the message stays as it was.
        """
        if card.token is None or self._client.application_id is None:
            raise TokenDead
        webhook = discord.Webhook.partial(self._client.application_id, card.token, client=self._client)
        try:
            await webhook.edit_message(card.message_id, view=view, **_attachments(files))
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise _by_token(error) from error

    async def edit_as_bot(self, card: Card, view: ui.LayoutView, files: Sequence[Attachment] | None) -> None:
        """Edit as the bot, which has to be in the channel.

        Raises:
            EditFailed: one of the family; the message stays as it was.
        """
        channel = self._client.get_partial_messageable(card.channel_id, guild_id=card.guild_id)
        try:
            await channel.get_partial_message(card.message_id).edit(view=view, **_attachments(files))
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise _as_bot(error) from error

    async def mention(self, card: Card, user_id: int, text: str, number: str) -> None:
        """A new message that answers a card, and pings one person. Said twice, it is shown once.

        Args:
            card: what it answers.
            user_id: whom it pings, and nobody else.
            text: what follows the mention.
            number: Discord's sign for the same message, at most 25 characters, kept for some minutes.

        Raises:
            EditFailed: one of the family; nothing was said.
        """
        channel = self._client.get_partial_messageable(card.channel_id, guild_id=card.guild_id)
        answered = discord.MessageReference(
            message_id=card.message_id, channel_id=card.channel_id, fail_if_not_exists=False
        )
        pinged = discord.AllowedMentions(
            everyone=False, roles=False, users=[discord.Object(user_id)], replied_user=False
        )
        try:
            await channel.send(
                f"<@{user_id}> {text}", reference=answered, allowed_mentions=pinged, nonce=number
            )
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise _as_bot(error) from error

    async def send(self, user_id: int, text: str, links: Iterable[ui.Button[ui.View]], number: str) -> None:
        """A direct message with links under it. Said twice, it is shown once.

        Raises:
            EditFailed: one of the family; nothing was said. Whoever takes no messages is ``MessageGone``.
        """
        below = ui.View(timeout=None)
        for link in links:
            below.add_item(link)
        try:
            person = await self._client.fetch_user(user_id)
            await person.send(text, view=below, nonce=number)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise _as_bot(error) from error

    async def say(self, channel_id: int, text: str) -> None:
        """A message of the bot's own in a channel. Raises ``discord.HTTPException``."""
        channel = self._client.get_partial_messageable(channel_id)
        await channel.send(text, allowed_mentions=discord.AllowedMentions.none())

    async def tell(self, user_id: int, text: str) -> None:
        """A private message to one person. Raises ``discord.HTTPException``, also where they take none."""
        person = await self._client.fetch_user(user_id)
        await person.send(text, allowed_mentions=discord.AllowedMentions.none())


def address_of(card: Card) -> str:
    """Where a message is, for whoever may see it."""
    return f"https://discord.com/channels/{card.guild_id or '@me'}/{card.channel_id}/{card.message_id}"


def _attachments(files: Sequence[Attachment] | None) -> Mapping[str, Any]:
    if files is None:
        return {}
    return {"attachments": [file.as_file() for file in files]}


def _by_token(error: Exception) -> EditFailed:
    """A dead token answers 401; a webhook that is unknown, or may not do this, is as dead."""
    status, code = _numbers(error)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN} or code == _UNKNOWN_WEBHOOK:
        return TokenDead()
    return _as_bot(error)


def _as_bot(error: Exception) -> EditFailed:
    status, code = _numbers(error)
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN}:
        return MessageGone()
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE or code in _TOO_LARGE:
        return FilesTooLarge()
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return TryLater()
    return EditRefused(f"{status} {code}")


def _numbers(error: Exception) -> tuple[int, int]:
    """Discord's status and code; an error of the network counts as Discord being down."""
    if isinstance(error, discord.HTTPException):
        return error.status, error.code
    return HTTPStatus.SERVICE_UNAVAILABLE, 0
