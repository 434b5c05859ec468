"""What a person does with a bot: slash commands, menus on people and messages, buttons, selects, forms.

What a real client would not let them do is refused here and never reaches the bot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.discord import commands, controls, installs, layout
from sandbox.discord.controls import BUTTON, SELECTS
from sandbox.discord.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    NO_RESPONSE,
    Interaction,
    Interactions,
    State,
)
from sandbox.discord.modals import Sheet
from sandbox.discord.nouns import Channel, Message, MessageFlag
from sandbox.discord.options import Filling, Resolver
from sandbox.discord.payloads import Payloads
from sandbox.discord.permissions import Permission, may
from sandbox.discord.refusals import Json, Refused
from sandbox.discord.registry import Registry
from sandbox.discord.world import World

_MOST_OPEN_FORMS = 100
FORM_FAILED = "Something went wrong. Try again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of using a command or a component. ``error`` is what the client shows when nothing did."""

    interaction: int
    state: State
    message: Json | None = None
    choices: list[Json] | None = None
    modal: Json | None = None
    error: str | None = None

    def shown(self) -> Json:
        """The outcome as the control API shows it."""
        return {
            "interaction": str(self.interaction),
            "outcome": self.state.value,
            "message": self.message,
            "choices": self.choices,
            "modal": self.modal,
            "error": self.error,
        }


class Using:
    """Each method names the acting user by id."""

    def __init__(
        self, world: World, payloads: Payloads, registry: Registry, interactions: Interactions
    ) -> None:
        self._world = world
        self._payloads = payloads
        self._registry = registry
        self._interactions = interactions
        self._forms: dict[int, Interaction] = {}

    def commands(self, user_id: int, channel_id: int) -> list[Json]:
        """The commands somebody finds in a channel, of all kinds."""
        return self._registry.visible(user_id, self._seen_channel(user_id, channel_id))

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
        used, data = self._slash(user_id, channel, command, options or {}, None)
        interaction = self._begin(COMMAND, user_id, channel, data, used, command)
        return await self._outcome(interaction, wait=wait)

    async def autocomplete(
        self, user_id: int, channel_id: int, command: str, options: Mapping[str, Any], focused: str
    ) -> Outcome:
        """Ask for suggestions for one option, with what has been typed so far."""
        channel = self._seen_channel(user_id, channel_id)
        used, data = self._slash(user_id, channel, command, {focused: "", **options}, focused)
        interaction = self._begin(AUTOCOMPLETE, user_id, channel, data, used, command)
        return await self._outcome(interaction, wait=True)

    async def use_on_person(
        self, user_id: int, channel_id: int, command: str, target_id: int, *, wait: bool = True
    ) -> Outcome:
        """Use a command from somebody's context menu."""
        channel = self._seen_channel(user_id, channel_id)
        used = self._command(user_id, channel, command, commands.USER)
        resolver = Resolver(self._world, self._payloads, channel)
        resolver.user(target_id)
        return await self._use_on(user_id, channel, used, target_id, resolver, wait=wait)

    async def use_on_message(
        self, user_id: int, channel_id: int, command: str, target_id: int, *, wait: bool = True
    ) -> Outcome:
        """Use a command from a message's context menu; private replies have none."""
        channel, message = self._seen_message(user_id, channel_id, target_id)
        used = self._command(user_id, channel, command, commands.MESSAGE)
        if message.seen_by is not None or message.flags & MessageFlag.LOADING:
            raise Refused(0, "There are no apps for that message", status=400)
        resolver = Resolver(self._world, self._payloads, channel)
        resolver.message(message)
        return await self._use_on(user_id, channel, used, target_id, resolver, wait=wait)

    async def click(
        self, user_id: int, channel_id: int, message_id: int, custom_id: str, *, wait: bool = True
    ) -> Outcome:
        """Press a button."""
        channel, message, button = self._component(user_id, channel_id, message_id, custom_id)
        if button["type"] != BUTTON:
            raise Refused(0, "That is not a button", status=400)
        data = {"custom_id": custom_id, "component_type": BUTTON, "id": button["id"]}
        return await self._used(user_id, channel, message, data, wait=wait)

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
        if menu["type"] not in SELECTS:
            raise Refused(0, "That is not a select", status=400)
        controls.check_choice(menu, values)
        resolver = Resolver(self._world, self._payloads, channel)
        resolver.chosen(menu, values, user_id)
        data: Json = {"custom_id": custom_id, "component_type": menu["type"], "id": menu["id"]}
        data["values"] = list(values)
        if resolver.resolved:
            data["resolved"] = resolver.resolved
        return await self._used(user_id, channel, message, data, wait=wait)

    async def submit(
        self, user_id: int, interaction_id: int, values: Mapping[str, Any], *, wait: bool = True
    ) -> Outcome:
        """Send a form that the bot opened, its fields by custom id; it stays open until that succeeds."""
        opener = self._forms.get(interaction_id)
        if opener is None or opener.modal is None or opener.user_id != user_id:
            raise Refused(0, "There is no such form open", status=404)
        channel = self._seen_channel(user_id, opener.channel.id)
        resolver = Resolver(self._world, self._payloads, channel)
        data = Sheet(opener.modal, values, resolver, user_id).data()
        interaction = self._interactions.begin(
            MODAL_SUBMIT, user_id, channel, data, owners=opener.owners, source=opener.source, opener=opener
        )
        outcome = await self._outcome(interaction, wait=wait)
        if interaction.state is not State.FAILED:
            self._forms.pop(interaction_id, None)
        return outcome

    def dismiss(self, user_id: int, interaction_id: int) -> None:
        """Close a form without sending it; the bot never hears of that."""
        opener = self._forms.get(interaction_id)
        if opener is None or opener.user_id != user_id:
            raise Refused(0, "There is no such form open", status=404)
        del self._forms[interaction_id]

    def _command(self, user_id: int, channel: Channel, name: str, kind: int) -> Json:
        for command in self._registry.visible(user_id, channel):
            if (command["name"], command["type"]) == (name, kind):
                return command
        slash = "/" if kind == commands.CHAT_INPUT else ""
        raise Refused(0, f"There is no command {slash}{name} here for this person", status=403)

    def _slash(
        self, user_id: int, channel: Channel, name: str, values: Mapping[str, Any], focused: str | None
    ) -> tuple[Json, Json]:
        root, *branch = name.split()
        command = self._command(user_id, channel, root, commands.CHAT_INPUT)
        resolver = Resolver(self._world, self._payloads, channel)
        options = Filling(resolver, user_id, values, focused).options(command, branch)
        data = _head(command)
        if options:
            data["options"] = options
        if resolver.resolved:
            data["resolved"] = resolver.resolved
        return command, data

    async def _use_on(
        self, user_id: int, channel: Channel, used: Json, target_id: int, resolver: Resolver, *, wait: bool
    ) -> Outcome:
        data = _head(used) | {"target_id": str(target_id), "resolved": resolver.resolved}
        interaction = self._begin(COMMAND, user_id, channel, data, used, used["name"])
        return await self._outcome(interaction, wait=wait)

    def _begin(
        self, kind: int, user_id: int, channel: Channel, data: Json, used: Json, name: str
    ) -> Interaction:
        owners = installs.owners(self._world, channel, self._world.user(user_id), used)
        return self._interactions.begin(kind, user_id, channel, data, owners=owners, name=name)

    async def _used(
        self, user_id: int, channel: Channel, message: Message, data: Json, *, wait: bool
    ) -> Outcome:
        """Use a component: allowed by what allowed its message."""
        origin = message.origin
        owners = origin.owners if origin else {"0": str(channel.guild_id or 0)}
        interaction = self._interactions.begin(
            COMPONENT, user_id, channel, data, owners=owners, source=message
        )
        return await self._outcome(interaction, wait=wait)

    def _component(
        self, user_id: int, channel_id: int, message_id: int, custom_id: str
    ) -> tuple[Channel, Message, Json]:
        channel, message = self._seen_message(user_id, channel_id, message_id)
        for component in layout.walk(message.components):
            if component.get("custom_id") == custom_id:
                if component.get("disabled"):
                    raise Refused(0, "That component is disabled", status=400)
                return channel, message, component
        raise Refused(0, "There is no such component on that message", status=404)

    async def _outcome(self, interaction: Interaction, *, wait: bool) -> Outcome:
        if wait:
            await interaction.settled.wait()
        if interaction.state is State.MODAL:
            self._open(interaction)
        found = self._world.find_message(interaction.channel.id, interaction.original)
        failure = FORM_FAILED if interaction.type == MODAL_SUBMIT else NO_RESPONSE
        return Outcome(
            interaction=interaction.id,
            state=interaction.state,
            message=self._payloads.message(found) if found else None,
            choices=interaction.choices,
            modal=interaction.modal,
            error=failure if interaction.state is State.FAILED else None,
        )

    def _open(self, interaction: Interaction) -> None:
        self._forms[interaction.id] = interaction
        if len(self._forms) > _MOST_OPEN_FORMS:
            del self._forms[next(iter(self._forms))]

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


def _head(command: Json) -> Json:
    head: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    return head | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})
