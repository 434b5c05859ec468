"""What a person can do in their chat client: read, write, use commands and components, upload, delete.

What a real client would not let them do is refused here and never reaches the bot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.discord import commands, components
from sandbox.discord.forms import Field
from sandbox.discord.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    NO_RESPONSE,
    Interaction,
    Interactions,
    State,
    file_limit,
)
from sandbox.discord.messages import Rules
from sandbox.discord.nouns import Attachment, Channel, Message
from sandbox.discord.options import Filling, Resolver
from sandbox.discord.payloads import Payloads
from sandbox.discord.permissions import Permission, may
from sandbox.discord.postbox import Postbox, demand
from sandbox.discord.refusals import Json, Refused
from sandbox.discord.registry import Registry
from sandbox.discord.uploads import file_facts, inspect
from sandbox.discord.world import World

_MOST_UPLOADS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of using a command or a component. ``error`` is what the client shows when nothing did."""

    interaction: int
    state: State
    message: Json | None = None
    choices: list[Json] | None = None
    error: str | None = None

    def shown(self) -> Json:
        """The outcome as the control API shows it."""
        return {
            "interaction": str(self.interaction),
            "outcome": self.state.value,
            "message": self.message,
            "choices": self.choices,
            "error": self.error,
        }


class People:
    """Everybody's hands. Each method names the acting user by id."""

    def __init__(
        self,
        world: World,
        payloads: Payloads,
        postbox: Postbox,
        registry: Registry,
        interactions: Interactions,
    ) -> None:
        self._world = world
        self._payloads = payloads
        self._postbox = postbox
        self._registry = registry
        self._interactions = interactions

    def messages(
        self, user_id: int, channel_id: int, *, before: int | None = None, limit: int = 50
    ) -> list[Json]:
        """The latest messages of a channel as somebody sees them, oldest first."""
        channel = self._seen_channel(user_id, channel_id)
        seen = [
            message
            for message in self._world.messages(channel.id)
            if message.seen_by in (None, user_id) and (before is None or message.id < before)
        ]
        return [self._payloads.message(message) for message in seen[-max(1, min(limit, 100)) :]]

    def commands(self, user_id: int, channel_id: int) -> list[Json]:
        """The commands somebody finds in a channel's picker."""
        return self._registry.visible(user_id, self._seen_channel(user_id, channel_id))

    def write(self, user_id: int, channel_id: int, content: str) -> Json:
        """Write a message."""
        channel = self._seen_channel(user_id, channel_id)
        demand(self._world, channel, user_id, Permission.SEND_MESSAGES)
        blank = Message(id=self._world.ids.new(), channel_id=channel.id, author_id=user_id)
        everyone = may(self._world, channel, user_id, Permission.MENTION_EVERYONE)
        rules = Rules(file_limit=file_limit(self._world, channel, user_id), may_mention_everyone=everyone)
        return self._payloads.message(self._postbox.create(blank, Field({"content": content}), {}, rules))

    def delete(self, user_id: int, channel_id: int, message_id: int) -> None:
        """Delete an own message, dismiss a private one, or as a moderator delete anybody's."""
        channel, message = self._seen_message(user_id, channel_id, message_id)
        if user_id not in (message.author_id, message.seen_by):
            demand(self._world, channel, user_id, Permission.MANAGE_MESSAGES)
        self._postbox.delete(message)

    async def upload(self, user_id: int, channel_id: int, filename: str, content: bytes) -> Json:
        """Upload a file for a command's option."""
        channel = self._seen_channel(user_id, channel_id)
        if len(content) > file_limit(self._world, channel, user_id):
            raise Refused(40005)
        file = await inspect(filename, content)
        upload = Attachment(id=self._world.ids.new(), channel_id=channel.id, **file_facts(file))
        uploads = self._world.uploads
        uploads[upload.id] = upload
        if len(uploads) > _MOST_UPLOADS:
            del uploads[next(iter(uploads))]
        return self._payloads.attachment(upload)

    async def invoke(
        self,
        user_id: int,
        channel_id: int,
        command: str,
        options: Mapping[str, Any] | None = None,
        *,
        wait: bool = True,
    ) -> Outcome:
        """Use a slash command, named with its sub-commands as one types it."""
        channel = self._seen_channel(user_id, channel_id)
        data = self._command_data(user_id, channel, command, options or {}, None)
        interaction = self._interactions.begin(COMMAND, user_id, channel, data, name=command)
        return await self._outcome(interaction, wait=wait)

    async def autocomplete(
        self, user_id: int, channel_id: int, command: str, options: Mapping[str, Any], focused: str
    ) -> Outcome:
        """Ask for suggestions for one option, with what has been typed so far."""
        channel = self._seen_channel(user_id, channel_id)
        values = {focused: "", **options}
        data = self._command_data(user_id, channel, command, values, focused)
        interaction = self._interactions.begin(AUTOCOMPLETE, user_id, channel, data, name=command)
        return await self._outcome(interaction, wait=True)

    async def click(
        self, user_id: int, channel_id: int, message_id: int, custom_id: str, *, wait: bool = True
    ) -> Outcome:
        """Press a button."""
        channel, message, button = self._component(user_id, channel_id, message_id, custom_id)
        if button["type"] != components.BUTTON:
            raise Refused(0, "That is not a button", status=400)
        data = {"custom_id": custom_id, "component_type": components.BUTTON, "id": button["id"]}
        interaction = self._interactions.begin(COMPONENT, user_id, channel, data, source=message)
        return await self._outcome(interaction, wait=wait)

    async def select(
        self,
        user_id: int,
        channel_id: int,
        message_id: int,
        custom_id: str,
        values: Sequence[str],
        *,
        wait: bool = True,
    ) -> Outcome:
        """Choose from a select."""
        channel, message, menu = self._component(user_id, channel_id, message_id, custom_id)
        if menu["type"] not in components.SELECTS:
            raise Refused(0, "That is not a select", status=400)
        data: Json = {"custom_id": custom_id, "component_type": menu["type"], "id": menu["id"]}
        data["values"] = list(values)
        resolved = self._chosen(user_id, channel, menu, values)
        if resolved:
            data["resolved"] = resolved
        interaction = self._interactions.begin(COMPONENT, user_id, channel, data, source=message)
        return await self._outcome(interaction, wait=wait)

    def _command_data(
        self, user_id: int, channel: Channel, name: str, values: Mapping[str, Any], focused: str | None
    ) -> Json:
        root, *branch = name.split()
        command = next((one for one in self._registry.visible(user_id, channel) if one["name"] == root), None)
        if command is None or command["type"] != commands.CHAT_INPUT:
            raise Refused(0, f"There is no command /{root} here for this person", status=403)
        resolver = Resolver(self._world, self._payloads, channel)
        options = Filling(resolver, user_id, values, focused).options(command, branch)
        data: Json = {"id": command["id"], "name": root, "type": command["type"]}
        if options:
            data["options"] = options
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        if resolver.resolved:
            data["resolved"] = resolver.resolved
        return data

    def _component(
        self, user_id: int, channel_id: int, message_id: int, custom_id: str
    ) -> tuple[Channel, Message, Json]:
        channel, message = self._seen_message(user_id, channel_id, message_id)
        for component in components.walk(message.components):
            if component.get("custom_id") == custom_id:
                if component.get("disabled"):
                    raise Refused(0, "That component is disabled", status=400)
                return channel, message, component
        raise Refused(0, "There is no such component on that message", status=404)

    def _chosen(self, user_id: int, channel: Channel, menu: Json, values: Sequence[str]) -> Json:
        if not menu["min_values"] <= len(values) <= menu["max_values"] or len(set(values)) < len(values):
            raise Refused(0, "That is not a possible choice", status=400)
        resolver = Resolver(self._world, self._payloads, channel)
        for value in values:
            if menu["type"] == components.STRING_SELECT:
                if all(option["value"] != value for option in menu["options"]):
                    raise Refused(0, f"There is no choice {value}", status=400)
            elif not value.isdecimal():
                raise Refused(0, f"{value} is no id", status=400)
            else:
                _resolve(resolver, menu["type"], int(value), user_id)
        return resolver.resolved

    async def _outcome(self, interaction: Interaction, *, wait: bool) -> Outcome:
        if wait:
            await interaction.settled.wait()
        found = self._world.find_message(interaction.channel.id, interaction.original)
        message = self._payloads.message(found) if found else None
        failed = interaction.state is State.FAILED
        return Outcome(
            interaction=interaction.id,
            state=interaction.state,
            message=message,
            choices=interaction.choices,
            error=NO_RESPONSE if failed else None,
        )

    def _seen_channel(self, user_id: int, channel_id: int) -> Channel:
        channel = self._world.channel(channel_id)
        self._world.user(user_id)
        if not may(self._world, channel, user_id, Permission.VIEW_CHANNEL):
            raise Refused(10003)
        return channel

    def _seen_message(self, user_id: int, channel_id: int, message_id: int) -> tuple[Channel, Message]:
        channel = self._seen_channel(user_id, channel_id)
        message = self._world.message(channel_id, message_id)
        if message.seen_by not in (None, user_id):
            raise Refused(10008)
        return channel, message


def _resolve(resolver: Resolver, kind: int, value: int, user_id: int) -> None:
    match kind:
        case components.USER_SELECT:
            resolver.user(value)
        case components.ROLE_SELECT:
            resolver.role(value)
        case components.CHANNEL_SELECT:
            resolver.channel(value, user_id)
        case _:
            resolver.mentionable(value)
