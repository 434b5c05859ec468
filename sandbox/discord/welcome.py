"""What a session is told when it begins: who the bot is, and the servers it is in."""

from sandbox.discord.facets import user
from sandbox.discord.intents import Intent
from sandbox.discord.nouns import Guild, User
from sandbox.discord.payloads import Payloads
from sandbox.discord.refusals import Json
from sandbox.discord.sessions import Session
from sandbox.discord.world import World


def welcome(world: World, payloads: Payloads, session: Session, url: str, flags: int) -> None:
    """READY with the servers as promises, then each of them."""
    guilds = [
        guild
        for guild in world.guilds.values()
        if world.bot.id in guild.members and session.hears(guild.id, 0)
    ]
    session.dispatch("READY", _ready(world.bot, session, guilds, url, flags))
    if session.intents & Intent.GUILDS:
        for guild in guilds:
            session.dispatch("GUILD_CREATE", payloads.guild_create(guild, session.intents))


def _ready(bot: User, session: Session, guilds: list[Guild], url: str, flags: int) -> Json:
    return {
        "v": 10,
        "user": user(bot) | {"verified": True, "mfa_enabled": False, "email": None},
        "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
        "session_id": session.id,
        "resume_gateway_url": url,
        "session_type": "normal",
        "shard": list(session.shard),
        "application": {"id": str(bot.id), "flags": flags},
        "private_channels": [],
        "relationships": [],
        "presences": [],
        "user_settings": {},
        "_trace": [],
    }
