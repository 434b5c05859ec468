"""Changes of the world over HTTP."""

from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.discord.control import forms
from sandbox.discord.control.routing import NOTHING, number, read, route
from sandbox.discord.facets import role, user
from sandbox.discord.nouns import ChannelType
from sandbox.discord.refusals import Json

if TYPE_CHECKING:
    from sandbox.discord.server import DiscordSandbox


class Changing:
    """People, servers, members, roles and channels."""

    def __init__(self, sandbox: "DiscordSandbox") -> None:
        self._sandbox = sandbox

    def routes(self) -> list[web.RouteDef]:
        """Where it is served."""
        return [
            route("POST", "users", self._add_user),
            route("PATCH", "users/{user}", self._change_user),
            route("POST", "guilds", self._add_guild),
            route("PATCH", "guilds/{guild}", self._change_guild),
            route("PUT", "guilds/{guild}/members/{user}", self._put_member),
            route("DELETE", "guilds/{guild}/members/{user}", self._remove_member),
            route("POST", "guilds/{guild}/roles", self._add_role),
            route("PATCH", "guilds/{guild}/roles/{role}", self._change_role),
            route("DELETE", "guilds/{guild}/roles/{role}", self._delete_role),
            route("POST", "conversations", self._add_conversation),
            route("POST", "guilds/{guild}/channels", self._add_channel),
            route("PATCH", "channels/{channel}", self._change_channel),
            route("DELETE", "channels/{channel}", self._delete_channel),
        ]

    async def _add_user(self, request: web.Request) -> Json:
        form = await read(request, forms.NewUser)
        return user(self._sandbox.changes.add_user(**form.model_dump()))

    async def _change_user(self, request: web.Request) -> Json:
        form = await read(request, forms.UserChange)
        return user(
            self._sandbox.changes.change_user(number(request.match_info, "user"), **form.model_dump())
        )

    async def _add_guild(self, request: web.Request) -> Json:
        form = await read(request, forms.NewGuild)
        guild = self._sandbox.changes.add_guild(
            form.name, form.owner, locale=form.locale, premium_tier=form.premium_tier
        )
        return self._sandbox.payloads.guild(guild)

    async def _change_guild(self, request: web.Request) -> Json:
        form = await read(request, forms.GuildChange)
        guild_id = number(request.match_info, "guild")
        return self._sandbox.payloads.guild(self._sandbox.changes.change_guild(guild_id, **form.model_dump()))

    async def _put_member(self, request: web.Request) -> Json:
        form = await read(request, forms.Membership)
        place = request.match_info
        member = self._sandbox.changes.put_member(
            number(place, "guild"), number(place, "user"), roles=form.roles, nick=form.nick
        )
        return self._sandbox.payloads.member(member)

    async def _remove_member(self, request: web.Request) -> object:
        place = request.match_info
        self._sandbox.changes.remove_member(number(place, "guild"), number(place, "user"))
        return NOTHING

    async def _add_role(self, request: web.Request) -> Json:
        form = await read(request, forms.NewRole)
        guild_id = number(request.match_info, "guild")
        return role(self._sandbox.changes.add_role(guild_id, form.name, form.permissions))

    async def _change_role(self, request: web.Request) -> Json:
        form = await read(request, forms.RoleChange)
        place = request.match_info
        changed = self._sandbox.changes.change_role(
            number(place, "guild"), number(place, "role"), name=form.name, permissions=form.permissions
        )
        return role(changed)

    async def _delete_role(self, request: web.Request) -> object:
        place = request.match_info
        self._sandbox.changes.delete_role(number(place, "guild"), number(place, "role"))
        return NOTHING

    async def _add_conversation(self, request: web.Request) -> Json:
        form = await read(request, forms.NewConversation)
        return self._sandbox.payloads.channel(self._sandbox.changes.add_conversation(form.users, form.name))

    async def _add_channel(self, request: web.Request) -> Json:
        form = await read(request, forms.NewChannel)
        guild_id = number(request.match_info, "guild")
        overwrites = [one.real() for one in form.overwrites]
        kind = getattr(ChannelType, form.kind.upper())
        channel = self._sandbox.changes.add_channel(guild_id, form.name, overwrites, kind=kind)
        return self._sandbox.payloads.channel(channel)

    async def _change_channel(self, request: web.Request) -> Json:
        form = await read(request, forms.ChannelChange)
        channel = self._sandbox.changes.change_channel(
            number(request.match_info, "channel"),
            name=form.name,
            overwrites=None if form.overwrites is None else [one.real() for one in form.overwrites],
        )
        return self._sandbox.payloads.channel(channel)

    async def _delete_channel(self, request: web.Request) -> object:
        self._sandbox.changes.delete_channel(number(request.match_info, "channel"))
        return NOTHING
