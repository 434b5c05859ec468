"""Where an app may be used: by whom it was installed, and in what kind of place."""

from sandbox.discord.nouns import Channel, ChannelType, User
from sandbox.discord.permissions import Permission, may
from sandbox.discord.refusals import Json
from sandbox.discord.world import World

GUILD_INSTALL, USER_INSTALL = 0, 1
IN_GUILD, IN_BOT_DM, IN_PRIVATE = 0, 1, 2


def context(world: World, channel: Channel) -> int:
    """What kind of place it is: a server, the direct messages with the bot, or a conversation without it."""
    if channel.guild_id is not None:
        return IN_GUILD
    with_bot = channel.type == ChannelType.DM and world.bot.id in channel.recipients
    return IN_BOT_DM if with_bot else IN_PRIVATE


def owners(world: World, channel: Channel, person: User, command: Json) -> Json:
    """The installations that let a person use a command here (``authorizing_integration_owners``)."""
    found: Json = {}
    allowed = command["integration_types"]
    if GUILD_INSTALL in allowed and is_member(world, channel):
        found[str(GUILD_INSTALL)] = str(channel.guild_id or 0)
    if USER_INSTALL in allowed and person.installed:
        found[str(USER_INSTALL)] = str(person.id)
    return found


def contexts(command: Json) -> list[int]:
    """The kinds of places that a command is for; what it does not say follows from who may install it."""
    if command["contexts"] is not None:
        return list(command["contexts"])
    private = [IN_PRIVATE] if USER_INSTALL in command["integration_types"] else []
    return [IN_GUILD, *([IN_BOT_DM] if command["dm_permission"] else []), *private]


def is_member(world: World, channel: Channel) -> bool:
    """Whether the bot itself is where the channel is: in its server, or in the conversation."""
    if channel.guild_id is None:
        return world.bot.id in channel.recipients
    return world.bot.id in world.guild(channel.guild_id).members


def must_whisper(world: World, channel: Channel, person: User, found: Json) -> bool:
    """Whether answers are private anyway: the bot is only brought by a person, who may not show it here."""
    if str(GUILD_INSTALL) in found or channel.guild_id is None:
        return False
    return not may(world, channel, person.id, Permission.USE_EXTERNAL_APPS)
