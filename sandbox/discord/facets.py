"""Times, users, roles and presences in Discord's own words: what looks the same wherever it is shown."""

from datetime import UTC, datetime

from sandbox.discord.nouns import Role, User
from sandbox.discord.refusals import Json


def iso(milliseconds: int) -> str:
    """A time as Discord writes it."""
    return datetime.fromtimestamp(milliseconds / 1_000, UTC).isoformat()


def user(user: User) -> Json:
    """A user, as others see them."""
    return {
        "id": str(user.id),
        "username": user.name,
        "global_name": user.global_name,
        "discriminator": "0000" if user.bot else "0",
        "avatar": None,
        "bot": user.bot,
        "public_flags": 0,
        "flags": 0,
    }


def role(role: Role) -> Json:
    """A role of a server."""
    return {
        "id": str(role.id),
        "name": role.name,
        "permissions": str(role.permissions),
        "position": role.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": role.managed,
        "mentionable": False,
        "flags": 0,
    }


def presence(user: User, guild_id: int) -> Json:
    """How somebody is there, in one of their servers."""
    return {
        "user": {"id": str(user.id)},
        "guild_id": str(guild_id),
        "status": user.status,
        "activities": [],
        "client_status": {} if user.status == "offline" else {"web": user.status},
    }
