"""Who may do what in a channel: Discord's permission bits and its order of overwrites."""

from enum import IntFlag

from sandbox.discord.world import Channel, Guild, World


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
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31


ALL = (1 << 53) - 1
EVERYONE = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
)
MODERATOR = EVERYONE | Permission.MANAGE_GUILD | Permission.MANAGE_MESSAGES | Permission.MANAGE_CHANNELS
DIRECT = EVERYONE | Permission.MENTION_EVERYONE
"""What anybody may do in a direct message."""


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
    """What a person may do in a channel: roles, then overwrites for everyone, for roles, for the member."""
    if channel.guild_id is None:
        return DIRECT if user_id in channel.recipients else 0
    guild = world.guilds[channel.guild_id]
    bits = in_guild(guild, user_id)
    if bits in (0, ALL):
        return bits
    bits = _overwritten(bits, channel, {guild.id})
    bits = _overwritten(bits, channel, set(guild.members[user_id].roles))
    bits = _overwritten(bits, channel, {user_id})
    return bits if bits & Permission.VIEW_CHANNEL else 0


def may(world: World, channel: Channel, user_id: int, wanted: int) -> bool:
    """Whether a person has all of these bits in a channel."""
    return in_channel(world, channel, user_id) & wanted == wanted


def _overwritten(bits: int, channel: Channel, ids: set[int]) -> int:
    allow = deny = 0
    for overwrite in channel.overwrites:
        if overwrite.id in ids:
            allow |= overwrite.allow
            deny |= overwrite.deny
    return bits & ~deny | allow
