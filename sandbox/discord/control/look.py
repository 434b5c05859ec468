"""What a person's client shows, what the bot has done to us so far, and what is worth trying."""

from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.discord.control import forms
from sandbox.discord.control.routing import number, read, route
from sandbox.discord.facets import role, user
from sandbox.discord.nouns import Channel, ChannelType, Guild, User
from sandbox.discord.permissions import Permission, may
from sandbox.discord.refusals import Json

if TYPE_CHECKING:
    from sandbox.discord.server import DiscordSandbox


class Look:
    """Read-only views for the control API."""

    def __init__(self, sandbox: "DiscordSandbox") -> None:
        self._sandbox = sandbox
        self._world = sandbox.world
        self._payloads = sandbox.payloads

    def routes(self) -> list[web.RouteDef]:
        """Where it is served."""
        return [
            route("GET", "world", self._whole),
            route("GET", "commands", self._commands),
            route("GET", "messages", self._messages),
            route("GET", "stats", self._stats),
            route("GET", "suggestions", self._suggestions),
            route("PUT", "suggestions", self._suggest),
        ]

    async def _whole(self, request: web.Request) -> Json:
        """All as somebody sees it; a page that does not know anybody yet begins as the first."""
        people = [one for one in self._world.users.values() if not one.bot]
        known = {str(one.id): one for one in people}
        gateway = self._sandbox.gateway
        viewer = known.get(request.query.get("user", ""), people[0])
        return {
            "bot": user(self._world.bot) | {"online": gateway.online, "presence": gateway.presence},
            "user": _person(viewer),
            "users": [_person(one) for one in self._world.users.values()],
            "guilds": [
                self._guild(one, viewer) for one in self._world.guilds.values() if viewer.id in one.members
            ],
            "dms": [self._channel(one, viewer) for one in self._world.conversations_of(viewer.id)],
        }

    async def _commands(self, request: web.Request) -> list[Json]:
        query = request.query
        return self._sandbox.people.commands(number(query, "user"), number(query, "channel"))

    async def _messages(self, request: web.Request) -> Json:
        query = request.query
        before = number(query, "before") if "before" in query else None
        limit = number(query, "limit") if "limit" in query else 50
        user_id, channel_id = number(query, "user"), number(query, "channel")
        return {"messages": self._sandbox.people.messages(user_id, channel_id, before=before, limit=limit)}

    async def _suggestions(self, _request: web.Request) -> list[Json]:
        return self._sandbox.suggestions

    async def _suggest(self, request: web.Request) -> list[Json]:
        form = await read(request, forms.Suggestions)
        self._sandbox.suggestions = [one.model_dump() for one in form.suggestions]
        return self._sandbox.suggestions

    async def _stats(self, _request: web.Request) -> Json:
        gateway, traffic = self._sandbox.gateway, self._sandbox.door.traffic
        return {
            "online": gateway.online,
            "sessions": len(gateway.connected),
            "identifies": gateway.counts.identifies,
            "resumes": gateway.counts.resumes,
            "requests": traffic.requests,
            "invalid_requests": traffic.invalid,
            "rate_limited": traffic.rate_limited,
            "registered_commands": len(self._sandbox.registry),
        }

    def _guild(self, guild: Guild, viewer: User) -> Json:
        channels = [one for one in self._world.channels_of(guild.id) if self._sees(one, viewer)]
        return {
            "id": str(guild.id),
            "name": guild.name,
            "owner_id": str(guild.owner_id),
            "premium_tier": guild.premium_tier,
            "preferred_locale": guild.locale,
            "roles": [role(one) for one in guild.roles.values()],
            "members": [
                {
                    "user_id": str(one.user_id),
                    "nick": one.nick,
                    "roles": [str(role_id) for role_id in one.roles],
                }
                for one in guild.members.values()
            ],
            "channels": [self._channel(one, viewer) for one in channels],
            "threads": [
                self._channel(one, viewer)
                for one in self._world.threads_of(guild.id)
                if self._sees(one, viewer)
            ],
        }

    def _channel(self, channel: Channel, viewer: User) -> Json:
        return self._payloads.channel(channel) | {
            "recipients": [user(self._world.user(one)) for one in channel.recipients if one != viewer.id],
            "can_send": channel.type != ChannelType.FORUM
            and may(self._world, channel, viewer.id, Permission.SEND_MESSAGES),
        }

    def _sees(self, channel: Channel, viewer: User) -> bool:
        return may(self._world, channel, viewer.id, Permission.VIEW_CHANNEL)


def _person(person: User) -> Json:
    return user(person) | {
        "locale": person.locale,
        "status": person.status,
        "installed": person.installed,
    }
