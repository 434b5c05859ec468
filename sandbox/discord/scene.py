"""The world as it is at first: two servers with channels of every kind, a few people, and a bot."""

from sandbox.clock import Clock
from sandbox.discord.nouns import (
    Channel,
    ChannelType,
    Guild,
    Member,
    Message,
    Overwrite,
    Role,
    User,
)
from sandbox.discord.permissions import EVERYONE, MODERATOR, Permission
from sandbox.discord.world import Snowflakes, World

BOT_ID = 1_300_000_000_000_000_001
"""Always the same, so that a bot keeps its identity when the sandbox starts anew."""

_BOT_ROLE = EVERYONE | Permission.MANAGE_MESSAGES
_PEOPLE = (
    ("ada", "Ada", "en-US"),
    ("ben", "Ben", "en-GB"),
    ("carmen", "Carmen", "es-ES"),
    ("mona", "Mona", "en-US"),
    ("olga", "Olga", "en-US"),
)


def build(clock: Clock, *, bot_name: str = "maquette") -> World:
    """Make the first world. Mona moderates, Olga owns the servers; Carmen reads Spanish."""
    world = World(clock, User(id=BOT_ID, name=bot_name, bot=True))
    ada, ben, carmen, mona, olga = (_person(world, *facts) for facts in _PEOPLE)
    workshop = _guild(world, "Workshop", "en-US", owner=olga, moderator=mona, members=[ada, ben, carmen])
    _channel(world, workshop, "general", "Talk, and make things")
    _channel(world, workshop, "showcase", "What we are proud of")
    _read_only(world, workshop, "announcements")
    _channel(world, workshop, "lounge", "", kind=ChannelType.VOICE)
    ideas = _channel(world, workshop, "ideas", "One post for each", kind=ChannelType.FORUM)
    _post(world, ideas, ben, "A lantern for the hall", "It should look as if it had been there for ever.")
    taller = _guild(world, "Taller", "es-ES", owner=olga, moderator=mona, members=[ada, carmen])
    _channel(world, taller, "general", "Hablar y hacer cosas")
    for person in (ada, ben, carmen, mona, olga):
        world.direct(person.id)
    _conversation(world, ada, ben)
    return world


def _person(world: World, name: str, shown: str, locale: str) -> User:
    person = User(id=world.ids.new(), name=name, global_name=shown, locale=locale)
    world.users[person.id] = person
    return person


def _guild(
    world: World, name: str, locale: str, *, owner: User, moderator: User, members: list[User]
) -> Guild:
    guild = Guild(id=world.ids.new(), name=name, owner_id=owner.id, locale=locale)
    world.guilds[guild.id] = guild
    guild.roles[guild.id] = Role(id=guild.id, name="@everyone", permissions=EVERYONE, position=0)
    moderators = add_role(world.ids, guild, "Moderators", MODERATOR)
    bots = add_role(world.ids, guild, world.bot.name, _BOT_ROLE, managed=True)
    now = world.clock.now()
    roles = {world.bot.id: (bots.id,), moderator.id: (moderators.id,)}
    for person in (world.bot, *members, moderator, owner):
        guild.members[person.id] = Member(user_id=person.id, joined=now, roles=roles.get(person.id, ()))
    return guild


def add_role(ids: Snowflakes, guild: Guild, name: str, permissions: int, *, managed: bool = False) -> Role:
    """A new role above the others."""
    position = len(guild.roles)
    role = Role(id=ids.new(), name=name, permissions=permissions, position=position, managed=managed)
    guild.roles[role.id] = role
    return role


def _channel(
    world: World,
    guild: Guild,
    name: str,
    topic: str,
    overwrites: tuple[Overwrite, ...] = (),
    kind: int = ChannelType.TEXT,
) -> Channel:
    position = sum(1 for _ in world.channels_of(guild.id))
    channel = Channel(
        id=world.ids.new(),
        type=kind,
        guild_id=guild.id,
        name=name,
        topic=topic,
        position=position,
        overwrites=overwrites,
    )
    world.channels[channel.id] = channel
    return channel


def _read_only(world: World, guild: Guild, name: str) -> None:
    moderators = next(role for role in guild.roles.values() if role.name == "Moderators")
    quiet = (
        Overwrite(id=guild.id, type=0, deny=Permission.SEND_MESSAGES),
        Overwrite(id=moderators.id, type=0, allow=Permission.SEND_MESSAGES),
    )
    _channel(world, guild, name, "Read only", quiet)


def _post(world: World, forum: Channel, author: User, title: str, words: str) -> None:
    post = Channel(
        id=world.ids.new(),
        type=ChannelType.PUBLIC_THREAD,
        guild_id=forum.guild_id,
        name=title,
        parent_id=forum.id,
        owner_id=author.id,
        recipients=(author.id,),
    )
    world.channels[post.id] = post
    world.keep(Message(id=post.id, channel_id=post.id, author_id=author.id, content=words))


def _conversation(world: World, *people: User) -> None:
    members = tuple(one.id for one in people)
    channel = Channel(id=world.ids.new(), type=ChannelType.DM, recipients=members, owner_id=members[0])
    world.channels[channel.id] = channel
