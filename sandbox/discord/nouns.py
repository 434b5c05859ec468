"""The nouns of the Discord in a box: frozen records; a change makes a new record.

Times are milliseconds UTC, ids are snowflakes.
"""

from dataclasses import dataclass, field

from sandbox.discord.refusals import Json

MIB = 1024 * 1024


class ChannelType:
    """The kinds of channel there are in the box."""

    TEXT = 0
    DM = 1
    VOICE = 2
    GROUP = 3
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


class MessageType:
    """What kind of message it is."""

    DEFAULT = 0
    THREAD_CREATED = 18
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
    """Somebody with an account.

    ``upload_limit`` is bytes per file, by what they pay for; ``status`` one of online, idle, dnd, offline;
    ``installed`` whether they added the app to their account, to use it wherever they are.
    """

    id: int
    name: str
    global_name: str | None = None
    locale: str = "en-US"
    bot: bool = False
    upload_limit: int = 10 * MIB
    status: str = "online"
    installed: bool = False


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
    """A place to talk: a channel of a guild, a thread or forum post in one, or a private conversation.

    ``recipients`` are the people of a conversation or a thread; ``parent_id`` is the channel that a thread
    is in, ``owner_id`` who began it.
    """

    id: int
    type: int
    guild_id: int | None = None
    name: str = ""
    topic: str | None = None
    position: int = 0
    overwrites: tuple[Overwrite, ...] = ()
    recipients: tuple[int, ...] = ()
    parent_id: int | None = None
    owner_id: int | None = None

    @property
    def is_thread(self) -> bool:
        """Whether it is a thread or a forum post."""
        return self.type in (ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD)


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
    """The interaction that a message answers, and who began it.

    ``owners`` are the installations it was allowed by; ``opener`` is what opened the form it came from.
    """

    interaction_id: int
    type: int
    user_id: int
    name: str = ""
    source_message_id: int | None = None
    owners: Json = field(default_factory=dict)
    opener: "Origin | None" = None


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
