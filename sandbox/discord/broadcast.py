"""Who hears of what: every change in the world goes from here to the bot's gateway and to those who watch."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.discord import facets as wire
from sandbox.discord.gateway import Gateway
from sandbox.discord.intents import Intent
from sandbox.discord.nouns import Channel, Guild, Member, Message, Role, User
from sandbox.discord.payloads import Payloads
from sandbox.discord.permissions import Permission, may
from sandbox.discord.refusals import Json
from sandbox.discord.world import World

_MOST_WAITING = 1_000


@dataclass(slots=True, kw_only=True, eq=False)
class Watcher:
    """Somebody's open chat page. ``lost`` once it has fallen too far behind."""

    user_id: int
    waiting: asyncio.Queue[Json | None] = field(default_factory=lambda: asyncio.Queue(_MOST_WAITING))

    def tell(self, event: Json) -> None:
        """Queue an event; who is too far behind gets the end instead (None)."""
        try:
            self.waiting.put_nowait(event)
        except asyncio.QueueFull:
            self.waiting.get_nowait()
            self.waiting.put_nowait(None)


class Broadcast:
    """Tells the bot what Discord would tell it, and each watcher what that person may see."""

    def __init__(self, world: World, payloads: Payloads, gateway: Gateway) -> None:
        self._world = world
        self._payloads = payloads
        self._gateway = gateway
        self._watchers: set[Watcher] = set()
        gateway.changed = self.bot_changed

    def join(self, user_id: int) -> Watcher:
        """Begin to watch as somebody."""
        watcher = Watcher(user_id=user_id)
        watcher.tell({"type": "hello"})
        self._watchers.add(watcher)
        return watcher

    def leave(self, watcher: Watcher) -> None:
        """Stop watching."""
        self._watchers.discard(watcher)

    def message_created(self, message: Message) -> None:
        """Somebody wrote."""
        self._message("MESSAGE_CREATE", "message_create", message)

    def message_updated(self, message: Message) -> None:
        """A message changed."""
        self._message("MESSAGE_UPDATE", "message_update", message)

    def message_deleted(self, message: Message) -> None:
        """A message is gone."""
        channel = self._world.channel(message.channel_id)
        gone: Json = {"id": str(message.id), "channel_id": str(channel.id)}
        if channel.guild_id is not None:
            gone["guild_id"] = str(channel.guild_id)
        if message.seen_by is None:
            self._to_bot("MESSAGE_DELETE", channel, gone)
        event = {"type": "message_delete", "channel": str(channel.id), "message": str(message.id)}
        self._to_watchers(event, lambda user_id: self._sees(user_id, message))

    def typing(self, channel: Channel, user_id: int) -> None:
        """Somebody is typing."""
        event = {"type": "typing", "channel": str(channel.id), "user": str(user_id)}
        self._to_watchers(event, lambda one: may(self._world, channel, one, Permission.VIEW_CHANNEL))

    def interaction(self, user_id: int, event: Json) -> None:
        """How an interaction stands; only its own user is told."""
        self._to_watchers({"type": "interaction"} | event, lambda one: one == user_id)

    def bot_changed(self) -> None:
        """The bot came or went."""
        self._to_watchers({"type": "bot", "online": self._gateway.online})

    def commands_changed(self) -> None:
        """The bot synced its commands."""
        self._to_watchers({"type": "commands"})

    def channel(self, name: str, channel: Channel) -> None:
        """CHANNEL_CREATE, CHANNEL_UPDATE or CHANNEL_DELETE; of threads THREAD_UPDATE or THREAD_DELETE."""
        if channel.is_thread:
            self._thread_event(name.replace("CHANNEL", "THREAD"), channel, self._payloads.channel(channel))
            return
        self._world_event(name, channel.guild_id, self._payloads.channel(channel))

    def thread_begun(self, thread: Channel) -> None:
        """THREAD_CREATE, for a bot that may see it."""
        shown = self._payloads.channel(thread) | {"newly_created": True}
        self._thread_event("THREAD_CREATE", thread, shown)

    def _thread_event(self, name: str, thread: Channel, data: Json) -> None:
        if may(self._world, thread, self._world.bot.id, Permission.VIEW_CHANNEL):
            self._gateway.dispatch(name, data, guild_id=thread.guild_id, intent=Intent.GUILDS)
        self.world_changed()

    def role(self, name: str, guild: Guild, role: Role) -> None:
        """GUILD_ROLE_CREATE, GUILD_ROLE_UPDATE or GUILD_ROLE_DELETE."""
        gone = name == "GUILD_ROLE_DELETE"
        facts: Json = {"role_id": str(role.id)} if gone else {"role": wire.role(role)}
        self._world_event(name, guild.id, {"guild_id": str(guild.id)} | facts)

    def guild_updated(self, guild: Guild) -> None:
        """A server changed its name, language or boost level."""
        self._world_event("GUILD_UPDATE", guild.id, self._payloads.guild(guild))

    def member_changed(self, name: str, guild: Guild, member: Member) -> None:
        """GUILD_MEMBER_ADD, _UPDATE or _REMOVE; for the bot itself GUILD_CREATE and GUILD_DELETE."""
        mine = member.user_id == self._world.bot.id
        if mine and name == "GUILD_MEMBER_ADD":
            self._gateway.enter(guild)
            self.world_changed()
        elif mine and name == "GUILD_MEMBER_REMOVE":
            self._gateway.dispatch(
                "GUILD_DELETE", {"id": str(guild.id)}, guild_id=guild.id, intent=Intent.GUILDS
            )
            self.world_changed()
        else:
            intent = Intent.GUILDS | Intent.MEMBERS if mine else Intent.MEMBERS
            self._world_event(
                name, guild.id, self._payloads.member(member) | {"guild_id": str(guild.id)}, intent
            )

    def presence(self, user: User) -> None:
        """Somebody came, went or is busy; told once for every server they share with the bot."""
        for guild in self._world.guilds.values():
            if user.id in guild.members and self._world.bot.id in guild.members:
                shown = wire.presence(user, guild.id)
                self._gateway.dispatch("PRESENCE_UPDATE", shown, guild_id=guild.id, intent=Intent.PRESENCES)

    def world_changed(self) -> None:
        """Something about servers, channels or people is different."""
        self._to_watchers({"type": "world"})

    def _world_event(self, name: str, guild_id: int | None, data: Json, intent: int = Intent.GUILDS) -> None:
        if guild_id is not None and self._world.bot.id in self._world.guild(guild_id).members:
            self._gateway.dispatch(name, data, guild_id=guild_id, intent=intent)
        self.world_changed()

    def _message(self, name: str, kind: str, message: Message) -> None:
        channel = self._world.channel(message.channel_id)
        if message.seen_by is None:
            self._to_bot(name, channel, self._payloads.gateway_message(message), message)
        event = {"type": kind, "channel": str(channel.id), "message": self._payloads.message(message)}
        self._to_watchers(event, lambda user_id: self._sees(user_id, message))

    def _to_bot(self, name: str, channel: Channel, data: Json, message: Message | None = None) -> None:
        bot = self._world.bot.id
        if not may(self._world, channel, bot, Permission.VIEW_CHANNEL):
            return
        blind = None
        if (
            message
            and channel.guild_id is not None
            and bot not in (message.author_id, *message.mention_users)
        ):
            blind = data | {"content": "", "embeds": [], "attachments": [], "components": []}
        intent = Intent.DIRECT_MESSAGES if channel.guild_id is None else Intent.GUILD_MESSAGES
        self._gateway.dispatch(name, data, guild_id=channel.guild_id, intent=intent, without_content=blind)

    def _sees(self, user_id: int, message: Message) -> bool:
        if message.seen_by not in (None, user_id):
            return False
        return may(self._world, self._world.channel(message.channel_id), user_id, Permission.VIEW_CHANNEL)

    def _to_watchers(self, event: Json, sees: Callable[[int], bool] = lambda _user_id: True) -> None:
        for watcher in self._watchers:
            if sees(watcher.user_id):
                watcher.tell(event)
