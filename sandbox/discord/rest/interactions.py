"""Answering interactions: the callback, and the webhook that their token opens for a quarter of an hour.

None of it wants the bot's token. What an answer may carry is fixed by its type, and whether it is private by
the first one.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import IntEnum
from typing import Any

from sandbox.discord import commands, modals
from sandbox.discord.forms import Field
from sandbox.discord.installs import is_member
from sandbox.discord.interactions import (
    AUTOCOMPLETE,
    MODAL_SUBMIT,
    MOST_GUEST_FOLLOW_UPS,
    Interaction,
    Interactions,
    State,
)
from sandbox.discord.messages import Rules
from sandbox.discord.nouns import Message, MessageFlag, MessageType
from sandbox.discord.payloads import Payloads
from sandbox.discord.postbox import Postbox
from sandbox.discord.ratelimits import WEBHOOK, Limit
from sandbox.discord.refusals import Json, Refused
from sandbox.discord.rest.door import NOTHING, Call, Reply, Route, ok
from sandbox.discord.uploads import File
from sandbox.discord.world import World

Files = Mapping[int, File]


class Callback(IntEnum):
    """The types of a callback."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


_FIRST_FLAGS = (
    MessageFlag.EPHEMERAL
    | MessageFlag.COMPONENTS_V2
    | MessageFlag.SUPPRESS_EMBEDS
    | MessageFlag.SUPPRESS_NOTIFICATIONS
)


class Answers:
    """The routes of interactions."""

    def __init__(
        self, world: World, payloads: Payloads, postbox: Postbox, interactions: Interactions
    ) -> None:
        self._world = world
        self._payloads = payloads
        self._postbox = postbox
        self._interactions = interactions

    def routes(self) -> list[Route]:
        """Where they are."""
        hook = "/webhooks/{application}/{token}"
        one = hook + "/messages/{message}"
        callback = "/interactions/{interaction}/{token}/callback"
        return [
            Route(
                method="POST",
                path=callback,
                handler=self._answer,
                signed=False,
                limit=Limit(5, 1),
                major=("token",),
            ),
            self._hook("POST", hook, self._follow_up),
            self._hook("GET", one, self._get),
            self._hook("PATCH", one, self._edit),
            self._hook("DELETE", one, self._delete),
        ]

    @staticmethod
    def _hook(method: str, path: str, handler: Any) -> Route:
        """A webhook route; all of a token's share one bucket."""
        return Route(
            method=method,
            path=path,
            handler=handler,
            signed=False,
            limit=WEBHOOK,
            major=("application", "token"),
            bucket="webhook",
        )

    async def _answer(self, call: Call) -> Reply:
        interaction = self._interactions.to_answer(call.id("interaction"), call.params["token"])
        self._world.channel(interaction.channel.id)  # it may be gone by now
        form = call.body.form.record()
        kind = form["type"].one_of(_allowed(interaction))
        form.check()
        message = self._obey(kind, interaction, form["data"].or_empty(), call.body.files)
        if call.query.get("with_response", "").lower() not in ("1", "true"):
            return NOTHING
        return ok(self._response(kind, interaction, message))

    def _obey(self, kind: int, interaction: Interaction, data: Field, files: Files) -> Message | None:
        match kind:
            case Callback.CHOICES:
                interaction.choices = _choices(interaction, data)
                self._interactions.settle(interaction, State.CHOICES)
                return None
            case Callback.MODAL:
                interaction.modal = _modal(data)
                self._interactions.settle(interaction, State.MODAL)
                return None
            case Callback.MESSAGE:
                rules = _first(interaction)
                message = self._postbox.create(self._blank(interaction, data), data, files, rules)
                self._interactions.settle(interaction, State.ANSWERED, original=message.id)
            case Callback.DEFERRED_MESSAGE:
                message = self._postbox.keep(self._thinking(interaction, data))
                self._interactions.settle(interaction, State.DEFERRED, original=message.id)
            case Callback.UPDATE:
                rules = Rules(file_limit=interaction.file_limit)
                message = self._postbox.edit(self._source(interaction), data, files, rules)
                self._interactions.settle(interaction, State.UPDATED, original=message.id)
            case _:
                message = self._source(interaction)
                self._interactions.settle(interaction, State.DEFERRED_UPDATE, original=message.id)
        return message

    def _source(self, interaction: Interaction) -> Message:
        """The message that the component is on, as it stands now."""
        source = interaction.source
        message = self._world.find_message(interaction.channel.id, source.id if source else None)
        if message is None:
            raise Refused(10008)
        return message

    async def _follow_up(self, call: Call) -> Reply:
        interaction, form, files = self._alive(call), call.body.form, call.body.files
        self._world.channel(interaction.channel.id)  # it may be gone by now
        original = self._original(interaction)
        if original is not None and original.flags & MessageFlag.LOADING:
            rules = Rules(file_limit=interaction.file_limit)
            return ok(self._payloads.message(self._postbox.edit(original, form, files, rules)))
        if interaction.follow_ups >= MOST_GUEST_FOLLOW_UPS and not is_member(
            self._world, interaction.channel
        ):
            raise Refused(40094)
        blank = self._blank(interaction, form, follows=original)
        message = self._postbox.create(blank, form, files, _first(interaction))
        interaction.follow_ups += 1
        return ok(self._payloads.message(message))

    async def _get(self, call: Call) -> Reply:
        return ok(self._payloads.message(self._message(call)))

    async def _edit(self, call: Call) -> Reply:
        message = self._message(call)
        rules = Rules(file_limit=self._alive(call).file_limit)
        return ok(self._payloads.message(self._postbox.edit(message, call.body.form, call.body.files, rules)))

    async def _delete(self, call: Call) -> Reply:
        self._postbox.delete(self._message(call))
        return NOTHING

    def _alive(self, call: Call) -> Interaction:
        return self._interactions.by_token(call.id("application"), call.params["token"])

    def _original(self, interaction: Interaction) -> Message | None:
        return self._world.find_message(interaction.channel.id, interaction.original)

    def _message(self, call: Call) -> Message:
        """A message that this token opens: ``@original``, or one that the same interaction wrote."""
        interaction = self._alive(call)
        if call.params["message"] == "@original":
            message = self._original(interaction)
        else:
            message = self._world.message(interaction.channel.id, call.id("message"))
            origin = message.origin.interaction_id if message.origin else None
            if interaction.id != origin and message.id != interaction.original:
                message = None
        if message is None:
            raise Refused(10008)
        return message

    def _blank(self, interaction: Interaction, data: Field, *, follows: Message | None = None) -> Message:
        private = bool(data["flags"].integer(0, 2**31 - 1, default=0) & MessageFlag.EPHEMERAL)
        private = private or interaction.whispers
        source = follows or interaction.source
        return Message(
            id=self._world.ids.new(),
            channel_id=interaction.channel.id,
            author_id=self._world.bot.id,
            type=MessageType.REPLY if source else MessageType.COMMAND_ANSWER,
            reference=source.id if source else None,
            origin=interaction.origin,
            seen_by=interaction.user_id if private else None,
        )

    def _thinking(self, interaction: Interaction, data: Field) -> Message:
        flags = data["flags"].integer(0, 2**31 - 1, default=0)
        if flags & ~MessageFlag.EPHEMERAL:
            data["flags"].wrong("BASE_TYPE_CHOICES", "Only EPHEMERAL may be set on a deferred answer")
        data.check()
        flags |= MessageFlag.LOADING | (MessageFlag.EPHEMERAL if interaction.whispers else 0)
        return replace(self._blank(interaction, data), flags=flags)

    def _response(self, kind: int, interaction: Interaction, message: Message | None) -> Json:
        facts: Json = {"id": str(interaction.id), "type": interaction.type}
        resource: Json = {"type": kind}
        if message is not None:
            facts["response_message_id"] = str(message.id)
            facts["response_message_loading"] = bool(message.flags & MessageFlag.LOADING)
            facts["response_message_ephemeral"] = message.seen_by is not None
        if message is not None and kind in (Callback.MESSAGE, Callback.UPDATE):
            resource["message"] = self._payloads.message(message)
        return {"interaction": facts, "resource": resource}


def _allowed(interaction: Interaction) -> set[Callback]:
    """A form cannot open another form; only what is on a message, or came from there, can update it."""
    if interaction.type == AUTOCOMPLETE:
        return {Callback.CHOICES}
    allowed = {Callback.MESSAGE, Callback.DEFERRED_MESSAGE}
    if interaction.source is not None:
        allowed |= {Callback.UPDATE, Callback.DEFERRED_UPDATE}
    return allowed if interaction.type == MODAL_SUBMIT else allowed | {Callback.MODAL}


def _first(interaction: Interaction) -> Rules:
    """What goes for a new message; where the bot has to whisper, it does."""
    forced = MessageFlag.EPHEMERAL if interaction.whispers else 0
    return Rules(file_limit=interaction.file_limit, flags=_FIRST_FLAGS, forced_flags=forced)


def _modal(data: Field) -> Json:
    modal = modals.read(data)
    data.check()
    return modal


def _choices(interaction: Interaction, data: Field) -> list[Json]:
    data.record().check()
    choices = commands.read_choices(data["choices"], _focused_type(interaction.data.get("options", [])))
    data.check()
    return choices


def _focused_type(options: list[Json]) -> int:
    for option in options:
        if option.get("focused"):
            return int(option["type"])
        if "options" in option:
            return _focused_type(option["options"])
    return commands.STRING
