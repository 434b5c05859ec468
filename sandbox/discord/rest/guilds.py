"""Servers, their channels, roles and members, as far as a bot in them may look."""

from sandbox.discord.facets import role
from sandbox.discord.forms import Field
from sandbox.discord.nouns import Guild
from sandbox.discord.payloads import Payloads
from sandbox.discord.postbox import demand
from sandbox.discord.refusals import Refused
from sandbox.discord.rest.door import Call, Reply, Route, ok
from sandbox.discord.world import World


class Guilds:
    """The routes of servers."""

    def __init__(self, world: World, payloads: Payloads) -> None:
        self._world = world
        self._payloads = payloads

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route(method="GET", path="/users/@me/guilds", handler=self._mine),
            Route(method="POST", path="/users/@me/channels", handler=self._open_direct),
            Route(method="GET", path="/guilds/{guild}", handler=self._guild),
            Route(method="GET", path="/guilds/{guild}/channels", handler=self._channels),
            Route(method="GET", path="/guilds/{guild}/roles", handler=self._roles),
            Route(method="GET", path="/guilds/{guild}/members/{user}", handler=self._member),
            Route(method="GET", path="/channels/{channel}", handler=self._channel),
        ]

    async def _mine(self, _call: Call) -> Reply:
        guilds = [guild for guild in self._world.guilds.values() if self._world.bot.id in guild.members]
        return ok([{"id": str(one.id), "name": one.name, "icon": None, "features": []} for one in guilds])

    async def _open_direct(self, call: Call) -> Reply:
        form = Field(call.body.payload).record()
        recipient = form["recipient_id"].snowflake()
        form.check()
        person = self._world.users.get(recipient)
        if person is None or person.bot:
            raise Refused(50033)
        return ok(self._payloads.channel(self._world.direct(person.id)))

    async def _guild(self, call: Call) -> Reply:
        return ok(self._payloads.guild(self._of(call)))

    async def _channels(self, call: Call) -> Reply:
        return ok([self._payloads.channel(one) for one in self._world.channels_of(self._of(call).id)])

    async def _roles(self, call: Call) -> Reply:
        return ok([role(one) for one in self._of(call).roles.values()])

    async def _member(self, call: Call) -> Reply:
        guild = self._of(call)
        return ok(self._payloads.member(self._world.member(guild.id, call.id("user"))))

    async def _channel(self, call: Call) -> Reply:
        channel = self._world.channel(call.id("channel"))
        demand(self._world, channel, self._world.bot.id)
        return ok(self._payloads.channel(channel))

    def _of(self, call: Call) -> Guild:
        guild = self._world.guild(call.id("guild"))
        if self._world.bot.id not in guild.members:
            raise Refused(50001)
        return guild
