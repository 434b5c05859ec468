"""From what a person fills in to what the bot is told: options with their types, and the objects they name.

A real client does not let a person send an option that is missing, of the wrong type or out of bounds;
neither does this. While an option is being completed (autocomplete) only its name has to be known.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.discord import commands, controls
from sandbox.discord.facets import role, user
from sandbox.discord.nouns import Channel, Message
from sandbox.discord.payloads import Payloads
from sandbox.discord.permissions import in_channel
from sandbox.discord.refusals import Json, Refused
from sandbox.discord.world import World

_BRANCHES = (commands.SUB_COMMAND, commands.SUB_COMMAND_GROUP)
_TEXT_LIMIT = 6_000


class Resolver:
    """Looks up what options and selects name by id, and keeps it for the interaction's ``resolved``."""

    def __init__(self, world: World, payloads: Payloads, channel: Channel) -> None:
        self._world = world
        self._payloads = payloads
        self._channel = channel
        self.resolved: Json = {}

    def user(self, user_id: int) -> None:
        """A person, with their membership where it happens in a server."""
        self._keep("users", user_id, user(self._world.user(user_id)))
        if self._channel.guild_id is None:
            return
        member = self._world.guild(self._channel.guild_id).members.get(user_id)
        if member is not None:
            permissions = str(in_channel(self._world, self._channel, user_id))
            self._keep("members", user_id, self._payloads.bare_member(member) | {"permissions": permissions})

    def role(self, role_id: int) -> None:
        """A role of this server."""
        roles = self._world.guild(self._channel.guild_id or 0).roles
        if role_id not in roles:
            raise Refused(10011)
        self._keep("roles", role_id, role(roles[role_id]))

    def channel(self, channel_id: int, viewer_id: int) -> None:
        """A channel of this server."""
        channel = self._world.channel(channel_id)
        if channel.guild_id != self._channel.guild_id:
            raise Refused(10003)
        permissions = str(in_channel(self._world, channel, viewer_id))
        self._keep("channels", channel_id, self._payloads.channel(channel) | {"permissions": permissions})

    def mentionable(self, some_id: int) -> None:
        """A person or a role."""
        if some_id in self._world.users:
            self.user(some_id)
        else:
            self.role(some_id)

    def message(self, message: Message) -> None:
        """A message of this channel."""
        self._keep("messages", message.id, self._payloads.message(message))

    def chosen(self, select: Json, values: Sequence[str], viewer_id: int) -> None:
        """What was chosen from a select; a channel has to be of a type that the select offers."""
        for value in map(int, values if select["type"] != controls.STRING_SELECT else ()):
            match select["type"]:
                case controls.USER_SELECT:
                    self.user(value)
                case controls.ROLE_SELECT:
                    self.role(value)
                case controls.CHANNEL_SELECT:
                    offered = select.get("channel_types")
                    if offered and self._world.channel(value).type not in offered:
                        raise _refuse("That channel is not offered")
                    self.channel(value, viewer_id)
                case _:
                    self.mentionable(value)

    def attachment(self, upload_id: int) -> None:
        """A file that was uploaded for this command."""
        upload = self._world.uploads.get(upload_id)
        if upload is None:
            raise Refused(0, "There is no such upload", status=400)
        self._keep("attachments", upload_id, self._payloads.attachment(upload) | {"ephemeral": True})

    def _keep(self, kind: str, key: int, value: Json) -> None:
        self.resolved.setdefault(kind, {})[str(key)] = value


class Filling:
    """One command being filled in by one person."""

    def __init__(
        self, resolver: Resolver, user_id: int, values: Mapping[str, Any], focused: str | None
    ) -> None:
        self._resolver = resolver
        self._user_id = user_id
        self._values = values
        self._focused = focused

    def options(self, command: Json, branch: list[str]) -> list[Json]:
        """The options of a command down its branch of sub-commands.

        Raises:
            Refused: 400 for a branch or an option that is not there, is missing or cannot be.
        """
        known = command.get("options") or []
        if branch:
            chosen = next(
                (one for one in known if one["name"] == branch[0] and one["type"] in _BRANCHES), None
            )
            if chosen is None:
                raise _refuse(f"There is no sub-command {branch[0]}")
            inner = self.options(chosen, branch[1:])
            return [{"name": chosen["name"], "type": chosen["type"], "options": inner}]
        if any(one["type"] in _BRANCHES for one in known):
            raise _refuse("This command needs a sub-command")
        return self._filled(known)

    def _filled(self, known: list[Json]) -> list[Json]:
        for name in self._values:
            if not any(option["name"] == name for option in known):
                raise _refuse(f"There is no option {name}")
        if self._focused is not None and not _completes(known, self._focused):
            raise _refuse(f"The option {self._focused} has no autocomplete")
        filled = []
        for option in known:
            if option["name"] in self._values:
                filled.append(self._fill(option, self._values[option["name"]]))
            elif option["required"] and self._focused is None:
                raise _refuse(f"The option {option['name']} is required")
        return filled

    def _fill(self, option: Json, value: Any) -> Json:
        shown: Json = {"name": option["name"], "type": option["type"]}
        if self._focused is not None:
            focused = {"focused": True} if option["name"] == self._focused else {}
            return shown | {"value": value} | focused
        return shown | {"value": self._checked(option, value)}

    def _checked(self, option: Json, value: Any) -> Any:
        kind = option["type"]
        if kind in (commands.STRING, commands.INTEGER, commands.NUMBER):
            _check_plain(option, value)
            return value
        if kind == commands.BOOLEAN:
            if not isinstance(value, bool):
                raise _refuse(f"{option['name']} is true or false")
            return value
        if not str(value).isdecimal():
            raise _refuse(f"{option['name']} is an id")
        self._resolve(kind, int(value))
        return str(value)

    def _resolve(self, kind: int, value: int) -> None:
        match kind:
            case commands.USER_OPTION:
                self._resolver.user(value)
            case commands.ROLE:
                self._resolver.role(value)
            case commands.CHANNEL:
                self._resolver.channel(value, self._user_id)
            case commands.MENTIONABLE:
                self._resolver.mentionable(value)
            case _:
                self._resolver.attachment(value)


def _completes(known: list[Json], name: str) -> bool:
    return any(option["name"] == name and option.get("autocomplete") for option in known)


def _check_plain(option: Json, value: Any) -> None:
    """Refuse what is not of the option's kind, not within its bounds, or none of its choices."""
    name, kind = option["name"], option["type"]
    if kind == commands.STRING and not isinstance(value, str):
        raise _refuse(f"{name} is text")
    if kind != commands.STRING and not _is_number(value, whole=kind == commands.INTEGER):
        raise _refuse(f"{name} is a number")
    low, high = _bounds(option)
    if not low <= (len(value) if kind == commands.STRING else value) <= high:
        raise _refuse(f"{name} has to be between {low} and {high}")
    choices = option.get("choices")
    if choices and all(choice["value"] != value for choice in choices):
        raise _refuse(f"{name} has to be one of the choices")


def _is_number(value: Any, *, whole: bool) -> bool:
    return isinstance(value, int if whole else int | float) and not isinstance(value, bool)


def _bounds(option: Json) -> tuple[float, float]:
    if option["type"] == commands.STRING:
        return option.get("min_length", 0), option.get("max_length", _TEXT_LIMIT)
    return option.get("min_value", -commands.LARGEST), option.get("max_value", commands.LARGEST)


def _refuse(words: str) -> Refused:
    return Refused(0, words, status=400)
