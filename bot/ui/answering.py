"""From an interaction to what the core understands, and back to an answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import aiohttp
import discord
import structlog

from bot.jobs.errors import AskedBefore
from bot.jobs.orders import Address, Asker, GenerateOrder, Order
from bot.locales.catalogue import Catalogue
from bot.ui.desk import Desk, Interaction
from bot.ui.replies import reply_to
from bot.ui.text import Voice
from storage.errors import StorageError

_log = structlog.get_logger(__name__)
_UNHEARD = (discord.HTTPException, aiohttp.ClientError, OSError)
"""Discord did not take it, or we do not know."""
_ANSWERED = 40060
"""Discord has an answer to this interaction already: an earlier one that we thought was lost."""
CHECK_PATIENCE = 0.5
"""Seconds a check may take before the card is opened: Discord waits for three."""
_REFERENCE_LENGTH = 8
_SNOWFLAKE_TIME = 22
"""Bits of an id below its time; the time alone, to the millisecond, is enough to find a line in the log."""


def asker(interaction: Interaction) -> Asker:
    """Who asks; a moderator is whoever may manage the server it is asked in."""
    return Asker(
        user_id=interaction.user.id,
        guild_id=interaction.guild_id,
        locale=str(interaction.locale),
        moderator=interaction.guild_id is not None and interaction.permissions.manage_guild,
    )


def address(interaction: Interaction, message_id: int, *, private: bool) -> Address:
    """The message, and how it can be reached: 15 minutes by this interaction, then perhaps by the bot."""
    return Address(
        interaction_id=interaction.id,
        channel_id=interaction.channel_id or 0,
        message_id=message_id,
        token=interaction.token,
        token_expires_at=int(interaction.expires_at.timestamp() * 1000),
        bot_may_edit=not private and _bot_is_there(interaction),
        attachment_limit=interaction.filesize_limit,
    )


def _bot_is_there(interaction: Interaction) -> bool:
    if interaction.guild_id is None:
        return interaction.context.dm_channel  # its own conversation with the member, not one between people
    return interaction.is_guild_integration() and interaction.app_permissions.view_channel


@asynccontextmanager
async def open_card(interaction: Interaction) -> AsyncIterator[Address]:
    """Answer publicly with a message that is still empty; it goes again if what follows fails."""
    # Discord may make it private after all, where a member may not use apps of their own in public.
    try:
        answer = cast(
            "discord.InteractionCallbackResponse[Any]", await interaction.response.defer(thinking=True)
        )
        yield address(interaction, cast(int, answer.message_id), private=answer.is_ephemeral())
    except Exception:
        with suppress(*_UNHEARD):  # there may be none; or one, though we did not hear that it was taken
            await interaction.delete_original_response()
        raise


async def begin(
    desk: Desk,
    interaction: Interaction,
    order: Order,
    complete: Callable[[], Awaitable[Order]] | None = None,
    *,
    project: str = "",
) -> None:
    """Check, open a card, start: a refusal is private, and leaves no empty card behind.

    ``complete`` makes the full order once the card is open, for what takes longer
    than Discord waits for an answer. The model goes into the asker's ``project``.
    The card is drawn by whoever hears of the job.

    Raises:
        JobError: it was refused; nothing was started or charged.
    """
    who = asker(interaction)
    try:
        if not desk.rush.locked():  # else the card is opened first: Discord waits for nobody
            async with desk.rush:
                await _while_there_is_time(desk.jobs.check(who, order, project=project))
        async with open_card(interaction) as where:
            order = await complete() if complete else order
            async with desk.rush:
                with suppress(AskedBefore):  # Discord told us twice: the first job's card is this message
                    await desk.jobs.start(who, order, where, project=project)
    except Exception:
        await _forget_pictures(desk, order)
        raise


async def _while_there_is_time(check: Awaitable[object]) -> None:
    """Leave a check that a busy machine holds up: ``start`` checks again, and refuses as privately."""
    with suppress(TimeoutError):
        async with asyncio.timeout(CHECK_PATIENCE):
            await check


async def _forget_pictures(desk: Desk, order: Order) -> None:
    if isinstance(order, GenerateOrder):
        with suppress(StorageError):  # what is left over is found by the sweep at the next start
            await desk.jobs.discard_pictures(order.pictures)


async def tell(interaction: Interaction, sentence: str) -> None:
    """A private answer, whether or not the interaction was answered before."""
    if not interaction.response.is_done():
        try:
            await interaction.response.send_message(sentence, ephemeral=True)
        except discord.HTTPException as error:
            if error.code != _ANSWERED:
                raise
        else:
            return
    await interaction.followup.send(sentence, ephemeral=True)


async def report(catalogue: Catalogue, interaction: Interaction, error: Exception) -> None:
    """The one place where an error of a command or click becomes an answer; never raises."""
    reference = f"{interaction.id >> _SNOWFLAKE_TIME:x}"[-_REFERENCE_LENGTH:]
    reply = reply_to(error, reference)
    if reply.trouble:
        _log.error("interaction_failed", reference=reference, user=interaction.user.id, exc_info=error)
    voice = Voice(catalogue=catalogue, locale=str(interaction.locale))
    try:
        await tell(interaction, voice.say(reply.key, **reply.facts))
    except _UNHEARD as lost:
        facts = {"status": lost.status, "code": lost.code} if isinstance(lost, discord.HTTPException) else {}
        _log.warning("answer_lost", reference=reference, reply=reply.key, reason=type(lost).__name__, **facts)
