"""Changing the world from outside: people, servers, channels, roles. Who would hear of it, hears of it."""

from collections.abc import Iterable
from dataclasses import replace

from sandbox.discord.broadcast import Broadcast
from sandbox.discord.nouns import MIB, Channel, ChannelType, Guild, Member, Overwrite, Role, User
from sandbox.discord.permissions import EVERYONE
from sandbox.discord.refusals import Refused
from sandbox.discord.scene import add_role
from sandbox.discord.world import World


class Changes:
    """The hands of whoever runs the sandbox. None leaves a thing as it is."""

    def __init__(self, world: World, broadcast: Broadcast) -> None:
        self._world = world
        self._broadcast = broadcast

    def add_user(
        self,
        name: str,
        *,
        global_name: str | None = None,
        locale: str = "en-US",
        upload_limit: int = 10 * MIB,
    ) -> User:
        """Somebody new, with direct messages to the bot but in no server yet."""
        new = User(
            id=self._world.ids.new(),
            name=name,
            global_name=global_name,
            locale=locale,
            upload_limit=upload_limit,
        )
        self._world.users[new.id] = new
        self._world.direct(new.id)
        self._broadcast.world_changed()
        return new

    def change_user(
        self,
        user_id: int,
        *,
        locale: str | None = None,
        global_name: str | None = None,
        upload_limit: int | None = None,
        status: str | None = None,
        installed: bool | None = None,
    ) -> User:
        """Another language, name, upload limit or presence; or the app on their account."""
        old = self._world.user(user_id)
        changed = replace(
            old,
            locale=locale or old.locale,
            global_name=global_name or old.global_name,
            upload_limit=upload_limit or old.upload_limit,
            status=status or old.status,
            installed=old.installed if installed is None else installed,
        )
        self._world.users[user_id] = changed
        if changed.status != old.status:
            self._broadcast.presence(changed)
        self._broadcast.world_changed()
        return changed

    def add_guild(self, name: str, owner_id: int, *, locale: str = "en-US", premium_tier: int = 0) -> Guild:
        """A new server with its owner and the bot in it."""
        self._world.user(owner_id)
        guild = Guild(
            id=self._world.ids.new(), name=name, owner_id=owner_id, locale=locale, premium_tier=premium_tier
        )
        self._world.guilds[guild.id] = guild
        guild.roles[guild.id] = Role(id=guild.id, name="@everyone", permissions=EVERYONE, position=0)
        guild.members[owner_id] = Member(user_id=owner_id, joined=self._world.clock.now())
        self.put_member(guild.id, self._world.bot.id)
        return guild

    def change_guild(
        self,
        guild_id: int,
        *,
        name: str | None = None,
        locale: str | None = None,
        premium_tier: int | None = None,
    ) -> Guild:
        """Another name, language or boost level."""
        old = self._world.guild(guild_id)
        tier = old.premium_tier if premium_tier is None else premium_tier
        changed = replace(old, name=name or old.name, locale=locale or old.locale, premium_tier=tier)
        self._world.guilds[guild_id] = changed
        self._broadcast.guild_updated(changed)
        return changed

    def put_member(
        self, guild_id: int, user_id: int, *, roles: Iterable[int] | None = None, nick: str | None = None
    ) -> Member:
        """Join a server, or change roles and nickname there."""
        guild = self._world.guild(guild_id)
        self._world.user(user_id)
        old = guild.members.get(user_id)
        member = old or Member(user_id=user_id, joined=self._world.clock.now())
        if roles is not None:
            member = replace(member, roles=self._known_roles(guild, roles))
        if nick is not None:
            member = replace(member, nick=nick or None)
        guild.members[user_id] = member
        self._broadcast.member_changed("GUILD_MEMBER_UPDATE" if old else "GUILD_MEMBER_ADD", guild, member)
        return member

    def remove_member(self, guild_id: int, user_id: int) -> None:
        """Leave a server or be removed from it; the bot too."""
        guild = self._world.guild(guild_id)
        member = self._world.member(guild_id, user_id)
        del guild.members[user_id]
        self._broadcast.member_changed("GUILD_MEMBER_REMOVE", guild, member)

    def add_role(self, guild_id: int, name: str, permissions: int) -> Role:
        """A new role."""
        guild = self._world.guild(guild_id)
        role = add_role(self._world.ids, guild, name, permissions)
        self._broadcast.role("GUILD_ROLE_CREATE", guild, role)
        return role

    def change_role(
        self, guild_id: int, role_id: int, *, name: str | None = None, permissions: int | None = None
    ) -> Role:
        """Another name or other permissions; the server's own id is everybody's role."""
        guild = self._world.guild(guild_id)
        self._known_roles(guild, [role_id])
        old = guild.roles[role_id]
        bits = old.permissions if permissions is None else permissions
        guild.roles[role_id] = replace(old, name=name or old.name, permissions=bits)
        self._broadcast.role("GUILD_ROLE_UPDATE", guild, guild.roles[role_id])
        return guild.roles[role_id]

    def delete_role(self, guild_id: int, role_id: int) -> None:
        """Delete a role, and take it from whoever has it."""
        guild = self._world.guild(guild_id)
        self._known_roles(guild, [role_id])
        if role_id == guild.id:
            raise Refused(50028)
        for member in list(guild.members.values()):
            if role_id in member.roles:
                kept = [one for one in member.roles if one != role_id]
                self.put_member(guild_id, member.user_id, roles=kept)
        self._broadcast.role("GUILD_ROLE_DELETE", guild, guild.roles.pop(role_id))

    def add_conversation(self, user_ids: Iterable[int], name: str = "") -> Channel:
        """A private conversation of people among themselves: of two, or a group."""
        members = tuple(dict.fromkeys(self._world.user(one).id for one in user_ids))
        channel = Channel(
            id=self._world.ids.new(),
            type=ChannelType.DM if len(members) == 2 else ChannelType.GROUP,
            name=name,
            recipients=members,
            owner_id=members[0],
        )
        self._world.channels[channel.id] = channel
        self._broadcast.world_changed()
        return channel

    def add_channel(
        self,
        guild_id: int,
        name: str,
        overwrites: Iterable[Overwrite] = (),
        *,
        kind: int = ChannelType.TEXT,
    ) -> Channel:
        """A new channel at the end of the list: for text, a voice channel with its chat, or a forum."""
        guild = self._world.guild(guild_id)
        channel = Channel(
            id=self._world.ids.new(),
            type=kind,
            guild_id=guild.id,
            name=name,
            position=sum(1 for _ in self._world.channels_of(guild.id)),
            overwrites=tuple(overwrites),
        )
        self._world.channels[channel.id] = channel
        self._broadcast.channel("CHANNEL_CREATE", channel)
        return channel

    def change_channel(
        self, channel_id: int, *, name: str | None = None, overwrites: Iterable[Overwrite] | None = None
    ) -> Channel:
        """Another name or other overwrites."""
        old = self._world.channel(channel_id)
        kept = old.overwrites if overwrites is None else tuple(overwrites)
        changed = replace(old, name=name or old.name, overwrites=kept)
        self._world.channels[channel_id] = changed
        self._broadcast.channel("CHANNEL_UPDATE", changed)
        return changed

    def delete_channel(self, channel_id: int) -> None:
        """Delete a channel and what was said in it."""
        channel = self._world.channel(channel_id)
        self._broadcast.channel("CHANNEL_DELETE", channel)
        self._world.drop_channel(channel)
        self._broadcast.world_changed()

    @staticmethod
    def _known_roles(guild: Guild, roles: Iterable[int]) -> tuple[int, ...]:
        known = tuple(roles)
        if any(role_id not in guild.roles for role_id in known):
            raise Refused(10011)
        return known
