"""Syncing commands, global ones and a server's own, by the same handlers."""

from sandbox.discord.broadcast import Broadcast
from sandbox.discord.ratelimits import WRITES, Limit
from sandbox.discord.refusals import Json, Refused
from sandbox.discord.registry import Registry, Scope
from sandbox.discord.rest.door import NOTHING, Call, Reply, Route, ok
from sandbox.discord.world import World

_SYNC = Limit(20, 60)


class Commands:
    """The routes of application commands."""

    def __init__(self, world: World, registry: Registry, broadcast: Broadcast) -> None:
        self._world = world
        self._registry = registry
        self._broadcast = broadcast

    def routes(self) -> list[Route]:
        """Where they are, once for all servers and once for a single one."""
        return [
            route
            for base in ("/applications/{application}", "/applications/{application}/guilds/{guild}")
            for route in self._of(base + "/commands")
        ]

    def _of(self, base: str) -> list[Route]:
        one = base + "/{command}"
        return [
            Route(method="GET", path=base, handler=self._list),
            Route(method="PUT", path=base, handler=self._replace, limit=_SYNC),
            Route(method="POST", path=base, handler=self._create, limit=WRITES),
            Route(method="GET", path=one, handler=self._get),
            Route(method="PATCH", path=one, handler=self._edit, limit=WRITES),
            Route(method="DELETE", path=one, handler=self._delete, limit=WRITES),
        ]

    async def _list(self, call: Call) -> Reply:
        full = call.query.get("with_localizations", "").lower() in ("true", "1")
        commands = self._registry.all(self._scope(call))
        return ok(commands if full else [_brief(command) for command in commands])

    async def _replace(self, call: Call) -> Reply:
        commands = self._registry.replace(self._scope(call), call.body.payload)
        self._broadcast.commands_changed()
        return ok(commands)

    async def _create(self, call: Call) -> Reply:
        command, is_new = self._registry.put(self._scope(call), call.body.payload)
        self._broadcast.commands_changed()
        return Reply(status=201 if is_new else 200, body=command)

    async def _get(self, call: Call) -> Reply:
        return ok(self._registry.get(self._scope(call), call.id("command")))

    async def _edit(self, call: Call) -> Reply:
        command = self._registry.edit(self._scope(call), call.id("command"), call.body.payload)
        self._broadcast.commands_changed()
        return ok(command)

    async def _delete(self, call: Call) -> Reply:
        self._registry.delete(self._scope(call), call.id("command"))
        self._broadcast.commands_changed()
        return NOTHING

    def _scope(self, call: Call) -> Scope:
        if call.id("application") != self._world.bot.id:
            raise Refused(20012)
        if "guild" not in call.params:
            return None
        guild = self._world.guild(call.id("guild"))
        if self._world.bot.id not in guild.members:
            raise Refused(50001)
        return guild.id


def _brief(command: Json) -> Json:
    """A command as a list shows it unless asked for localizations."""
    return {key: value for key, value in command.items() if not key.endswith("_localizations")}
