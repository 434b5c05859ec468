"""Servers, channels, threads and private conversations in Discord's own words."""

from sandbox.discord.facets import iso, role, user
from sandbox.discord.nouns import Channel, ChannelType, Guild
from sandbox.discord.refusals import Json
from sandbox.discord.world import World, created


def channel(world: World, channel: Channel) -> Json:
    """A channel of a server, a thread in one, or a conversation."""
    said = world.messages(channel.id)
    shown: Json = {
        "id": str(channel.id),
        "type": channel.type,
        "last_message_id": str(said[-1].id) if said else None,
        "flags": 0,
    }
    if channel.guild_id is None:
        return shown | _conversation(world, channel)
    shown |= {"guild_id": str(channel.guild_id), "name": channel.name, "rate_limit_per_user": 0}
    return shown | (_thread(world, channel) if channel.is_thread else _ordinary(world, channel))


def _conversation(world: World, channel: Channel) -> Json:
    others = [user(world.user(one)) for one in channel.recipients if one != world.bot.id]
    if channel.type != ChannelType.GROUP:
        return {"recipients": others}
    return {
        "recipients": others,
        "name": channel.name or None,
        "icon": None,
        "owner_id": str(channel.owner_id),
    }


def _ordinary(world: World, channel: Channel) -> Json:
    overwrites = [
        {"id": str(one.id), "type": one.type, "allow": str(one.allow), "deny": str(one.deny)}
        for one in channel.overwrites
    ]
    return {
        "topic": channel.topic,
        "position": channel.position,
        "permission_overwrites": overwrites,
        "parent_id": None,
        "nsfw": False,
    } | _kind(channel, world)


def _kind(channel: Channel, world: World) -> Json:
    if channel.type == ChannelType.VOICE:
        return {"bitrate": 64_000, "user_limit": 0, "rtc_region": None, "video_quality_mode": 1}
    if channel.type == ChannelType.FORUM:
        posts = [one.id for one in world.threads_of(channel.guild_id or 0) if one.parent_id == channel.id]
        return {
            "last_message_id": str(max(posts)) if posts else None,
            "available_tags": [],
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
        }
    return {}


def _thread(world: World, thread: Channel) -> Json:
    began = iso(created(thread.id))
    spoken = max(len(world.messages(thread.id)) - 1, 0)  # its first message does not count
    return {
        "parent_id": str(thread.parent_id),
        "owner_id": str(thread.owner_id),
        "message_count": spoken,
        "total_message_sent": spoken,
        "member_count": len(thread.recipients),
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": 4_320,
            "archive_timestamp": began,
            "create_timestamp": began,
            "locked": False,
        }
        | ({"invitable": True} if thread.type == ChannelType.PRIVATE_THREAD else {}),
    }


def guild(guild: Guild) -> Json:
    """A server, without what only its first event carries."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "splash": None,
        "banner": None,
        "description": None,
        "owner_id": str(guild.owner_id),
        "roles": [role(one) for one in guild.roles.values()],
        "emojis": [],
        "stickers": [],
        "features": [],
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "application_id": None,
        "vanity_url_code": None,
        "premium_tier": guild.premium_tier,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": guild.locale,
    }
