"""The nouns of the Discord in a box, and the place that holds them: in memory, and only there.

Records are frozen; a change puts a new record in the old one's place. Times are milliseconds UTC, ids are
snowflakes made from the clock, so that a client reads the right creation time out of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from sandbox.clock import Clock
from sandbox.discord.refusals import Json, Refused

MIB = 1024 * 1024
DISCORD_EPOCH = 1_420_070_400_000
_KEPT_MESSAGES = 1_000  # per channel; the oldest go, so that a sandbox can run for weeks

_Thing = TypeVar("_Thing")


class ChannelType:
    """The kinds of channel there are in the box."""

    TEXT = 0
    DM = 1


class MessageType:
    """What kind of message it is."""

    DEFAULT = 0
    REPLY = 19
    COMMAND_ANSWER = 20


class MessageFlag:
    """Bits of ``message.flags``."""

    SUPPRESS_EMBEDS = 1 << 2
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody with an account. ``upload_limit`` is bytes per file, by what they pay for."""

    id: int
    name: str
    global_name: str | None = None
    locale: str = "en-US"
    bot: bool = False
    upload_limit: int = 10 * MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A bundle of permission bits; the one with the guild's own id is everybody's."""

    id: int
    name: str
    permissions: int
    position: int = 1
    managed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Overwrite:
    """What a channel allows and denies a role (type 0) or a member (type 1)."""

    id: int
    type: int
    allow: int = 0
    deny: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A text channel of a guild, or a direct message between two."""

    id: int
    type: int
    guild_id: int | None = None
    name: str = ""
    topic: str | None = None
    position: int = 0
    overwrites: tuple[Overwrite, ...] = ()
    recipients: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A user in a guild."""

    user_id: int
    joined: int
    roles: tuple[int, ...] = ()
    nick: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guild:
    """A server, with its roles and members by id. ``premium_tier`` is its boost level, 0 to 3."""

    id: int
    name: str
    owner_id: int
    locale: str = "en-US"
    premium_tier: int = 0
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file, with its bytes. Type and size of the picture come from the name and the content."""

    id: int
    channel_id: int
    filename: str
    content: bytes = field(repr=False)
    content_type: str | None = None
    width: int | None = None
    height: int | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The interaction that a message answers, and who began it."""

    interaction_id: int
    type: int
    user_id: int
    name: str = ""
    source_message_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it stands. ``seen_by`` is the one who may see a private reply; None is everybody."""

    id: int
    channel_id: int
    author_id: int
    type: int = 0
    content: str = ""
    flags: int = 0
    embeds: tuple[Json, ...] = ()
    components: tuple[Json, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    mention_users: tuple[int, ...] = ()
    mention_roles: tuple[int, ...] = ()
    mention_everyone: bool = False
    edited: int | None = None
    reference: int | None = None
    origin: Origin | None = None
    seen_by: int | None = None
    nonce: str | int | None = None

    @property
    def is_v2(self) -> bool:
        """Whether the message is made of Components V2."""
        return bool(self.flags & MessageFlag.COMPONENTS_V2)


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
        self.channels.pop(channel.id, None)
        self._messages.pop(channel.id, None)

    def channels_of(self, guild_id: int) -> Iterator[Channel]:
        """A guild's channels, in their order."""
        mine = (channel for channel in self.channels.values() if channel.guild_id == guild_id)
        yield from sorted(mine, key=lambda channel: (channel.position, channel.id))

    def direct(self, user_id: int) -> Channel:
        """The direct messages between a user and the bot; opened when first asked for."""
        for channel in self.channels.values():
            if channel.type == ChannelType.DM and user_id in channel.recipients:
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
