"""The place that holds everything in the Discord in a box: in memory, and only there.

A change puts a new record in the old one's place. Ids are made from the clock, so that a client reads the
right creation time out of them.
"""

from collections.abc import Iterator
from typing import TypeVar

from sandbox.clock import Clock
from sandbox.discord.nouns import Attachment, Channel, ChannelType, Guild, Member, Message, User
from sandbox.discord.refusals import Refused

DISCORD_EPOCH = 1_420_070_400_000
_KEPT_MESSAGES = 1_000  # per channel; the oldest go, so that a sandbox can run for weeks

_Thing = TypeVar("_Thing")


class Snowflakes:
    """Ids that carry the clock's time and never repeat."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def new(self) -> int:
        """A new id of this millisecond, larger than every one before."""
        self._last = max(self._last + 1, (self._clock.now() - DISCORD_EPOCH) << 22)
        return self._last


def created(snowflake: int) -> int:
    """When an id was made, in milliseconds UTC."""
    return (snowflake >> 22) + DISCORD_EPOCH


class World:
    """All there is. Looking up what is not there is refused with Discord's own code."""

    def __init__(self, clock: Clock, bot: User) -> None:
        self.clock = clock
        self.ids = Snowflakes(clock)
        self.bot = bot
        self.users: dict[int, User] = {bot.id: bot}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.uploads: dict[int, Attachment] = {}
        self._messages: dict[int, dict[int, Message]] = {}

    def user(self, user_id: int) -> User:
        """A user by id."""
        return _found(self.users, user_id, 10013)

    def user_named(self, name: str) -> User | None:
        """A user by account name."""
        return next((user for user in self.users.values() if user.name == name), None)

    def guild(self, guild_id: int) -> Guild:
        """A guild by id."""
        return _found(self.guilds, guild_id, 10004)

    def channel(self, channel_id: int) -> Channel:
        """A channel by id."""
        return _found(self.channels, channel_id, 10003)

    def member(self, guild_id: int, user_id: int) -> Member:
        """A member of a guild by id."""
        return _found(self.guild(guild_id).members, user_id, 10007)

    def channel_named(self, guild_name: str, name: str) -> Channel:
        """A server's channel by both names."""
        for channel in self.channels.values():
            guild = self.guilds.get(channel.guild_id or 0)
            if guild and guild.name == guild_name and channel.name == name:
                return channel
        raise Refused(10003)

    def message(self, channel_id: int, message_id: int) -> Message:
        """A message by id, private ones too: the caller decides who asks."""
        return _found(self._messages.get(channel_id, {}), message_id, 10008)

    def find_message(self, channel_id: int, message_id: int | None) -> Message | None:
        """A message that may be gone by now, or have never been."""
        return self._messages.get(channel_id, {}).get(message_id) if message_id is not None else None

    def messages(self, channel_id: int) -> list[Message]:
        """A channel's messages, oldest first."""
        return list(self._messages.get(channel_id, {}).values())

    def keep(self, message: Message) -> None:
        """Put a new message at the end, or a changed one in its place."""
        kept = self._messages.setdefault(message.channel_id, {})
        kept[message.id] = message
        if len(kept) > _KEPT_MESSAGES:
            del kept[next(iter(kept))]

    def forget(self, message: Message) -> None:
        """Delete a message."""
        self._messages[message.channel_id].pop(message.id, None)

    def drop_channel(self, channel: Channel) -> None:
        """Delete a channel with all that was said in it."""
        for thread in [one for one in self.channels.values() if one.parent_id == channel.id]:
            self.drop_channel(thread)
        self.channels.pop(channel.id, None)
        self._messages.pop(channel.id, None)

    def channels_of(self, guild_id: int) -> Iterator[Channel]:
        """A guild's channels, in their order; threads are not among them."""
        mine = (one for one in self.channels.values() if one.guild_id == guild_id and not one.is_thread)
        yield from sorted(mine, key=lambda channel: (channel.position, channel.id))

    def threads_of(self, guild_id: int) -> Iterator[Channel]:
        """A guild's threads and forum posts, oldest first."""
        for channel in self.channels.values():
            if channel.guild_id == guild_id and channel.is_thread:
                yield channel

    def conversations_of(self, user_id: int) -> Iterator[Channel]:
        """The private conversations somebody is in, with the bot or without."""
        for channel in self.channels.values():
            if channel.guild_id is None and user_id in channel.recipients:
                yield channel

    def direct(self, user_id: int) -> Channel:
        """The direct messages between a user and the bot; opened when first asked for."""
        for channel in self.conversations_of(user_id):
            if channel.type == ChannelType.DM and self.bot.id in channel.recipients:
                return channel
        channel = Channel(id=self.ids.new(), type=ChannelType.DM, recipients=(user_id, self.bot.id))
        self.channels[channel.id] = channel
        return channel

    def find_attachment(self, channel_id: int, attachment_id: int) -> Attachment | None:
        """A file by its place in the CDN, whether in a message or just uploaded."""
        upload = self.uploads.get(attachment_id)
        if upload is not None and upload.channel_id == channel_id:
            return upload
        for message in self._messages.get(channel_id, {}).values():
            for attachment in message.attachments:
                if attachment.id == attachment_id:
                    return attachment
        return None


def _found(things: dict[int, _Thing], key: int, code: int) -> _Thing:
    thing = things.get(key)
    if thing is None:
        raise Refused(code)
    return thing
