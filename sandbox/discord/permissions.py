"""Who may do what in a channel: Discord's permission bits and its order of overwrites."""

from enum import IntFlag

from sandbox.discord.nouns import Channel, ChannelType, Guild
from sandbox.discord.world import World


class Permission(IntFlag):
    """The bits the sandbox knows the meaning of."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    CONNECT = 1 << 20
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EXTERNAL_APPS = 1 << 50


ALL = (1 << 53) - 1
EVERYONE = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CONNECT
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.CREATE_PRIVATE_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.USE_EXTERNAL_APPS
)
MODERATOR = (
    EVERYONE
    | Permission.MANAGE_GUILD
    | Permission.MANAGE_MESSAGES
    | Permission.MANAGE_CHANNELS
    | Permission.MANAGE_THREADS
)
DIRECT = EVERYONE | Permission.MENTION_EVERYONE
"""What anybody may do in a direct message."""
GUEST = Permission.ATTACH_FILES | Permission.EMBED_LINKS | Permission.MENTION_EVERYONE
"""What an app may do where it is not a member, as far as the person who brought it may."""
_SENDING = Permission.SEND_MESSAGES | Permission.SEND_MESSAGES_IN_THREADS
_WITH_SENDING = Permission.MENTION_EVERYONE | Permission.EMBED_LINKS | Permission.ATTACH_FILES


def in_guild(guild: Guild, user_id: int) -> int:
    """What a member's roles allow, before any channel has its say; nothing for who is not a member."""
    member = guild.members.get(user_id)
    if member is None:
        return 0
    if guild.owner_id == user_id:
        return ALL
    bits = guild.roles[guild.id].permissions
    for role_id in member.roles:
        bits |= guild.roles[role_id].permissions
    return ALL if bits & Permission.ADMINISTRATOR else bits


def in_channel(world: World, channel: Channel, user_id: int) -> int:
    """What a person may do in a channel: roles, then overwrites for everyone, for roles, for the member.

    A thread has its parent's permissions; a private one shows itself only to those in it and to its keepers.
    """
    if channel.guild_id is None:
        return DIRECT if user_id in channel.recipients else 0
    if channel.is_thread:
        return _in_thread(world, channel, user_id)
    guild = world.guilds[channel.guild_id]
    bits = in_guild(guild, user_id)
    if bits in (0, ALL):
        return bits
    bits = _overwritten(bits, channel, {guild.id})
    bits = _overwritten(bits, channel, set(guild.members[user_id].roles))
    bits = _overwritten(bits, channel, {user_id})
    return _implied(bits, channel)


def may(world: World, channel: Channel, user_id: int, wanted: int) -> bool:
    """Whether a person has all of these bits in a channel; to send in a thread is a bit of its own."""
    if channel.is_thread and wanted & Permission.SEND_MESSAGES:
        wanted = wanted & ~Permission.SEND_MESSAGES | Permission.SEND_MESSAGES_IN_THREADS
    return in_channel(world, channel, user_id) & wanted == wanted


def _in_thread(world: World, thread: Channel, user_id: int) -> int:
    bits = in_channel(world, world.channel(thread.parent_id or 0), user_id)
    if thread.type == ChannelType.PRIVATE_THREAD and user_id not in thread.recipients:
        return bits if bits & Permission.MANAGE_THREADS else 0
    return bits


def _implied(bits: int, channel: Channel) -> int:
    """What some bits say of others.

    Who may not see may do nothing; who may not enter a voice channel sees it, no more; who may not write
    attaches nothing and mentions nobody.
    """
    if not bits & Permission.VIEW_CHANNEL:
        return 0
    if channel.type == ChannelType.VOICE and not bits & Permission.CONNECT:
        return int(Permission.VIEW_CHANNEL)
    return bits if bits & _SENDING else bits & ~_WITH_SENDING


def _overwritten(bits: int, channel: Channel, ids: set[int]) -> int:
    allow = deny = 0
    for overwrite in channel.overwrites:
        if overwrite.id in ids:
            allow |= overwrite.allow
            deny |= overwrite.deny
    return bits & ~deny | allow
