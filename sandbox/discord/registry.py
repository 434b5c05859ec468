"""The commands that the bot synced, global ones and those of single servers."""

from collections import deque
from collections.abc import Iterator
from typing import Any

from sandbox.discord import commands, installs
from sandbox.discord.commands import CHAT_INPUT, MESSAGE, USER
from sandbox.discord.forms import Field
from sandbox.discord.nouns import Channel, ChannelType
from sandbox.discord.permissions import ALL, Permission, in_channel
from sandbox.discord.refusals import Json, Refused
from sandbox.discord.world import World

_MOST = {CHAT_INPUT: 100, USER: 15, MESSAGE: 15}
_CREATES_PER_DAY = 200
_DAY_MS = 24 * 60 * 60 * 1_000

Scope = int | None
"""A server's id, or None for commands that are everywhere."""


class Registry:
    """Commands by scope and id. A changed command gets a new version, one of a known name keeps its id."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._scopes: dict[Scope, dict[int, Json]] = {}
        self._creates: dict[Scope, deque[int]] = {}

    def __len__(self) -> int:
        return sum(len(scope) for scope in self._scopes.values())

    def all(self, scope: Scope) -> list[Json]:
        """Every command of a scope."""
        return list(self._scopes.get(scope, {}).values())

    def get(self, scope: Scope, command_id: int) -> Json:
        """One command."""
        command = self._scopes.get(scope, {}).get(command_id)
        if command is None:
            raise Refused(10063)
        return command

    def replace(self, scope: Scope, body: Any) -> list[Json]:
        """Make these the scope's commands; all of them or, if one is wrong, none."""
        form = Field(body)
        read = [commands.read(item) for item in form.items(0, sum(_MOST.values()))]
        self._refuse_duplicates(form, read)
        form.check()
        kept = {_key(command): command for command in self.all(scope)}
        self._check_room(read)
        self._count_creates(scope, sum(_key(command) not in kept for command in read))
        named = [self._named(scope, command, kept.get(_key(command))) for command in read]
        self._scopes[scope] = {int(command["id"]): command for command in named}
        return named

    def put(self, scope: Scope, body: Any) -> tuple[Json, bool]:
        """Create a command or overwrite the one of its name; and whether it is new."""
        read = _read(body)
        old = next((one for one in self.all(scope) if _key(one) == _key(read)), None)
        if old is None:
            self._check_room([*self.all(scope), read])
            self._count_creates(scope, 1)
        return self._keep(scope, read, old), old is None

    def edit(self, scope: Scope, command_id: int, body: Any) -> Json:
        """Change what the body names and leave the rest."""
        old = self.get(scope, command_id)
        Field(body).record().check()
        read = _read(old | body | {"type": old["type"]})
        if any(_key(one) == _key(read) and one is not old for one in self.all(scope)):
            raise Refused(
                50035, errors={"name": _error("APPLICATION_COMMANDS_DUPLICATE_NAME", "Name is taken")}
            )
        return self._keep(scope, read, old)

    def delete(self, scope: Scope, command_id: int) -> None:
        """Delete a command."""
        self.get(scope, command_id)
        del self._scopes[scope][command_id]

    def visible(self, user_id: int, channel: Channel) -> list[Json]:
        """The commands that somebody finds in the picker of a channel."""
        return [command for command in self._present(channel) if self._may_use(command, user_id, channel)]

    def _present(self, channel: Channel) -> Iterator[Json]:
        if channel.type == ChannelType.FORUM:
            return  # one talks in its posts
        if channel.guild_id is not None and installs.is_member(self._world, channel):
            yield from self.all(channel.guild_id)
        yield from self.all(None)

    def _may_use(self, command: Json, user_id: int, channel: Channel) -> bool:
        person = self._world.user(user_id)
        if not installs.owners(self._world, channel, person, command):
            return False
        if installs.context(self._world, channel) not in installs.contexts(command):
            return False
        has = in_channel(self._world, channel, user_id)
        if channel.guild_id is None or has == ALL:
            return bool(has)
        wanted = command["default_member_permissions"]
        if not has & Permission.USE_APPLICATION_COMMANDS or wanted == "0":
            return False
        return wanted is None or has & int(wanted) == int(wanted)

    def _keep(self, scope: Scope, read: Json, old: Json | None) -> Json:
        command = self._named(scope, read, old)
        self._scopes.setdefault(scope, {})[int(command["id"])] = command
        return command

    def _named(self, scope: Scope, read: Json, old: Json | None) -> Json:
        named = {
            "id": old["id"] if old else str(self._world.ids.new()),
            "application_id": str(self._world.bot.id),
        }
        if scope is not None:
            named["guild_id"] = str(scope)
        if old and {key: old.get(key) for key in read} == read:
            return old
        return named | {"version": str(self._world.ids.new())} | read

    def _check_room(self, read: list[Json]) -> None:
        for kind, most in _MOST.items():
            if sum(command["type"] == kind for command in read) > most:
                raise Refused(30032, f"Maximum number of application commands reached ({most})")

    def _count_creates(self, scope: Scope, number: int) -> None:
        now = self._world.clock.now()
        creates = self._creates.setdefault(scope, deque())
        while creates and creates[0] <= now - _DAY_MS:
            creates.popleft()
        if len(creates) + number > _CREATES_PER_DAY:
            raise Refused(
                30034,
                f"Max number of daily application command creates has been reached ({_CREATES_PER_DAY})",
            )
        creates.extend([now] * number)

    @staticmethod
    def _refuse_duplicates(form: Field, read: list[Json]) -> None:
        keys = [_key(command) for command in read]
        for index, (key, item) in enumerate(zip(keys, form.items(0, len(keys)), strict=True)):
            if key in keys[:index]:
                item["name"].wrong(
                    "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
                )


def _read(body: Any) -> Json:
    form = Field(body)
    command = commands.read(form)
    form.check()
    return command


def _key(command: Json) -> tuple[int, str]:
    return command["type"], command["name"]


def _error(code: str, message: str) -> Json:
    return {"_errors": [{"code": code, "message": message}]}
